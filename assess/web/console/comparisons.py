"""Asking for the report that compares some of a campaign's people."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Campaign, Purpose
from assess.services import access, comparisons
from assess.services.access import Permission
from assess.services.report_contexts import paper_of
from assess.web import guards
from assess.web.console.comparison_forms import ComparisonForm
from assess.web.console.content import registry
from assess.web.db import get_session

bp = Blueprint("comparisons", __name__, url_prefix="/campaigns/<uuid:public_id>/comparisons")


def may_compare(campaign: Campaign, n_scored: int) -> bool:
    """Whether the campaign's people can be compared: for one position, and at least two of them scored."""
    return campaign.position is not None and campaign.purpose != Purpose.COACHING and n_scored >= comparisons.FEWEST


@bp.get("/new")
def new(public_id: UUID) -> ResponseReturnValue:
    """Show who can be compared."""
    campaign = _get(public_id)
    return _page(campaign, _form(campaign))


@bp.post("")
def ask(public_id: UUID) -> ResponseReturnValue:
    """Have the report made; the one that exists already is shown if it would say the same."""
    campaign, session, user = _get(public_id), get_session(), guards.signed_in()
    form = _form(campaign)
    if not form.validate():
        return _page(campaign, form), 422
    try:
        way = {"language": form.language.data, "paper": form.paper.data}
        report = comparisons.request(session, user, form.chosen, registry(), **way, now=datetime.now(UTC))
    except Refused as refusal:
        form.people.errors = [str(refusal)]
        return _page(campaign, form), 422
    session.commit()
    return redirect(url_for("console.reports.show", public_id=report.public_id), 303)


def _get(public_id: UUID) -> Campaign:
    return access.get_campaign(get_session(), guards.signed_in(), public_id, Permission.REPORT_MAKE)


def _form(campaign: Campaign) -> ComparisonForm:
    user = guards.signed_in()
    people = comparisons.candidates_of(get_session(), user, campaign)
    return ComparisonForm(people, data={"paper": paper_of(user.organization)})


def _page(campaign: Campaign, form: ComparisonForm) -> str:
    return render_template("console/comparisons/new.html", campaign=campaign, form=form, most=comparisons.MOST)
