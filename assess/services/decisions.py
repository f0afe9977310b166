"""Decisions: taken by a person, on more than the assessment, with reasons. Nothing here looks at a score."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, contains_eager

from assess.errors import Refused
from assess.models import Assignment, Basis, Campaign, Decision, Outcome, Purpose, User
from assess.services import addresses, audit
from assess.services.access import Permission, require
from assess.services.assignments import OPEN, is_scored, require_not_erased, row_of
from assess.services.database import lock
from assess.services.paging import Listing, cut

OFFERED = 300  # campaigns to choose from, the newest
OUTCOMES: Mapping[Purpose, tuple[Outcome, ...]] = MappingProxyType(
    {
        Purpose.HIRING: (Outcome.HIRE, Outcome.RESERVE, Outcome.REJECT, Outcome.NONE),
        Purpose.PROMOTION: (Outcome.PROMOTE, Outcome.RESERVE, Outcome.REJECT, Outcome.NONE),
        Purpose.COACHING: (),
    }
)
NO_REASONS = "Please write down the reasons: a decision rests on more than an assessment."
NO_BASIS = "Please tick what the decision rests on. The assessment alone is not enough."
ALONE = "No decision rests on the assessment alone. Please tick what else it rests on, such as an interview."
NO_RESULT = "There is no result, so the decision cannot rest on the assessment. Please tick only what there was."
STILL_OPEN = (
    "Nothing can be decided while the person may still answer. Wait until they have handed in or the time is over, or "
    "withdraw the invitation first."
)
MEANWHILE = (
    "Something was decided on this person since you opened this page. Please read it first. What you have entered "
    "stands here still and would take its place."
)
NOT_DECIDED = "This is not decided here. Please choose one of the options."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions a page of the journal shows; nothing chosen shows all."""

    outcome: Outcome | None = None
    campaign_id: int | None = None
    user_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision in the journal: about whom stands in its assignment; who took it, and whether none followed it."""

    decision: Decision
    by: str
    stands: bool


def record(
    session: Session,
    user: User,
    assignment: Assignment,
    outcome: Outcome,
    reasons: str,
    *,
    bases: Collection[Basis],
    seen: int | None = None,
    now: datetime,
) -> Decision:
    """
    Note what `user` decided about one person, why, and what it rests on; earlier decisions stay on record.

    `seen` is how many decisions were looked at; `Refused` where there is another one by now, without reasons, while the
    person may still answer, and, unless nothing is decided any more, for a decision that rests on nothing or on the
    assessment alone.
    """
    require(user, Permission.DECISION_WRITE)
    lock(session, assignment.person)  # whose data may be being erased
    require_not_erased(assignment)
    reasons, codes = addresses.tidy_lines(reasons), [each.value for each in Basis if each in bases]
    _require_decidable(session, assignment, outcome, now=now)
    if not reasons:
        raise Refused(NO_REASONS)
    _require_basis(session, assignment, outcome, bases)
    before = session.scalars(
        select(Decision).where(Decision.assignment_id == assignment.id).order_by(Decision.id)
    ).all()
    said = {"user_id": user.id, "outcome": outcome, "reasons": reasons, "bases": codes}
    if before and all(getattr(before[-1], name) == value for name, value in said.items()):
        return before[-1]  # sent twice
    if seen is not None and len(before) != seen:
        raise Refused(MEANWHILE)
    decision = Decision(assignment=assignment, decided_at=now, **said)
    session.add(decision)
    session.flush()
    audit.record(
        session,
        f"user:{user.id}",
        "decision.recorded",
        f"assignment:{assignment.id}",
        organization_id=user.organization_id,
        now=now,
        outcome=outcome.value,
        bases=" ".join(codes),
    )
    return decision


def decisions_of(session: Session, user: User, assignment: Assignment) -> Sequence[tuple[Decision, str]]:
    """Return the decisions on `assignment` with who took them, newest first."""
    require(user, Permission.ASSIGNMENT_READ)
    rows = session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.user_id)
        .where(Decision.assignment_id == assignment.id)
        .order_by(Decision.id.desc())
    )
    return [(decision, name) for decision, name in rows]


def journal(session: Session, user: User, wanted: Wanted, *, page: int = 1) -> Listing[Entry]:
    """Return a page of the organisation's decisions, newest first; a constant number of queries."""
    require(user, Permission.ASSIGNMENT_READ)
    keys = _narrowed(select(Decision.id).join(Decision.assignment), wanted)
    ours = keys.where(Assignment.organization_id == user.organization_id)
    shown, listing = cut(session, ours.order_by(Decision.id.desc()), number=page)
    return listing.of(_entries(session, shown))


def _entries(session: Session, keys: Sequence[int]) -> list[Entry]:
    later = aliased(Decision)
    is_followed = select(later.id).where(later.assignment_id == Decision.assignment_id, later.id > Decision.id).exists()
    query = (
        select(Decision, User.name, is_followed)
        .join(User, User.id == Decision.user_id)
        .join(Decision.assignment)
        .join(Assignment.person)
        .join(Assignment.campaign)
        .where(Decision.id.in_(keys))
        .options(
            contains_eager(Decision.assignment).contains_eager(Assignment.person),
            contains_eager(Decision.assignment).contains_eager(Assignment.campaign),
        )
        .order_by(Decision.id.desc())
    )
    return [Entry(decision, name, stands=not followed) for decision, name, followed in session.execute(query)]


def deciders(session: Session, user: User) -> Sequence[User]:
    """Return the organisation's people who have taken a decision, by name."""
    require(user, Permission.ASSIGNMENT_READ)
    has_decided = select(Decision.id).where(Decision.user_id == User.id).exists()
    query = select(User).where(User.organization_id == user.organization_id, has_decided)
    return session.scalars(query.order_by(User.name, User.id)).all()


def decided_campaigns(session: Session, user: User) -> Sequence[Campaign]:
    """Return the newest campaigns in which something was decided."""
    require(user, Permission.ASSIGNMENT_READ)
    decided = select(Decision.id).join(Decision.assignment).where(Assignment.campaign_id == Campaign.id).exists()
    query = select(Campaign).where(Campaign.organization_id == user.organization_id, decided)
    return session.scalars(query.order_by(Campaign.id.desc()).limit(OFFERED)).all()


def bases_offered(session: Session, assignment: Assignment) -> Sequence[Basis]:
    """Return what a decision on `assignment` can rest on: without a result not on the assessment."""
    has_result = is_scored(session, assignment)
    return [each for each in Basis if each is not Basis.ASSESSMENT or has_result]


def _narrowed(query: Select[int], wanted: Wanted) -> Select[int]:
    chosen = {
        Decision.outcome: wanted.outcome,
        Decision.user_id: wanted.user_id,
        Assignment.campaign_id: wanted.campaign_id,
    }
    query = query.where(*(column == value for column, value in chosen.items() if value is not None))
    if wanted.since is not None:
        query = query.where(Decision.decided_at >= wanted.since)
    return query if wanted.until is None else query.where(Decision.decided_at < wanted.until)


def _require_decidable(session: Session, assignment: Assignment, outcome: Outcome, *, now: datetime) -> None:
    if row_of(session, assignment, now=now).state in OPEN:
        raise Refused(STILL_OPEN)
    if outcome not in OUTCOMES[assignment.campaign.purpose]:
        raise Refused(NOT_DECIDED)


def _require_basis(session: Session, assignment: Assignment, outcome: Outcome, bases: Collection[Basis]) -> None:
    if Basis.ASSESSMENT in bases and not is_scored(session, assignment):
        raise Refused(NO_RESULT)
    if outcome is Outcome.NONE or set(bases) - {Basis.ASSESSMENT}:
        return
    raise Refused(ALONE if bases else NO_BASIS)
