"""Comparisons of one position's candidates: of whom one may be made, and asking for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from babel.lists import format_list
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.languages import SOURCE
from assess.models import Assignment, Attempt, Campaign, Person, Purpose, ReportFile, Result, User
from assess.services import reporting, results
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.report_contexts import comparison_of, inputs_hash, paper_of
from assess.services.report_files import keep, require_way, unsaved
from reports.context import ComparisonContext
from reports.kinds import COMPARISON

FEWEST, MOST = 2, 40  # people in one comparison
BESIDE = 6  # people who have room beside each other on a screen
OFFERED = 500  # people to choose from
GROUNDS: Mapping[str, Callable[[Result], Hashable]] = {  # on which all are to stand, by what is said if they do not
    "They were assessed for different positions": lambda row: row.pattern_version and row.pattern_version.position_id,
    "The position asked for other ranges in between": lambda row: row.pattern_version_id,
    "They answered different questionnaires": lambda row: (row.attempt.edition, row.attempt.bank_version),
    "They were scored with different parameters": lambda row: row.parameter_set_id,
    "Their scores rest on different norm groups": lambda row: row.norm_group_id,
}


def request(
    session: Session,
    user: User,
    assignments: Sequence[Assignment],
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> ReportFile:
    """
    Return the comparison of `assignments`, asked for now unless the same one exists already.

    Raises `Refused` with a sentence that names whoever cannot be compared and says why: nobody is left out silently.
    """
    require(user, Permission.REPORT_MAKE)
    require_way(language, paper)
    rows = _comparable(session, user, assignments, most=MOST)
    for row in rows:
        lock(session, row)  # asked for twice at once, a report is made once
    paper = paper or paper_of(user.organization)
    report = unsaved(user, COMPARISON, rows, language=language, paper=paper, now=now)
    report.inputs_hash = inputs_hash(comparison_of(report, registry), COMPARISON, registry)
    return keep(session, report)


def side_by_side(
    session: Session, user: User, assignments: Sequence[Assignment], registry: Registry, *, now: datetime
) -> tuple[ComparisonContext, list[Assignment]]:
    """
    Return what a page says of at most `BESIDE` people, and these in the order of its candidates; nothing is kept.

    Raises `Refused` as `request` does.
    """
    require(user, Permission.RESULT_READ)
    rows = _comparable(session, user, assignments, most=BESIDE)
    report = unsaved(user, COMPARISON, rows, language=SOURCE, paper=paper_of(user.organization), now=now)
    return replace(comparison_of(report, registry), on_screen=True), _assignments(rows)


def named(session: Session, user: User, public_ids: Sequence[UUID]) -> Sequence[Assignment]:
    """Return the user's own assignments with these ids, in their order; `NotFound` if one is not among them."""
    require(user, Permission.RESULT_READ)
    wanted = list(dict.fromkeys(public_ids))
    if len(wanted) > MOST:
        raise Refused(f"{len(wanted)} people are chosen; a comparison has room for {MOST}.")
    query = (
        select(Assignment)
        .where(Assignment.public_id.in_(wanted), Assignment.organization_id == user.organization_id)
        .options(*map(joinedload, (Assignment.person, Assignment.attempt, Assignment.campaign)))
    )
    found = {each.public_id: each for each in session.scalars(query)}
    if len(found) < len(wanted):
        raise NotFound
    return [found[each] for each in wanted]


def candidates_of(session: Session, user: User, campaign: Campaign) -> Sequence[Assignment]:
    """Return the people of `campaign` who have a result, by name, at most `OFFERED` of them."""
    require(user, Permission.REPORT_MAKE)
    has_result = exists().where(Result.attempt_id == Attempt.id)
    return session.scalars(
        select(Assignment)
        .join(Assignment.person)
        .join(Assignment.attempt)
        .where(Assignment.campaign_id == campaign.id, Person.erased_at.is_(None), has_result)
        .options(contains_eager(Assignment.person), contains_eager(Assignment.attempt))
        .order_by(Person.name, Assignment.id)
        .limit(OFFERED)
    ).all()


def _comparable(session: Session, user: User, assignments: Sequence[Assignment], *, most: int) -> list[Result]:
    """Return the newest result of everybody, by age; `Refused` unless they can be compared."""
    chosen = list({each.id: each for each in assignments}.values())
    if len(chosen) < FEWEST:
        raise Refused("Please choose at least two people to compare.")
    if len(chosen) > most:
        raise Refused(f"{len(chosen)} people are chosen; a comparison has room for {most}.")
    if any(each.organization_id != user.organization_id for each in chosen):
        raise NotFound
    rows = _newest_results(session, chosen)
    by_assignment = {row.attempt.assignment_id: row for row in rows}
    _require_reports({each: by_assignment.get(each.id) for each in chosen})
    _require_others(rows)
    _require_same_ground(rows)
    return rows


def _newest_results(session: Session, assignments: Sequence[Assignment]) -> list[Result]:
    """Return the results that stand, by age, with all that reading them asks for; a constant number of queries."""
    ids = [each.attempt.id for each in assignments if each.attempt]
    standing = select(Result).where(Result.attempt_id.in_(ids), Result.superseded_at.is_(None))
    return list(session.scalars(standing.options(*results.WHOLE).order_by(Result.id)))


def _require_reports(rows: Mapping[Assignment, Result | None]) -> None:
    """Raise `Refused` if of one of these no report can be made."""
    erased = [each for each in rows if each.person.erased_at is not None]
    if erased:
        raise Refused("Somebody who is chosen has been erased meanwhile. Please choose again.")
    nothing = [each for each, row in rows.items() if reporting.why_not_of(each, row) is not None]
    if nothing:
        raise Refused(
            f"There is nothing to compare of {_names(nothing)} yet: answers that are handed in and scored are needed, "
            "enough of them for one behaviour at least. Please leave them out."
        )


def _require_others(rows: Sequence[Result]) -> None:
    """Raise `Refused` if somebody would be compared with themselves, or for what they did not answer for."""
    people = [row.attempt.assignment.person_id for row in rows]
    twice = [row.attempt.assignment for row in rows if people.count(row.attempt.assignment.person_id) > 1]
    if twice:
        raise Refused(f"{twice[0].person.name} is chosen more than once. Please choose one assessment of each person.")
    coached = [each for each in _assignments(rows) if each.campaign.purpose == Purpose.COACHING]
    if coached:
        raise Refused(
            f"{_names(coached)} answered for coaching, and that is not used to choose among people. "
            "Please leave them out."
        )


def _require_same_ground(rows: Sequence[Result]) -> None:
    """Raise `Refused` unless all were scored alike, for the same job."""
    without = [row.attempt.assignment for row in rows if row.pattern_version is None]
    if without:
        raise Refused(f"{_names(without)} answered for no position, so there is nothing to compare them by.")
    for difference, of in GROUNDS.items():
        others = [row for row in rows if of(row) != of(rows[0])]
        if others:
            these = [row for row in rows if of(row) == of(rows[0])]
            raise Refused(
                f"These people cannot be compared. {difference}: {_names(_assignments(these))} on the one hand, "
                f"{_names(_assignments(others))} on the other."
            )


def _assignments(rows: Sequence[Result]) -> list[Assignment]:
    return [row.attempt.assignment for row in rows]


def _names(assignments: Sequence[Assignment]) -> str:
    return format_list([each.person.name for each in assignments], locale=SOURCE)
