"""The plan of a coachee: goals and what is done for them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.web.coaching.own import coaching_of

bp = Blueprint("plans", __name__)


@bp.get("/<uuid:public_id>/plan")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what there is."""
    return render_template("coaching/plans.html", coaching=coaching_of(public_id))
