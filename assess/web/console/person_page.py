"""Somebody's page over the years: what they were asked, how their results went, what was decided, who looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import render_template

from assess.models import Assignment, Coaching, Person, User
from assess.services import access, caseload, new_letters, person_history, readers, results
from assess.services.person_trends import trend_of
from assess.services.results import Reading
from assess.web import guards, readings
from assess.web.console import overview, words
from assess.web.console.content import registry
from assess.web.console.profile import profile
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import longdate
from assess.web.trends import trend_words


def page(person: Person) -> str:
    """Return the page, noting that the results on it were looked at."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    zone, rows = user.organization.time_zone, []
    if person.erased_at is None:
        rows = [results.read(row, registry()) for row in person_history.results_of(session, user, person)]
    trend = trend_of(rows, zone)
    history = person_history.history_of(session, user, person, now=now)
    shown = render_template(
        "console/people/show.html",
        person=person,
        history=history,
        coachings=(coachings := caseload.coachings_of(session, user, person)),
        offered_coaches=_offered(user, person, coachings),
        is_coach=access.is_coach,
        unlinked=new_letters.unlinked(session, user, person, now=now),
        looks=_looks(history.readings, zone),
        matches={reading.row.attempt.assignment_id: _match(reading) for reading in rows},
        newest=rows[0] if rows else None,
        profile=profile(rows[0]) if rows else None,
        trend=trend_words(trend, with_ranges=True) if len(trend.steps) > 1 else None,
        refusals=[(longdate(day), why_not) for day, why_not in trend.refusals],
        comparable=_comparable(rows),
        progress_words=overview.progress_words,
        words=words,
        zone=zone,
    )
    readings.note_all([reading.row.attempt.assignment for reading in rows])
    return shown


def _offered(user: User, person: Person, coachings: Sequence[Coaching]) -> list[User]:
    """Return the coaches whom HR can name."""
    if person.erased_at is not None:
        return []
    taken = {each.coach_id for each in coachings if each.is_active}
    return [each for each in caseload.coaches(get_session(), user) if each.id not in taken]


def _comparable(rows: list[Reading]) -> Assignment | None:
    """Return the newest assessment whose campaign has others to compare with: for a position, and not for coaching."""
    found = (row.row.attempt.assignment for row in rows if row.row.pattern_version_id is not None)
    return next((each for each in found if each.campaign.purpose != "coaching"), None)


def _looks(noted: Sequence[readers.Reading], zone: str) -> list[readers.Reading]:
    """Return who looked at what, once a day, however many results there were to see."""
    first = {(each.name, each.report, each.at.astimezone(ZoneInfo(zone)).date()): each for each in noted}
    return list(first.values())


def _match(reading: Reading) -> str:
    """Return the match of one result with its interval and the norm group's median beside it."""
    if reading.match is None:
        return ""
    median, low, high, middle = (
        f"{100 * share:.0f}"
        for share in (reading.match.median, reading.match.low, reading.match.high, reading.match.population[1])
    )
    said = _(
        "match %(median)s %%, 90 %% interval %(low)s to %(high)s %%; "
        "median of the population compared with %(middle)s %%",
        median=median,
        low=low,
        high=high,
        middle=middle,
    )
    return words.kept_together(said)
