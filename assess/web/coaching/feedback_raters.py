"""Somebody who is asked in a round of feedback."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.services import feedback
from assess.services.access import Permission
from assess.web import guards
from assess.web.coaching import feedback_rounds
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("raters", __name__, url_prefix="/feedback/raters/<uuid:public_id>")


@bp.post("/removal")
def remove(public_id: UUID) -> ResponseReturnValue:
    """Take somebody off the list."""
    session, user = get_session(), guards.signed_in()
    place, coaching = feedback.get_place(session, user, public_id, Permission.COACHING_WRITE)
    survey, name = place.round, place.asked_as
    try:
        feedback.remove(session, user, place, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        return feedback_rounds.page(survey, coaching, refusal=str(refusal)), 422
    session.commit()
    flash(_("%(name)s is taken off the list.", name=name))
    return redirect(url_for("coaching.feedback.rounds.show", public_id=survey.public_id), 303)
