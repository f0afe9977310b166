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
    """Agree on a goal; first those are offered that results suggest, noting that these were looked at."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, plan = coached.plan(session, user, public_id, Permission.COACHING_WRITE)
    known = coachee_results.readings(session, user, coaching, registry())
    newest = known[0] if known else None
    suggestions = coaching_suggestions.suggestions_of(known, registry())
    chosen = next((each for each in suggestions if key(each.about) == request.args.get("about")), None)
    proposed: dict[str, object] = {"due_on": plan.ends_on}
    if chosen:
        proposed |= {"about": key(chosen.about), "title": chosen.title}
    form = GoalForm(coaching_suggestions.bank_of(registry(), newest.row if newest else None), data=proposed)
    sheet = Sheet(coaching, _("Agree on a goal"), _("Add the goal"), _back(coaching), "coaching/goal_new.html")
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: coaching_goals.agree(session, user, plan, form.tied_to, form.terms, now=now)
    ):
        return once.made(sheet.back, _("The goal is added."))
    page = sheets.show(sheet, form, suggestions=suggestions, newest=newest, key=key, plan_id=public_id)
    shown = [*known[:1], *(each.reading for each in suggestions)]
    readings.note_all(list(dict.fromkeys(each.row.attempt.assignment for each in shown)))
    return page


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
def edit(public_id: UUID) -> ResponseReturnValue:
    """Change a goal's words or its day."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    form, sheet = of_goal(goal), Sheet(coaching, _("Change the goal"), _("Save"), _back(coaching))
    return sheets.carry_out(
        sheet, form, lambda: coaching_goals.change(session, user, goal, form.terms, now=now), _("The goal is changed.")
    )


@bp.route("/<uuid:public_id>/state", methods=["GET", "POST"])
def state(public_id: UUID) -> ResponseReturnValue:
    """Say how the goal stands, and what has shown it."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    form = StateForm(data={"state": goal.state, "evidence": goal.evidence})
    sheet = Sheet(coaching, _("How does this goal stand?"), _("Save"), _back(coaching), intro=goal.title)
    return sheets.carry_out(
        sheet,
        form,
        lambda: coaching_goals.decide(session, user, goal, form.state.data, evidence=form.evidence.data, now=now),
        _("It is noted how the goal stands."),
    )


@bp.post("/<uuid:public_id>/delete")
def delete(public_id: UUID) -> ResponseReturnValue:
    """Take the goal out of the plan, as long as nothing has been done for it."""
    session, user = get_session(), guards.signed_in()
    coaching, goal = coached.goal(session, user, public_id, Permission.COACHING_WRITE)
    coaching_goals.delete(session, user, goal, now=datetime.now(UTC))
    return sheets.done(_back(coaching), _("The goal is taken out of the plan."))


def _back(coaching: Coaching) -> str:
    return url_for("coaching.plans.show", public_id=coaching.public_id)
