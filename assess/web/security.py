"""Headers that every response bears."""

from __future__ import annotations

import re

from flask import Flask, Response, request

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "X-Robots-Tag": "noindex",
}
PUBLIC = frozenset(
    {"static", "assets.tokens", "assets.report", "assets.font"}
)  # the same for everybody, so browsers may keep them
LOCAL_PATH = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")  # browsers read a backslash as a slash and drop tabs


def init_app(app: Flask) -> None:
    """Add the headers to everything that `app` answers."""
    headers = dict(HEADERS)
    if app.config["SETTINGS"].is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.extend(headers)
        if request.endpoint not in PUBLIC:
            response.headers["Cache-Control"] = "no-store"
        return response


def is_same_origin() -> bool:
    """Whether the browser says that one of our own pages sent this request."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def local_path(path: str) -> str | None:
    """Return `path` if it stays on this site."""
    return path if LOCAL_PATH.fullmatch(path) else None
