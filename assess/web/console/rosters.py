"""Benches for target roles, and teams: the list, making and changing one, and its page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Position, ReportFile, Roster, RosterKind
from assess.services import access, positions, roster_lists, roster_reports, rosters
from assess.services.access import Permission
from assess.web import guards, once
from assess.web.console import bench_page, roster_members, team_page, words
from assess.web.console.content import registry
from assess.web.console.roster_forms import RosterForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.report_ways import way_of

DELETE = "delete"

bp = Blueprint("rosters", __name__, url_prefix="/rosters")
bp.register_blueprint(roster_members.bp)


@bp.get("")
def index() -> ResponseReturnValue:
    """List benches and teams, a page at a time."""
    session, user, page = get_session(), guards.signed_in(), request.args.get("page", 1, type=int)
    kind = next((each for each in RosterKind if each.value == request.args.get("kind")), None)
    return render_template(
        "console/rosters/index.html",
        listing=roster_lists.rosters_of(session, user, kind=kind, page=page),
        kind=kind,
        kinds=RosterKind,
        address=lambda **chosen: url_for(".index", **chosen),
        has_positions=bool(positions.positions_of(session, user)),
        words=words,
    )


@bp.route("/new-bench", methods=["GET", "POST"])
@once.only
def new_bench() -> ResponseReturnValue:
    """Make a bench."""
    return _new(RosterKind.BENCH)


@bp.route("/new-team", methods=["GET", "POST"])
@once.only
def new_team() -> ResponseReturnValue:
    """Make a team."""
    return _new(RosterKind.TEAM)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show who is on it and what is known of them."""
    return _page(_get(public_id, Permission.ROSTER_READ))


@bp.route("/<uuid:public_id>/facts", methods=["GET", "POST"])
def facts(public_id: UUID) -> ResponseReturnValue:
    """Change what it is called, which role it is for, and whether reports name the others."""
    roster, session, user = _get(public_id, Permission.ROSTER_WRITE), get_session(), guards.signed_in()
    form = _form(roster.kind, roster)
    if not form.validate_on_submit():
        return _form_page(form, roster.kind, roster), 422 if request.method == "POST" else 200
    now, way = datetime.now(UTC), {"position": form.chosen, "names_others": form.names_others.data}
    try:
        rosters.revise(session, user, roster, form.title.data, **way, now=now)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return _form_page(form, roster.kind, roster), 422
    session.commit()
    flash(_("%(title)s is changed.", title=roster.title))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/deletion")
def delete(public_id: UUID) -> ResponseReturnValue:
    """Delete it, if that is what was pressed; people and their results stay."""
    roster, session = _get(public_id, Permission.ROSTER_WRITE), get_session()
    title = roster.title
    if request.form.get("do") != DELETE:
        return _page(roster, Refused(_("Please press the button that deletes."))), 422
    try:
        rosters.remove_all(session, guards.signed_in(), roster, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        return _page(roster, refusal), 422
    session.commit()
    flash(_("%(title)s is deleted. The people and their results are as they were.", title=title))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:public_id>/reports")
def make_report(public_id: UUID) -> ResponseReturnValue:
    """Ask for the report on a team, or on one person of a bench; one that says the same is shown instead."""
    roster, session = _get(public_id, Permission.REPORT_MAKE), get_session()
    try:
        report = _report(roster)
    except Refused as refusal:
        session.rollback()
        return _page(roster, refusal), 422
    session.commit()
    return redirect(url_for("console.reports.show", public_id=report.public_id), 303)


def _report(roster: Roster) -> ReportFile:
    session, user, sent, now = get_session(), guards.signed_in(), request.form, datetime.now(UTC)
    way = way_of(sent)
    if roster.kind is RosterKind.TEAM:
        return roster_reports.request_team(session, user, roster, registry(), **way, now=now)
    chosen = sent.get("person", type=UUID)
    if chosen is None:
        raise Refused(_("Please choose whom the report is on."))
    person = access.get_person(session, user, chosen, Permission.PERSON_READ)
    return roster_reports.request_promotion(session, user, roster, person, registry(), **way, now=now)


def _new(kind: RosterKind) -> ResponseReturnValue:
    form, session, now = _form(kind), get_session(), datetime.now(UTC)
    if not form.validate_on_submit():
        return _form_page(form, kind), 422 if request.method == "POST" else 200
    way = {"position": form.chosen, "names_others": form.names_others.data}
    try:
        roster = rosters.create(session, guards.signed_in(), kind, form.title.data, **way, now=now)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return _form_page(form, kind), 422
    said = _("%(title)s is made. Now say who is on it.", title=roster.title)
    return once.made(url_for(".members.add", public_id=roster.public_id), said)


def _page(roster: Roster, refusal: Refused | None = None) -> str:
    page = team_page.page if roster.kind is RosterKind.TEAM else bench_page.page
    return page(roster, refusal=refusal)


def _get(public_id: UUID, to: Permission) -> Roster:
    return access.get_roster(get_session(), guards.signed_in(), public_id, to)


def _form(kind: RosterKind, roster: Roster | None = None) -> RosterForm:
    offered = list(positions.positions_of(get_session(), guards.signed_in()))
    if roster is None:
        return RosterForm(kind, offered)
    if roster.position is not None and roster.position not in offered:  # it is offered no more, but still meant
        offered.append(roster.position)
    return RosterForm(kind, offered, data=_values(roster, roster.position))


def _values(roster: Roster, position: Position | None) -> dict[str, object]:
    value = str(position.public_id) if position else ""
    return {"title": roster.title, "position": value, "names_others": roster.names_others}


def _form_page(form: RosterForm, kind: RosterKind, roster: Roster | None = None) -> str:
    return render_template(
        "console/rosters/facts_form.html", form=form, is_bench=kind is RosterKind.BENCH, roster=roster
    )
