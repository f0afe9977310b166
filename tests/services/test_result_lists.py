"""Results in a table: what is in it, in which order, what filters leave; shortlists and saved views beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotFound, Refused
from assess.models import Basis, Outcome, Role, SavedView, ShortlistEntry
from assess.services import decisions, erasure, result_lists, saved_views, shortlists
from assess.services.result_lists import Wanted
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def people(session, engine, registry, cast, now):
    """Return the results of Cora and three others of her campaign, with figures of their own."""
    first = factories.scored(session, registry, engine, cast.hana, now=now)
    results = factories.crowd(session, first, ["Ana Able", "Ben Bold", "Dan Daring"])
    figures = {"Ana Able": (0.9, None, 3.0), "Ben Bold": (0.5, 0.2, 9.0), "Dan Daring": (None, 0.6, 5.0)}
    for number, result in enumerate(results):
        result.match_median, result.alignment, position = figures[result.attempt.assignment.person.name]
        result.attempt.submitted_at = now + (number + 1) * DAY
        result.flags = []
        next(each for each in result.scales if each.scale == "tact").position = position
    cora = session.query(type(results[0])).filter_by(attempt_id=first.id).one()
    cora.match_median, cora.alignment, cora.flags = 0.7, 0.4, [{"code": "fast", "sentence": "Fast."}]
    next(each for each in cora.scales if each.scale == "tact").position = None
    session.commit()
    return [cora, *results]


@pytest.fixture
def campaign(people):
    return people[0].attempt.assignment.campaign


def who(session, user, place, **wanted):
    found = result_lists.results_of(session, user, place, Wanted(**wanted))
    return [row.assignment.person.name.partition(" ")[0] for row in found.rows]


@pytest.mark.parametrize(
    ("sort", "up", "down"),
    [
        ("name", ["Ana", "Ben", "Cora", "Dan"], ["Dan", "Cora", "Ben", "Ana"]),
        ("date", ["Cora", "Ana", "Ben", "Dan"], ["Dan", "Ben", "Ana", "Cora"]),
        ("match", ["Ben", "Cora", "Ana", "Dan"], ["Ana", "Cora", "Ben", "Dan"]),
        ("alignment", ["Ben", "Cora", "Dan", "Ana"], ["Dan", "Cora", "Ben", "Ana"]),
        ("tact", ["Ana", "Dan", "Ben", "Cora"], ["Ben", "Dan", "Ana", "Cora"]),
    ],
)
def test_every_column_sorts_both_ways_and_who_has_no_value_stands_last(session, cast, campaign, sort, up, down):
    assert who(session, cast.hana, campaign, sort=sort) == up
    assert who(session, cast.hana, campaign, sort=sort, descending=True) == down
    assert who(session, cast.hana, campaign.position, sort=sort) == up


def test_equal_values_stand_by_name(session, cast, people, campaign):
    for result in people:
        result.match_median = 0.5
    session.flush()
    assert who(session, cast.hana, campaign, sort="match", descending=True) == ["Ana", "Ben", "Cora", "Dan"]


def test_filters_leave_whom_they_name_and_none_looks_at_a_match(session, cast, people, campaign, now):
    cora, ana, ben, _dan = (each.attempt.assignment for each in people)
    decisions.record(session, cast.hana, ana, Outcome.REJECT, "First thought", bases=[Basis.INTERVIEW], now=now)
    decisions.record(session, cast.hana, ana, Outcome.HIRE, "Second thought", bases=[Basis.INTERVIEW], now=now)
    shortlists.add(session, cast.hana, ben, now=now)
    assert who(session, cast.hana, campaign, decision="hire") == ["Ana"]
    assert who(session, cast.hana, campaign, decision="reject") == []
    assert who(session, cast.hana, campaign, decision="undecided") == ["Ben", "Cora", "Dan"]
    assert who(session, cast.hana, campaign, shortlisted=True) == ["Ben"]
    assert who(session, cast.hana, campaign, care=True) == ["Cora"]
    assert who(session, cast.hana, campaign, care=False) == ["Ana", "Ben", "Dan"]
    assert who(session, cast.hana, campaign, text="bold") == ["Ben"]
    assert who(session, cast.hana, campaign, since=now + DAY, until=now + 3 * DAY) == ["Ana", "Ben"]
    assert not {"match", "score", "sten", "alignment"} & set(Wanted.__dataclass_fields__)
    rows = {row.assignment.id: row for row in result_lists.results_of(session, cast.hana, campaign, Wanted()).rows}
    assert (rows[ana.id].outcome, rows[ben.id].is_shortlisted, rows[cora.id].outcome) == (Outcome.HIRE, True, None)


def test_superseded_results_and_erased_people_are_not_in_it(session, cast, people, campaign, now):
    people[1].superseded_at = now
    people[2].attempt.assignment.person.erased_at = now
    session.flush()
    assert who(session, cast.hana, campaign) == ["Cora", "Dan"]


def test_other_organisations_see_nothing_even_with_the_campaign_in_hand(session, cast, campaign):
    assert who(session, cast.otto, campaign) == []
    assert who(session, cast.otto, campaign.position) == []


def test_table_takes_as_many_queries_however_long_it_is(session, cast, people, campaign, count_queries):
    counts = []
    for more in (0, 8):
        factories.crowd(session, people[0].attempt, [f"Person {number}" for number in range(more)])
        session.commit()
        assert campaign.id
        assert cast.hana.organization_id
        with count_queries() as counter:
            for row in result_lists.results_of(session, cast.hana, campaign, Wanted(sort="tact")).rows:
                assert all([row.assignment.person.name, row.result.scales, row.result.pattern_version.targets])
                assert row.result.parameter_set.is_provisional
        counts.append(counter.count)
    assert counts[0] == counts[1]


def test_shortlist_is_a_mark_set_by_hand_noted_once_and_gone_with_the_person(session, cast, people, now):
    ana, ben = (each.attempt.assignment for each in people[1:3])
    for each in (ana, ana, ben):
        shortlists.add(session, cast.hana, each, now=now)
    shortlists.remove(session, cast.hana, ana, now=now)
    shortlists.remove(session, cast.hana, ana, now=now)
    noted = [event.action for event in session.info["audit"]]
    assert noted == ["shortlist.added", "shortlist.added", "shortlist.removed"]
    assert [entry.assignment_id for entry in session.query(ShortlistEntry)] == [ben.id]
    erasure.erase(session, [ben.person], actor="command", now=now)
    assert session.query(ShortlistEntry).all() == []
    with pytest.raises(Refused, match="erased"):
        shortlists.add(session, cast.hana, ben, now=now)


def test_saved_views_are_one_s_own_and_replaced_by_name(session, cast, now):
    view = saved_views.save(session, cast.hana, "results", " By  match ", {"sort": ["match"]}, now=now)
    again = saved_views.save(session, cast.hana, "results", "By match", {"sort": ["name"]}, now=now)
    assert (again.id, again.name, again.query) == (view.id, "By match", {"sort": ["name"]})
    greta = factories.user(session, cast.acme, "greta", Role.HR, now=now)
    assert saved_views.views_of(session, greta, "results") == []
    with pytest.raises(NotFound):
        saved_views.delete(session, greta, view.public_id)
    for name in ("", "  ", "x" * 61):
        with pytest.raises(Refused):
            saved_views.save(session, cast.hana, "results", name, {}, now=now)
    for number in range(saved_views.MOST - 1):
        saved_views.save(session, cast.hana, "results", f"View {number}", {}, now=now)
    with pytest.raises(Refused, match="delete one first"):
        saved_views.save(session, cast.hana, "results", "One more", {}, now=now)
    saved_views.delete(session, cast.hana, view.public_id)
    assert session.query(SavedView).count() == saved_views.MOST - 1
