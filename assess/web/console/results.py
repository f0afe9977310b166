"""What follows from a result: release, reports, and decisions that a person takes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from assess.errors import Refused
from assess.services import access, decisions, invitations, reporting
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import overview
from assess.web.console.content import registry
from assess.web.console.forms import DecisionForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.report_ways import way_of

bp = Blueprint("results", __name__, url_prefix="/assignments/<uuid:public_id>")


@bp.post("/release")
def release(public_id: UUID) -> ResponseReturnValue:
    """Let the person read their own report."""
    assignment = access.get_assignment(get_session(), guards.signed_in(), public_id, Permission.RESULT_RELEASE)
    try:
        invitations.release(get_session(), guards.signed_in(), assignment, now=datetime.now(UTC))
    except Refused as refusal:
        return overview.page(assignment, refusal=refusal), 422
    get_session().commit()
    flash(_("%(name)s can now read their personal report behind their personal link.", name=assignment.person.name))
    return _back(public_id)


@bp.post("/reports")
def make_report(public_id: UUID) -> ResponseReturnValue:
    """Ask for a report; the one that exists already is shown if it would say the same."""
    session, user = get_session(), guards.signed_in()
    assignment = access.get_assignment(session, user, public_id, Permission.REPORT_MAKE)
    kind = request.form.get("kind", "")
    try:
        way = way_of(request.form)
        report = reporting.request(session, user, assignment, kind, registry(), **way, now=datetime.now(UTC))
    except Refused as refusal:
        return overview.page(assignment, refusal=refusal), 422
    session.commit()
    return redirect(url_for("console.reports.show", public_id=report.public_id), 303)


@bp.post("/decisions")
def decide(public_id: UUID) -> ResponseReturnValue:
    """Record what a person decided."""
    session, user = get_session(), guards.signed_in()
    assignment = access.get_assignment(session, user, public_id, Permission.DECISION_WRITE)
    form = DecisionForm(assignment.campaign.purpose, decisions.bases_offered(session, assignment))
    if not form.validate():
        return overview.page(assignment, decision=form), 422
    try:
        said = {"bases": form.bases.data, "seen": form.seen.data, "now": datetime.now(UTC)}
        decisions.record(session, user, assignment, form.outcome.data, form.reasons.data, **said)
    except Refused as refusal:
        form.bases.errors = [str(refusal)]
        return overview.page(assignment, decision=form), 422
    session.commit()
    flash(_("Your decision is recorded."))
    return _back(public_id)


def _back(public_id: UUID) -> Response:
    return redirect(url_for("console.assignments.show", public_id=public_id), 303)
