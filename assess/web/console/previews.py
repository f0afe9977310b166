"""Reports as pages: what a report would say, before anybody has it made."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.languages import LANGUAGES, SOURCE
from assess.services import access, previews
from assess.services.access import Permission
from assess.services.report_contexts import PAPERS
from assess.web import guards
from assess.web.console import overview, readings, words
from assess.web.console.content import registry
from assess.web.db import get_session
from reports.document import to_sections
from reports.language import apart

bp = Blueprint("previews", __name__, url_prefix="/assignments/<uuid:public_id>/preview")


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
        document=document,
        subject=apart(document.subject, language=document.language),
        sections=to_sections(document),
        kind=words.kind_words(kind),
        languages=LANGUAGES,
        papers=PAPERS,
    )
    readings.note(assignment)
    return shown
