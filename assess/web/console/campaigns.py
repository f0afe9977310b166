"""Campaigns: what many are asked alike, who they are, and how far they have come."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import Assignment, Campaign
from assess.services import access, campaign_people, campaigns, invitations, minutes
from assess.services.access import Permission
from assess.services.assignments import State
from assess.services.campaigns import Phase
from assess.web import guards, once
from assess.web.console import campaign_words, comparisons, ordering, overview, words
from assess.web.console.campaign_forms import BY_MAIL, CampaignForm, PersonForm
from assess.web.console.content import mail_reaches_people, registry
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")

REMINDABLE = (State.INVITED, State.OPENED, State.IN_PROGRESS)


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's campaigns, a page at a time."""
    now, page = datetime.now(UTC), request.args.get("page", 1, type=int)
    return render_template(
        "console/campaigns/index.html",
        listing=campaigns.campaigns_of(get_session(), guards.signed_in(), page=page, now=now),
        address=partial(url_for, ".index"),
        phase_tag=lambda campaign: words.phase_tag(campaigns.phase_of(campaign, now=now)),
        words=words,
    )


@bp.route("/new", methods=["GET", "POST"])
@once.only
def new() -> ResponseReturnValue:
    """Make a campaign, perhaps like another one."""
    now, like = datetime.now(UTC), request.args.get("like", type=UUID)
    copied = ordering.like(_get(like, Permission.CAMPAIGN_READ)) if like else None
    form = CampaignForm(**ordering.offers(now), like=copied)
    if not form.validate_on_submit():
        return _new_page(form), 422 if request.method == "POST" else 200
    name, opens, time_zone = form.title.data, form.opens.data, form.zone.data
    try:
        campaign = ordering.create_campaign(form, name=name, opens=opens, time_zone=time_zone, now=now)
    except Refused as refusal:
        get_session().rollback()
        form.form_errors.append(str(refusal))
        return _new_page(form), 422
    said = _("The campaign %(name)s is made. Now invite the first person.", name=campaign.name)
    return once.made(url_for(".show", public_id=campaign.public_id), said)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what the campaign asks, of whom, and how far they have come."""
    return _page(_get(public_id, Permission.CAMPAIGN_READ), PersonForm(formdata=None))


@bp.get("/<uuid:public_id>/progress")
def progress(public_id: UUID) -> ResponseReturnValue:
    """Return how far people have come as JSON, for the page that shows it to look again by itself."""
    campaign, now = _get(public_id, Permission.CAMPAIGN_READ), datetime.now(UTC)
    found = campaign_people.progress_of(get_session(), guards.signed_in(), campaign, now=now)
    states = render_template("console/campaigns/states.html", campaign=campaign, progress=found, words=words)
    return jsonify(said=campaign_words.progress(found), n=found.n_handed_in, all=found.n_asked, states=states)


@bp.post("/<uuid:public_id>/people")
@once.only
def invite(public_id: UUID) -> ResponseReturnValue:
    """Invite one more person."""
    campaign, form = _get(public_id, Permission.ASSIGNMENT_WRITE), PersonForm()
    if not form.validate():
        return _page(campaign, form), 422
    try:
        assignment = _invite(campaign, form)
    except Refused as refusal:
        get_session().rollback()
        form.form_errors.append(str(refusal))
        return _page(campaign, form), 422
    name = assignment.person.name
    if whose := words.known_as(form.invitee.name, assignment.person):
        flash(whose)
    if form.delivery.data == BY_MAIL:
        said = _("The invitation to %(name)s is on its way.", name=name)
        return once.made(url_for(".show", public_id=public_id), said)
    said = _("%(name)s is entered. Make a link below and hand it over.", name=name)
    return once.made(url_for("console.assignments.show", public_id=assignment.public_id), said)


def _invite(campaign: Campaign, form: PersonForm) -> Assignment:
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    assignment = invitations.assign(session, user, campaign, form.invitee, now=now)
    if form.delivery.data == BY_MAIL:
        invitations.send(session, user, assignment, now=now)
    return assignment


def _get(public_id: UUID, to: Permission) -> Campaign:
    return access.get_campaign(get_session(), guards.signed_in(), public_id, to)


def _new_page(form: CampaignForm) -> str:
    return render_template("console/campaigns/new.html", form=form)


def _page(campaign: Campaign, form: PersonForm) -> str:
    """Return the campaign's page; a form that was sent and refused stands on it as it was sent."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    bank, parts = registry().newest(campaign.edition), [Part(part) for part in campaign.parts]
    phase = campaigns.phase_of(campaign, now=now)
    progress = campaign_people.progress_of(session, user, campaign, now=now)
    return render_template(
        "console/campaigns/show.html",
        campaign=campaign,
        bank=bank,
        parts=parts,
        minutes=minutes.needed(session, bank, campaign.form, parts, now=now).minutes,
        phase=phase,
        is_over=phase is Phase.OVER,
        progress=progress,
        said=campaign_words.progress(progress),
        n_scored=progress.among(overview.SCORED),
        may_compare=comparisons.may_compare(campaign, progress.among(overview.SCORED)),
        remindable=[(state, progress.counts[state]) for state in REMINDABLE if progress.counts.get(state)],
        gone=campaign_people.GONE,
        mail_reaches_people=mail_reaches_people(),
        form=form,
        words=words,
    )
