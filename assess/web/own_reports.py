"""A person's own report on what they handed in, wherever they ask for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Response

from assess.errors import NotFound
from assess.models import Assignment
from assess.services import reporting
from assess.web import downloads
from assess.web.db import Session, writing_session
from assess.web.i18n import language


def hand_out(own_assignment: Callable[[Session], Assignment]) -> Response:
    """Return the newest report on the visitor's own assignment, best in the page's language; note that they took it."""
    with writing_session() as session:
        own = reporting.own_report(session, own_assignment(session), language=language())
        if own is None:
            raise NotFound
        pdf = reporting.content(session, own, actor="person", now=datetime.now(UTC))
        session.commit()
    return downloads.file(pdf, f"rapport-{own.reference}.pdf", "application/pdf", shown=True)
