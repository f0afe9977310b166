"""
The company perspective: how far its raters agree, and publishing their answers as a key.

What they agree on is told once a round is closed for good. Whoever looked after every answer that comes in could
subtract, and know what the last person had said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.models import ConsensusKey, SurveyKind, SurveyPlace, SurveyRound, User
from assess.psychometrics.perspective.consensus import MIN_RATERS
from assess.scoring.company_view import Change, CompanyView, Groups, changes, groups_of, view_of
from assess.scoring.perspective import CompanyKey
from assess.services import consensus_keys, surveys
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.surveys import Sheet

NO_GROUPS = Groups()
Ratings = Mapping[str, Sequence[int | None]]


class Readiness(StrEnum):
    """Whether a round's agreement can be told."""

    OPEN = "open"  # answers still come in
    FEW = "few"  # over, with fewer than five raters
    OVER = "over"  # but its last day could still be put off
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is told of a round: below five raters, or while it is open, how many have answered and no more."""

    readiness: Readiness
    bank: Bank
    n_asked: int
    n_raters: int
    is_simulated: bool  # somebody among the raters
    view: CompanyView | None = None
    groups: Groups = NO_GROUPS


def agreement_of(
    session: Session,
    user: User,
    survey: SurveyRound,
    registry: Registry,
    *,
    importance: Mapping[str, float] | None = None,
    now: datetime,
) -> Agreement:
    """Return how far the raters of `survey` agree; `NotFound` for a round that asks something else."""
    require(user, Permission.SURVEY_READ)
    if survey.kind is not SurveyKind.PERSPECTIVE:
        raise NotFound
    bank, sheets = registry.bank(survey.edition, survey.bank_version), _rated(surveys.sheets_of(session, survey))
    asked = select(func.count(SurveyPlace.id)).where(
        SurveyPlace.round_id == survey.id, SurveyPlace.withdrawn_at.is_(None)
    )
    simulated = any(sheet.place.person.is_simulated for sheet in sheets)
    counts = (session.scalar(asked) or 0, len(sheets), simulated)
    if survey.is_open(now):
        return Agreement(Readiness.OPEN, bank, *counts)
    if len(sheets) < MIN_RATERS:
        return Agreement(Readiness.FEW, bank, *counts)
    if survey.closed_at is None:
        return Agreement(Readiness.OVER, bank, *counts)
    key = _key(bank, _ratings(bank, sheets), importance or {})
    return Agreement(Readiness.READY, bank, *counts, view_of(bank, key), groups_of_raters(bank, sheets))


def publish(
    session: Session,
    user: User,
    survey: SurveyRound,
    registry: Registry,
    *,
    source: str,
    note: str = "",
    importance: Mapping[str, float],
    seen: int | None = None,
    now: datetime,
) -> ConsensusKey:
    """
    Publish what the round's raters said as a new version of the key to its edition.

    `seen` is the version that was in force when somebody looked, 0 for none. Raises `Refused` where it is another one
    by now, while the round is not closed, below five raters, where nothing clear counts, and where the version in
    force says the same.
    """
    require(user, Permission.PERSPECTIVE_WRITE)
    lock(session, survey)  # sent twice at once, it is published once
    found = agreement_of(session, user, survey, registry, importance=importance, now=now)
    if found.readiness in {Readiness.OPEN, Readiness.OVER}:
        raise Refused("The round is not closed yet. Close it first: a key is made of all its answers.")
    if found.view is not None:
        _require_policy(found.view)
    ratings = _ratings(found.bank, _rated(surveys.sheets_of(session, survey)))
    before = consensus_keys.newest(session, user.organization_id, survey.edition)
    if before is not None and _says_the_same(before, survey, found.bank, ratings, importance):
        raise Refused(f"Version {before.version} says exactly this already, so there is nothing to publish.")
    if before is not None and seen is not None and before.version != seen:
        raise Refused(
            f"Somebody has published version {before.version} since you opened this page. Please look at it first. "
            "What you have entered stands here still and would replace it."
        )
    return consensus_keys.publish(
        session,
        user,
        found.bank,
        ratings,
        source=source,
        note=note,
        importance=importance,
        survey=survey,
        now=now,
    )


def in_force(session: Session, organization_id: int, bank: Bank) -> tuple[ConsensusKey | None, CompanyView | None]:
    """Return the newest version with what it says; without one, what the edition's default key says, if it has one."""
    row = consensus_keys.newest(session, organization_id, bank.edition)
    key = consensus_keys.key_of(row, bank)
    return row, view_of(bank, key) if key else None


def changes_by(session: Session, user: User, found: Agreement) -> tuple[ConsensusKey | None, tuple[Change, ...]]:
    """Return the version in force, None for the default key, and what publishing would change against it."""
    require(user, Permission.SURVEY_READ)
    row, before = in_force(session, user.organization_id, found.bank)
    return row, changes(before, found.view) if before and found.view else ()


def groups_of_raters(bank: Bank, sheets: Sequence[Sheet]) -> Groups:
    """Return how groups of raters see it: those of five or more, unless what is left beside them would be fewer."""
    by_name: dict[str, list[Mapping[str, int]]] = {}
    for sheet in sheets:
        by_name.setdefault(sheet.place.group, []).append(sheet.values)
    others = by_name.pop("", [])
    if len(by_name) + bool(others) < 2:  # one group is everybody
        return NO_GROUPS
    return groups_of([policy.code for policy in bank.perspective], dict(sorted(by_name.items())), others)


def _require_policy(view: CompanyView) -> None:
    """Raise `Refused` where nobody could be compared with the key."""
    clear = [each for each in view.statements if each.is_clear]
    if not clear:
        raise Refused("The raters agree on no statement, so there is no policy to publish. Settle some and ask again.")
    if not any(each.importance for each in clear):
        raise Refused("No statement on which the policy is clear counts. Please let at least one of them count.")


def _rated(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets of those who answered anything."""
    return [sheet for sheet in sheets if sheet.values]


def _ratings(bank: Bank, sheets: Sequence[Sheet]) -> Ratings:
    """Return choices by statement; raters stand in the order of their answers, which tells nobody whose they are."""
    codes = [policy.code for policy in bank.perspective]
    rows = sorted(
        [[sheet.values.get(code) for code in codes] for sheet in sheets], key=lambda row: [x or 0 for x in row]
    )
    return {code: [row[at] for row in rows] for at, code in enumerate(codes)}


def _key(bank: Bank, ratings: Ratings, importance: Mapping[str, float]) -> CompanyKey:
    counts = {policy.code: importance.get(policy.code, 1.0) for policy in bank.perspective}
    return CompanyKey(0, {}, consensus_keys.categories(ratings), counts)


def _says_the_same(
    row: ConsensusKey, survey: SurveyRound, bank: Bank, ratings: Ratings, importance: Mapping[str, float]
) -> bool:
    """Whether the version is of this round already, with the same importance."""
    said = {code: (each["ratings"], each["importance"]) for code, each in row.content.items()}
    codes = [policy.code for policy in bank.perspective]
    return row.round_id == survey.id and said == {
        code: (list(ratings[code]), importance.get(code, 1.0)) for code in codes
    }
