"""Finished reports, and those that are being made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.services import access, reporting
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import words
from assess.web.db import get_session, writing_session

PATIENCE = timedelta(minutes=2)  # after which the page no longer looks by itself

bp = Blueprint("reports", __name__, url_prefix="/reports")


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
    name = f"{report.kind}-{report.reference}.pdf"
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
