"""The way out: what was left out, handing in, and thanks."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.models import SurveyKind
from assess.services import leader_reports, surveys
from assess.web import downloads
from assess.web.db import get_session
from assess.web.survey import words
from assess.web.survey.visitor import answering_place, current_place, has_handed_in, questions_of


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/check", "check", check)
    bp.add_url_rule("/submit", "submit", submit, methods=["POST"])
    bp.add_url_rule("/done", "done", done)
    bp.add_url_rule("/report.pdf", "report", report)


def check() -> ResponseReturnValue:
    """Show what is answered and what was left out."""
    place = answering_place()
    if place.round.kind is SurveyKind.CLIMATE:
        return redirect(url_for("survey.inside.page", position=1))
    asked = questions_of(place)
    progress = words.progress_of(asked, surveys.sheet_of(get_session(), place))
    return render_template("survey/check.html", place=place, progress=progress, n_pages=len(asked.pages), words=words)


def submit() -> ResponseReturnValue:
    """Hand in; twice changes nothing."""
    place = answering_place(sent=True)
    surveys.submit(get_session(), place, now=datetime.now(UTC))
    get_session().commit()
    return redirect(url_for("survey.inside.done"), 303)


def done() -> ResponseReturnValue:
    """Say thank you, and what happens next; of an anonymous survey, the same to everybody who has its link."""
    place = current_place()
    if not has_handed_in(place) and place.round.kind is not SurveyKind.CLIMATE:
        return redirect(url_for("survey.inside.start"))
    own = leader_reports.report_of(get_session(), place) if place.round.kind is SurveyKind.LEADER else None
    return render_template("survey/done.html", place=place, submitted=True, words=words, own=own)


def report() -> ResponseReturnValue:
    """Hand out the leader's own report to whoever came by the leader's link, and to nobody else."""
    reference, pdf = leader_reports.content(get_session(), current_place())
    return downloads.file(pdf, f"rapport-{reference}.pdf", "application/pdf", shown=True)
