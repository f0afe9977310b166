"""
Optional questions after submission, for audits alone.

No other module reads or writes the answers, and no page shows them: audits hand in a function and get what it makes of
large enough groups. As in all services, the caller commits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from assess.banks.surveys import EqualitySurvey
from assess.errors import InvalidValue, Refused
from assess.models import Assignment, Campaign, EqualityAnswer, Organization, Position
from assess.services import audit
from assess.services.assignments import require_not_erased
from assess.services.database import lock

NOT_SAID = "not-said"  # "I would rather not say": never stored
FEWEST = 5  # of a group, before an audit knows of it
SWITCH = "equality_questions"  # in an organisation's branding; without it the questions are asked


T = TypeVar("T")


def is_asked(assignment: Assignment) -> bool:
    """Whether the person may be asked: they have handed in, and their organisation asks."""
    attempt = assignment.attempt
    return attempt is not None and attempt.is_submitted and _asks(assignment.organization)


def has_answered(session: Session, assignment: Assignment) -> bool:
    """Whether there are answers."""
    return _row(session, assignment) is not None


def answer(
    session: Session, assignment: Assignment, survey: EqualitySurvey, sent: Mapping[str, str], *, now: datetime
) -> bool:
    """
    Keep what was said, question to option, unless there are answers already; return whether there are any now.

    What was left out or not said is not stored. A question or an option that was not offered is `InvalidValue`.
    """
    lock(session, assignment)
    lock(session, assignment.person)  # whose data may be being erased
    require_not_erased(assignment)
    if assignment.attempt is None or not assignment.attempt.is_submitted:
        raise Refused("These questions are asked after you have handed in your answers.")
    if not _asks(assignment.organization):
        raise Refused(f"{assignment.organization.name} does not ask these questions.")
    said = {question: option for question, option in sent.items() if option not in ("", NOT_SAID)}
    if not all(option in survey.choices.get(question, ()) for question, option in said.items()):
        raise InvalidValue
    if has_answered(session, assignment):
        return True
    if said:
        home = assignment.organization_id
        session.add(EqualityAnswer(organization_id=home, assignment_id=assignment.id, answers=said, answered_at=now))
        _record(session, assignment, "equality.answered", now=now)
    return bool(said)


def take_back(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """Delete the answers, if there are any, as the person wishes."""
    lock(session, assignment)
    if has_answered(session, assignment):
        session.execute(delete(EqualityAnswer).where(EqualityAnswer.assignment_id == assignment.id))
        _record(session, assignment, "equality.taken-back", now=now)


def answers_of(session: Session, assignment: Assignment) -> Mapping[str, str]:
    """Return the answers, question to option, for the person's own copy of their data and for nothing else."""
    row = _row(session, assignment)
    return row.answers if row else {}


def compared(
    session: Session,
    position: Position,
    assignments: Sequence[int],
    survey: EqualitySurvey,
    compare: Callable[[Sequence[str | None]], T],
) -> Mapping[str, T]:
    """
    Return what `compare` makes of the groups of these assignments' people, by the code of the question.

    All are for `position`: the answers of its people alone are read, in one query.

    It gets one label for each, in their order; None where nothing was said, or where fewer than five said the same.
    Questions with fewer than two groups are left out. What it returns must not tell people apart.
    """
    theirs = (
        select(EqualityAnswer.assignment_id, EqualityAnswer.answers)
        .join(Assignment, Assignment.id == EqualityAnswer.assignment_id)
        .join(Assignment.campaign)
        .where(Campaign.position_id == position.id)
    )
    said: dict[int, Mapping[str, str]] = dict(session.execute(theirs).all())
    results = {}
    for question in survey.question:
        labels = {option.code: option.label for option in question.option}
        given = [labels.get(said.get(assignment, {}).get(question.code, "")) for assignment in assignments]
        large = {label for label, n in Counter(given).items() if label is not None and n >= FEWEST}
        if len(large) > 1:
            results[question.code] = compare([label if label in large else None for label in given])
    return results


def forget(session: Session, assignments: Select[int]) -> None:
    """Delete the answers that belong to these ids of assignments."""
    session.execute(delete(EqualityAnswer).where(EqualityAnswer.assignment_id.in_(assignments)))


def choose(session: Session, organization: Organization, *, asks: bool, now: datetime) -> None:
    """Have `organization` ask its people these questions, or not."""
    organization.branding = {**organization.branding, SWITCH: asks}
    subject = f"organization:{organization.id}"
    audit.record(
        session, "command", "organization.changed", subject, organization_id=organization.id, now=now, **{SWITCH: asks}
    )


def _asks(organization: Organization) -> bool:
    return organization.branding.get(SWITCH) is not False


def _row(session: Session, assignment: Assignment) -> EqualityAnswer | None:
    return session.scalar(select(EqualityAnswer).where(EqualityAnswer.assignment_id == assignment.id))


def _record(session: Session, assignment: Assignment, action: str, *, now: datetime) -> None:
    subject = f"assignment:{assignment.id}"
    audit.record(session, "person", action, subject, organization_id=assignment.organization_id, now=now)
