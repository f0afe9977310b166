"""The person's sitting: begin, show, check, hand in. As in all services, the caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.errors import AlreadySubmitted, InvitationExpired, InvitationWithdrawn, NotFound, Refused
from assess.models import Assignment, Attempt, Feedback, PresentedItem, ResponseEvent
from assess.services import audit, mail
from assess.services.assignments import attempt_end, is_over
from assess.services.calibrations import provisional_parameters
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.tokens import new_reference

EVENT_ORDER = (ResponseEvent.revision, ResponseEvent.counter, ResponseEvent.id)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt has come."""

    n_items: int
    n_presented: int
    n_answered: int
    gaps: tuple[int, ...]  # positions shown but not answered

    @property
    def is_complete(self) -> bool:
        """Whether everything has been shown."""
        return self.n_presented == self.n_items


def require_open(assignment: Assignment, *, now: datetime) -> None:
    """Raise the reason why nothing can be answered any more, if there is one."""
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        raise AlreadySubmitted
    if assignment.withdrawn_at is not None:
        raise InvitationWithdrawn
    if is_over(assignment, now=now):
        raise InvitationExpired


def start(session: Session, assignment: Assignment, registry: Registry, *, now: datetime) -> Attempt:
    """Return the attempt of `assignment`, begun now, with the person's consent, if this is the first visit."""
    require_open(assignment, now=now)
    lock(session, assignment, "attempt")  # the same link on two devices at once begins one attempt
    if assignment.attempt is not None:
        return assignment.attempt
    campaign = assignment.campaign
    bank = registry.newest(campaign.edition)
    bank.form(campaign.form)
    attempt = Attempt(
        assignment=assignment,
        edition=bank.edition,
        bank_version=bank.version,
        bank_checksum=bank.checksum,
        form=campaign.form,
        parameter_set_id=provisional_parameters(session, bank, now=now).id,
        pattern_version=campaign.position.pattern if campaign.position else None,
        seed=secrets.randbits(53),
        started_at=now,
        closes_at=attempt_end(assignment.expires_at, campaign.time_zone),
    )
    session.add(attempt)
    session.flush()
    audit.record(
        session,
        "person",
        "attempt.started",
        f"attempt:{attempt.id}",
        organization_id=assignment.organization_id,
        now=now,
        consented=True,
    )
    present(session, attempt, bank, now=now)
    return attempt


def present(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> PresentedItem | None:
    """Return the item after the last one that was shown, shown now; None when all have been."""
    items = bank.form(attempt.form).items
    position = _n_presented(session, attempt) + 1
    if position > len(items):
        return None
    shown = PresentedItem(attempt_id=attempt.id, position=position, code=items[position - 1], presented_at=now)
    session.add(shown)
    session.flush()
    return shown


def advance(session: Session, attempt: Attempt, bank: Bank, position: int, *, now: datetime) -> PresentedItem | None:
    """Return the item after `position`, shown now if it was not before; None after the last."""
    shown = _shown_at(session, attempt, position + 1)
    if shown is None:
        lock(session, attempt)  # two tabs that go on at once are shown the same
        shown = _shown_at(session, attempt, position + 1)
    return shown or present(session, attempt, bank, now=now)


def presented_at(session: Session, attempt: Attempt, position: int) -> PresentedItem:
    """Return what was shown at `position`; `NotFound` for what was not shown yet."""
    shown = _shown_at(session, attempt, position)
    if shown is None:
        raise NotFound
    return shown


def current_responses(session: Session, attempt: Attempt) -> Mapping[str, int]:
    """Return the current value of every answered item: the one with the greatest (revision, counter, arrival)."""
    rank = func.row_number().over(
        partition_by=ResponseEvent.code, order_by=tuple(column.desc() for column in EVENT_ORDER)
    )
    ranked = (
        select(ResponseEvent.code, ResponseEvent.value, rank.label("rank"))
        .where(ResponseEvent.attempt_id == attempt.id)
        .subquery()
    )
    rows = session.execute(select(ranked.c.code, ranked.c.value).where(ranked.c.rank == 1).order_by(ranked.c.code))
    return dict(rows.all())


def current_response(session: Session, attempt: Attempt, code: str) -> int | None:
    """Return the current value of one item, None while it is not answered."""
    newest = [column.desc() for column in EVENT_ORDER]
    mine = select(ResponseEvent.value).where(ResponseEvent.attempt_id == attempt.id, ResponseEvent.code == code)
    return session.scalar(mine.order_by(*newest).limit(1))


def is_all_shown(session: Session, attempt: Attempt, bank: Bank) -> bool:
    """Whether every item of the form has been shown."""
    return _n_presented(session, attempt) == len(bank.form(attempt.form).items)


def response_times(session: Session, attempt: Attempt) -> Mapping[str, int]:
    """
    Return for every item the milliseconds from shown to its *first* response.

    Where the browser did not say (no JavaScript), the server's own clock does, the way there and back included.
    """
    rows = session.execute(
        select(ResponseEvent.code, ResponseEvent.milliseconds, ResponseEvent.received_at, PresentedItem.presented_at)
        .join(
            PresentedItem,
            (PresentedItem.attempt_id == ResponseEvent.attempt_id) & (PresentedItem.code == ResponseEvent.code),
        )
        .where(ResponseEvent.attempt_id == attempt.id)
        .order_by(ResponseEvent.id)
    )
    times: dict[str, int] = {}
    for code, milliseconds, received_at, shown_at in rows:
        seen = milliseconds if milliseconds is not None else int((received_at - shown_at).total_seconds() * 1_000)
        times.setdefault(code, max(seen, 0))
    return times


def progress(session: Session, attempt: Attempt, bank: Bank) -> Progress:
    """Return how far `attempt` has come."""
    answered = current_responses(session, attempt)
    shown = session.execute(
        select(PresentedItem.position, PresentedItem.code)
        .where(PresentedItem.attempt_id == attempt.id)
        .order_by(PresentedItem.position)
    ).all()
    return Progress(
        n_items=len(bank.form(attempt.form).items),
        n_presented=len(shown),
        n_answered=len(answered),
        gaps=tuple(position for position, code in shown if code not in answered),
    )


def submit(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> str:
    """
    Hand the attempt in and return its receipt; handing in again returns the same one.

    Gaps are allowed, but every item must have been shown. Scoring follows as a job.
    """
    if attempt.receipt is not None:
        return attempt.receipt
    require_open(attempt.assignment, now=now)
    if not progress(session, attempt, bank).is_complete:
        raise Refused("There are statements that you have not seen yet.")
    receipt = new_reference("A")
    taken = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.submitted_at.is_(None))
        .values(submitted_at=now, receipt=receipt)
    )
    if taken.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE's result has one
        enqueue(session, "score", priority=5, attempt_id=attempt.id)
        mail.queue_receipt(session, attempt.assignment, now=now)
        audit.record(
            session,
            "person",
            "attempt.submitted",
            f"attempt:{attempt.id}",
            organization_id=attempt.assignment.organization_id,
            now=now,
        )
    session.refresh(attempt)
    return session.scalar(select(Attempt.receipt).where(Attempt.id == attempt.id)) or receipt


def may_read_own_report(assignment: Assignment) -> bool:
    """Whether the person may have their individual report (once it is scored)."""
    attempt = assignment.attempt
    if attempt is None or not attempt.is_submitted:
        return False
    return assignment.released_at is not None or assignment.campaign.feedback == Feedback.AT_ONCE


def _shown_at(session: Session, attempt: Attempt, position: int) -> PresentedItem | None:
    return session.scalar(
        select(PresentedItem).where(PresentedItem.attempt_id == attempt.id, PresentedItem.position == position)
    )


def _n_presented(session: Session, attempt: Attempt) -> int:
    return session.scalars(select(func.count(PresentedItem.id)).where(PresentedItem.attempt_id == attempt.id)).one()
