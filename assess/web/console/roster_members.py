"""Who is on a bench or in a team: found and added, noted with their present roles, taken off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Person, Roster
from assess.services import access, person_lists, positions, roster_lists, rosters
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import words
from assess.web.console.roster_forms import AdditionsForm, CandidatesForm, MembersForm, NumbersForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext

bp = Blueprint("members", __name__, url_prefix="/<uuid:public_id>/members")

TAKE_OFF = "remove"


@bp.get("")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show who is on it, to note roles or take people off."""
    roster = _get(public_id)
    return _members_page(roster, _members_form(roster))


@bp.post("")
def change(public_id: UUID) -> ResponseReturnValue:
    """Note the present role of who is ticked, or take them off."""
    roster, session, user, now = _get(public_id), get_session(), guards.signed_in(), datetime.now(UTC)
    form = _members_form(roster)
    if not form.validate():
        return _members_page(roster, form), 422
    people, role = form.chosen, form.chosen_role
    for person in people:
        if request.form.get("do") == TAKE_OFF:
            rosters.remove(session, user, roster, person, now=now)
        else:
            rosters.set_present_role(session, user, roster, person, role, now=now)
    session.commit()
    if request.form.get("do") == TAKE_OFF:
        flash(ngettext("%(num)s person is taken off.", "%(num)s people are taken off.", len(people)))
    else:
        flash(ngettext("The role of %(num)s person is noted.", "The role of %(num)s people is noted.", len(people)))
    return redirect(url_for(".index", public_id=public_id), 303)


@bp.route("/add", methods=["GET", "POST"])
def add(public_id: UUID) -> ResponseReturnValue:
    """Find people and add those who are ticked."""
    roster, session, user = _get(public_id), get_session(), guards.signed_in()
    if request.method == "GET":
        return _add_page(roster)
    form = AdditionsForm()
    if not form.validate():
        return _add_page(roster, ticked=form), 422
    people = [access.get_person(session, user, each, Permission.PERSON_READ) for each in form.ids]
    return _added(roster, people, ticked=form)


@bp.post("/by-number")
def add_by_number(public_id: UUID) -> ResponseReturnValue:
    """Add the people whose employee numbers were listed; nobody, unless all are known."""
    roster, session, user, form = _get(public_id), get_session(), guards.signed_in(), NumbersForm()
    if not form.validate():
        return _add_page(roster, numbers=form), 422
    people, unknown = person_lists.with_numbers(session, user, form.listed)
    if unknown:
        form.numbers.errors = [_("Nobody here has the number %(numbers)s.", numbers=", ".join(unknown[:20]))]
        return _add_page(roster, numbers=form), 422
    return _added(roster, people, numbers=form)


def _get(public_id: UUID) -> Roster:
    return access.get_roster(get_session(), guards.signed_in(), public_id, Permission.ROSTER_WRITE)


def _added(
    roster: Roster,
    people: Sequence[Person],
    *,
    ticked: AdditionsForm | None = None,
    numbers: NumbersForm | None = None,
) -> ResponseReturnValue:
    """Add `people`; where that is refused, the form that was sent stands on the page with the reason."""
    session = get_session()
    try:
        n = rosters.add(session, guards.signed_in(), roster, people, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        return _add_page(roster, ticked=ticked, numbers=numbers, refusal=refusal), 422
    session.commit()
    if n:
        flash(ngettext("%(num)s person is added.", "%(num)s people are added.", n))
    else:
        flash(_("Everybody of them was there already."))
    return redirect(url_for("console.rosters.show", public_id=roster.public_id), 303)


def _members_form(roster: Roster) -> MembersForm:
    session, user = get_session(), guards.signed_in()
    return MembersForm(roster_lists.members_of(session, user, roster), positions.positions_of(session, user))


def _members_page(roster: Roster, form: MembersForm) -> str:
    return render_template("console/rosters/members.html", roster=roster, form=form, take_off=TAKE_OFF, words=words)


def _add_page(
    roster: Roster,
    *,
    ticked: AdditionsForm | None = None,
    numbers: NumbersForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """Return the page; a form that was sent and refused stands on it as it was sent."""
    session, user = get_session(), guards.signed_in()
    search = CandidatesForm(roster_lists.campaigns_with_shortlists(session, user))
    sought, only, campaign = search.sought, search.narrowed, search.chosen
    offer = roster_lists.offered(session, user, roster, sought=sought, only=only, campaign=campaign)
    return render_template(
        "console/rosters/add.html",
        roster=roster,
        search=search,
        offer=offer,
        is_asked=bool(sought or only or campaign),
        additions=_with_choices(ticked, offer.people),
        numbers=numbers or NumbersForm(formdata=None),
        refusal=refusal,
        words=words,
    )


def _with_choices(sent: AdditionsForm | None, people: Sequence[Person]) -> AdditionsForm:
    """Return the form with the people found to tick, and with the ticks and problems of the one that was sent."""
    form = AdditionsForm(people, formdata=None)
    if sent is not None:
        form.people.data, form.people.errors = sent.people.data, sent.people.errors
    return form
