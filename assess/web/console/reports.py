"""Finished reports, and those that are being made."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.services import access, previews, report_lists, reporting
from assess.services.access import Permission
from assess.web import downloads, guards
from assess.web.console import report_batches, report_orders, words
from assess.web.console.content import registry
from assess.web.db import get_session, writing_session

PATIENCE = timedelta(minutes=2)  # after which the page no longer looks by itself

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
    is_waiting = report.finished_at is None and not reporting.is_of_nobody(report)
    looks_again = is_waiting and datetime.now(UTC) - report.requested_at < PATIENCE
    response = make_response(
        render_template(
            "console/reports/show.html", report=report, words=words, is_waiting=is_waiting, looks_again=looks_again
        )
    )
    if looks_again:
        response.headers["Refresh"] = f"3; url={url_for('.show', public_id=public_id)}"
    return response


@bp.get("/<uuid:public_id>.pdf")
def pdf(public_id: UUID) -> ResponseReturnValue:
    """Hand out the PDF, and note who took it."""
    user = guards.signed_in()
    with writing_session() as session:
        report = access.get_report(session, user, public_id, Permission.REPORT_MAKE)
        content = reporting.content(session, report, actor=f"user:{user.id}", now=datetime.now(UTC))
        session.commit()
    return downloads.file(content, f"{report.kind}-{report.reference}.pdf", "application/pdf")


@bp.get("/<uuid:public_id>.json")
def figures(public_id: UUID) -> ResponseReturnValue:
    """Hand out the numbers under the PDF, and note who took them."""
    user = guards.signed_in()
    with writing_session() as session:
        report = access.get_report(session, user, public_id, Permission.REPORT_MAKE)
        found = previews.figures(session, report, registry(), actor=f"user:{user.id}", now=datetime.now(UTC))
        session.commit()
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    return downloads.file(text, f"{report.kind}-{report.reference}.json", "application/json")
