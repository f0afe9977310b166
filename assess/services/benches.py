"""How the people of a bench or a team lie to its role and to the one that they have; nobody is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import Assignment, Attempt, Campaign, Decision, PatternVersion, Purpose, Result, Roster, User
from assess.models import RosterMember as Member
from assess.scoring.readiness import Places, Readiness, gap_to, ground_of, places_on_a_bench, readiness
from assess.services import assignments, results, roster_lists
from assess.services.access import Permission, require
from assess.services.positions import targets_of
from assess.services.results import Reading

NO_RESULT = "No result yet."
COACHED = "Answered for coaching only, and that is not used to choose among people."
OTHER_GROUND = (
    "Answered another questionnaire than most here, or is compared with another norm group: the numbers cannot be laid "
    "beside theirs."
)


class Order(StrEnum):
    """In which order people are shown."""

    NAME = "name"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the newest result of a member says about the role of the roster and about the present one."""

    row: Result
    reading: Reading
    target: Readiness | None
    present: Readiness | None
    places: Places | None
    refusal: str


@dataclass(frozen=True, slots=True)
class Place:
    """
    A member with what is known of them.

    `refusal` says why there are no numbers or what keeps them from being compared; `promotion` is the newest assignment
    for promotion, with the decision taken on it if any.
    """

    member: Member
    standing: Standing | None
    refusal: str
    promotion: assignments.Row | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Bench:
    """A roster with its people in the order that was asked for."""

    roster: Roster
    pattern: PatternVersion | None
    places: Sequence[Place]

    @property
    def shown(self) -> list[Assignment]:
        """The assignments whose results stand here."""
        return [each.standing.row.attempt.assignment for each in self.places if each.standing]


def bench_of(
    session: Session, user: User, roster: Roster, registry: Registry, *, order: Order = Order.NAME, now: datetime
) -> Bench:
    """Return who is on `roster` and how they lie to its role; a constant number of queries."""
    require(user, Permission.ROSTER_READ)
    members = roster_lists.members_of(session, user, roster)
    ids = [member.person_id for member in members]
    pattern = roster.position.pattern if roster.position else None
    rows = roster_lists.newest_results(session, user, ids)
    standings = _standings(members, rows, pattern, registry)
    promotions = assignments.newest_of(session, user, ids, purpose=Purpose.PROMOTION, now=now)
    decided = _decisions(session, [row.assignment.id for row in promotions.values()])
    coached = _coached(session, ids)
    places = [
        _place(member, standings.get(member.person_id), promotions.get(member.person_id), decided, coached)
        for member in members
    ]
    return Bench(roster, pattern, places if order is Order.NAME else sorted(places, key=_by_match))


def _standings(
    members: Sequence[Member], rows: Mapping[int, Result], pattern: PatternVersion | None, registry: Registry
) -> dict[int, Standing]:
    """Return what is known of those who have a result."""
    scored = [member for member in members if member.person_id in rows]
    readings = [results.read(rows[member.person_id], registry) for member in scored]
    targets = [_ready(reading, pattern) for reading in readings]
    places = places_on_a_bench([each.result for each in readings], [each.match if each else None for each in targets])
    grounds = [ground_of(each.result) for each in readings]
    usual = Counter(grounds).most_common(1)
    return {
        member.person_id: Standing(
            row=rows[member.person_id],
            reading=reading,
            target=target,
            present=_ready(reading, member.position.pattern if member.position else None),
            places=place,
            refusal=OTHER_GROUND if ground != usual[0][0] else _missing(reading, target),
        )
        for member, reading, target, place, ground in zip(scored, readings, targets, places, grounds, strict=True)
    }


def _ready(reading: Reading, pattern: PatternVersion | None) -> Readiness | None:
    """Return how somebody lies to the role with this pattern; the stored match where the result names the same one."""
    if pattern is None:
        return None
    targets = targets_of(pattern)
    if reading.row.pattern_version_id == pattern.id:
        by_scale = {target.scale: target for target in targets}
        return Readiness(reading.match, tuple(gap_to(each, by_scale[each.scale]) for each in reading.result.scales))
    return readiness(reading.result, targets, seed=results.seed_of(reading.row.attempt))


def _missing(reading: Reading, target: Readiness | None) -> str:
    """Return why there is no match with the role, or nothing."""
    if target is None or target.match is not None:
        return ""
    unscored = [reading.bank.scale(gap.target.scale).name for gap in target.gaps if gap.size is None]
    return f"There is no match: too few statements were answered on {' and '.join(unscored).lower()}."


def _place(
    member: Member,
    standing: Standing | None,
    promotion: assignments.Row | None,
    decided: Mapping[int, Decision],
    coached: set[int],
) -> Place:
    without = COACHED if member.person_id in coached else NO_RESULT
    refusal = standing.refusal if standing else without
    return Place(member, standing, refusal, promotion, decided.get(promotion.assignment.id) if promotion else None)


def _by_match(place: Place) -> tuple[bool, float, str]:
    """
    Return what sorts by match, the nearest first; whoever has none comes last, by name.

    Those whose numbers cannot be laid beside the others' come after all of them.
    """
    target = place.standing.target if place.standing else None
    match = target.match if target else None
    return place.refusal == OTHER_GROUND, -match.median if match else 1.0, place.member.person.name.casefold()


def _decisions(session: Session, ids: Sequence[int]) -> dict[int, Decision]:
    """Return the decision that stands on each of some assignments; one query."""
    newest = select(func.max(Decision.id)).where(Decision.assignment_id.in_(ids)).group_by(Decision.assignment_id)
    return {each.assignment_id: each for each in session.scalars(select(Decision).where(Decision.id.in_(newest)))}


def _coached(session: Session, people: Sequence[int]) -> set[int]:
    """Return which of `people` have a result for coaching; one query."""
    theirs = (
        select(Assignment.person_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(Assignment.person_id.in_(people), Campaign.purpose == Purpose.COACHING)
    )
    return set(session.scalars(theirs))
