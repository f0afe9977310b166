"""The way in: the personal link, and what the survey is about."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.services import assignments, survey_places, surveys
from assess.web import guards, i18n, personal_links
from assess.web.db import get_session
from assess.web.survey import closing, words
from assess.web.survey.visitor import current_place, has_handed_in, questions_of
from assess.web.survey_titles import survey_title

open_bp = Blueprint("link", __name__, url_prefix="/link")


@open_bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show whom the link is from. Mail scanners come here, so nothing changes yet."""
    place = survey_places.find_by_token(get_session(), token, now=datetime.now(UTC))
    i18n.prefer(place.person.language)
    title = survey_title(place.round.kind)
    page = render_template("survey/link.html", place=place, survey_title=title, has_handed_in=has_handed_in(place))
    return closing.closed(place) or page


@open_bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Exchange the link for a cookie and a clean address."""
    place = personal_links.redeem(survey_places.redeem, token)
    closed = closing.closed(place)
    if closed:
        return closed
    personal_links.keep_language(token)
    get_session().commit()
    return personal_links.let_in("survey.inside.start", guards.survey_cookie(), token)


def register(bp: Blueprint) -> None:
    """Add the pages behind the cookie to `bp`."""
    bp.add_url_rule("/", "start", start)
    bp.add_url_rule("/leave", "leave", leave, methods=["POST"])


def start() -> ResponseReturnValue:
    """Show what it is, how long it takes and who sees what; or where the visitor stands."""
    place = current_place()
    if has_handed_in(place):
        return redirect(url_for("survey.inside.done"))
    closed = closing.closed(place)
    if closed:
        return closed
    asked = questions_of(place)
    if not asked.pages:
        return closing.nobody_to_rate(place)
    progress = words.progress_of(asked, surveys.sheet_of(get_session(), place))
    return render_template(
        "survey/start.html",
        place=place,
        words=words,
        survey_title=survey_title(place.round.kind),
        progress=progress,
        n_questions=len(asked.questions),
        n_pages=len(asked.pages),
        spoken=asked.language,
        kept_until=assignments.last_kept_day(place.person.organization, created_at=place.created_at),
    )


def leave() -> ResponseReturnValue:
    """Forget the visitor in this browser; every page that was sent stays saved."""
    return personal_links.let_out("survey/left.html", guards.survey_cookie())
