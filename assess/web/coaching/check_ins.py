"""Talks with a coachee: planned, held, noted."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.web.coaching.own import coaching_of

bp = Blueprint("check_ins", __name__)


@bp.get("/<uuid:public_id>/check-ins")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show what there is."""
    return render_template("coaching/check_ins.html", coaching=coaching_of(public_id))
