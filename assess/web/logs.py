"""A log line for each request: which view answered how, with a reference; never names, tokens, addresses or answers."""

from __future__ import annotations

import logging
import secrets
import time

from flask import Flask, Response, g, request

log = logging.getLogger("assess.web")
IN_THE_DATABASE = frozenset({"take.inside.save"})  # a line would repeat what the row that was saved says


def init_app(app: Flask) -> None:
    """Note every request under a reference that error pages show."""

    @app.before_request
    def _begin() -> None:
        g.reference, g.began = secrets.token_hex(4), time.perf_counter()

    @app.after_request
    def _note(response: Response) -> Response:
        level = logging.DEBUG if request.endpoint in IN_THE_DATABASE and response.status_code == 200 else logging.INFO
        if log.isEnabledFor(level):
            log.log(level, "request", extra=_facts(response))
        return response


def _facts(response: Response) -> dict[str, object]:
    """Return what a line says of a request."""
    return {
        "reference": g.get("reference", "-"),
        "method": request.method,
        "endpoint": request.endpoint or "-",
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1_000),
    }
