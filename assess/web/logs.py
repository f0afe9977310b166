"""Log lines: which view answered how, with a reference; never names, tokens, addresses or answers."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time

from flask import Flask, Response, g, request

log = logging.getLogger("assess.web")
IN_THE_DATABASE = frozenset({"take.inside.save"})  # a line would repeat what the row that was saved says
EXTRAS = ("reference", "method", "endpoint", "status", "milliseconds", "job", "handler")


class Plain(logging.Formatter):
    """Lines for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `record` with its extras behind it."""
        extras = " ".join(f"{name}={getattr(record, name)}" for name in EXTRAS if hasattr(record, name))
        return f"{super().format(record)} {extras}".rstrip()


class Json(logging.Formatter):
    """Lines for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `record` as one JSON object."""
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in EXTRAS if hasattr(record, name)},
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def configure(form: str) -> None:
    """Send log lines to stderr in the given form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Plain("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for chatty in ("fontTools", "weasyprint.progress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


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
