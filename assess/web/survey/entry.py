"""The way in: the personal link, and what the survey is about."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound
from assess.services import assignments, limits, people, survey_places, surveys
from assess.web import guards, i18n
from assess.web.db import get_session
from assess.web.survey import closing, words
from assess.web.survey.visitor import current_place, has_handed_in, questions_of

open_bp = Blueprint("link", __name__, url_prefix="/link")


@open_bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show whom the link is from. Mail scanners come here, so nothing changes yet."""
    place = survey_places.find_by_token(get_session(), token, now=datetime.now(UTC))
    i18n.prefer(place.person.language)
    page = render_template("survey/link.html", place=place, words=words, has_handed_in=has_handed_in(place))
    return closing.closed(place) or page


@open_bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Exchange the link for a cookie and a clean address."""
    now, address = datetime.now(UTC), request.remote_addr or ""
    limits.check(get_session(), limits.REDEMPTIONS, address, now=now)
    limits.count(get_session(), limits.REDEMPTIONS, address, now=now)
    try:
        place = survey_places.redeem(get_session(), token, now=now)
    except NotFound:
        get_session().commit()  # the try counts
        raise
    closed = closing.closed(place)
    if closed:
        return closed
    if guards.language_cookie() in request.cookies:  # chosen on the page with the button
        people.set_language(get_session(), token, i18n.language(), now=now)
    get_session().commit()
    response = make_response(redirect(url_for("survey.inside.start"), 303))
    guards.set_cookie(response, guards.survey_cookie(), token)
    return response


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
        progress=progress,
        n_questions=len(asked.questions),
        n_pages=len(asked.pages),
        spoken=asked.language,
        kept_until=assignments.last_kept_day(place.person.organization, created_at=place.created_at),
    )


def leave() -> ResponseReturnValue:
    """Forget the visitor in this browser; every page that was sent stays saved."""
    return forget()


def forget() -> ResponseReturnValue:
    """Return the page that says good-bye, and the cookie gone."""
    response = make_response(render_template("survey/left.html"))
    response.delete_cookie(guards.survey_cookie(), path="/")
    return response
