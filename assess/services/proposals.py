"""Patterns that a survey proposes: nothing is in force until somebody adopts it, once, and says why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.wording import Target
from assess.errors import Refused
from assess.models import PatternOrigin, PatternVersion, Position, SurveyKind, SurveyRound, User
from assess.services import positions
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.positions import Found

KINDS = (SurveyKind.JOB, SurveyKind.PERFORMANCE)  # surveys that patterns come from
MOST_SURVEYS = 20  # named on a position's page
DIGITS = 4  # kept of figures that are shown with two at most


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a survey's answers amount to."""

    survey: SurveyRound
    position: Position
    origin: PatternOrigin
    targets: tuple[Target, ...]
    source: str
    evidence: Mapping[str, Any]  # plain values, as JSON keeps them
    objections: tuple[str, ...] = ()  # what whoever adopts it has to answer in writing

    @property
    def digest(self) -> str:
        """What tells whether the figures are still those that somebody looked at."""
        seen = [self.evidence, [target.model_dump() for target in self.targets], self.objections]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()

    @property
    def changes_something(self) -> bool:
        """Whether it asks for anything else than the pattern in force."""
        return _asked(self.targets) != _asked(positions.targets_of(self.position.pattern))

    def adjusted(self, targets: Sequence[Target]) -> tuple[str, ...]:
        """Return the scales of which `targets` ask for something else."""
        pairs = zip(_asked(self.targets), _asked(targets), strict=True)
        return tuple(proposed[0] for proposed, asked in pairs if proposed != asked)


def surveys_about(session: Session, user: User, position: Position) -> Sequence[tuple[SurveyRound, int | None]]:
    """Return the newest surveys from which patterns of the position can come, with the version made of each, if any."""
    require(user, Permission.SURVEY_READ)
    found = session.execute(
        select(SurveyRound, PatternVersion.version)
        .outerjoin(PatternVersion, PatternVersion.round_id == SurveyRound.id)
        .where(
            SurveyRound.organization_id == user.organization_id,
            SurveyRound.position_id == position.id,
            SurveyRound.kind.in_(KINDS),
        )
        .order_by(SurveyRound.id.desc())
        .limit(MOST_SURVEYS)
    )
    return [(survey, version) for survey, version in found]


def adopted_as(session: Session, survey: SurveyRound) -> PatternVersion | None:
    """Return the version that was made of the survey, or None."""
    return session.scalar(select(PatternVersion).where(PatternVersion.round_id == survey.id))


def adopt(
    session: Session,
    user: User,
    proposal: Proposal,
    targets: Sequence[Target],
    *,
    reason: str,
    answer: str = "",
    seen: str,
    now: datetime,
) -> PatternVersion:
    """
    Make `targets` the next version of the pattern: what was proposed, or that with ranges adjusted by hand.

    `seen` is the digest of the proposal that was looked at; `answer` is what is said to its objections. Doing it twice
    makes one version. Raises `Refused` while answers may still come, when figures have changed, and where a reason
    is missing.
    """
    require(user, Permission.POSITION_WRITE)
    lock(session, proposal.position, "versions")
    known = adopted_as(session, proposal.survey)
    if known is not None:
        if _asked(positions.targets_of(known)) == _asked(targets):
            return known
        raise Refused(f"This survey was adopted already, as version {known.version}. Revise that one by hand.")
    adjusted = proposal.adjusted(targets)
    _require_ready(proposal, targets, adjusted, answer=answer, seen=seen, now=now)
    answered = {"objections": list(proposal.objections), "answer": answer}
    evidence = {**proposal.evidence, "adjusted": list(adjusted), **answered}
    return positions.revise(
        session,
        user,
        proposal.position,
        targets,
        source=f"{proposal.source}; adjusted by hand" if adjusted else proposal.source,
        reason=reason,
        found=Found(proposal.origin, evidence, proposal.survey),
        now=now,
    )


def figure(value: float) -> float | None:
    """Return `value` as evidence keeps it, None where there is none."""
    return round(float(value), DIGITS) if isfinite(value) else None


def _asked(targets: Sequence[Target]) -> list[tuple[str, int, int, int]]:
    return [(target.scale, target.low, target.high, target.weight) for target in targets]


def _require_ready(
    proposal: Proposal, targets: Sequence[Target], adjusted: Sequence[str], *, answer: str, seen: str, now: datetime
) -> None:
    if proposal.survey.is_open(now):
        raise Refused("Close the survey first: answers may still come, and the pattern would not be the one they give.")
    if seen != proposal.digest:
        raise Refused("The figures have changed since this page was opened. Please look at them again.")
    if proposal.objections and not answer.strip():
        raise Refused("Please answer what stands against this pattern, so that later readers know why it was adopted.")
    given = {target.scale: target.reason for target in proposal.targets}
    if any(target.scale in adjusted and target.reason == given[target.scale] for target in targets):
        raise Refused("Please say for every range or weight that you adjusted why you did.")
    if not adjusted and not proposal.changes_something:
        raise Refused("Nothing would change: the pattern in force asks for the same.")
