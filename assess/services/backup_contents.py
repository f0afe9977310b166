"""What backups of both kinds of database have in common: what they hold, and what may be restored over what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from assess.errors import Refused
from assess.models import Attempt, Base, Organization, ResponseEvent, Result
from assess.services.database import MIGRATIONS

REVISIONS = "alembic_version"  # the table that says which version the others have
KINDS = {b"SQLite format 3\0": "SQLite", b"PGDMP": "PostgreSQL"}  # by a file's first bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database or a backup of it holds, as far as one wants to see that it is the right one."""

    revision: str
    attempts: int
    answers: int
    results: int

    def __str__(self) -> str:
        attempts = f"{self.attempts} attempt{'s' * (self.attempts != 1)}"
        answers = f"{self.answers} answer{'s' * (self.answers != 1)}"
        results = f"{self.results} result{'s' * (self.results != 1)}"
        return (
            f"{attempts} with {answers} (changed ones count each time), {results}; tables at version {self.revision}."
        )


def contents_of(connection: Any) -> Contents:
    """Return what the database of a driver's connection holds; it may be older than this program's tables."""
    attempts, answers, results = (_count(connection, model) for model in (Attempt, ResponseEvent, Result))
    return Contents(revision_of(connection), attempts, answers, results)


def revision_of(connection: Any) -> str:
    """Return the version of the tables."""
    revision: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return revision


def _count(connection: Any, model: type[Base]) -> int:
    counted: int = connection.execute(str(select(func.count()).select_from(model))).fetchone()[0]
    return counted


def is_ours(tables: Collection[str]) -> bool:
    """Whether `tables` are those of Rapport, in whichever version."""
    return {REVISIONS, Organization.__tablename__} <= set(tables)


def require_ours(tables: Collection[str], address: str) -> None:
    """Raise `Refused` unless there is something to back up."""
    if not is_ours(tables):
        raise Refused(f"The database {address} holds no tables of Rapport, so there is nothing to back up.")


def require_replaceable(connection: Any, tables: Collection[str], address: str, *, replace: bool) -> None:
    """Raise `Refused` unless the database of a driver's connection is empty or ours to replace."""
    if set(tables) <= {REVISIONS}:
        return
    if not is_ours(tables):
        raise Refused(f"The database {address} holds tables of something else; Rapport needs one of its own.")
    if _count(connection, Organization) and not replace:
        raise Refused(f"The database {address} holds data. Use --replace to give them up for those in the backup.")


def require_kind(file: Path, wanted: str) -> None:
    """Raise `Refused` unless `file` begins as a backup of that kind of database does."""
    try:
        with file.open("rb") as opened:
            begins = opened.read(max(map(len, KINDS)))
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from None
    kind = next((name for mark, name in KINDS.items() if begins.startswith(mark)), None)
    if kind is None:
        raise Refused(f"{file} is not a backup of Rapport.")
    if kind != wanted:
        raise Refused(f"{file} is a backup of {kind} and can be restored into {kind} only; this database is {wanted}.")


def reason(error: Exception) -> str:
    """Return what a database said, without its further lines, in which it may quote what is stored."""
    return str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0].rstrip(".")


def known_revisions() -> set[str]:
    """Return all versions of the tables that this program can bring up to date."""
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def require_known(revision: str, file: Path) -> None:
    """Raise `Refused` for a version of the tables that is newer than the program."""
    if revision not in known_revisions():
        raise Refused(
            f"{file} has the tables in version {revision}, which this program does not know. "
            "Restore it with the version of Rapport that made it, or with a newer one."
        )
