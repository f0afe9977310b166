"""Links that people get by mail: each is exchanged for a cookie and a clean address, and tries are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from assess.errors import NotFound
from assess.services import limits, people
from assess.web import guards, i18n
from assess.web.db import get_session

Found = TypeVar("Found")


def redeem(use_case: Callable[..., Found], token: str) -> Found:
    """Return what `use_case` finds behind the link, unless too many were tried from this address within a minute."""
    session, address, now = get_session(), request.remote_addr or "", datetime.now(UTC)
    limits.check(session, limits.REDEMPTIONS, address, now=now)
    limits.count(session, limits.REDEMPTIONS, address, now=now)
    try:
        return use_case(session, token, now=now)
    except NotFound:
        session.commit()  # the try counts
        raise


def keep_language(token: str) -> None:
    """Note the language that was chosen on the page with the button, if one was, as the person's own."""
    if guards.language_cookie() in request.cookies:
        people.set_language(get_session(), token, i18n.language(), now=datetime.now(UTC))


def let_in(endpoint: str, cookie: str, token: str) -> BaseResponse:
    """Lead on to the first page behind the `cookie`, which this browser has from now on."""
    response = redirect(url_for(endpoint), 303)
    guards.set_cookie(response, cookie, token)
    return response


def let_out(template: str, cookie: str) -> Response:
    """Return the page that says good-bye, and the cookie gone."""
    response = make_response(render_template(template))
    response.delete_cookie(cookie, path="/")
    return response
