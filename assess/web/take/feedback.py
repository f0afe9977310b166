"""What the answers suggest, for the person themselves: the sections of their report as a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.models import Attempt
from assess.services import assignments, invitations, reporting
from assess.services.reporting import Stage
from assess.web.db import get_session
from assess.web.i18n import language
from assess.web.take.visitor import current_attempt, registry

PATIENCE = timedelta(minutes=10)  # after which waiting for the scores is no longer usual


def register(bp: Blueprint) -> None:
    """Add the page to `bp`."""
    bp.add_url_rule("/feedback", "feedback", feedback)


def feedback() -> ResponseReturnValue:
    """Show what the person may read about themselves, or say why there is nothing to read now."""
    attempt, _bank = current_attempt()
    if not attempt.is_submitted:
        return redirect(url_for("take.inside.start"))
    assignment, session = attempt.assignment, get_session()
    found = standing(attempt)
    about = {"assignment": assignment, "attempt": attempt, "submitted": True, **found}
    if found["stage"] is not Stage.READY:
        return render_template("take/no_feedback.html", **about)
    document = reporting.own_page(session, assignment, registry(), language=language(), now=datetime.now(UTC))
    own = reporting.own_report(session, assignment, language=language())
    kept_until = assignments.retention_until(assignment, assignment.organization)
    return render_template("take/feedback.html", **about, document=document, own=own, kept_until=kept_until)


def standing(attempt: Attempt) -> dict[str, object]:
    """Return how far the feedback on what was handed in has come, and what a page says while it is not there."""
    handed_in = attempt.submitted_at or attempt.started_at
    return {
        "stage": reporting.stage(get_session(), attempt.assignment),
        "is_late": datetime.now(UTC) - handed_in > PATIENCE,
        "until": invitations.link_end(attempt.assignment),
    }
