"""Coaching reports on a coachee: those that there are, asking for one, and reading beforehand what it would say."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.languages import SOURCE
from assess.models import Coaching
from assess.services import coaching_reports
from assess.services.access import Permission
from assess.services.report_contexts import paper_of
from assess.web import guards, readings, report_pages
from assess.web.coaching import made_reports
from assess.web.coaching.own import coaching_of, registry
from assess.web.db import get_session
from assess.web.report_ways import WayForm

bp = Blueprint("reports", __name__)
bp.register_blueprint(made_reports.bp)


@bp.get("/<uuid:public_id>/reports")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show what there is, and offer to make another."""
    return _page(coaching_of(public_id), _form())


@bp.post("/<uuid:public_id>/reports")
def ask(public_id: UUID) -> ResponseReturnValue:
    """Have a report made; one of today that says the same is shown instead."""
    coaching, form, session = coaching_of(public_id, Permission.COACHING_WRITE), _form(), get_session()
    if not form.validate():
        return _page(coaching, form), 422
    way, now = {"language": form.language.data, "paper": form.paper.data}, datetime.now(UTC)
    try:
        report = coaching_reports.request(session, guards.signed_in(), coaching, registry(), **way, now=now)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return _page(coaching, form), 422
    session.commit()
    return redirect(url_for(".made.show", public_id=report.public_id), 303)


@bp.get("/<uuid:public_id>/reports/preview")
def preview(public_id: UUID) -> ResponseReturnValue:
    """Show the sections of a report that nobody has asked for yet, noting that the results were looked at."""
    coaching, user = coaching_of(public_id), guards.signed_in()
    way = {"language": request.args.get("language", SOURCE), "paper": request.args.get("paper", "")}
    try:
        document, assignments = coaching_reports.preview(
            get_session(), user, coaching, registry(), **way, now=datetime.now(UTC)
        )
    except Refused as refusal:
        form = _form()
        form.form_errors.append(str(refusal))
        return _page(coaching, form), 409
    shown = render_template(
        "coaching/report_preview.html",
        coaching=coaching,
        **report_pages.sections(document),
    )
    readings.note_all(assignments)
    return shown


def _form() -> WayForm:
    return WayForm(data={"paper": paper_of(guards.signed_in().organization)})


def _page(coaching: Coaching, form: WayForm) -> str:
    found = coaching_reports.reports_of(get_session(), guards.signed_in(), coaching)
    return render_template("coaching/reports.html", coaching=coaching, form=form, reports=found)
