"""What has happened with a coachee: everything that the coach may see, by date, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotAllowed, NotFound
from assess.models import (
    CheckIn,
    CoachingGoal,
    CoachingPlan,
    GoalState,
    GoalSubject,
    ReportFile,
    Role,
)
from assess.services import caseload, coachee_overviews, timelines
from assess.services.timelines import Kind, What
from tests import factories
from tests.services.rounds_about import round_about

DAY = timedelta(days=1)


@pytest.fixture
def scored(session, registry, engine, cast, now):
    """What Cora has handed in, forty days ago."""
    return factories.scored(session, registry, engine, cast.hana, now=now - 40 * DAY)


@pytest.fixture
def coaching(session, cast, scored, now):
    """Cole's coaching of Cora, assigned fifty days ago."""
    return caseload.assign(session, cast.hana, scored.assignment.person, cast.cole, now=now - 50 * DAY)


@pytest.fixture
def carl(session, cast, now):
    """The other coach of Acme."""
    return factories.user(session, cast.acme, "carl", Role.COACH, now=now)


@pytest.fixture
def years(session, cast, coaching, scored, now):
    """A function that adds so many years with a plan, a talk a month and an assessment each."""

    def lived(n):
        for year in range(1, n + 1):
            begun = now - year * 365 * DAY
            plan = plan_of(coaching, cast.cole, begun, title=f"Plan of year {year}", closed_at=begun + 300 * DAY)
            goal(plan, f"Goal of year {year}", begun + 200 * DAY)
            session.add(plan)
            session.add_all(talk(coaching, cast.cole, begun + month * 30 * DAY, held=True) for month in range(12))
            factories.earlier(session, scored, year * 365 * DAY)
        session.flush()

    return lived


def plan_of(coaching, coach, at, **facts):
    return CoachingPlan(
        organization_id=coaching.organization_id,
        person_id=coaching.person_id,
        begins_on=at.date(),
        ends_on=(at + 300 * DAY).date(),
        created_at=at,
        created_by_id=coach.id,
        **facts,
    )


def goal(plan, title, at, state=GoalState.REACHED):
    due = {"due_on": at.date(), "state": state, "state_at": None if state is GoalState.OPEN else at}
    plan.goals.append(CoachingGoal(subject=GoalSubject.OWN, title=title, **due))


def talk(coaching, coach, at, *, held=False, **facts):
    return CheckIn(
        organization_id=coaching.organization_id,
        person_id=coaching.person_id,
        coach_id=coach.id,
        planned_for=at,
        minutes=30,
        held_at=at if held else None,
        created_at=coaching.begun_at,
        **facts,
    )


def events(session, user, coaching, now, **way):
    return timelines.timeline_of(session, user, coaching, now=now, **way).rows


def happened(session, user, coaching, now, **way):
    return [each.what for each in events(session, user, coaching, now, **way)]


def test_everything_stands_by_date_with_the_newest_first(session, cast, coaching, now):
    plan = plan_of(coaching, cast.cole, now - 30 * DAY, title="Better mornings")
    goal(plan, "Greet", now - 5 * DAY)
    goal(plan, "Listen", now - 4 * DAY, GoalState.DROPPED)
    goal(plan, "Wait", now, GoalState.OPEN)
    session.add(plan)
    session.add_all(
        talk(coaching, cast.cole, now + days * DAY, held=held) for days, held in ((7, False), (-2, False), (-20, True))
    )
    session.add(talk(coaching, cast.cole, now - 3 * DAY, cancelled_at=now - 8 * DAY))
    session.flush()
    assert happened(session, cast.cole, coaching, now) == [
        What.CHECK_IN_PLANNED,
        What.CHECK_IN_MISSED,
        What.GOAL_DROPPED,
        What.GOAL_REACHED,
        What.CHECK_IN_HELD,
        What.PLAN_BEGUN,
        What.HANDED_IN,
        What.NAMED,
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.ASSESSMENT, [What.HANDED_IN]),
        (Kind.PLAN, [What.GOAL_REACHED, What.PLAN_BEGUN]),
        (Kind.CHECK_IN, [What.CHECK_IN_HELD]),
        (Kind.FEEDBACK, []),
        (Kind.REPORT, []),
        (Kind.COACHING, [What.NAMED]),
    ],
)
def test_one_kind_can_be_asked_for(session, cast, coaching, now, kind, expected):
    plan = plan_of(coaching, cast.cole, now - 30 * DAY, title="Better mornings")
    goal(plan, "Greet", now - 5 * DAY)
    session.add_all([plan, talk(coaching, cast.cole, now - 3 * DAY, held=True)])
    session.flush()
    assert happened(session, cast.cole, coaching, now, kind=kind) == expected


def test_assessments_asked_for_by_others_are_told_once_they_are_handed_in(
    session, registry, cast, coaching, scored, now
):
    open_one = factories.assignment(session, registry, cast.hana, with_position=False, now=now)  # of Cora
    assert open_one.person is coaching.person
    assert happened(session, cast.cole, coaching, now, kind=Kind.ASSESSMENT) == [What.HANDED_IN]
    open_one.campaign.coaching_id = coaching.id
    session.flush()
    assert happened(session, cast.cole, coaching, now, kind=Kind.ASSESSMENT) == [What.ASKED, What.HANDED_IN]
    open_one.withdrawn_at = now
    session.flush()
    assert happened(session, cast.cole, coaching, now, kind=Kind.ASSESSMENT) == [What.HANDED_IN]


def test_coach_who_comes_later_sees_what_was_shared_and_not_who_else_coaches(
    session, cast, coaching, carl, scored, now
):
    session.add(plan_of(coaching, cast.cole, now - 30 * DAY, title="Better mornings"))
    session.add_all([talk(coaching, cast.cole, now - 3 * DAY, held=True), talk(coaching, cast.cole, now + 3 * DAY)])
    session.add(report(coaching, scored, now))
    session.flush()
    later = caseload.assign(session, cast.hana, coaching.person, carl, now=now)
    seen = happened(session, carl, later, now)
    assert seen == [What.NAMED, What.CHECK_IN_HELD, What.PLAN_BEGUN, What.HANDED_IN]
    assert What.REPORT_MADE in happened(session, cast.cole, coaching, now)


def report(coaching, scored, now):
    return ReportFile(
        organization_id=coaching.organization_id,
        coaching_id=coaching.id,
        kind="coaching",
        reference="R-1",
        program_version="1",
        inputs_hash="x",
        requested_at=now,
        finished_at=now,
        expires_at=now,
        sha256="0" * 64,
    )


def test_feedback_is_opened_by_the_person_s_yes(session, cast, coaching, now):
    survey = round_about(coaching, now)
    session.add(survey)
    session.flush()
    assert happened(session, cast.cole, coaching, now, kind=Kind.FEEDBACK) == []
    survey.agreed_at, survey.closed_at = now - 8 * DAY, now - DAY
    session.flush()
    both = [What.FEEDBACK_CLOSED, What.FEEDBACK_OPENED]
    assert happened(session, cast.cole, coaching, now, kind=Kind.FEEDBACK) == both


def test_consent_and_earlier_coachings_of_the_same_coach_are_told(session, cast, coaching, now):
    caseload.end(session, cast.cole, coaching, now=now - 30 * DAY)
    again = caseload.ask(session, cast.cole, factories.Invitee("Cora", coaching.person.email), now=now - 20 * DAY)
    caseload.agree(session, again, now=now - 19 * DAY)
    session.flush()
    begun = [What.AGREED, What.ASKED_TO_COACH, What.ENDED, What.NAMED]
    assert happened(session, cast.cole, again, now, kind=Kind.COACHING) == begun


def test_others_and_former_coaches_find_nothing(session, cast, coaching, carl, now):
    with pytest.raises(NotFound):
        timelines.timeline_of(session, carl, coaching, now=now)
    with pytest.raises(NotAllowed):
        timelines.timeline_of(session, cast.hana, coaching, now=now)
    caseload.end(session, cast.cole, coaching, now=now)
    with pytest.raises(NotFound):
        timelines.timeline_of(session, cast.cole, coaching, now=now)


def test_ten_years_are_told_in_pages_that_together_hold_each_thing_once(session, cast, coaching, years, now):
    years(10)
    pages, number = [], 1
    while pages == [] or pages[-1].has_more:
        pages.append(timelines.timeline_of(session, cast.cole, coaching, page=number, now=now))
        number += 1
    told = [each for page in pages for each in page.rows]
    # each year: a plan begun and closed, a goal, an assessment, twelve talks; beside them one assessment and the naming
    assert len(told) == pages[0].found == 10 * 16 + 2
    assert all(len(page.rows) == timelines.SIZE for page in pages[:-1])
    assert [each.at for each in told] == sorted((each.at for each in told), reverse=True)


def test_overview_takes_as_many_queries_however_long_the_history(
    session, registry, cast, coaching, years, now, count_queries
):
    counts = []
    for n in (1, 10):
        years(n)
        session.add(plan_of(coaching, cast.cole, now, title="Now")) if n == 1 else None
        session.flush()
        session.expire_all()
        assert cast.cole.organization.time_zone, (cast.cole.roles, coaching.person.name)
        with count_queries() as counter:
            found = coachee_overviews.overview_of(session, cast.cole, coaching, registry, now=now)
        counts.append(counter.count)
    assert found.newest.row.attempt.submitted_at < now - 30 * DAY
    assert found.plan.title == "Now"
    assert counts[0] == counts[1]
