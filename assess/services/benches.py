"""How the people of a bench lie to its role and to the one that they have, and who is in a team; nobody is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import Assignment, Attempt, Campaign, Decision, PatternVersion, Purpose, Result, Roster, User
from assess.models import RosterMember as Member
from assess.scoring.interpret import MatchInterval
from assess.scoring.readiness import Places, Readiness, gap_to, readiness
from assess.services import assignments, paging, results, roster_lists
from assess.services.access import Permission, require
from assess.services.bench_matches import Matched, matches_of
from assess.services.paging import Listing
from assess.services.positions import targets_of
from assess.services.results import Reading
from assess.services.roster_lists import Assessment

PAGE = 25  # people: each is several lines and a drawing, made of a whole result
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
    """What the newest result of a member says about the role of the bench and about the present one."""

    row: Result
    reading: Reading
    target: Readiness
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
    """A page of a bench in the order that was asked for; places are among all who are on it."""

    roster: Roster
    pattern: PatternVersion
    listing: Listing[Place]
    n_results: int  # on all pages

    @property
    def standings(self) -> list[Standing]:
        """What is known of those on the page who have a result."""
        return [each.standing for each in self.listing.rows if each.standing]


@dataclass(frozen=True, slots=True)
class TeamPlace:
    """A member of a team with what they handed in last, or why that is not shown."""

    member: Member
    newest: Assessment | None
    refusal: str


def team_of(session: Session, user: User, roster: Roster) -> Sequence[TeamPlace]:
    """Return who is on the team `roster`, by name; a constant number of queries, and no result is read."""
    require(user, Permission.ROSTER_READ)
    members = roster_lists.members_of(session, user, roster)
    ids = [member.person_id for member in members]
    newest, coached = roster_lists.newest_assessments(session, user, ids), _coached(session, ids)
    return [
        TeamPlace(member, found := newest.get(member.person_id), "" if found else _nothing(member, coached))
        for member in members
    ]


def bench_of(
    session: Session,
    user: User,
    roster: Roster,
    registry: Registry,
    *,
    order: Order = Order.NAME,
    page: int = 1,
    now: datetime,
) -> Bench:
    """Return a page of who is on the bench `roster` and how they lie to its role; a constant number of queries."""
    require(user, Permission.ROSTER_READ)
    if roster.position is None:
        raise ValueError(f"roster {roster.id} is no bench: it has no role")
    pattern, members = roster.position.pattern, roster_lists.members_of(session, user, roster)
    matched = matches_of(session, user, [member.person_id for member in members], pattern, registry)
    if order is Order.MATCH:
        members = sorted(members, key=lambda member: _by_match(member, matched.get(member.person_id)))
    listing = paging.part(members, number=page, size=PAGE)
    rows = roster_lists.newest_results(session, user, [member.person_id for member in listing.rows])
    standings = _standings(listing.rows, rows, matched, pattern, registry)
    return Bench(roster, pattern, listing.of(_places(session, user, listing.rows, standings, now)), len(matched))


def _standings(
    members: Sequence[Member],
    rows: Mapping[int, Result],
    matched: Mapping[int, Matched],
    pattern: PatternVersion,
    registry: Registry,
) -> dict[int, Standing]:
    """Return what is known of those who have a result."""
    found = {}
    for member in members:
        row, among = rows.get(member.person_id), matched.get(member.person_id)
        if row is None or among is None:
            continue
        reading = results.read(row, registry)
        target = _ready(reading, pattern, among.match)
        present = _ready(reading, member.position.pattern) if member.position else None
        refusal = _missing(reading, target) if among.is_alike else OTHER_GROUND
        found[member.person_id] = Standing(row, reading, target, present, among.places, refusal)
    return found


def _ready(reading: Reading, pattern: PatternVersion, known: MatchInterval | None = None) -> Readiness:
    """Return how somebody lies to the role with this pattern; the stored match where the result names the same one."""
    targets = targets_of(pattern)
    if reading.row.pattern_version_id == pattern.id:
        by_scale = {target.scale: target for target in targets}
        return Readiness(reading.match, tuple(gap_to(each, by_scale[each.scale]) for each in reading.result.scales))
    return readiness(reading.result, targets, seed=results.seed_of(reading.row.attempt), known=known)


def _missing(reading: Reading, target: Readiness) -> str:
    """Return why there is no match with the role, or nothing."""
    if target.match is not None:
        return ""
    unscored = [reading.bank.scale(gap.target.scale).name for gap in target.gaps if gap.size is None]
    return f"There is no match: too few statements were answered on {' and '.join(unscored).lower()}."


def _places(
    session: Session, user: User, members: Sequence[Member], standings: Mapping[int, Standing], now: datetime
) -> list[Place]:
    ids = [member.person_id for member in members]
    promotions = assignments.newest_of(session, user, ids, purpose=Purpose.PROMOTION, now=now)
    decided = _decisions(session, [row.assignment.id for row in promotions.values()])
    coached, places = _coached(session, ids), []
    for member in members:
        standing, promotion = standings.get(member.person_id), promotions.get(member.person_id)
        refusal = standing.refusal if standing else _nothing(member, coached)
        decision = decided.get(promotion.assignment.id) if promotion else None
        places.append(Place(member, standing, refusal, promotion, decision))
    return places


def _nothing(member: Member, coached: set[int]) -> str:
    """Return why there is no result to show of somebody."""
    return COACHED if member.person_id in coached else NO_RESULT


def _by_match(member: Member, matched: Matched | None) -> tuple[bool, float, str]:
    """
    Return what sorts by match, the nearest first; whoever has none comes last, by name.

    Those whose numbers cannot be laid beside the others' come after all of them.
    """
    match = matched.match if matched else None
    is_odd = matched is not None and not matched.is_alike
    return is_odd, -match.median if match else 1.0, member.person.name.casefold()


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
