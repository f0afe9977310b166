"""Positions and their patterns; a pattern is never changed, only followed by a new version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assess.banks.wording import RoleFamily, Target
from assess.errors import Refused
from assess.models import PatternVersion, Position, User
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.database import lock


def create(
    session: Session, user: User, title: str, targets: Sequence[Target], *, source: str, reason: str, now: datetime
) -> Position:
    """Add a position with the first version of its pattern."""
    require(user, Permission.POSITION_WRITE)
    title = title.strip()
    taken = select(Position).where(Position.organization_id == user.organization_id, Position.title == title)
    if session.scalar(taken):
        raise Refused(f"There is already a position called {title}.")
    position = Position(organization_id=user.organization_id, title=title, created_at=now)
    session.add(position)
    _add_version(session, user, position, targets, source=source, reason=reason, now=now)
    return position


def create_from_family(session: Session, user: User, title: str, family: RoleFamily, *, now: datetime) -> Position:
    """Add a position with the pattern of a role family."""
    source = f"Role family {family.name}: {family.source}"
    return create(session, user, title, family.target, source=source, reason="First version", now=now)


def revise(
    session: Session,
    user: User,
    position: Position,
    targets: Sequence[Target],
    *,
    source: str,
    reason: str,
    now: datetime,
) -> PatternVersion:
    """Add a version of the pattern. Attempts that have begun keep the one that they began with."""
    require(user, Permission.POSITION_WRITE)
    return _add_version(session, user, position, targets, source=source, reason=reason, now=now)


def positions_of(session: Session, user: User) -> Sequence[Position]:
    """Return the organisation's positions by title."""
    require(user, Permission.POSITION_READ)
    return session.scalars(
        select(Position)
        .where(Position.organization_id == user.organization_id)
        .options(selectinload(Position.versions))
        .order_by(Position.title)
    ).all()


def targets_of(pattern: PatternVersion) -> tuple[Target, ...]:
    """Return the pattern's targets."""
    return tuple(Target.model_validate(target) for target in pattern.targets)


def _add_version(
    session: Session,
    user: User,
    position: Position,
    targets: Sequence[Target],
    *,
    source: str,
    reason: str,
    now: datetime,
) -> PatternVersion:
    if not any(target.weight for target in targets):
        raise Refused("At least one scale must count: give it a weight above 0.")
    lock(session, position, "versions")
    version = PatternVersion(
        version=len(position.versions) + 1,
        targets=[target.model_dump() for target in targets],
        source=source,
        reason=reason,
        valid_from=now,
        created_by_id=user.id,
    )
    position.versions.append(version)
    session.flush()
    audit.record(
        session,
        f"user:{user.id}",
        "pattern.added",
        f"position:{position.id}",
        organization_id=position.organization_id,
        now=now,
        version=version.version,
    )
    return version
