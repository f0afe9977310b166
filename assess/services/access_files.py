"""The copy of everything that is held about a person: as a PDF, made by a worker and kept for some days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import LinkClosed, Refused
from assess.models import AccessFile, Person
from assess.services import audit
from assess.services.database import lock
from assess.services.held_data import held_about
from assess.services.jobs import enqueue
from assess.services.tokens import new_reference
from reports.access import access_document
from reports.document import to_html

KEPT = timedelta(days=7)


def request(session: Session, person: Person, *, now: datetime) -> AccessFile:
    """Return the copy that is being made; or a new one, asked for now, in the place of those before."""
    lock(session, person)
    if person.erased_at is not None:  # since their page was opened
        raise LinkClosed
    known = newest(session, person, now=now)
    if known is not None and known.finished_at is None:
        return known
    session.execute(delete(AccessFile).where(AccessFile.person_id == person.id))
    file = AccessFile(
        organization_id=person.organization_id,
        person=person,
        reference=new_reference("D"),
        requested_at=now,
        expires_at=now + KEPT,
    )
    session.add(file)
    session.flush()
    enqueue(session, "make-access-file", file_id=file.id)
    return file


def newest(session: Session, person: Person, *, now: datetime) -> AccessFile | None:
    """Return the person's copy, made or being made, or None."""
    theirs = select(AccessFile).where(AccessFile.person_id == person.id, AccessFile.expires_at > now)
    return session.scalar(theirs.order_by(AccessFile.id.desc()).limit(1))


def draft(session: Session, file: AccessFile, registry: Registry, *, now: datetime) -> tuple[str, datetime]:
    """Return the finished HTML of `file` and the moment that it is dated on."""
    held = held_about(session, file.person, registry, now=now)
    return to_html(access_document(held, reference=file.reference)), now


def store(session: Session, file_id: int, pdf: bytes, *, now: datetime) -> None:
    """Keep the bytes, unless the file was deleted while they were made, or made before."""
    file = session.get(AccessFile, file_id)
    if file is not None and not file.is_ready:
        file.content, file.finished_at, file.failure = pdf, now, None


def content(session: Session, file: AccessFile, *, now: datetime) -> bytes:
    """Return the PDF, noting that it was taken; `Refused` with the reason while there is none."""
    if file.content is None:
        raise Refused(file.failure or "Your copy is still being made. Please try again in a moment.")
    note_taken(session, file.person, "pdf", now=now)
    return file.content


def note_taken(session: Session, person: Person, kind: str, *, now: datetime) -> None:
    """Note that a copy of everything was taken."""
    audit.record(
        session,
        "person",
        "data.exported",
        f"person:{person.id}",
        organization_id=person.organization_id,
        now=now,
        kind=kind,
    )
