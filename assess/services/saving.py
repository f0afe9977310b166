"""The hot path: one answer, one statement, committed before it is acknowledged.

This is the one module whose statement commits itself; its connection is in autocommit mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Select, literal, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from assess.models import AccessLink, Attempt, LinkPurpose, PresentedItem, ResponseEvent
from assess.models.testing import Assignment
from assess.services.tokens import hash_token


@dataclass(frozen=True, slots=True)
class Save:
    """One choice as the browser sends it."""

    code: str
    value: int
    revision: int
    counter: int
    key: str
    milliseconds: int | None


class Outcome(StrEnum):
    """What became of a save."""

    SAVED = "saved"
    REPEATED = "repeated"  # the same key was saved before: acknowledged again
    REFUSED = "refused"  # not this attempt's, not shown, not open or not a choice


def save(connection: Connection, token: str, save: Save, *, banks: Sequence[tuple[str, str]], now: datetime) -> Outcome:
    """
    Store one response of the attempt that `token` opens; it is committed when this returns.

    `banks` are the (edition, version) pairs in which `save.value` is a choice of `save.code`: what was not
    offered cannot be stored. The revision is the server's own clock at rendering, so it cannot lie ahead of `now`.
    """
    if not banks:
        return Outcome.REFUSED
    revision = min(save.revision, to_revision(now))
    open_attempt = _open_attempt(token, save.code.partition(".")[0], banks, now)
    row = open_attempt.with_only_columns(
        Attempt.id,
        literal(save.code),
        literal(save.value),
        literal(revision),
        literal(save.counter),
        literal(save.key),
        literal(save.milliseconds, ResponseEvent.milliseconds.type),
        literal(now, ResponseEvent.received_at.type),
    )
    columns = ["attempt_id", "code", "value", "revision", "counter", "key", "milliseconds", "received_at"]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(ResponseEvent)
        .from_select(columns, row, include_defaults=False)
        .on_conflict_do_nothing(index_elements=["attempt_id", "key"])
    )
    if connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1:
        return Outcome.SAVED
    known = (
        select(ResponseEvent.id)
        .join(Attempt)
        .join(Assignment)
        .join(AccessLink)
        .where(AccessLink.token_hash == hash_token(token), ResponseEvent.key == save.key)
    )
    return Outcome.REPEATED if connection.execute(known).first() else Outcome.REFUSED


def to_revision(now: datetime) -> int:
    """Return the revision of a page rendered at `now`: milliseconds of the server's clock."""
    return int(now.timestamp() * 1_000)


def _open_attempt(token: str, shown: str, banks: Sequence[tuple[str, str]], now: datetime) -> Select[int]:
    return (
        select(Attempt.id)
        .select_from(AccessLink)
        .join(Assignment, Assignment.id == AccessLink.assignment_id)
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .join(PresentedItem, PresentedItem.attempt_id == Attempt.id)
        .where(
            AccessLink.token_hash == hash_token(token),
            AccessLink.purpose == LinkPurpose.TAKE,
            AccessLink.revoked_at.is_(None),
            AccessLink.expires_at > now,
            Assignment.withdrawn_at.is_(None),
            Attempt.submitted_at.is_(None),
            Attempt.closes_at > now,
            tuple_(Attempt.edition, Attempt.bank_version).in_(list(banks)),
            PresentedItem.code == shown,
        )
    )
