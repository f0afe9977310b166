"""Two to six people side by side on the screen, and having the report made that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound, Refused
from assess.models import Assignment
from assess.services import comparisons
from assess.web import guards, readings
from assess.web.console.content import registry
from assess.web.db import get_session
from reports.context import ComparisonContext
from reports.sections.care import care_words
from reports.sections.comparison import Overview
from reports.sections.side_by_side import SideBySide

bp = Blueprint("compare", __name__, url_prefix="/compare")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show people side by side, noting for each that their result was looked at."""
    session, user = get_session(), guards.signed_in()
    try:
        chosen = _chosen(request.args.getlist("who"))
        context, people = comparisons.side_by_side(session, user, chosen, registry(), now=datetime.now(UTC))
    except Refused as refusal:
        return render_template("console/compare/refused.html", refusal=refusal, most=comparisons.BESIDE), 422
    shown = _page(people, context)
    readings.note_all(people)
    return shown


@bp.post("/reports")
def make_report() -> ResponseReturnValue:
    """Have the comparison made as a report."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    try:
        report = comparisons.request(session, user, _chosen(request.form.getlist("who")), registry(), now=now)
    except Refused as refusal:
        session.rollback()
        return render_template("console/compare/refused.html", refusal=refusal, most=comparisons.BESIDE), 422
    session.commit()
    return redirect(url_for("console.reports.show", public_id=report.public_id), 303)


def _chosen(ids: Sequence[str]) -> Sequence[Assignment]:
    try:
        return comparisons.named(get_session(), guards.signed_in(), [UUID(each) for each in ids])
    except ValueError:
        raise NotFound from None


def _page(people: Sequence[Assignment], context: ComparisonContext) -> str:
    """Return the page with what the report's own sections say."""
    return render_template(
        "console/compare/show.html",
        people=people,
        campaigns=list(dict.fromkeys(each.campaign for each in people)),
        overview=Overview.build(context),
        behaviours=SideBySide.build(context).behaviours,
        care=[
            (assignment, each.name, care_words(each.result, context.language))
            for assignment, each in zip(people, context.candidates, strict=True)
        ],
    )
