"""Who is signed in, and who may enter an area."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from assess.config import Settings
from assess.errors import NotFound, OtherPage, SignedOut
from assess.models import Role, User
from assess.services import accounts
from assess.web.db import autocommitted, get_session


def session_cookie() -> str:
    """Return the name of the staff cookie."""
    return _cookie("rapport-session")


def take_cookie() -> str:
    """Return the name of the cookie of people who take an assessment."""
    return _cookie("rapport-take")


def mine_cookie() -> str:
    """Return the name of the cookie of people who look at their own data."""
    return _cookie("rapport-mine")


def survey_cookie() -> str:
    """Return the name of the cookie of people who answer a survey."""
    return _cookie("rapport-survey")


def coachee_cookie() -> str:
    """Return the name of the cookie of people who look at their coaching."""
    return _cookie("rapport-coaching")


def people_cookies() -> tuple[str, ...]:
    """Return the names of the cookies that say who of the people who are assessed or asked this is."""
    return (take_cookie(), mine_cookie(), survey_cookie(), coachee_cookie())


def language_cookie() -> str:
    """Return the name of the cookie that says which language this browser's visitor chose."""
    return _cookie("rapport-language")


def set_cookie(response: Response | BaseResponse, name: str, token: str) -> None:
    """Give the browser `token`, out of reach of scripts and other sites."""
    secure = _settings().is_secure
    response.set_cookie(name, token, secure=secure, httponly=True, samesite="Lax", path="/")


def require_page_of(owner: str, public_id: UUID) -> None:
    """
    Raise `OtherPage` unless the form was sent from a page of the `owner` with this id, which its hidden field names.

    The cookie alone does not tell: on a shared computer the next person's link may have been opened since.
    """
    if request.form.get(owner) != str(public_id):
        raise OtherPage


def current_user() -> User | None:
    """Return who is signed in, or None; the same answer all through a request."""
    if "user" not in g:
        g.user = _find_user()
    user: User | None = g.user
    return user


def signed_in() -> User:
    """Return who is signed in; for views behind a guard."""
    user = current_user()
    if user is None:
        raise NotFound
    return user


def only(role: Role) -> Callable[[], BaseResponse | None]:
    """
    Return a guard that lets `role` in: strangers are sent to sign in, other roles find nothing.

    What a stranger sends was typed by somebody who was signed in: it raises `SignedOut`.
    """

    def guard() -> BaseResponse | None:
        user = current_user()
        if user is None:
            if request.method == "POST":
                raise SignedOut
            return redirect(url_for("auth.sign_in", next=request.path))
        if role not in user.roles:
            raise NotFound
        return None

    return guard


def anyone_signed_in() -> BaseResponse | None:
    """Send strangers to sign in."""
    if current_user() is None:
        return redirect(url_for("auth.sign_in"))
    return None


def _find_user() -> User | None:
    token = request.cookies.get(session_cookie())
    if not token:
        return None
    now = datetime.now(UTC)
    found = accounts.session_of(get_session(), token, now=now)
    if found is None:
        return None
    if now - found.seen_at > accounts.TOUCH:
        _touch(found.id, now)
        found = accounts.session_of(get_session(), token, now=now)
    return found.user if found else None


def _touch(session_id: int, now: datetime) -> None:
    """Note that the session is in use, in a transaction of its own: this request's may only read."""
    get_session().rollback()
    autocommitted(lambda connection: accounts.touch(connection, session_id, now=now))


def _cookie(name: str) -> str:
    prefix: str = current_app.config["COOKIE_PREFIX"]
    return prefix + name


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
