"""Changing what may still change of a campaign, and closing it early."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Campaign
from assess.services import access, campaign_changes, campaigns
from assess.services.access import Permission
from assess.services.campaigns import Phase
from assess.web import guards
from assess.web.console.campaign_change_forms import ChangeForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("campaign_changes", __name__, url_prefix="/campaigns/<uuid:public_id>")


@bp.get("/edit")
def edit(public_id: UUID) -> ResponseReturnValue:
    """Show what may still change."""
    campaign = _get(public_id)
    return _page(campaign, ChangeForm.of(campaign, today=_today(campaign)))


@bp.post("/edit")
def change(public_id: UUID) -> ResponseReturnValue:
    """Change it."""
    campaign, session = _get(public_id), get_session()
    form = ChangeForm(today=_today(campaign))
    if not form.validate():
        return _page(campaign, form), 422
    try:
        _change(campaign, form)
    except Refused as refusal:
        session.rollback()
        form.seen.data = campaign_changes.sign_of(campaign)
        form.form_errors.append(str(refusal))
        return _page(campaign, form), 422
    session.commit()
    flash(_("The campaign is changed."))
    return redirect(url_for("console.campaigns.show", public_id=public_id), 303)


@bp.post("/close")
def close(public_id: UUID) -> ResponseReturnValue:
    """Let nobody begin any more."""
    campaign = _get(public_id)
    campaign_changes.close(get_session(), guards.signed_in(), campaign, now=datetime.now(UTC))
    get_session().commit()
    flash(_("The campaign is closed. Who has begun can still finish."))
    return redirect(url_for("console.campaigns.show", public_id=public_id), 303)


def _change(campaign: Campaign, form: ChangeForm) -> None:
    campaign_changes.change(
        get_session(),
        guards.signed_in(),
        campaign,
        name=form.title.data,
        until=form.until.data,
        reminders=form.reminders,
        reminders_begun=form.reminders_begun,
        feedback=form.feedback.data,
        seen=form.seen.data,
        now=datetime.now(UTC),
    )


def _get(public_id: UUID) -> Campaign:
    return access.get_campaign(get_session(), guards.signed_in(), public_id, Permission.CAMPAIGN_WRITE)


def _today(campaign: Campaign) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(campaign.time_zone)).date()


def _page(campaign: Campaign, form: ChangeForm) -> str:
    is_over = campaigns.phase_of(campaign, now=datetime.now(UTC)) is Phase.OVER
    return render_template("console/campaigns/edit.html", campaign=campaign, form=form, is_over=is_over)
