"""What a coach may see of somebody's results: all that stand, of a person whom they coach now."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import NotFound
from assess.models import Coaching, User
from assess.services import person_history, results
from assess.services.access import Permission, require
from assess.services.results import Reading


def readings(session: Session, user: User, coaching: Coaching, registry: Registry) -> Sequence[Reading]:
    """
    Return the standing results of the person, the newest first; a constant number of queries.

    Pages and reports for coaches say nothing of the match with a position: it is no matter of coaching.
    """
    require(user, Permission.COACHING_READ)
    if coaching.coach_id != user.id or not coaching.is_active:
        raise NotFound
    return [results.read(row, registry) for row in person_history.standing(session, coaching.person)]
