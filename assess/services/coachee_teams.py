"""A coach's people together: their newest results on one ground, for figures that bear no names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.models import Coaching, Result, User
from assess.scoring.team import FEWEST
from assess.services import caseload, coachee_results, results
from assess.services.common_ground import on_one_ground
from assess.services.results import Reading


@dataclass(frozen=True, slots=True)
class Team:
    """
    Whom one may choose from, and what is shown of those who are chosen.

    Parameters
    ----------
    coachings : sequence of Coaching
        All of the coach, by name.
    n_chosen : int
        Of how many of them results were looked for.
    readings : sequence of Reading
        Results that can be laid beside each other; of fewer than five, nothing may be shown.
    left_out : sequence of (str, int)
        How many others' results are not among these, by why.
    """

    coachings: Sequence[Coaching]
    n_chosen: int
    readings: Sequence[Reading]
    left_out: Sequence[tuple[str, int]]

    @property
    def is_shown(self) -> bool:
        """Whether these are so many that figures are of them together."""
        return len(self.readings) >= FEWEST


def team_of(session: Session, user: User, registry: Registry, *, chosen: Collection[UUID] = ()) -> Team:
    """
    Return the coach's people together, or those in the `chosen` coachings; a constant number of queries.

    Somebody who is not the coach's is not found, and a choice of fewer than five is `Refused`.
    """
    everybody = caseload.coachings(session, user)
    wanted = set(chosen) or {each.public_id for each in everybody}
    people = [each.person_id for each in everybody if each.public_id in wanted]
    if len(people) < len(wanted):
        raise NotFound
    if chosen and len(people) < FEWEST:
        raise Refused(f"Please choose at least {FEWEST} people: of fewer, a figure would be about somebody.")
    newest = select(Result).where(Result.id.in_(coachee_results.newest_of(people))).options(*results.SCORES)
    found = on_one_ground(session.scalars(newest).all(), len(people), registry)
    return Team(everybody, len(people), found.readings, found.left_out)
