"""What became of a position's pattern: its versions, how each differs from the one before, and what rests on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from assess.banks.wording import Target
from assess.errors import NotFound
from assess.models import Assignment, Attempt, Campaign, PatternVersion, Position, Result, User
from assess.services.access import Permission, require
from assess.services.positions import targets_of

MOST_CAMPAIGNS = 50  # named on a version's page


@dataclass(frozen=True, slots=True)
class Change:
    """One scale of which a version asks something else than the version before."""

    old: Target
    new: Target

    @property
    def is_range(self) -> bool:
        """Whether the range moved."""
        return (self.old.low, self.old.high) != (self.new.low, self.new.high)

    @property
    def is_weight(self) -> bool:
        """Whether it counts more or less."""
        return self.old.weight != self.new.weight


@dataclass(frozen=True, slots=True)
class Use:
    """What rests on a version."""

    n_campaigns: int = 0
    n_begun: int = 0  # attempts, which keep the version that was in force when they began
    n_results: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the history of a pattern."""

    version: PatternVersion
    changes: Sequence[Change] | None  # None for the first version
    use: Use


@dataclass(frozen=True, slots=True)
class CampaignUse:
    """How many of a campaign's people rest on a version."""

    campaign: Campaign
    n_begun: int
    n_results: int


def changes(old: PatternVersion, new: PatternVersion) -> Sequence[Change]:
    """Return the scales whose range or weight differs, in the pattern's order."""
    before = {target.scale: target for target in targets_of(old)}
    pairs = [Change(before[target.scale], target) for target in targets_of(new)]
    return [pair for pair in pairs if pair.is_range or pair.is_weight]


def history(session: Session, user: User, position: Position) -> Sequence[Line]:
    """Return the versions, newest first; two queries."""
    require(user, Permission.POSITION_READ)
    versions = session.scalars(
        select(PatternVersion)
        .where(PatternVersion.position_id == position.id)
        .options(joinedload(PatternVersion.created_by))
        .order_by(PatternVersion.version)
    ).all()
    uses, first = _uses(session, position), versions[0]
    lines = [Line(first, None, uses.get(first.id, Use()))]
    lines += [Line(new, changes(old, new), uses.get(new.id, Use())) for old, new in pairwise(versions)]
    return lines[::-1]


def version_of(session: Session, user: User, position: Position, number: int) -> Line:
    """Return one version with its evidence; `NotFound` where there is none of that number."""
    line = next((each for each in history(session, user, position) if each.version.version == number), None)
    if line is None:
        raise NotFound
    session.refresh(line.version, ["evidence"])
    return line


def campaigns_on(session: Session, user: User, version: PatternVersion) -> Sequence[CampaignUse]:
    """Return the newest campaigns in which somebody's attempt is pinned to `version`; at most `MOST_CAMPAIGNS`."""
    require(user, Permission.CAMPAIGN_READ)
    n_begun, n_results = func.count(Attempt.id), func.count(Result.id)
    found = session.execute(
        select(Campaign, n_begun, n_results)
        .join(Assignment, Assignment.campaign_id == Campaign.id)
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .outerjoin(Result, (Result.attempt_id == Attempt.id) & Result.superseded_at.is_(None))
        .where(Campaign.organization_id == user.organization_id, Attempt.pattern_version_id == version.id)
        .group_by(Campaign.id)
        .order_by(Campaign.id.desc())
        .limit(MOST_CAMPAIGNS)
    )
    return [CampaignUse(*row) for row in found]


def newer_than(session: Session, user: User, pinned: PatternVersion | None) -> PatternVersion | None:
    """Return the version that is in force now where it is another one than `pinned`."""
    if pinned is None:
        return None
    newest = session.scalars(
        select(PatternVersion)
        .join(Position)
        .where(PatternVersion.position_id == pinned.position_id, Position.organization_id == user.organization_id)
        .order_by(PatternVersion.version.desc())
        .limit(1)
    ).one()
    return newest if newest.id != pinned.id else None


def _uses(session: Session, position: Position) -> Mapping[int, Use]:
    """Return what rests on each version, by its id."""
    found = session.execute(
        select(
            Attempt.pattern_version_id,
            func.count(Assignment.campaign_id.distinct()),
            func.count(Attempt.id),
            func.count(Result.id),
        )
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .outerjoin(Result, (Result.attempt_id == Attempt.id) & Result.superseded_at.is_(None))
        .where(Campaign.organization_id == position.organization_id, Campaign.position_id == position.id)
        .group_by(Attempt.pattern_version_id)
    )
    return {version_id: Use(*counts) for version_id, *counts in found if version_id is not None}
