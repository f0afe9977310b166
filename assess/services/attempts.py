"""The person's sitting: begin, show, check, hand in. As in all services, the caller commits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.errors import AlreadySubmitted, InvitationExpired, InvitationWithdrawn, NotOpenYet, Refused
from assess.languages import SOURCE
from assess.models import Assignment, Attempt, ConsensusKey, Feedback, PresentedItem, ResponseEvent
from assess.services import asking, audit, consensus_keys, mail, own_forms
from assess.services.assignments import attempt_end, is_early, is_over
from assess.services.calibrations import provisional_parameters
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.tokens import new_reference


def require_open(assignment: Assignment, *, now: datetime) -> None:
    """Raise the reason why nothing can be answered any more, or yet, if there is one."""
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        raise AlreadySubmitted
    if assignment.withdrawn_at is not None:
        raise InvitationWithdrawn
    if is_over(assignment, now=now):
        raise InvitationExpired
    if is_early(assignment, now=now):
        raise NotOpenYet


def start(
    session: Session, assignment: Assignment, registry: Registry, *, language: str | None = None, now: datetime
) -> Attempt:
    """
    Return the attempt of `assignment`, begun now, with the person's consent, if this is the first visit.

    The questions stay in `language`, in which the person consented, if there are checked translations of all of them;
    else, and where nobody knows it, they are in English.
    """
    lock(session, assignment, "attempt")  # the same link on two devices at once begins one attempt
    require_open(assignment, now=now)
    if assignment.attempt is not None:
        return assignment.attempt
    campaign = assignment.campaign
    bank = registry.newest(campaign.edition)
    bank.form(campaign.form)
    own = own_forms.own_form(session, assignment, bank)
    shown = bank.in_language(language or SOURCE, campaign.form, campaign.parts, own.statements)
    assignment.person.language = assignment.person.language or language or ""
    attempt = Attempt(
        assignment=assignment,
        edition=bank.edition,
        bank_version=bank.version,
        bank_checksum=bank.checksum,
        form=campaign.form,
        language=shown.language,
        parameter_set_id=provisional_parameters(session, bank, now=now).id,
        pattern_version=campaign.position.pattern if campaign.position else None,
        consensus_key=_key(session, assignment),
        seed=secrets.randbits(53),
        avoided=list(own.avoided),
        statements=None if own.statements is None else list(own.statements),
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
        language=language or SOURCE,
        translation=shown.translated_by,
    )
    return attempt


def _key(session: Session, assignment: Assignment) -> ConsensusKey | None:
    """Return the organisation's key if the attempt has a perspective part; None also stands for the default key."""
    if Part.PERSPECTIVE not in assignment.campaign.parts:
        return None
    return consensus_keys.newest(session, assignment.organization_id, assignment.campaign.edition)


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


def submit(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> str:
    """
    Hand the attempt in and return its receipt; handing in again returns the same one.

    Gaps are allowed, but everything must have been asked. Scoring follows as a job.
    """
    if attempt.receipt is not None:
        return attempt.receipt
    require_open(attempt.assignment, now=now)
    if not asking.read(session, attempt, bank, now=now).is_complete:
        raise Refused("There are questions that you have not seen yet.")
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
