"""What people may read of their own results over the years."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import Attempt, Feedback, Person
from assess.services import own_results, reporting
from assess.services.reporting import Stage
from tests import factories


@pytest.fixture
def scored(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def before(session, scored):
    return factories.earlier(session, scored, timedelta(days=365))


def test_results_are_there_the_newest_first(session, registry, scored, before):
    found = own_results.readings(session, scored.assignment.person, registry)
    assert [each.row.attempt for each in found] == [scored, before]


def test_result_that_is_not_released_is_not_there_until_it_is(session, registry, scored, before, now):
    before.assignment.campaign.feedback = Feedback.ON_RELEASE
    before.assignment.released_at = None
    session.flush()
    person = scored.assignment.person
    assert [each.row.attempt for each in own_results.readings(session, person, registry)] == [scored]
    assert [each.stage for each in own_results.handed_in(session, person)] == [Stage.READY, Stage.WAITS]
    before.assignment.released_at = now
    session.flush()
    assert len(own_results.readings(session, person, registry)) == 2
    assert [each.stage for each in own_results.handed_in(session, person)] == [Stage.READY, Stage.READY]


def test_report_stands_beside_its_own_assessment(session, registry, scored, before, now):
    reporting.obtain(  # HR's, which is none of the person's own
        session, scored.assignment, "hiring", registry, user_id=None, language="en", paper="a4", now=now
    )
    own = reporting.request_own(session, before.assignment, registry, now=now)
    found = own_results.handed_in(session, scored.assignment.person)
    assert [(each.assignment, each.report) for each in found] == [(scored.assignment, None), (before.assignment, own)]


def test_report_that_was_made_before_the_release_was_taken_back_is_not_shown(session, registry, scored, now):
    reporting.request_own(session, scored.assignment, registry, now=now)
    scored.assignment.campaign.feedback, scored.assignment.released_at = Feedback.ON_RELEASE, None
    session.flush()
    (found,) = own_results.handed_in(session, scored.assignment.person)
    assert (found.stage, found.report) == (Stage.WAITS, None)


def test_number_of_queries_does_not_grow_with_the_years(session, registry, scored, before, count_queries):
    def counted():
        session.commit()
        session.expunge_all()
        person = session.get_one(Person, person_id)
        with count_queries() as counter:
            found = own_results.handed_in(session, person)
            read = own_results.readings(session, person, registry)
        return len(found), len(read), counter.count

    person_id, attempt_id = scored.assignment.person_id, scored.id
    two = counted()
    for years in (2, 3, 4):
        factories.earlier(session, session.get_one(Attempt, attempt_id), timedelta(days=365 * years))
    five = counted()
    assert (two[:2], five[:2]) == ((2, 2), (5, 5))
    assert two[2] == five[2]


def test_who_has_handed_in_nothing_has_none(session, registry, cast, now):
    person = factories.assignment(session, registry, cast.hana, now=now).person
    assert not own_results.has_any(session, person)
    assert own_results.handed_in(session, person) == []
