"""Who has been asked to take what, how far it has come, and asking somebody."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Assignment
from assess.services import access, accommodations, addresses, assignment_lists, handouts, invitations, positions
from assess.services.access import Permission
from assess.services.assignment_lists import Wanted
from assess.services.assignments import State
from assess.services.people_search import LONGEST
from assess.services.result_lists import UNDECIDED
from assess.web import guards, once
from assess.web.console import ordering, overview, words
from assess.web.console.campaign_forms import BY_MAIL, InviteForm
from assess.web.console.content import local_date, registry
from assess.web.console.forms import AccommodationsForm, DeadlineForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.states import state_tag
from reports.charts.qr import qr_code

bp = Blueprint("assignments", __name__, url_prefix="/assignments")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's assignments, a page at a time; those that are looked for."""
    session, user = get_session(), guards.signed_in()
    wanted, query = _looked_for()
    listing = assignment_lists.listing_of(
        session, user, wanted, page=request.args.get("page", 1, type=int), now=datetime.now(UTC)
    )
    return render_template(
        "console/assignments/index.html",
        listing=listing,
        rows=listing.rows,
        query=query,
        campaign=wanted.campaign,
        states=[(state.value, state_tag(state).words) for state in State],
        address=lambda **chosen: url_for(".index", **chosen),
        words=words,
        progress_words=overview.progress_words,
        editions={bank.edition: bank.title for bank in registry().editions},
        has_positions=positions.has_any(session, user),
    )


def _looked_for() -> tuple[Wanted, dict[str, str]]:
    """Return what the address asks for, and the part of it that is understood."""
    said = {name: request.args.get(name, "") for name in ("q", "state", "decision", "campaign")}
    said["q"] = addresses.tidy(said["q"])[:LONGEST]
    state = next((each for each in State if each.value == said["state"]), None)
    campaign_id = request.args.get("campaign", type=UUID)
    campaign = (
        access.get_campaign(get_session(), guards.signed_in(), campaign_id, Permission.CAMPAIGN_READ)
        if campaign_id
        else None
    )
    wanted = Wanted(state, campaign, said["q"], undecided=said["decision"] == UNDECIDED)
    understood = {"state": state, "campaign": campaign, "q": said["q"], "decision": wanted.undecided}
    return wanted, {name: said[name] for name, value in understood.items() if value}


@bp.route("/new", methods=["GET", "POST"])
@once.only
def new() -> ResponseReturnValue:
    """Invite one person."""
    now = datetime.now(UTC)
    form = InviteForm(**ordering.offers(now), like=ordering.known())
    if not form.validate_on_submit():
        return _invite_page(form), 422 if request.method == "POST" else 200
    try:
        assignment = _invite(form, now)
    except Refused as refusal:
        get_session().rollback()
        form.form_errors.append(str(refusal))
        return _invite_page(form), 422
    name = assignment.person.name
    if whose := words.known_as(form.invitee.name, assignment.person):
        flash(whose)
    if form.delivery.data == BY_MAIL:
        said = _("The invitation to %(name)s is on its way.", name=name)
    else:
        said = _("%(name)s is entered. Make a link below and hand it over.", name=name)
    return once.made(url_for(".show", public_id=assignment.public_id), said)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one person's assignment: facts, progress, result, reports, decisions."""
    return overview.page(_get(public_id, Permission.ASSIGNMENT_READ))


@bp.post("/<uuid:public_id>/mails")
def send(public_id: UUID) -> ResponseReturnValue:
    """Mail the invitation, for the first time or again."""
    assignment = _get(public_id, Permission.ASSIGNMENT_WRITE)
    try:
        invitations.send(get_session(), guards.signed_in(), assignment, now=datetime.now(UTC))
    except Refused as refusal:
        return overview.page(assignment, refusal=refusal), 422
    get_session().commit()
    flash(_("The invitation to %(name)s is on its way.", name=assignment.person.name))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/links")
def link(public_id: UUID) -> ResponseReturnValue:
    """Make a link and show it, this once: the database keeps only its hash."""
    assignment = _get(public_id, Permission.ASSIGNMENT_WRITE)
    try:
        token = invitations.copy_link(get_session(), guards.signed_in(), assignment, now=datetime.now(UTC))
    except Refused as refusal:
        return overview.page(assignment, refusal=refusal), 422
    get_session().commit()
    address = f"{current_app.config['SETTINGS'].url}/take/link/{token}"
    drawn = qr_code(address, title=_("The personal link as a QR code"))
    sheet = handouts.invitation(assignment, address)
    return render_template(
        "console/assignments/link.html", assignment=assignment, address=address, qr=drawn, sheet=sheet
    )


@bp.post("/<uuid:public_id>/deadlines")
def extend(public_id: UUID) -> ResponseReturnValue:
    """Give the person more time."""
    assignment, now = _get(public_id, Permission.ASSIGNMENT_WRITE), datetime.now(UTC)
    form = DeadlineForm(today=local_date(now, guards.signed_in()))
    if not form.validate():
        return overview.page(assignment, deadline=form), 422
    try:
        invitations.extend(get_session(), guards.signed_in(), assignment, form.until.data, now=now)
    except Refused as refusal:
        form.until.errors = [str(refusal)]
        return overview.page(assignment, deadline=form), 422
    get_session().commit()
    flash(_("%(name)s has more time now.", name=assignment.person.name))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/accommodations")
def arrange(public_id: UUID) -> ResponseReturnValue:
    """Arrange another way of taking part for the person."""
    assignment, form = _get(public_id, Permission.ASSIGNMENT_WRITE), AccommodationsForm()
    if not form.validate():
        return overview.page(assignment, arranged=form), 422
    user, now = guards.signed_in(), datetime.now(UTC)
    try:
        accommodations.arrange(get_session(), user, assignment, form.wanted, registry(), now=now)
    except Refused as refusal:
        return overview.page(assignment, arranged=form, refusal=refusal), 422
    get_session().commit()
    flash(_("It is arranged as you said. %(name)s reads it on the first page.", name=assignment.person.name))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/withdrawal")
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """Take the invitation back."""
    assignment = _get(public_id, Permission.ASSIGNMENT_WRITE)
    try:
        invitations.withdraw(get_session(), guards.signed_in(), assignment, now=datetime.now(UTC))
    except Refused as refusal:
        return overview.page(assignment, refusal=refusal), 422
    get_session().commit()
    flash(_("The invitation of %(name)s is withdrawn.", name=assignment.person.name))
    return redirect(url_for(".show", public_id=public_id), 303)


def _get(public_id: UUID, to: Permission) -> Assignment:
    return access.get_assignment(get_session(), guards.signed_in(), public_id, to)


def _invite_page(form: InviteForm) -> str:
    return render_template("console/assignments/new.html", form=form)


def _invite(form: InviteForm, now: datetime) -> Assignment:
    """Make a campaign of one and have the invitation mailed if that was asked for."""
    session, user, bank = get_session(), guards.signed_in(), form.chosen[0]
    position = ordering.position_of(form)
    name = f"{position.title if position else bank.title}, {form.until.data.isoformat()}"
    campaign = ordering.create_campaign(form, name=name, now=now)
    assignment = invitations.assign(session, user, campaign, form.invitee, now=now)
    if form.delivery.data == BY_MAIL:
        invitations.send(session, user, assignment, now=now)
    return assignment
