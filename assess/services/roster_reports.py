"""Asking for reports on benches and teams: on somebody beside a target role, and on a team as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.languages import SOURCE
from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Person,
    Position,
    Purpose,
    ReportFile,
    Result,
    Roster,
    RosterKind,
    RosterMember,
    User,
)
from assess.services import roster_lists
from assess.services.access import Permission, require
from assess.services.common_ground import Chosen, is_scored, on_one_ground
from assess.services.database import lock
from assess.services.report_contexts import inputs_hash, paper_of
from assess.services.report_files import keep, require_way, unsaved
from assess.services.roster_contexts import promotion_of, role_as_it_is, team_of
from reports.kinds import PROMOTION, TEAM

NOTHING_YET = (
    "There is no promotion report on {name} yet: answers that are handed in and scored are needed, and given for more "
    "than coaching."
)
TOO_LITTLE = "There is no promotion report on {name}: too few statements were answered to score any behaviour."
NO_TEAM = (
    "There is no team report yet: at least two members need answers that are handed in, scored, and given for more "
    "than coaching."
)
FEWEST = 2  # members with a score
SHOWN_EARLIER = 8  # assessments of the same person, the newest ones


def request_promotion(
    session: Session,
    user: User,
    roster: Roster,
    person: Person,
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> ReportFile:
    """
    Return the promotion report on `person`, who is on the bench `roster`, asked for now unless the same one exists.

    Raises `NotFound` unless the person is on that bench, and `Refused` with a sentence while there is nothing to say.
    """
    _require_may_ask(user, roster, RosterKind.BENCH, language, paper)
    members = roster_lists.members_of(session, user, roster)
    member = next((each for each in members if each.person_id == person.id), None)
    if member is None or roster.position is None:
        raise NotFound
    lock(session, roster)  # asked for twice at once, a report is made once
    found = roster_lists.newest_results(session, user, [each.person_id for each in members])
    row = found.pop(person.id, None)
    if row is None:
        raise Refused(NOTHING_YET.format(name=person.name))
    if not is_scored(row):
        raise Refused(TOO_LITTLE.format(name=person.name))
    others = sorted((each for each in found.values() if is_scored(each)), key=lambda each: each.id)
    report = unsaved(
        user,
        PROMOTION,
        [*others, *_earlier(session, row, person)],
        language=language,
        paper=paper or paper_of(user.organization),
        now=now,
        result=row,
        roster=roster,
        pattern_version=roster.position.pattern,
        inputs=_inputs_of_promotion(roster, roster.position, member, row, len(members) - 1 - len(others)),
    )
    report.inputs_hash = inputs_hash(promotion_of(report, registry), PROMOTION, registry)
    return keep(session, report)


def request_team(
    session: Session,
    user: User,
    roster: Roster,
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> ReportFile:
    """
    Return the report on the team `roster`, asked for now unless the same one exists already.

    Members whose scores stand on another ground than most are left out and counted. Raises `Refused` with a sentence
    unless at least two are left.
    """
    _require_may_ask(user, roster, RosterKind.TEAM, language, paper)
    members = roster_lists.members_of(session, user, roster)
    lock(session, roster)
    found = roster_lists.newest_results(session, user, [member.person_id for member in members])
    chosen = on_one_ground(found.values(), len(members), registry)
    if len(chosen.rows) < FEWEST:
        raise Refused(NO_TEAM)
    report = unsaved(
        user,
        TEAM,
        chosen.rows,
        language=language,
        paper=paper or paper_of(user.organization),
        now=now,
        roster=roster,
        inputs=_inputs_of_team(roster, members, chosen),
    )
    report.inputs_hash = inputs_hash(team_of(report, registry), TEAM, registry)
    return keep(session, report)


def _require_may_ask(user: User, roster: Roster, kind: RosterKind, language: str, paper: str) -> None:
    for permission in (Permission.REPORT_MAKE, Permission.ROSTER_READ, Permission.RESULT_READ):
        require(user, permission)
    is_theirs = roster.organization_id == user.organization_id and roster.kind == kind
    if not is_theirs:
        raise NotFound
    require_way(language, paper)


def _inputs_of_promotion(
    roster: Roster, target: Position, member: RosterMember, row: Result, n_without: int
) -> dict[str, Any]:
    """Return what the report says that may change, as it is now."""
    assessed_for = row.pattern_version.position if row.pattern_version else None
    return {
        "roster": roster.title,
        "names_others": roster.names_others,
        "target": role_as_it_is(target.pattern),
        "present": role_as_it_is(member.position.pattern) if member.position else None,
        "answered_for": assessed_for.title if assessed_for and assessed_for.id != target.id else "",
        "without_result": n_without,
    }


def _inputs_of_team(roster: Roster, members: Sequence[RosterMember], chosen: Chosen) -> dict[str, Any]:
    """Return what the report says that may change: each role once, and by its place that of every result's member."""
    positions = {member.person_id: member.position or roster.position for member in members}
    shown = [positions[row.attempt.assignment.person_id] for row in chosen.rows]
    roles = sorted({position.id: position for position in shown if position}.values(), key=lambda each: each.title)
    return {
        "roster": roster.title,
        "roles": [role_as_it_is(position.pattern) for position in roles],
        "role_of": [roles.index(position) if position else None for position in shown],
        "left_out": [list(each) for each in chosen.left_out],
    }


def _earlier(session: Session, row: Result, person: Person) -> Sequence[Result]:
    """Return the standing results of the person's assessments before, the oldest first; none that were for coaching."""
    found = session.scalars(
        select(Result)
        .join(Result.attempt)
        .join(Attempt.assignment)
        .join(Assignment.campaign)
        .where(
            Assignment.person_id == person.id,
            Campaign.purpose != Purpose.COACHING,
            Result.superseded_at.is_(None),
            Attempt.submitted_at < row.attempt.submitted_at,
        )
        .order_by(Attempt.submitted_at.desc(), Result.id.desc())
        .limit(SHOWN_EARLIER)
    ).all()
    return found[::-1]
