"""A coach's people together: whose results stand beside each other, of whom nothing is shown, and why."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import NormGroup, Person, Role
from assess.services import caseload, coachee_teams
from tests import factories

DAY = timedelta(days=1)
OTHERS = ("Ada", "Bea", "Cleo", "Dora", "Elsa")


@pytest.fixture
def scored(session, registry, engine, cast, now):
    """What Cora has handed in."""
    return factories.scored(session, registry, engine, cast.hana, with_position=False, now=now)


@pytest.fixture
def coached(session, cast, scored, now):
    """Cole's coachings of Cora and five others, all with the same result."""
    results = factories.crowd(session, scored, OTHERS)
    people = [scored.assignment.person, *(each.attempt.assignment.person for each in results)]
    found = [caseload.assign(session, cast.hana, person, cast.cole, now=now) for person in people]
    session.flush()
    return found


def names(team):
    return sorted(each.row.attempt.assignment.person.name for each in team.readings)


def test_everybody_of_the_coach_is_in_it_with_the_newest_result(session, registry, cast, scored, coached, now):
    older = factories.earlier(session, scored, 300 * DAY)
    team = coachee_teams.team_of(session, cast.cole, registry)
    assert team.is_shown
    assert names(team) == sorted([*OTHERS, "Cora Candidate"])
    assert older.id not in {each.row.attempt_id for each in team.readings}
    assert (team.n_chosen, list(team.left_out)) == (6, [])


def test_who_is_left_out_is_counted_by_why(session, registry, engine, cast, scored, coached, now):
    nobody = Person(organization=cast.acme, name="Nobody", created_at=now)
    session.add(nobody)
    session.flush()
    silent = factories.scored(session, registry, engine, cast.hana, name="Sil", with_position=False, values={}, now=now)
    (other,) = factories.crowd(session, scored, ["Ota"])
    other.norm_group = NormGroup(
        edition="general",
        name="Clerks",
        version="1",
        source="test",
        n=400,
        collected=now.date(),
        scales={each.scale: [0.0, 1.0] for each in other.scales},
        created_at=now,
    )
    for person in (nobody, silent.assignment.person, other.attempt.assignment.person):
        caseload.assign(session, cast.hana, person, cast.cole, now=now)
    team = coachee_teams.team_of(session, cast.cole, registry)
    assert len(team.readings) == 6
    assert dict(team.left_out) == {"no result": 1, "no score": 1, "other ground": 1}


def test_fewer_than_five_are_not_shown(session, registry, cast, coached, now):
    for coaching in coached[:2]:
        caseload.end(session, cast.cole, coaching, now=now)
    team = coachee_teams.team_of(session, cast.cole, registry)
    assert (len(team.readings), team.is_shown) == (4, False)


def test_group_can_be_chosen_of_five_at_least(session, registry, cast, coached, now):
    chosen = [each.public_id for each in coached]
    team = coachee_teams.team_of(session, cast.cole, registry, chosen=chosen[:5])
    assert (team.n_chosen, len(team.readings), len(team.coachings)) == (5, 5, 6)
    with pytest.raises(Refused, match="at least 5"):
        coachee_teams.team_of(session, cast.cole, registry, chosen=chosen[:4])
    with pytest.raises(Refused, match="at least 5"):  # named twice, somebody is still one
        coachee_teams.team_of(session, cast.cole, registry, chosen=[*chosen[:4], chosen[0]])


def test_nobody_else_is_found_by_choosing(session, registry, cast, coached, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    theirs = caseload.assign(session, cast.hana, coached[0].person, carl, now=now)
    session.flush()
    for stranger in (theirs.public_id, uuid4()):
        with pytest.raises(NotFound):
            coachee_teams.team_of(
                session, cast.cole, registry, chosen=[*(each.public_id for each in coached), stranger]
            )
    caseload.end(session, cast.cole, coached[0], now=now)
    with pytest.raises(NotFound):
        coachee_teams.team_of(session, cast.cole, registry, chosen=[each.public_id for each in coached])


def test_it_takes_as_many_queries_for_many_as_for_few(session, registry, cast, scored, coached, now, count_queries):
    counts = []
    for more in ((), ("Gina", "Hedi", "Ines", "Jana")):
        for result in factories.crowd(session, scored, more):
            caseload.assign(session, cast.hana, result.attempt.assignment.person, cast.cole, now=now)
        session.flush()
        session.expire_all()
        assert cast.cole.roles
        with count_queries() as counter:
            coachee_teams.team_of(session, cast.cole, registry)
        counts.append(counter.count)
    assert counts[0] == counts[1]


def test_it_is_for_coaches(session, registry, cast):
    with pytest.raises(NotAllowed):
        coachee_teams.team_of(session, cast.hana, registry)
