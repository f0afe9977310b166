"""Who coaches somebody: HR names a coach, and takes the naming back. What the two do is not HR's to see."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assess.services import access, caseload
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import words
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("coaches", __name__, url_prefix="/people/<uuid:public_id>/coaches")
coachings = Blueprint("coachings", __name__, url_prefix="/coachings")


@bp.post("")
def assign(public_id: UUID) -> ResponseReturnValue:
    """Name somebody's coach."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    person = access.get_person(session, user, public_id, Permission.COACHING_ASSIGN)
    chosen = request.form.get("coach", "")
    coach = next((each for each in caseload.coaches(session, user) if str(each.public_id) == chosen), None)
    if coach is None:
        flash(_("Please choose a coach."))
    else:
        caseload.assign(session, user, person, coach, now=now)
        session.commit()
        flash(_("%(coach)s coaches %(name)s from now on.", coach=coach.name, name=person.name))
    return _back(public_id)


@coachings.post("/<uuid:public_id>/end")
def end(public_id: UUID) -> ResponseReturnValue:
    """Take the naming back."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching = access.get_coaching(session, user, public_id, Permission.COACHING_ASSIGN)
    caseload.end(session, user, coaching, now=now)
    session.commit()
    person = coaching.person
    flash(_("%(coach)s coaches %(name)s no more.", coach=coaching.coach.name, name=words.person_words(person)))
    return _back(person.public_id)


def _back(public_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("console.people.show", public_id=public_id, _anchor="coaches"), 303)
