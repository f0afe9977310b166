"""The way out: check, hand in, receipt, and the person's own report."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.services import attempts, equality, reporting
from assess.web import own_reports
from assess.web.db import get_session
from assess.web.i18n import language
from assess.web.take import words
from assess.web.take.feedback import standing
from assess.web.take.visitor import current_assignment, current_attempt, current_sitting, registry, sent_attempt


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/check", "check", check)
    bp.add_url_rule("/submit", "submit", submit, methods=["POST"])
    bp.add_url_rule("/done", "done", done)
    bp.add_url_rule("/report.pdf", "report", report)


def check() -> ResponseReturnValue:
    """Show what is answered and what was left out."""
    found = current_sitting()
    if not found.is_complete or found.pause is not None:
        return redirect(url_for("take.inside.resume"))
    return render_template(
        "take/check.html",
        assignment=found.attempt.assignment,
        progress=found,
        cut_short=words.name(found.cut_short) if found.cut_short else None,
        parts=[(words.name(part), position) for part, position in found.open_parts.items()],
    )


def submit() -> ResponseReturnValue:
    """Hand in; twice gives the same receipt."""
    attempt, bank = sent_attempt()
    attempts.submit(get_session(), attempt, bank, now=datetime.now(UTC))
    get_session().commit()
    return redirect(url_for("take.inside.done"), 303)


def done() -> ResponseReturnValue:
    """Show the receipt and, as far as the organisation allows it, the way to the report."""
    attempt, _bank = current_attempt()
    if not attempt.is_submitted:
        return redirect(url_for("take.inside.start"))
    session, assignment = get_session(), attempt.assignment
    _language, survey = registry().surveys.equality_in(language())
    return render_template(
        "take/done.html",
        assignment=assignment,
        attempt=attempt,
        submitted=True,
        **standing(attempt),
        own=reporting.own_report(session, assignment, language=language()),
        asks_more=equality.is_asked(assignment),
        has_said_more=equality.has_answered(session, assignment),
        n_more=len(survey.question),
    )


def report() -> ResponseReturnValue:
    """Hand out the person's own report."""
    return own_reports.hand_out(current_assignment)
