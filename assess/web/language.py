"""The choice of the language, from the menu on every page for people who are assessed."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assess import languages
from assess.errors import InvalidValue
from assess.services import people
from assess.web import guards, security
from assess.web.db import get_session

bp = Blueprint("language", __name__)


@bp.post("/language")
def choose() -> ResponseReturnValue:
    """Remember the language in this browser and, where we know whose it is, for the person."""
    chosen = request.form.get("language", "")
    if chosen not in languages.LANGUAGES:
        raise InvalidValue
    for token in filter(None, map(request.cookies.get, guards.people_cookies())):
        people.set_language(get_session(), token, chosen, now=datetime.now(UTC))
        get_session().commit()
    back = security.local_path(request.form.get("next", "")) or url_for("take.inside.start")
    response = redirect(back, 303)
    guards.set_cookie(response, guards.language_cookie(), chosen)
    return response
