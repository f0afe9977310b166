"""From what HR chose to a campaign, whether for one person or for many."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import request

from assess.models import Campaign, Position
from assess.services import access, campaigns, minutes, positions
from assess.services.access import Permission
from assess.web import guards
from assess.web.console.campaign_forms import NO_POSITION, CampaignForm, InviteForm, OrderForm
from assess.web.console.content import local_date, registry
from assess.web.db import get_session


def offers(now: datetime) -> dict[str, Any]:
    """Return what an `OrderForm` offers to who is signed in."""
    user = guards.signed_in()
    return {
        "positions": positions.positions_of(get_session(), user),
        "banks": registry().editions,
        "edition": campaigns.usual_edition(get_session(), user),
        "minutes": minutes.assumed,
        "today": local_date(now, user),
        "time_zone": user.organization.time_zone,
    }


def known() -> dict[str, object]:
    """Return what the address says already: whom to invite, for which position and purpose; the form may change it."""
    found: dict[str, object] = {}
    with suppress(ValueError):
        person = access.get_person(
            get_session(), guards.signed_in(), UUID(request.args.get("person", "")), Permission.PERSON_READ
        )
        if person.erased_at is None:
            found |= {"name": person.name, "email": person.email or ""}
    return found | {name: request.args[name] for name in ("position", "purpose") if name in request.args}


def position_of(form: OrderForm) -> Position | None:
    """Return the position that was chosen."""
    chosen = form.position.data
    if chosen == NO_POSITION:
        return None
    return access.get_position(get_session(), guards.signed_in(), UUID(chosen), Permission.POSITION_READ)


def like(campaign: Campaign) -> dict[str, Any]:
    """Return the fields of a `CampaignForm` that asks for what `campaign` asks, with new days."""
    places = {str(part): str(place) for place, part in enumerate(campaign.parts, start=1)}
    return {
        "title": f"{campaign.name} (2)",
        "position": str(campaign.position.public_id) if campaign.position else NO_POSITION,
        "purpose": campaign.purpose,
        "questionnaire": f"{campaign.edition}/{campaign.form}",
        **places,
        "zone": campaign.time_zone,
        "remind": campaign.reminders,
        "remind_begun": campaign.reminders_begun,
        "feedback": campaign.feedback,
    }


def create_campaign(
    form: InviteForm | CampaignForm,
    *,
    name: str,
    opens: date | None = None,
    time_zone: str | None = None,
    now: datetime,
) -> Campaign:
    """Make the campaign that was asked for."""
    bank, chosen = form.chosen
    return campaigns.create_campaign(
        get_session(),
        guards.signed_in(),
        name=name,
        bank=bank,
        form=chosen.code,
        parts=form.parts,
        position=position_of(form),
        purpose=form.purpose.data,
        feedback=form.feedback.data,
        opens=opens,
        until=form.until.data,
        time_zone=time_zone,
        reminders=form.reminders,
        reminders_begun=form.reminders_begun,
        now=now,
    )
