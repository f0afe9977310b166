"""What has happened with a coachee over the years, by date: the facts that a coach may see, and no words of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    CheckIn,
    Coaching,
    CoachingGoal,
    CoachingPlan,
    GoalState,
    Person,
    ReportFile,
    SurveyRound,
    User,
)
from assess.services import caseload, days, paging
from assess.services.check_ins import GRACE
from assess.services.paging import Listing

SIZE = 25  # events on a page


class Kind(StrEnum):
    """What a timeline can be narrowed to; each has a part of the coachee's pages of its own, but the last."""

    ASSESSMENT = "assessment"
    PLAN = "plan"
    CHECK_IN = "check-in"
    FEEDBACK = "feedback"
    REPORT = "report"
    COACHING = "coaching"


class What(StrEnum):
    """What happened, or is planned."""

    ASKED = "asked"
    HANDED_IN = "handed-in"
    PLAN_BEGUN = "plan-begun"
    PLAN_CLOSED = "plan-closed"
    GOAL_REACHED = "goal-reached"
    GOAL_DROPPED = "goal-dropped"
    CHECK_IN_PLANNED = "check-in-planned"
    CHECK_IN_MISSED = "check-in-missed"  # its time is past, and nobody has said what became of it
    CHECK_IN_HELD = "check-in-held"
    FEEDBACK_OPENED = "feedback-opened"
    FEEDBACK_CLOSED = "feedback-closed"
    REPORT_MADE = "report-made"
    NAMED = "named"
    ASKED_TO_COACH = "asked-to-coach"
    AGREED = "agreed"
    ENDED = "ended"

    @property
    def kind(self) -> Kind:
        """What it belongs to."""
        return KINDS[self]


KINDS = {
    What.ASKED: Kind.ASSESSMENT,
    What.HANDED_IN: Kind.ASSESSMENT,
    What.PLAN_BEGUN: Kind.PLAN,
    What.PLAN_CLOSED: Kind.PLAN,
    What.GOAL_REACHED: Kind.PLAN,
    What.GOAL_DROPPED: Kind.PLAN,
    What.CHECK_IN_PLANNED: Kind.CHECK_IN,
    What.CHECK_IN_MISSED: Kind.CHECK_IN,
    What.CHECK_IN_HELD: Kind.CHECK_IN,
    What.FEEDBACK_OPENED: Kind.FEEDBACK,
    What.FEEDBACK_CLOSED: Kind.FEEDBACK,
    What.REPORT_MADE: Kind.REPORT,
    What.NAMED: Kind.COACHING,
    What.ASKED_TO_COACH: Kind.COACHING,
    What.AGREED: Kind.COACHING,
    What.ENDED: Kind.COACHING,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something at its moment; `title` is of the plan or goal, or the edition of an assessment."""

    what: What
    at: datetime
    title: str = ""


def timeline_of(
    session: Session, user: User, coaching: Coaching, *, kind: Kind | None = None, page: int = 1, now: datetime
) -> Listing[Event]:
    """
    Return a page of what has happened with the person, the newest first; the same few queries however long it is.

    Of assessments that others have asked for it tells what was handed in, and not what is asked or for which position:
    that somebody may apply for another job is no matter of coaching. Of other coaches' work it tells what was shared
    with the person, and not that they coach.
    """
    caseload.require_own(user, coaching)
    person, own = coaching.person, _own(session, user, coaching)
    gather = {
        Kind.ASSESSMENT: lambda: _assessments(session, person, own),
        Kind.PLAN: lambda: _plans(session, person, user.organization.time_zone),
        Kind.CHECK_IN: lambda: _check_ins(session, person, user, now=now),
        Kind.FEEDBACK: lambda: _feedback(session, person),
        Kind.REPORT: lambda: _reports(session, own),
        Kind.COACHING: lambda: _coachings(own),
    }
    found = [event for each in ([kind] if kind else Kind) for event in gather[each]()]
    found.sort(key=lambda event: (event.at, list(What).index(event.what)), reverse=True)
    return paging.part(found, number=page, size=SIZE)


def _own(session: Session, user: User, coaching: Coaching) -> list[Coaching]:
    """Return this coaching and the earlier ones of the same coach and person."""
    same = (Coaching.person_id == coaching.person_id, Coaching.coach_id == user.id)
    return list(session.scalars(select(Coaching).where(*same)))


def _assessments(session: Session, person: Person, own: list[Coaching]) -> Iterator[Event]:
    rows = session.execute(
        select(
            Assignment.created_at,
            Assignment.withdrawn_at,
            Campaign.coaching_id,
            Campaign.edition,
            Attempt.submitted_at,
            Attempt.scored_at,
        )
        .join(Assignment.campaign)
        .outerjoin(Assignment.attempt)
        .where(Assignment.person_id == person.id)
    )
    ours = {each.id for each in own}
    for asked, withdrawn, coaching_id, edition, handed_in, scored in rows:
        if coaching_id in ours and withdrawn is None:
            yield Event(What.ASKED, asked, edition)
        if handed_in is not None and scored is not None:
            yield Event(What.HANDED_IN, handed_in, edition)


def _plans(session: Session, person: Person, time_zone: str) -> Iterator[Event]:
    def begins(day: date) -> datetime:
        return days.start_of_day(day, time_zone)

    columns = (CoachingPlan.title, CoachingPlan.begins_on, CoachingPlan.closed_at)
    for title, day, closed in session.execute(select(*columns).where(CoachingPlan.person_id == person.id)):
        yield Event(What.PLAN_BEGUN, begins(day), title)
        if closed is not None:
            yield Event(What.PLAN_CLOSED, closed, title)
    goals = select(CoachingGoal.title, CoachingGoal.state, CoachingGoal.state_at).join(CoachingGoal.plan)
    settled = (CoachingPlan.person_id == person.id, CoachingGoal.state != GoalState.OPEN)
    for title, state, at in session.execute(goals.where(*settled)):
        if at is not None:
            yield Event(What.GOAL_REACHED if state == GoalState.REACHED else What.GOAL_DROPPED, at, title)


def _check_ins(session: Session, person: Person, user: User, *, now: datetime) -> Iterator[Event]:
    columns = (CheckIn.coach_id, CheckIn.planned_for, CheckIn.held_at)
    theirs = (CheckIn.person_id == person.id, CheckIn.cancelled_at.is_(None))
    for coach_id, planned_for, held_at in session.execute(select(*columns).where(*theirs)):
        if held_at is not None:
            yield Event(What.CHECK_IN_HELD, planned_for)
        elif coach_id == user.id:
            yield Event(What.CHECK_IN_PLANNED if planned_for + GRACE >= now else What.CHECK_IN_MISSED, planned_for)


def _feedback(session: Session, person: Person) -> Iterator[Event]:
    rounds = select(SurveyRound).where(SurveyRound.about_id == person.id, SurveyRound.agreed_at.is_not(None))
    for survey in session.scalars(rounds):
        if survey.agreed_at is not None:
            yield Event(What.FEEDBACK_OPENED, survey.agreed_at)
        if survey.closed_at is not None:
            yield Event(What.FEEDBACK_CLOSED, survey.closed_at)


def _reports(session: Session, own: list[Coaching]) -> Iterator[Event]:
    made = (ReportFile.coaching_id.in_([each.id for each in own]), ReportFile.sha256.is_not(None))
    for at in session.scalars(select(ReportFile.finished_at).where(*made)):
        if at is not None:
            yield Event(What.REPORT_MADE, at)


def _coachings(own: list[Coaching]) -> Iterator[Event]:
    for each in own:
        if each.basis == "assigned":
            yield Event(What.NAMED, each.begun_at)
        else:
            yield Event(What.ASKED_TO_COACH, each.begun_at)
        if each.agreed_at is not None:
            yield Event(What.AGREED, each.agreed_at)
        if each.ended_at is not None:
            yield Event(What.ENDED, each.ended_at)
