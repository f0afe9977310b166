"""Goals of a coachee's plan."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from assess.models import Coaching
from assess.services import coached, coachee_results, coaching_goals, coaching_suggestions
from assess.services.access import Permission
from assess.web import guards, once, readings
from assess.web.coaching import sheets
from assess.web.coaching.own import registry
from assess.web.coaching.plan_forms import GoalForm, StateForm, key, of_goal
from assess.web.coaching.sheets import Sheet
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("goals", __name__, url_prefix="/goals")
of_plans = Blueprint("of_plans", __name__, url_prefix="/plans")


@of_plans.route("/<uuid:public_id>/goals/new", methods=["GET", "POST"])
@once.only
def new(public_id: UUID) -> ResponseReturnValue:
    """Agree on a goal; first those are offered that the newest result suggests."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, plan = coached.plan(session, user, public_id, Permission.COACHING_WRITE)
    known = coachee_results.readings(session, user, coaching, registry())
    suggestions = coaching_suggestions.suggestions_of(known[0], registry()) if known else ()
    chosen = next((each for each in suggestions if key(each.about) == request.args.get("about")), None)
    proposed: dict[str, object] = {"due_on": plan.ends_on}
    if chosen:
        proposed |= {"about": key(chosen.about), "title": chosen.title}
    form = GoalForm(coaching_suggestions.bank_of(registry(), known[0].row if known else None), data=proposed)
    sheet = Sheet(coaching, _("Agree on a goal"), _("Add the goal"), _back(coaching), "coaching/goal_new.html")
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: coaching_goals.agree(session, user, plan, form.tied_to, form.terms, now=now)
    ):
        return once.made(sheet.back, _("The goal is added."))
    page = sheets.show(sheet, form, suggestions=suggestions, key=key, plan_id=public_id)
    if known:
        readings.note_all([known[0].row.attempt.assignment])
    return page


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
def edit(public_id: UUID) -> ResponseReturnValue:
    """Change a goal's words or its day."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    form, back = of_goal(goal), _back(coaching)
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: coaching_goals.change(session, user, goal, form.terms, now=now)
    ):
        return sheets.done(back, _("The goal is changed."))
    return sheets.show(Sheet(coaching, _("Change the goal"), _("Save"), back), form)


@bp.route("/<uuid:public_id>/state", methods=["GET", "POST"])
def state(public_id: UUID) -> ResponseReturnValue:
    """Say how the goal stands, and what has shown it."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    form, back = StateForm(data={"state": goal.state, "evidence": goal.evidence}), _back(coaching)
    if form.validate_on_submit() and sheets.attempt(
        form,
        lambda: coaching_goals.decide(session, user, goal, form.state.data, evidence=form.evidence.data, now=now),
    ):
        return sheets.done(back, _("It is noted how the goal stands."))
    sheet = Sheet(coaching, _("How does this goal stand?"), _("Save"), back, intro=goal.title)
    return sheets.show(sheet, form)


@bp.post("/<uuid:public_id>/delete")
def delete(public_id: UUID) -> ResponseReturnValue:
    """Take the goal out of the plan, as long as nothing has been done for it."""
    session, user = get_session(), guards.signed_in()
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    coaching_goals.delete(session, user, goal, now=datetime.now(UTC))
    return sheets.done(_back(coaching), _("The goal is taken out of the plan."))


def _back(coaching: Coaching) -> str:
    return url_for("coaching.plans.show", public_id=coaching.public_id)
