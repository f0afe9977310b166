"""The hot path: one answer, one statement, committed before it is acknowledged.

This is the one module whose statement commits itself; its connection is in autocommit mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Select, and_, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg

from assess.models import AccessLink, Attempt, LinkPurpose, PresentedItem, ResponseEvent
from assess.models.testing import Assignment
from assess.services.tokens import hash_token

COUNTED = {"preserve_rowcount": True}
STORED = ("code", "value", "revision", "counter", "key", "milliseconds", "received_at")  # beside the attempt


@dataclass(frozen=True, slots=True)
class Save:
    """One choice as the browser sends it."""

    code: str
    value: int
    revision: int
    counter: int
    key: str
    milliseconds: int | None
    attempt: UUID | None = None  # whose page it was chosen on, as the page says; none: whoever the link belongs to


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
    What was chosen on the page of another attempt is refused: two people may share a browser.
    """
    if not banks:
        return Outcome.REFUSED
    statement, to_moment, to_id = _compiled(connection.dialect.name, len(banks))
    values: dict[str, Any] = {
        "token_hash": hash_token(token),
        "purpose": LinkPurpose.TAKE.value,
        "shown": save.code.partition(".")[0],
        "code": save.code,
        "value": save.value,
        "revision": min(save.revision, to_revision(now)),
        "counter": save.counter,
        "key": save.key,
        "milliseconds": save.milliseconds,
        "received_at": to_moment(now),
        "attempt": to_id(save.attempt),
    }
    for number, (edition, version) in enumerate(banks):
        values[f"edition_{number}"], values[f"version_{number}"] = edition, version
    if connection.exec_driver_sql(statement, values, execution_options=COUNTED).rowcount == 1:
        return Outcome.SAVED
    known = (
        select(ResponseEvent.id)
        .join(Attempt)
        .join(Assignment)
        .join(AccessLink)
        .where(AccessLink.token_hash == values["token_hash"], ResponseEvent.key == save.key)
    )
    return Outcome.REPEATED if connection.execute(known).first() else Outcome.REFUSED


def to_revision(now: datetime) -> int:
    """Return the revision of a page rendered at `now`: milliseconds of the server's clock."""
    return int(now.timestamp() * 1_000)


@cache
def _compiled(database: str, n_banks: int) -> tuple[str, Callable[[Any], Any], Callable[[Any], Any]]:
    """
    Return the statement as the database's driver takes it, and what makes a moment and an id values of its columns.

    Putting it together costs more than the whole of a request, so it is done once.
    """
    is_sqlite = database == "sqlite"
    dialect: Dialect = sqlite.dialect(paramstyle="named") if is_sqlite else psycopg.dialect()  # type: ignore[no-untyped-call]
    insert = sqlite.insert if is_sqlite else postgresql.insert
    columns = [ResponseEvent.__table__.columns[name] for name in STORED]
    row = _open_attempt(n_banks).add_columns(*(bindparam(column.name, type_=column.type) for column in columns))
    statement = (
        insert(ResponseEvent)
        .from_select(["attempt_id", *STORED], row, include_defaults=False)
        .on_conflict_do_nothing(index_elements=["attempt_id", "key"])
    )
    types = (ResponseEvent.received_at.type, Attempt.public_id.type)
    to_moment, to_id = (each.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value) for each in types)
    return str(statement.compile(dialect=dialect)), to_moment, to_id


def _open_attempt(n_banks: int) -> Select[int]:
    """
    Return the query for the attempt that can be answered now.

    PostgreSQL locks its row against being handed in meanwhile: without that, an answer could be acknowledged that
    scoring no longer sees. On SQLite whoever writes is alone.
    """
    now = bindparam("received_at", type_=ResponseEvent.received_at.type)
    said = bindparam("attempt", type_=Attempt.public_id.type)
    return (
        select(Attempt.id)
        .select_from(AccessLink)
        .join(Assignment, Assignment.id == AccessLink.assignment_id)
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .join(PresentedItem, PresentedItem.attempt_id == Attempt.id)
        .where(
            AccessLink.token_hash == bindparam("token_hash"),
            AccessLink.purpose == bindparam("purpose"),
            AccessLink.revoked_at.is_(None),
            AccessLink.expires_at > now,
            Assignment.withdrawn_at.is_(None),
            Attempt.public_id == func.coalesce(said, Attempt.public_id),
            Attempt.submitted_at.is_(None),
            Attempt.closes_at > now,
            or_(*map(_is_of_bank, range(n_banks))),
            PresentedItem.code == bindparam("shown"),
            or_(PresentedItem.closes_at.is_(None), PresentedItem.closes_at > now),
        )
        .with_for_update(read=True, of=Attempt)
    )


def _is_of_bank(number: int) -> ColumnElement[bool]:
    edition: BindParameter[str] = bindparam(f"edition_{number}")
    version: BindParameter[str] = bindparam(f"version_{number}")
    return and_(Attempt.edition == edition, Attempt.bank_version == version)
