"""Asking for the reports on many people of a campaign at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Assignment, Campaign
from assess.services import access, report_batches
from assess.services.access import Permission
from assess.services.report_contexts import paper_of
from assess.web import guards
from assess.web.console.report_forms import CHOSEN, EVERYBODY, BatchForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("orders", __name__, url_prefix="/campaigns/<uuid:public_id>")


@bp.get("")
def new(public_id: UUID) -> ResponseReturnValue:
    """Show what can be asked for."""
    campaign = _get(public_id)
    return _page(campaign, _form(campaign))


@bp.post("")
def ask(public_id: UUID) -> ResponseReturnValue:
    """Have the reports made."""
    campaign = _get(public_id)
    form, session, user = _form(campaign), get_session(), guards.signed_in()
    if not form.validate():
        return _page(campaign, form), 422
    try:
        kind, way = form.kind.data, {"language": form.language.data, "paper": form.paper.data}
        now = datetime.now(UTC)
        people = _people(campaign, form, now=now)
        batch = report_batches.request(session, user, people, kind, campaign=campaign, **way, now=now)
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _page(campaign, form), 422
    session.commit()
    flash(_("The reports are being made. You can leave this page; they go on."))
    return redirect(url_for("console.reports.batches.show", public_id=batch.public_id), 303)


def _people(campaign: Campaign, form: BatchForm, *, now: datetime) -> Sequence[Assignment]:
    """Return on whom the reports are to be."""
    session, user = get_session(), guards.signed_in()
    if form.who.data == CHOSEN:
        return form.chosen
    if form.who.data == EVERYBODY:
        return report_batches.all_of(session, user, campaign)
    way = {"language": form.language.data, "paper": form.paper.data}
    return report_batches.all_without(session, user, campaign, form.kind.data, **way, now=now)


def _get(public_id: UUID) -> Campaign:
    return access.get_campaign(get_session(), guards.signed_in(), public_id, Permission.REPORT_MAKE)


def _form(campaign: Campaign) -> BatchForm:
    session, user = get_session(), guards.signed_in()
    people = report_batches.handed_in(session, user, campaign, limit=report_batches.MOST)
    n_people = report_batches.count_handed_in(session, user, campaign)
    return BatchForm(people, n_people=n_people, data={"paper": paper_of(user.organization)})


def _page(campaign: Campaign, form: BatchForm) -> str:
    return render_template(
        "console/reports/new.html", campaign=campaign, form=form, most=report_batches.MOST, is_chosen=CHOSEN
    )
