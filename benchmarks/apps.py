"""The applications that are compared, as gunicorn starts them."""

from __future__ import annotations

from typing import Any

from flask import Flask

from assess import web
from assess.services import saving


def bare() -> Flask:
    """Return the least that Flask can do: "ok"."""
    app = Flask(__name__)

    @app.route("/", methods=["GET", "POST"])
    def ok() -> str:
        return "ok"

    return app


def without_database() -> Flask:
    """Return the application with everything that it does for a save but the statement."""

    def nothing(*_arguments: Any, **_options: Any) -> saving.Outcome:
        return saving.Outcome.SAVED

    saving.save = nothing
    return web.production()
