"""
The two signatures of every form: the session cookie's and the form token's, each verified once and then remembered.

A signature holds or not whenever it is asked, so remembering weakens nothing; what is asked anew each time is whether
the cookie is too old and whether the token is the session's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from hmac import compare_digest
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

REMEMBERED = 4_096  # signatures; each is some hundred bytes
TOKEN_SALT = "wtf-csrf-token"  # noqa: S105 -- Flask-WTF's own, which no setting tells


def init_app(app: Flask) -> None:
    """Sign sessions and check the tokens of forms."""
    app.session_interface = RememberedSessions(app)
    RememberedTokens(app)


class RememberedSessions(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies."""

    def __init__(self, app: Flask) -> None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise ValueError("the application has no secret key")
        self._read = lru_cache(REMEMBERED)(lambda cookie: serializer.loads(cookie, return_timestamp=True))

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return what the cookie holds, nothing if it is not ours or too old."""
        cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
        if not cookie:
            return self.session_class()
        try:
            data, signed_at = self._read(cookie)
        except BadData:
            return self.session_class()
        age = int(time.time()) - signed_at.timestamp()
        return self.session_class(data if 0 <= age <= app.permanent_session_lifetime.total_seconds() else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where something has changed."""
        if session.modified or session.permanent:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")


class RememberedTokens(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's check of every form's token; what does not pass at once is left to it."""

    def init_app(self, app: Flask) -> None:
        """Check every request that changes something."""
        super().init_app(app)
        serializer = URLSafeTimedSerializer(app.secret_key or "", salt=TOKEN_SALT)
        self._read: Callable[[str], Any] = lru_cache(REMEMBERED)(serializer.loads)

    def protect(self, apply_exemptions: bool = False) -> None:
        """Let the request pass, or raise `CSRFError`."""
        if request.endpoint and request.method == "POST" and self._is_known(request.form.get("csrf_token")):
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)

    def _is_known(self, token: str | None) -> bool:
        mine = session.get("csrf_token")
        if not token or not mine:
            return False
        try:
            return compare_digest(mine, self._read(token))
        except BadData:
            return False
