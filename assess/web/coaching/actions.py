"""Actions for a goal: chosen from the library or in own words, ticked off, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from assess.models import Coaching, CoachingGoal, DoneBy, GoalSubject, Towards
from assess.services import coached, coaching_actions
from assess.services.access import Permission
from assess.services.coaching_suggestions import bank_of, pole
from assess.web import guards, once
from assess.web.coaching import sheets
from assess.web.coaching.own import registry
from assess.web.coaching.plan_forms import ActionForm, DoneForm, LibraryForm, of_action
from assess.web.coaching.sheets import Sheet
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext

bp = Blueprint("actions", __name__, url_prefix="/actions")
of_goals = Blueprint("of_goals", __name__, url_prefix="/goals")


@of_goals.route("/<uuid:public_id>/library", methods=["GET", "POST"])
@once.only
def library(public_id: UUID) -> ResponseReturnValue:
    """Choose actions of the library: of the goal's own pole, or of any other."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    bank = bank_of(registry(), goal.plan.result)
    poles = [(scale, towards) for scale in bank.scales for towards in Towards]
    asked = request.args.get("of") or _own_pole(goal)
    scale, towards = next((each for each in poles if f"{each[0].code}.{each[1]}" == asked), poles[0])
    form = LibraryForm(coaching_actions.offers(registry(), scale.code, towards), goal, data={"due_on": goal.due_on})
    sheet = Sheet(
        coaching,
        _("Choose actions from the library"),
        _("Add what is ticked"),
        _back(coaching),
        "coaching/library.html",
        goal.title,
    )
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: coaching_actions.choose(session, user, goal, form.wanted, due_on=form.due_on.data, now=now)
    ):
        n = len(form.wanted)
        return once.made(sheet.back, ngettext("%(num)s action is added.", "%(num)s actions are added.", n))
    return sheets.show(sheet, form, poles=poles, pole=pole, chosen=(scale, towards))


@of_goals.route("/<uuid:public_id>/actions/new", methods=["GET", "POST"])
@once.only
def new(public_id: UUID) -> ResponseReturnValue:
    """Agree on an action in own words."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    form = ActionForm(data={"due_on": goal.due_on})
    sheet = Sheet(coaching, _("Agree on an action"), _("Add the action"), _back(coaching), intro=goal.title)
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: coaching_actions.add(session, user, goal, form.terms, now=now)
    ):
        return once.made(sheet.back, _("The action is added."))
    return sheets.show(sheet, form)


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
def edit(public_id: UUID) -> ResponseReturnValue:
    """Agree on something else."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, action = coached.action(session, user, public_id, Permission.COACHING_WRITE)
    form, sheet = of_action(action), Sheet(coaching, _("Change the action"), _("Save"), _back(coaching))
    return sheets.carry_out(
        sheet,
        form,
        lambda: coaching_actions.change(session, user, action, form.terms, now=now),
        _("The action is changed."),
    )


@bp.route("/<uuid:public_id>/done", methods=["GET", "POST"])
def done(public_id: UUID) -> ResponseReturnValue:
    """Tick the action off, with a remark."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, action = coached.action(session, user, public_id, Permission.COACHING_WRITE)
    form, back, actor = DoneForm(), _back(coaching), f"user:{user.id}"
    if form.validate_on_submit():
        remark = form.remark.data or ""
        coaching_actions.tick(session, action, DoneBy.COACH, remark=remark, actor=actor, now=now)
        return sheets.done(back, _("“%(title)s” is done.", title=action.title))
    return sheets.show(Sheet(coaching, _("This is done"), _("Tick it off"), back, intro=action.title), form)


@bp.post("/<uuid:public_id>/undone")
def undone(public_id: UUID) -> ResponseReturnValue:
    """Take back that the action is done."""
    session, user = get_session(), guards.signed_in()
    coaching, action = coached.action(session, user, public_id, Permission.COACHING_WRITE)
    coaching_actions.untick(session, action, actor=f"user:{user.id}", now=datetime.now(UTC))
    return sheets.done(_back(coaching), _("“%(title)s” is to be done again.", title=action.title))


@bp.post("/<uuid:public_id>/delete")
def delete(public_id: UUID) -> ResponseReturnValue:
    """Take the action out of the plan."""
    session, user = get_session(), guards.signed_in()
    coaching, action = coached.action(session, user, public_id, Permission.COACHING_WRITE)
    coaching_actions.delete(session, user, action, now=datetime.now(UTC))
    return sheets.done(_back(coaching), _("The action is taken out of the plan."))


def _own_pole(goal: CoachingGoal) -> str:
    """Return what stands in addresses for the pole that the goal is about."""
    return f"{goal.code}.{goal.towards}" if goal.subject is GoalSubject.SCALE else ""


def _back(coaching: Coaching) -> str:
    return url_for("coaching.plans.show", public_id=coaching.public_id)
