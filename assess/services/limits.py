"""How often something may be tried; kept in the database, so a restart forgives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.orm import Session

from assess.errors import TooManyTries
from assess.models import RateLimit
from assess.services.database import alone, dialect_insert
from assess.services.tokens import hash_token


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries in `window` for one subject."""

    name: str
    count: int
    window: timedelta


BAD_SIGN_INS = Limit("sign-in", 5, timedelta(minutes=15))
BAD_SIGN_INS_OF_ADDRESS = Limit("sign-in-address", 30, timedelta(minutes=15))
REDEMPTIONS = Limit("redeem", 20, timedelta(minutes=1))
RESETS = Limit("reset", 5, timedelta(minutes=15))
MY_PAGES = Limit("my-page", 5, timedelta(minutes=15))
MY_PAGES_OF_ADDRESS = Limit("my-page-address", 30, timedelta(minutes=15))
WRONG_SEALS = Limit("genuine", 30, timedelta(minutes=15))


def check(session: Session, limit: Limit, subject: str, *, now: datetime) -> None:
    """Raise `TooManyTries` when `subject` has used up its tries. Tries at the same time wait for each other."""
    alone(session, _key(limit, subject))
    row = session.get(RateLimit, _key(limit, subject), populate_existing=True)
    if row is not None and now - row.since < limit.window and row.count >= limit.count:
        raise TooManyTries(minutes=round(limit.window.total_seconds() / 60))


def count(session: Session, limit: Limit, subject: str, *, now: datetime) -> None:
    """Count one try of `subject`; the last of many at once counts as well as the first."""
    statement = dialect_insert(session)(RateLimit).values(key=_key(limit, subject), count=1, since=now)
    is_over = RateLimit.since <= now - limit.window
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((is_over, 1), else_=RateLimit.count + 1),
                "since": case((is_over, now), else_=RateLimit.since),
            },
        ),
        execution_options={"synchronize_session": False},
    )


def forget(session: Session, limit: Limit, subject: str) -> None:
    """Forget the tries of `subject`, which has succeeded."""
    session.execute(delete(RateLimit).where(RateLimit.key == _key(limit, subject)))


def _key(limit: Limit, subject: str) -> str:
    return f"{limit.name}:{hash_token(subject)}"
