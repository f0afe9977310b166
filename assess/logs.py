"""The form of log lines, for people or for machines; which facts stand behind them is said here and nowhere else."""

from __future__ import annotations

import json
import logging
import sys

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
