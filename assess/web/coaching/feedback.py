"""Feedback from colleagues about a coachee."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.web.coaching.own import coaching_of

bp = Blueprint("feedback", __name__)


@bp.get("/<uuid:public_id>/feedback")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show what there is."""
    return render_template("coaching/feedback.html", coaching=coaching_of(public_id))
