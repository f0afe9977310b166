"""What people do with their own plan: tick actions off, say what has shown a goal, take talks into their calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import PlanClosed
from assess.models import DoneBy
from assess.services import coaching_actions, own_coaching
from assess.web import calendar_files
from assess.web.coachee.forms import EvidenceForm, RemarkForm
from assess.web.coachee.page import show
from assess.web.coachee.visitor import current_person
from assess.web.db import get_session
from assess.web.i18n import gettext as _

actions = Blueprint("actions", __name__, url_prefix="/actions")
goals = Blueprint("goals", __name__, url_prefix="/goals")
talks = Blueprint("talks", __name__, url_prefix="/talks")


@actions.post("/<uuid:public_id>/tick")
def tick(public_id: UUID) -> ResponseReturnValue:
    """Note that the person has done what was agreed."""
    session, form = get_session(), RemarkForm()
    action = own_coaching.get_action(session, current_person(), public_id)
    if not form.validate():
        problem = " ".join(map(str, form.remark.errors))
        return show(unsaid=(public_id, form.remark.data, problem)), 422
    coaching_actions.tick(session, action, DoneBy.PERSON, remark=form.remark.data, now=datetime.now(UTC))
    session.commit()
    return _to_action(public_id)


@actions.post("/<uuid:public_id>/untick")
def untick(public_id: UUID) -> ResponseReturnValue:
    """Note that it is not done after all."""
    session = get_session()
    action = own_coaching.get_action(session, current_person(), public_id)
    coaching_actions.untick(session, action, now=datetime.now(UTC))
    session.commit()
    return _to_action(public_id)


def _to_action(public_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("coachee.inside.page", _anchor=f"action-{public_id}"), 303)


@goals.route("/<uuid:public_id>/evidence", methods=["GET", "POST"])
def evidence(public_id: UUID) -> ResponseReturnValue:
    """Let the person say what has shown a goal of theirs."""
    session, person = get_session(), current_person()
    goal = own_coaching.get_goal(session, person, public_id)
    if goal.plan.closed_at is not None:
        raise PlanClosed
    form = EvidenceForm(data={"words": goal.own_evidence})
    if form.validate_on_submit():
        own_coaching.say_what_shows_it(session, goal, form.words.data, now=datetime.now(UTC))
        session.commit()
        flash(_("Your words are kept. Your coach reads them, too."))
        return redirect(url_for("coachee.inside.page", _anchor=f"goal-{public_id}"), 303)
    shown = render_template("coachee/evidence.html", form=form, goal=goal, organization=person.organization)
    return shown, 422 if request.method == "POST" else 200


@talks.get("/<uuid:public_id>/calendar.ics")
def calendar(public_id: UUID) -> ResponseReturnValue:
    """Hand out a talk that is ahead, for the person's own calendar."""
    talk = own_coaching.get_talk(get_session(), current_person(), public_id, now=datetime.now(UTC))
    return calendar_files.hand_out(talk, for_coach=False)
