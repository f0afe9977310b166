"""A coaching report that was asked for: its state, the PDF, the same as a page, and the numbers under it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.services import coaching_reports, previews
from assess.web import guards, readings, report_pages
from assess.web.coaching.own import registry
from assess.web.db import get_session

bp = Blueprint("made", __name__, url_prefix="/reports")


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show how far it has come."""
    coaching, report = coaching_reports.get(get_session(), guards.signed_in(), public_id)
    address = url_for(".show", public_id=public_id)
    return report_pages.state("coaching/report.html", report, address=address, coaching=coaching)


@bp.get("/<uuid:public_id>.pdf")
def pdf(public_id: UUID) -> ResponseReturnValue:
    """Hand out the PDF, and note who took it."""
    user = guards.signed_in()
    return report_pages.pdf(lambda session: coaching_reports.get(session, user, public_id).report)


@bp.get("/<uuid:public_id>.json")
def figures(public_id: UUID) -> ResponseReturnValue:
    """Hand out the numbers under the PDF, and note who took them."""
    user = guards.signed_in()
    return report_pages.figures(lambda session: coaching_reports.get(session, user, public_id).report, registry())


@bp.get("/<uuid:public_id>/page")
def page(public_id: UUID) -> ResponseReturnValue:
    """Show the sections of a finished report, noting that the results were looked at."""
    coaching, report = coaching_reports.get(get_session(), guards.signed_in(), public_id)
    document = previews.made_page(report, registry())
    shown = render_template(
        "coaching/report_page.html", coaching=coaching, report=report, **report_pages.sections(document)
    )
    readings.note_all([row.attempt.assignment for row in report.results])
    return shown
