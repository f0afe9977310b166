"""What a coach may see of somebody's results: all that stand, of a person whom they coach now."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import Assignment, Attempt, Coaching, Result, User
from assess.services import caseload, person_history, results
from assess.services.results import Reading


def readings(session: Session, user: User, coaching: Coaching, registry: Registry) -> Sequence[Reading]:
    """
    Return the standing results of the person, the newest first; a constant number of queries.

    They are without the match with a position, which is no matter of coaching.
    """
    caseload.require_own(user, coaching)
    return [results.read_scores(row, registry) for row in person_history.standing(session, coaching.person)]


def newest(session: Session, user: User, coaching: Coaching, registry: Registry) -> Reading | None:
    """Return the first of them, if any."""
    caseload.require_own(user, coaching)
    found = person_history.standing(session, coaching.person, most=1)
    return results.read_scores(found[0], registry) if found else None


def newest_of(people: Collection[int] | Select[int]) -> Select[int]:
    """Select the key of the newest standing result of each of `people`, who have been found to be the coach's."""
    order = (Attempt.submitted_at.desc(), Attempt.id.desc())
    place = func.row_number().over(partition_by=Assignment.person_id, order_by=order)
    standing = (
        select(Result.id, place.label("place"))
        .join(Result.attempt)
        .join(Attempt.assignment)
        .where(Assignment.person_id.in_(people), Result.superseded_at.is_(None))
        .subquery()
    )
    return select(standing.c.id).where(standing.c.place == 1)
