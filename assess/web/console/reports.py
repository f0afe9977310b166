"""Finished reports, and those that are being made."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.services import access, report_lists
from assess.services.access import Permission
from assess.web import guards, report_pages
from assess.web.console import report_batches, report_orders, words
from assess.web.console.content import registry
from assess.web.db import get_session

bp = Blueprint("reports", __name__, url_prefix="/reports")
bp.register_blueprint(report_orders.bp)
bp.register_blueprint(report_batches.bp)


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the report centre; or the report whose reference was typed."""
    session, user, typed = get_session(), guards.signed_in(), request.args.get("reference", "").strip()
    found = report_lists.find_report(session, user, typed) if typed else None
    if found is not None:
        return redirect(url_for(".show", public_id=found.public_id))
    return render_template(
        "console/reports/index.html",
        typed=typed,
        batches=report_lists.batches_of(session, user, page=request.args.get("page", 1, type=int)),
        address=partial(url_for, ".index"),
        campaigns=report_lists.campaigns_with_people(session, user),
        recent=report_lists.recent_reports(session, user),
        zone=user.organization.time_zone,
        words=words,
    )


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a report's state; while it is being made, look again every three seconds."""
    report = access.get_report(get_session(), guards.signed_in(), public_id, Permission.REPORT_MAKE)
    address = url_for(".show", public_id=public_id)
    return report_pages.state("console/reports/show.html", report, address=address, words=words)


@bp.get("/<uuid:public_id>.pdf")
def pdf(public_id: UUID) -> ResponseReturnValue:
    """Hand out the PDF, and note who took it."""
    user = guards.signed_in()
    return report_pages.pdf(lambda session: access.get_report(session, user, public_id, Permission.REPORT_MAKE))


@bp.get("/<uuid:public_id>.json")
def figures(public_id: UUID) -> ResponseReturnValue:
    """Hand out the numbers under the PDF, and note who took them."""
    user = guards.signed_in()
    return report_pages.figures(
        lambda session: access.get_report(session, user, public_id, Permission.REPORT_MAKE), registry()
    )
