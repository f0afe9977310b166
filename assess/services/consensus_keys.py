"""The company's view of good service: published versions of its raters' answers, and the default key before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.errors import Refused
from assess.models import ConsensusKey, SurveyRound, User
from assess.psychometrics.perspective.consensus import MIN_RATERS
from assess.scoring.perspective import CompanyKey
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.database import alone

MOST_IMPORTANT = 3.0


def publish(
    session: Session,
    user: User,
    bank: Bank,
    ratings: Mapping[str, Sequence[int | None]],
    *,
    source: str,
    note: str = "",
    importance: Mapping[str, float] | None = None,
    survey: SurveyRound | None = None,
    now: datetime,
) -> ConsensusKey:
    """
    Publish a new version of the organisation's key to `bank`; attempts that begin from now on are compared with it.

    `ratings` holds for every statement the raters' choices, 1 to 5 or None, the same rater at the same place;
    `importance` how much statements count, 1 by default, 0 for not at all; `survey` is the round that they answered.
    Raises `Refused` with fewer than five raters: fewer agree too easily by chance.
    """
    require(user, Permission.PERSPECTIVE_WRITE)
    statements = [policy.code for policy in bank.perspective]
    counts = {code: dict(importance or {}).get(code, 1.0) for code in statements}
    _require_usable(statements, ratings, counts, given=importance or {})
    alone(session, f"consensus-key {user.organization_id} {bank.edition}")  # versions follow one another
    mine = (ConsensusKey.organization_id == user.organization_id, ConsensusKey.edition == bank.edition)
    version = 1 + (session.scalar(select(func.max(ConsensusKey.version)).where(*mine)) or 0)
    key = ConsensusKey(
        organization_id=user.organization_id,
        edition=bank.edition,
        bank_version=bank.version,
        version=version,
        source=source,
        note=note,
        round_id=survey.id if survey else None,
        published_by_id=user.id,
        n_raters=_n_raters(ratings),
        content={},
        published_at=now,
    )
    view = CompanyKey(version, {}, categories(ratings), counts).consensus(statements)
    key.content = {
        code: {
            "mean": round(float(view.key[at]) + 1, 6) if view.n_raters[at] else None,
            "r_wg": round(float(view.r_wg[at]), 6) if view.n_raters[at] > 1 else None,
            "importance": counts[code],
            "ratings": list(ratings.get(code, [])),
        }
        for at, code in enumerate(statements)
    }
    session.add(key)
    session.flush()
    audit.record(
        session,
        f"user:{user.id}",
        "perspective.published",
        f"consensus-key:{key.id}",
        organization_id=user.organization_id,
        now=now,
        version=version,
    )
    return key


def newest(session: Session, organization_id: int, edition: str) -> ConsensusKey | None:
    """Return the organisation's newest published key of an edition; None while its raters have not answered."""
    return session.scalar(
        select(ConsensusKey)
        .where(
            ConsensusKey.organization_id == organization_id,
            ConsensusKey.edition == edition,
            ConsensusKey.published_at.is_not(None),
        )
        .order_by(ConsensusKey.version.desc())
        .limit(1)
    )


def key_of(row: ConsensusKey | None, bank: Bank) -> CompanyKey | None:
    """Return the key that `row` holds, or without a row the edition's default key, which an author judged."""
    if row is None:
        return CompanyKey.default(bank)
    ratings = {code: each["ratings"] for code, each in row.content.items()}
    importance = {code: each["importance"] for code, each in row.content.items()}
    return CompanyKey(row.version, {}, categories(ratings), importance)


def categories(ratings: Mapping[str, Sequence[int | None]]) -> dict[str, list[int | None]]:
    """Return choices 1 .. 5 as categories 0 .. 4."""
    return {code: [None if each is None else each - 1 for each in column] for code, column in ratings.items()}


def _n_raters(ratings: Mapping[str, Sequence[int | None]]) -> int:
    """Return how many raters answered anything."""
    columns = [column for column in ratings.values() if column]
    return sum(any(each is not None for each in row) for row in zip(*columns, strict=True))


def _require_usable(
    statements: Sequence[str],
    ratings: Mapping[str, Sequence[int | None]],
    counts: Mapping[str, float],
    *,
    given: Mapping[str, float],
) -> None:
    unknown = sorted((set(ratings) | set(given)) - set(statements))
    if unknown:
        raise ValueError(f"{unknown[0]} is no statement of the company perspective")
    if len({len(column) for column in ratings.values() if column}) > 1:
        raise ValueError("every statement needs a place for every rater")
    if any(each is not None and not 1 <= each <= 5 for column in ratings.values() for each in column):
        raise ValueError("ratings are choices from 1 to 5")
    if not all(0 <= weight <= MOST_IMPORTANT for weight in counts.values()):
        raise ValueError(f"importance lies between 0 and {MOST_IMPORTANT:g}")
    n_raters = _n_raters(ratings)
    if n_raters < MIN_RATERS:
        raise Refused(
            f"A key needs the answers of at least {MIN_RATERS} raters, and there are {n_raters}: fewer agree too "
            "easily by chance. Until then the edition's default key is used."
        )
