"""The list of assignments: states as filters, what is undecided, and what a page costs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from assess.models import Assignment, Basis, Mail, Outcome, Person, Purpose
from assess.services import assignment_lists, assignments, decisions, paging
from assess.services.assignment_lists import Wanted
from assess.services.assignments import State
from tests import factories

DAY = timedelta(days=1)
MAILS = ({"bounced_at": 0}, {"sent_at": 0}, {}, {"failed_at": 0}, {"failed_at": 0, "created_at": -9})  # days from now


@pytest.fixture
def scored(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


def listed(session, user, now, *, page=1, **wanted):
    return assignment_lists.listing_of(session, user, Wanted(**wanted), page=page, now=now)


def names(listing):
    return [row.assignment.person.name for row in listing.rows]


def change(session, rng, result, *, now):
    """Draw the facts about somebody, also such as seldom come together."""
    attempt, mine = result.attempt, result.attempt.assignment
    mine.person.erased_at = rng.choice([None, None, None, None, now])
    mine.released_at = rng.choice([None, None, None, now])
    mine.withdrawn_at, mine.opened_at, mine.invited_at = (rng.choice([None, None, None, now]) for _ in range(3))
    mine.expires_at = rng.choice([now - DAY, now + DAY, now + DAY])
    far = rng.choice(["nothing", "nothing", "nothing", "begun", "over", "submitted", "scored"])
    attempt.started_at, attempt.closes_at = now - 2 * DAY, now - DAY if far == "over" else now + DAY
    attempt.submitted_at = now if far in ("submitted", "scored") else None
    attempt.scored_at = now if far == "scored" else None
    mail = rng.choice([*MAILS, None])
    if mail is not None:
        moments = {"created_at": now} | {name: now + days * DAY for name, days in mail.items()}
        session.add(Mail(kind="invitation", person=mine.person, assignment=mine, **moments))
    session.flush()
    if far != "scored":
        session.delete(result)
        session.flush()
    if far == "nothing":
        session.delete(attempt)
    session.flush()


def test_each_state_finds_exactly_those_who_have_it(session, cast, scored, now):
    rng = Random(8)  # noqa: S311 -- draws facts, not secrets
    for result in factories.crowd(session, scored, [f"Person {number:03}" for number in range(240)]):
        change(session, rng, result, now=now)
    session.commit()
    everybody = session.query(Assignment).all()
    states = {each.id: assignments.row_of(session, each, now=now).state for each in everybody}
    assert set(Counter(states.values())) == set(State)
    for state in State:
        expected = {key for key, theirs in states.items() if theirs is state}
        found = [row for page in range(1, 7) for row in listed(session, cast.hana, now, state=state, page=page).rows]
        assert {row.assignment.id for row in found} == expected, state
        assert {row.state for row in found} == {state}
        assert assignment_lists.count_of(session, cast.hana, Wanted(state=state), now=now) == len(expected)


def test_pages_are_cut_by_the_database_and_counted_honestly(session, cast, scored, now, monkeypatch):
    factories.crowd(session, scored, [f"Person {number:03}" for number in range(119)])
    first, last = (listed(session, cast.hana, now, page=page) for page in (1, 3))
    assert (len(first.rows), first.found, first.pages, first.has_more) == (50, 120, 3, True)
    assert (len(last.rows), last.has_more) == (20, False)
    assert names(last)[-1] == "Cora Candidate"  # the newest stand first
    assert listed(session, cast.hana, now, page=-4).number == 1
    monkeypatch.setattr(paging, "COUNTED", 100)
    many = listed(session, cast.hana, now)
    assert (many.found, many.is_counted) == (101, False)
    monkeypatch.setattr(paging, "LAST", 2)
    assert not listed(session, cast.hana, now, page=9).goes_on
    assert listed(session, cast.hana, now, page=9).number == 2


def test_words_are_found_in_name_address_and_number_of_who_is_not_erased(session, cast, scored, now):
    ana, ben, eve = factories.crowd(session, scored, ["Ana Özil-Able", "Ben 100%", "Eve Able"])
    ana.attempt.assignment.person.employee_number = "E-77"
    ben.attempt.assignment.person.email = "bold@people.example"
    eve.attempt.assignment.person.erased_at = now
    for text, expected in {
        "able": ["Ana Özil-Able"], "özil ana": ["Ana Özil-Able"], "e-77": ["Ana Özil-Able"], "BOLD@": ["Ben 100%"],
        "0%": ["Ben 100%"], "%": ["Ben 100%"], "_": [], "ana ben": [], "\x00able": ["Ana Özil-Able"],
    }.items():  # fmt: skip
        assert names(listed(session, cast.hana, now, text=text)) == expected, text


def test_undecided_are_those_with_a_result_to_decide_on(session, cast, scored, now):
    _waiting, decided, erased, coached = factories.crowd(session, scored, ["Wanda", "Dora", "Eve", "Carl"])
    decisions.record(
        session, cast.hana, decided.attempt.assignment, Outcome.RESERVE, "A talk", bases=[Basis.INTERVIEW], now=now
    )
    erased.attempt.assignment.person.erased_at = now
    session.flush()
    assert set(names(listed(session, cast.hana, now, undecided=True))) == {"Cora Candidate", "Wanda", "Carl"}
    coached.attempt.assignment.campaign.purpose = Purpose.COACHING
    session.flush()
    assert names(listed(session, cast.hana, now, undecided=True)) == []


def test_nothing_of_other_organisations_is_listed_or_counted(session, cast, scored, now):
    session.query(Person).one().name = "Shared name"
    for wanted in ({}, {"text": "shared"}, {"undecided": True}, {"state": State.SCORED}):
        assert len(listed(session, cast.hana, now, **wanted).rows) == 1
        assert listed(session, cast.otto, now, **wanted).rows == []


def test_list_takes_as_many_queries_however_long_it_is(session, cast, scored, now, count_queries):
    counts = []
    for n in (3, 9):
        factories.crowd(session, scored, [f"Person {number:03}" for number in range(n)])
        session.commit()
        user = cast.hana
        assert user.organization_id
        with count_queries() as counter:
            for row in listed(session, user, now, state=State.SCORED).rows:
                assert all([row.assignment.person.name, row.assignment.campaign.position.title])
        counts.append(counter.count)
    assert counts[0] == counts[1]
