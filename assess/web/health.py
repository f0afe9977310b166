"""Two addresses for whatever watches over the installation."""

from __future__ import annotations

from flask import Blueprint

from assess.services import database
from assess.web.db import get_session

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "live"}


@bp.get("/ready")
def ready() -> dict[str, str]:
    """Say that the database answers, too."""
    database.ping(get_session())
    return {"status": "ready"}
