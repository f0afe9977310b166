"""What people who were assessed think of good service, by the position that it was for; nobody can be told from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.models import Assignment, Attempt, Campaign, Person, Position, ResponseEvent
from assess.psychometrics.perspective.groups import FEWEST
from assess.scoring.company_view import Groups, Sheet, groups_of
from assess.services.asking import EVENT_ORDER

COUNTED = 2_000  # newest assessments that are looked through
AT_A_TIME = 500  # assessments whose answers are read together


def groups_by_position(session: Session, organization_id: int, bank: Bank) -> tuple[Groups, bool]:
    """
    Return how people who were assessed see it, by position, and whether somebody among them is simulated.

    Counted are those who answered every statement of this version, of each position in fives and in the order in which
    they handed in: so no two reports differ by fewer than five people.
    """
    rows = _handed_in(session, organization_id, bank)
    said = _said(session, [attempt_id for attempt_id, *_rest in rows], bank)
    by_title: dict[str, list[tuple[Sheet, bool]]] = {}
    for attempt_id, title, is_simulated in rows:
        if len(said.get(attempt_id, ())) == len(bank.perspective):
            by_title.setdefault(title, []).append((said[attempt_id], is_simulated))
    counted = {title: found[: len(found) // FEWEST * FEWEST] for title, found in sorted(by_title.items())}
    groups = {title: [sheet for sheet, _is in found] for title, found in counted.items() if found}
    shown = groups_of([policy.code for policy in bank.perspective], groups) if groups else Groups()
    too_small = len(counted) - len(groups)
    return Groups(shown.shown, shown.n_withheld + too_small), any(
        is_ for found in counted.values() for _s, is_ in found
    )


def _handed_in(session: Session, organization_id: int, bank: Bank) -> list[tuple[int, str, bool]]:
    """Return the newest assessments for a position with this bank, in the order in which they were handed in."""
    found = session.execute(
        select(Attempt.id, Position.title, Person.is_simulated)
        .join(Attempt.assignment)
        .join(Assignment.person)
        .join(Assignment.campaign)
        .join(Campaign.position)
        .where(
            Assignment.organization_id == organization_id,
            Attempt.edition == bank.edition,
            Attempt.bank_version == bank.version,
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
        .limit(COUNTED)
    ).all()
    return [(attempt_id, title, is_simulated) for attempt_id, title, is_simulated in reversed(found)]


def _said(session: Session, attempt_ids: Sequence[int], bank: Bank) -> Mapping[int, Sheet]:
    """Return what each of the attempts says of the statements, by its id."""
    codes = [policy.code for policy in bank.perspective]
    said: dict[int, dict[str, int]] = {}
    for first in range(0, len(attempt_ids), AT_A_TIME):
        events = session.execute(
            select(ResponseEvent.attempt_id, ResponseEvent.code, ResponseEvent.value)
            .where(ResponseEvent.attempt_id.in_(attempt_ids[first : first + AT_A_TIME]), ResponseEvent.code.in_(codes))
            .order_by(*EVENT_ORDER)
        )
        for attempt_id, code, value in events:
            said.setdefault(attempt_id, {})[code] = value  # the last of each stays
    return said
