"""One field for everything: people, positions, campaigns, surveys, a report's reference."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assess.services import finding
from assess.services.people_search import LONGEST
from assess.web import guards
from assess.web.console import words
from assess.web.db import get_session

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what there is about what was typed."""
    typed = request.args.get("q", "").strip()[:LONGEST]
    return render_template(
        "console/search.html",
        typed=typed,
        hits=finding.find(get_session(), guards.signed_in(), typed) if typed else None,
        shown=finding.SHOWN,
        fewest=finding.FEWEST,
        words=words,
    )
