"""The plan of a coachee: the open one, and those before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.models import Coaching, CoachingPlan
from assess.services import coached, coachee_results, coaching_plans
from assess.services.access import Permission
from assess.services.coaching_goals import About
from assess.services.coaching_suggestions import bank_of, name
from assess.services.results import Reading
from assess.web import guards, once
from assess.web.coaching import actions, goals, sheets
from assess.web.coaching.own import coaching_of, registry
from assess.web.coaching.plan_forms import PlanForm, of_plan
from assess.web.coaching.sheets import Sheet
from assess.web.db import get_session
from assess.web.i18n import gettext as _

USUAL = timedelta(days=91)  # that a new plan is proposed to last

bp = Blueprint("plans", __name__)
one = Blueprint("one", __name__, url_prefix="/plans")


@bp.get("/<uuid:public_id>/plan")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show the plan that is open, and name those before."""
    coaching = coaching_of(public_id)
    plans = coaching_plans.plans_of(get_session(), guards.signed_in(), coaching)
    plan = coaching_plans.open_of(plans)
    return _page(coaching, plan, [each for each in plans if each is not plan])


@bp.route("/<uuid:public_id>/plan/new", methods=["GET", "POST"])
@once.only
def new(public_id: UUID) -> ResponseReturnValue:
    """Begin a plan; the newest assessment is proposed to rest it on."""
    coaching = coaching_of(public_id, Permission.COACHING_WRITE)
    session, user, now, readings = get_session(), guards.signed_in(), datetime.now(UTC), _readings(coaching)
    today = today_of(coaching)
    proposed = {"begins_on": today, "ends_on": today + USUAL}
    form = PlanForm(readings, coaching.person.organization.time_zone, data=proposed)
    sheet = Sheet(coaching, _("Begin a plan"), _("Begin"), url_for("coaching.plans.show", public_id=public_id))
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: coaching_plans.begin(session, user, coaching, form.terms, readings, now=now)
    ):
        return once.made(sheet.back, _("The plan is begun. Now agree on goals."))
    return sheets.show(sheet, form)


@one.get("/<uuid:public_id>")
def show_one(public_id: UUID) -> ResponseReturnValue:
    """Show a plan of former times; the open one is at the person's address."""
    coaching, plan = _find(public_id, Permission.COACHING_READ)
    if plan.closed_at is None:
        return redirect(url_for("coaching.plans.show", public_id=coaching.public_id), 303)
    plans = coaching_plans.plans_of(get_session(), guards.signed_in(), coaching)
    return _page(coaching, plan, (), may_reopen=coaching_plans.open_of(plans) is None)


@one.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
def edit(public_id: UUID) -> ResponseReturnValue:
    """Change the name, the days, and what the plan rests on."""
    coaching, plan = _find(public_id, Permission.COACHING_WRITE)
    session, user, now, readings = get_session(), guards.signed_in(), datetime.now(UTC), _readings(coaching)
    form = of_plan(plan, readings, coaching.person.organization.time_zone)
    back = url_for("coaching.plans.show", public_id=coaching.public_id)
    return sheets.carry_out(
        Sheet(coaching, _("Change the plan"), _("Save"), back),
        form,
        lambda: coaching_plans.change(session, user, plan, form.terms, readings, now=now),
        _("The plan is changed."),
    )


@one.route("/<uuid:public_id>/close", methods=["GET", "POST"])
def close(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then make the plan history."""
    coaching, plan = _find(public_id, Permission.COACHING_WRITE)
    back = url_for("coaching.plans.show", public_id=coaching.public_id)
    if request.method == "GET":
        progress = coaching_plans.progress_of(plan)
        return render_template("coaching/plan_close.html", coaching=coaching, plan=plan, progress=progress, back=back)
    coaching_plans.close(get_session(), guards.signed_in(), plan, now=datetime.now(UTC))
    return sheets.done(back, _("The plan is closed. It stands among the earlier plans."))


@one.post("/<uuid:public_id>/reopen")
def reopen(public_id: UUID) -> ResponseReturnValue:
    """Go on with a plan that was closed by mistake, or too early."""
    coaching, plan = _find(public_id, Permission.COACHING_WRITE)
    coaching_plans.reopen(get_session(), guards.signed_in(), coaching, plan, now=datetime.now(UTC))
    return sheets.done(url_for("coaching.plans.show", public_id=coaching.public_id), _("The plan is open again."))


@one.post("/<uuid:public_id>/delete")
def delete(public_id: UUID) -> ResponseReturnValue:
    """Throw away a plan without goals."""
    coaching, plan = _find(public_id, Permission.COACHING_WRITE)
    coaching_plans.delete(get_session(), guards.signed_in(), plan, now=datetime.now(UTC))
    return sheets.done(url_for("coaching.plans.show", public_id=coaching.public_id), _("The plan is thrown away."))


def today_of(coaching: Coaching) -> date:
    """Return the day that it is where the person is."""
    return datetime.now(ZoneInfo(coaching.person.organization.time_zone)).date()


def _find(public_id: UUID, to: Permission) -> tuple[Coaching, CoachingPlan]:
    return coached.plan(get_session(), guards.signed_in(), public_id, to)


def _readings(coaching: Coaching) -> Sequence[Reading]:
    return coachee_results.readings(get_session(), guards.signed_in(), coaching, registry())


def _page(
    coaching: Coaching, plan: CoachingPlan | None, earlier: Sequence[CoachingPlan], *, may_reopen: bool = False
) -> ResponseReturnValue:
    bank = bank_of(registry(), plan.result if plan else None)
    return render_template(
        "coaching/plan.html",
        coaching=coaching,
        plan=plan,
        earlier=earlier,
        may_reopen=may_reopen,
        progress_of=coaching_plans.progress_of,
        tied_to=lambda goal: name(About(goal.subject, goal.code, goal.towards), bank),
        today=today_of(coaching),
    )


for part in (one, goals.bp, goals.of_plans, actions.bp, actions.of_goals):
    bp.register_blueprint(part)
