"""What is asked of somebody whose coach asks them again: other statements than before, as far as there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parallel import parallel, statements_in
from assess.banks.parts import Part
from assess.models import Assignment, Attempt, Campaign, Person, PresentedItem


@dataclass(frozen=True, slots=True)
class OwnForm:
    """What an attempt avoids, and the statements of a form put together for it; none of an adaptive or usual one."""

    avoided: Sequence[str] = ()
    statements: Sequence[str] | None = None


def own_form(session: Session, assignment: Assignment, bank: Bank) -> OwnForm:
    """Return what `assignment` would ask if it were begun now; the same for whoever has seen the same."""
    campaign = assignment.campaign
    if campaign.coaching_id is None:
        return OwnForm()
    return form_for(session, assignment.person, bank, campaign)


def form_for(session: Session, person: Person, bank: Bank, campaign: Campaign) -> OwnForm:
    """Return the same for a campaign that need not be stored yet."""
    avoided, chosen = seen_by(session, person, bank), bank.form(campaign.form)
    if not avoided or chosen.adaptive:
        return OwnForm(avoided)
    in_triplets = {code for block in bank.triplets for code in block.statements}
    barred = in_triplets if Part.TRIPLETS in campaign.parts else frozenset[str]()
    return OwnForm(avoided, parallel(bank, chosen, avoided, barred=barred))


def seen_by(session: Session, person: Person, bank: Bank) -> Sequence[str]:
    """Return the statements of `bank` that the person was shown, in whatever edition, the longest unseen first."""
    shown = session.scalars(
        select(PresentedItem.code)
        .join(Attempt, Attempt.id == PresentedItem.attempt_id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .where(Assignment.person_id == person.id)
        .order_by(PresentedItem.presented_at.desc(), PresentedItem.attempt_id.desc(), PresentedItem.position.desc())
    )
    return list(dict.fromkeys(statements_in(bank, shown)))[::-1]
