"""Reports as pages: what a report would say, before anybody has it made, and what a finished one says."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.languages import SOURCE
from assess.services import access, previews
from assess.services.access import Permission
from assess.web import guards, readings, report_pages
from assess.web.console import overview, words
from assess.web.console.content import registry
from assess.web.db import get_session
from reports.document import Document

bp = Blueprint("previews", __name__, url_prefix="/assignments/<uuid:public_id>/preview")
made = Blueprint("report_pages", __name__, url_prefix="/reports/<uuid:public_id>/page")


@bp.get("/<kind>")
def show(public_id: UUID, kind: str) -> ResponseReturnValue:
    """Show a report's sections, noting that the result was looked at."""
    session, user = get_session(), guards.signed_in()
    assignment = access.get_assignment(session, user, public_id, Permission.REPORT_MAKE)
    way = {"language": request.args.get("language", SOURCE), "paper": request.args.get("paper", "")}
    try:
        document = previews.preview(session, user, assignment, kind, registry(), **way, now=datetime.now(UTC))
    except Refused as refusal:
        return overview.page(assignment, refusal=refusal), 409
    shown = render_template(
        "console/previews/show.html",
        assignment=assignment,
        **_page(document),
    )
    readings.note(assignment)
    return shown


@made.get("")
def show_made(public_id: UUID) -> ResponseReturnValue:
    """Show the sections of a finished report, noting for everybody in it that their result was looked at."""
    report = access.get_report(get_session(), guards.signed_in(), public_id, Permission.REPORT_MAKE)
    document = previews.made_page(report, registry())
    shown = render_template("console/previews/made.html", report=report, **_page(document))
    for row in report.results:
        readings.note(row.attempt.assignment)
    return shown


def _page(document: Document) -> dict[str, object]:
    return {**report_pages.sections(document), "kind": words.kind_words(document.kind)}
