"""A coachee's assessments, what has changed between them, and asking for another."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound, Refused
from assess.models import Coaching
from assess.services import coachee_results, reassessments
from assess.services.access import Permission
from assess.services.assignments import OPEN
from assess.services.person_trends import trend_of
from assess.web import guards, once, readings
from assess.web.coaching.assessment_forms import AskAgainForm
from assess.web.coaching.changes import change_of, least_of
from assess.web.coaching.own import coaching_of, registry
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import longdate
from assess.web.states import state_tag
from assess.web.trends import trend_words

bp = Blueprint("assessments", __name__)


@bp.get("/<uuid:public_id>/assessments")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show the assessments, what has changed, and what the person is asked for now."""
    return page(coaching_of(public_id))


@bp.route("/<uuid:public_id>/assessments/again", methods=["GET", "POST"])
@once.only
def again(public_id: UUID) -> ResponseReturnValue:
    """Ask the person to take the questionnaire again."""
    coaching = coaching_of(public_id, Permission.COACHING_WRITE)
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    outlook = reassessments.outlook(session, user, coaching, registry(), now=now)
    if outlook is None:
        raise NotFound
    zone = user.organization.time_zone
    form = AskAgainForm(outlook=outlook, today=now.astimezone(ZoneInfo(zone)).date())
    newest = coachee_results.readings(session, user, coaching, registry())[0]
    shown = {"form": form, "coaching": coaching, "outlook": outlook, "least": least_of(newest)}
    if not form.validate_on_submit():
        return render_template("coaching/again.html", **shown), 422 if request.method == "POST" else 200
    try:
        reassessments.ask(
            session,
            user,
            coaching,
            registry(),
            form=form.statements.data,
            until=form.until.data,
            perspective=form.with_perspective,
            now=now,
        )
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return render_template("coaching/again.html", **shown), 422
    said = _("%(name)s is asked by mail to take the questionnaire again.", name=coaching.person.name)
    return once.made(url_for(".index", public_id=public_id), said)


def page(coaching: Coaching, refusal: str = "") -> str:
    """Return the page, noting that the results on it were looked at."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    zone, rows = user.organization.time_zone, coachee_results.readings(session, user, coaching, registry())
    trend = trend_of(rows, zone)
    asked = reassessments.of_coaching(session, user, coaching, now=now)
    shown = render_template(
        "coaching/assessments.html",
        coaching=coaching,
        rows=rows,
        repeats=reassessments.repeats_of(session, [row.row.attempt for row in rows]),
        change=change_of(trend),
        least=least_of(rows[0]) if rows else "",
        trend=trend_words(trend) if len(trend.steps) > 1 else None,
        refusals=[(longdate(day), why_not) for day, why_not in trend.refusals],
        asked=asked,
        is_open=any(row.state in OPEN for row in asked),
        states=OPEN,
        state_tag=state_tag,
        refusal=refusal,
    )
    readings.note_all([row.row.attempt.assignment for row in rows])
    return shown
