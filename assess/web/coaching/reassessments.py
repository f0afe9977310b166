"""What a coach does about an assessment that they have asked for: send the letter again, make a link, take it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.errors import AssessError
from assess.models import Assignment, Coaching
from assess.services import reassessments
from assess.services.access import Permission
from assess.web import guards
from assess.web.coaching import assessments
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("reassessments", __name__, url_prefix="/assessments")


@bp.post("/<uuid:public_id>/mails")
def send(public_id: UUID) -> ResponseReturnValue:
    """Mail the invitation again."""
    return _done(public_id, reassessments.send, _("The letter is on its way again."))


@bp.post("/<uuid:public_id>/withdrawal")
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """Take the question back."""
    return _done(public_id, reassessments.withdraw, _("The person is not asked any more."))


@bp.post("/<uuid:public_id>/links")
def link(public_id: UUID) -> ResponseReturnValue:
    """Make a link and show it, this once: the database keeps only its hash."""
    asked = reassessments.get(get_session(), guards.signed_in(), public_id, Permission.COACHING_WRITE)
    try:
        token = reassessments.copy_link(get_session(), guards.signed_in(), asked, now=datetime.now(UTC))
    except AssessError as refusal:
        return _refused(asked, refusal)
    get_session().commit()
    address = f"{current_app.config['SETTINGS'].url}/take/link/{token}"
    return render_template("coaching/link.html", coaching=_coaching(asked), asked=asked, address=address)


def _done(public_id: UUID, use: Callable[..., object], said: str) -> ResponseReturnValue:
    """Do something about what was asked for, and go back to the page with a sentence; or say why not."""
    session, user = get_session(), guards.signed_in()
    asked = reassessments.get(session, user, public_id, Permission.COACHING_WRITE)
    try:
        use(session, user, asked, now=datetime.now(UTC))
    except AssessError as refusal:
        return _refused(asked, refusal)
    session.commit()
    flash(said)
    return redirect(url_for("coaching.assessments.index", public_id=_coaching(asked).public_id), 303)


def _refused(asked: Assignment, refusal: AssessError) -> ResponseReturnValue:
    return assessments.page(_coaching(asked), refusal=str(refusal)), 422


def _coaching(asked: Assignment) -> Coaching:
    assert asked.campaign.coaching is not None  # noqa: S101 -- it is found through its coaching
    return asked.campaign.coaching
