"""Reports as their askers meet them: the state of one, its sections as a page, the PDF, and the numbers under it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from assess.banks.registry import Registry
from assess.models import ReportFile
from assess.services import previews, reporting
from assess.web import downloads, guards
from assess.web.db import Session, writing_session
from reports.document import Document, to_sections
from reports.language import apart

PATIENCE = timedelta(minutes=2)  # after which a page no longer looks by itself

Find = Callable[[Session], ReportFile]  # in the session that notes who took it


def state(template: str, report: ReportFile, *, address: str, **shown: object) -> Response:
    """Show a report's state; while it is being made, look again at `address` every three seconds."""
    is_waiting = report.finished_at is None and not reporting.is_of_nobody(report)
    looks_again = is_waiting and datetime.now(UTC) - report.requested_at < PATIENCE
    page = render_template(template, report=report, is_waiting=is_waiting, looks_again=looks_again, **shown)
    response = make_response(page)
    if looks_again:
        response.headers["Refresh"] = f"3; url={address}"
    return response


def sections(document: Document) -> dict[str, object]:
    """Return what the page around the sections of `document` shows."""
    return {
        "document": document,
        "subject": apart(document.subject, language=document.language),
        "sections": to_sections(document),
    }


def pdf(find: Find) -> ResponseReturnValue:
    """Hand out the PDF of the report that `find` gives, and note who took it."""
    actor = _actor()
    with writing_session() as session:
        report = find(session)
        content = reporting.content(session, report, actor=actor, now=datetime.now(UTC))
        session.commit()
    return downloads.file(content, f"{report.kind}-{report.reference}.pdf", "application/pdf")


def figures(find: Find, registry: Registry) -> ResponseReturnValue:
    """Hand out the numbers under the PDF, and note who took them."""
    actor = _actor()
    with writing_session() as session:
        report = find(session)
        found = previews.figures(session, report, registry, actor=actor, now=datetime.now(UTC))
        session.commit()
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    return downloads.file(text, f"{report.kind}-{report.reference}.json", "application/json")


def _actor() -> str:
    return f"user:{guards.signed_in().id}"
