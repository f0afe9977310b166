"""
A coach with many people over nine years: assessments, plans, check-ins, feedback and reports of each.

The assessments are copies of one that was made through the services. Rows are sent in bulk, and to either database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assess.models import (
    Assignment,
    Attempt,
    AuditEvent,
    Base,
    Campaign,
    CheckIn,
    Coaching,
    CoachingAction,
    CoachingBasis,
    CoachingGoal,
    CoachingPlan,
    CommentState,
    GoalState,
    GoalSubject,
    LinkPurpose,
    Person,
    PresentedItem,
    ReportFile,
    Result,
    ScaleResult,
    SurveyComment,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import links
from assess.services.readers import RESULT_READ

PEOPLE, YEARS, TALKS = 200, 9, 12  # talks in a year
GOALS, ACTIONS, RATERS = 3, 3, 6  # goals of a plan, actions of a goal
GIVEN = ("Amara", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kasia", "Rosa")
FAMILY = ("Diallo", "Keller", "Rossi", "Volkov", "Kaya", "Haddad", "Nilsson", "Nowak", "Lind", "Osei", "Varga")
DAY = timedelta(days=1)
YEAR = 365 * DAY

Row = Mapping[str, Any]


def make(session: Session, coach: User, template: Attempt, n: int = PEOPLE, *, now: datetime) -> str:
    """Give `coach` `n` people with results like that of `template`; return the token of one of these people's page."""
    home, begun = coach.organization_id, now - YEARS * YEAR
    people = _add(session, Person, ({"organization_id": home, **_named(i), "created_at": begun} for i in range(n)))
    coachings = _add(
        session,
        Coaching,
        (
            {"organization_id": home, "person_id": person, "coach_id": coach.id, "basis": CoachingBasis.ASSIGNED,
             "begun_at": begun, "begun_by_id": coach.id} for person in people
        ),
    )  # fmt: skip
    results = _assessments(session, coach, template, people, now=now)
    _plans(session, coach, people, now=now)
    _talks(session, coach, people, now=now)
    _feedback(session, coach, people, now=now)
    _reports(session, coach, coachings, results, now=now)
    session.flush()
    coaching = session.get_one(Coaching, coachings[0])
    return links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=now + DAY, now=now)


def _add(session: Session, model: type[Base], rows: Iterable[Row]) -> Sequence[int]:
    """Return the keys of new rows, in their order."""
    sent = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
    return session.scalars(sent, list(rows)).all()


def _named(i: int) -> Row:
    given, family = GIVEN[i % len(GIVEN)], FAMILY[i * 7 % len(FAMILY)]
    return {"name": f"{given} {family} {i}", "email": f"{given}{i}@caseload.example"}


def _assessments(
    session: Session, coach: User, template: Attempt, people: Sequence[int], *, now: datetime
) -> Sequence[int]:
    """Copy `template` for everybody and every year; return the keys of everybody's newest results."""
    asked = template.assignment
    stored = session.scalars(select(Result).where(Result.attempt_id == template.id)).one()
    shown = session.scalars(select(PresentedItem).where(PresentedItem.attempt_id == template.id)).all()
    at = [now - (YEARS - year) * YEAR + 300 * DAY for year in range(YEARS)]
    years = _add(session, Campaign, (_copy(asked.campaign, name=f"Year {year + 1}") for year in range(YEARS)))
    each = list(product(range(YEARS), people))
    assignments = _add(
        session,
        Assignment,
        (_copy(asked, campaign_id=years[year], person_id=person, created_at=at[year]) for year, person in each),
    )
    attempts = _add(
        session,
        Attempt,
        (
            _copy(template, assignment_id=key, receipt=f"A-{key}-{uuid4().hex[:8]}", started_at=at[year],
                  submitted_at=at[year] + DAY, closes_at=at[year] + 2 * DAY, scored_at=at[year] + DAY)
            for (year, _person), key in zip(each, assignments, strict=True)
        ),
    )  # fmt: skip
    results = _add(session, Result, (_copy(stored, attempt_id=key) for key in attempts))
    rng = Random(8)  # noqa: S311 -- scores
    _add(session, ScaleResult, (_moved(scale, key, rng) for key in results for scale in stored.scales))
    _add(session, PresentedItem, (_copy(item, attempt_id=key) for key in attempts for item in shown))
    _add(session, AuditEvent, (_read(coach, key, now=now) for key in assignments[: -len(people) // 2]))
    return results[-len(people) :]


def _moved(scale: ScaleResult, result: int, rng: Random) -> Row:
    position = rng.uniform(1, 10)
    return _copy(scale, result_id=result, position=position, sten=int(position + 0.5))


def _read(coach: User, assignment: int, *, now: datetime) -> Row:
    subject, actor = f"assignment:{assignment}", f"user:{coach.id}"
    return {"at": now, "organization_id": coach.organization_id, "actor": actor, "action": RESULT_READ, "details": {},
            "subject": subject, "previous": uuid4().hex, "hash": uuid4().hex}  # fmt: skip


def _plans(session: Session, coach: User, people: Sequence[int], *, now: datetime) -> None:
    """Give everybody a plan for each year, of which the last is open, and in every second one something is overdue."""
    each = list(product(range(YEARS), people))
    begins = [(now - (YEARS - year) * YEAR + 60 * DAY).date() for year in range(YEARS)]
    plans = _add(
        session,
        CoachingPlan,
        (
            {"organization_id": coach.organization_id, "person_id": person, "title": f"Year {year + 1}",
             "begins_on": begins[year], "ends_on": begins[year] + YEAR, "created_at": now, "created_by_id": coach.id,
             "closed_at": None if year == YEARS - 1 else now - (YEARS - 1 - year) * YEAR} for year, person in each
        ),
    )  # fmt: skip
    n_closed = (YEARS - 1) * len(people)
    ways = [(i, plan, number) for i, plan in enumerate(plans) for number in range(GOALS)]
    goals = _add(
        session,
        CoachingGoal,
        (
            {"plan_id": plan, "subject": GoalSubject.OWN, "title": f"Goal {number + 1}", "due_on": now.date(),
             "state": GoalState.REACHED if i < n_closed else GoalState.OPEN,
             "state_at": now - 30 * DAY if i < n_closed else None} for i, plan, number in ways
        ),
    )  # fmt: skip
    _add(
        session,
        CoachingAction,
        (
            {"goal_id": goal, "title": f"Action {number + 1}", "what": "Sum up what was said before answering.",
             "due_on": (now + (10 - 20 * (goal % 2)) * DAY).date(),
             "done_at": now - 30 * DAY if i < n_closed or number == 0 else None}
            for goal, (i, _plan, _goal) in zip(goals, ways, strict=True) for number in range(ACTIONS)
        ),
    )  # fmt: skip


def _talks(session: Session, coach: User, people: Sequence[int], *, now: datetime) -> None:
    """Let the coach have talked with everybody every month; of each third person's last talk nothing is noted."""
    n = YEARS * TALKS
    _add(
        session,
        CheckIn,
        (
            {"organization_id": coach.organization_id, "person_id": person, "coach_id": coach.id, "minutes": 30,
             "created_at": now - (n - talk) * 30 * DAY, "planned_for": (at := now - (n - 2 - talk) * 30 * DAY - DAY),
             "held_at": at if at < now and (talk < n - 2 or i % 3) else None, "shared_notes": "What we agreed on.",
             "private_notes": "For the next time."} for i, person in enumerate(people) for talk in range(n)
        ),
    )  # fmt: skip


def _feedback(session: Session, coach: User, people: Sequence[int], *, now: datetime) -> None:
    """Have had colleagues asked about everybody every year; each fourth person's newest comments wait."""
    each = list(product(range(YEARS), people))
    home = coach.organization_id
    rounds = _add(
        session,
        SurveyRound,
        (
            {"organization_id": home, "kind": SurveyKind.FEEDBACK, "title": f"Year {year + 1}", "about_id": person,
             "proposed_at": (at := now - (YEARS - year) * YEAR + 100 * DAY), "agreed_at": at + DAY,
             "closes_at": at + 20 * DAY, "closed_at": at + 20 * DAY, "time_zone": "UTC", "created_at": at,
             "created_by_id": coach.id, "n_answered": RATERS, "figures": []} for year, person in each
        ),
    )  # fmt: skip
    raters = [people[(i + number + 1) % len(people)] for i in range(len(each)) for number in range(RATERS)]
    places = _add(
        session,
        SurveyPlace,
        (
            {"organization_id": home, "round_id": rounds[i // RATERS], "person_id": rater, "group": "colleague",
             "created_at": now, "submitted_at": now} for i, rater in enumerate(raters)
        ),
    )  # fmt: skip
    newest = (YEARS - 1) * len(people) * RATERS
    _add(
        session,
        SurveyComment,
        (
            {"place_id": place, "code": "keep", "words": "Listens well.",
             "state": CommentState.WAITING if i >= newest and i // RATERS % 4 == 0 else CommentState.SHOWN}
            for i, place in enumerate(places)
        ),
    )  # fmt: skip


def _reports(session: Session, coach: User, coachings: Sequence[int], results: Sequence[int], *, now: datetime) -> None:
    """Have had a coaching report made of everybody for every year."""
    _add(
        session,
        ReportFile,
        (
            {"organization_id": coach.organization_id, "result_id": result, "coaching_id": coaching, "kind": "coaching",
             "reference": f"R-{uuid4().hex[:12]}", "program_version": "1", "inputs_hash": uuid4().hex, "sha256": "0",
             "requested_at": (at := now - year * YEAR), "finished_at": at, "expires_at": now + YEAR, "inputs": {}}
            for coaching, result in zip(coachings, results, strict=True) for year in range(YEARS)
        ),
    )  # fmt: skip


def _copy(row: Base, **changes: Any) -> Row:
    """Return the values of `row` but its keys, with `changes`."""
    columns = {each.key for each in row.__mapper__.column_attrs} - {"id", "public_id"}
    return {name: getattr(row, name) for name in columns} | changes
