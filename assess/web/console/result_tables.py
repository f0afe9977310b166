"""Results in a table: those of a campaign's people, or all for a position."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from assess.banks.model import Scale
from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import Campaign, Outcome, Position, SavedView
from assess.services import access, comparisons, result_lists, saved_views, shortlists
from assess.services.access import Permission
from assess.services.result_lists import Sort
from assess.web import guards, readings, security
from assess.web.console import result_words, table_state, words
from assess.web.console.content import registry
from assess.web.console.table_state import TableState
from assess.web.db import get_session
from assess.web.i18n import gettext as _

PAGE = "results"  # under which views of these tables are kept: one suits every campaign and position

of_campaign = Blueprint("campaign_results", __name__, url_prefix="/campaigns/<uuid:public_id>/results")
of_position = Blueprint("position_results", __name__, url_prefix="/positions/<uuid:public_id>/results")
of_person = Blueprint("shortlist", __name__, url_prefix="/assignments/<uuid:public_id>/shortlist")
views = Blueprint("views", __name__, url_prefix="/results/views")


@of_campaign.get("")
def campaign(public_id: UUID) -> ResponseReturnValue:
    """Show the results of a campaign's people."""
    return _table(access.get_campaign(get_session(), guards.signed_in(), public_id, Permission.RESULT_READ))


@of_position.get("")
def position(public_id: UUID) -> ResponseReturnValue:
    """Show all results for a position."""
    return _table(access.get_position(get_session(), guards.signed_in(), public_id, Permission.RESULT_READ))


@of_person.post("")
def star(public_id: UUID) -> ResponseReturnValue:
    """Put somebody on the shortlist, or take them off it."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    assignment = access.get_assignment(session, user, public_id, Permission.DECISION_WRITE)
    change = shortlists.add if request.form.get("on") == table_state.YES else shortlists.remove
    change(session, user, assignment, now=now)
    session.commit()
    back = security.local_path(request.form.get("back", ""))
    return redirect(f"{back or _home(assignment.campaign)}#of-{public_id}", 303)


@views.post("")
def save() -> ResponseReturnValue:
    """Keep a way of looking at the table under a name."""
    session, name, back = get_session(), request.form.get("name", ""), request.form.get("back", "")
    place, _mark, query = (security.local_path(back) or "").partition("?")
    kept = table_state.kept(_args(query), _codes())
    try:
        view = saved_views.save(session, guards.signed_in(), PAGE, name, kept, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        page = render_template("console/results/view.html", refusal=refusal, name=name, back=back)
        return page, 422
    session.commit()
    flash(_("The view %(name)s is kept. It suits the results of every campaign and position.", name=view.name))
    return redirect(f"{place}?{query}" if place else url_for("console.campaigns.index"), 303)


@views.post("/<uuid:public_id>/deletion")
def delete(public_id: UUID) -> ResponseReturnValue:
    """Forget a view."""
    view = saved_views.delete(get_session(), guards.signed_in(), public_id)
    get_session().commit()
    flash(_("The view %(name)s is deleted.", name=view.name))
    return redirect(security.local_path(request.form.get("back", "")) or url_for("console.campaigns.index"), 303)


def _table(place: Campaign | Position) -> str:
    """Return the page, noting for everybody on it that their result was looked at."""
    session, user = get_session(), guards.signed_in()
    state, number = TableState.read(request.args, _codes()), request.args.get("page", 1, type=int)
    zone = user.organization.time_zone
    listing = result_lists.results_of(session, user, place, state.wanted(zone), page=number)
    shown = render_template(
        "console/results/index.html",
        place=place,
        is_campaign=isinstance(place, Campaign),
        name=place.name if isinstance(place, Campaign) else place.title,
        listing=listing,
        state=state,
        shown=_shown(place, state),
        lines=list(map(result_words.line, listing.rows)),
        ground=result_words.ground(listing.rows),
        order=result_words.order_words(listing.rows, state.sort, _scales()),
        scales={scale.code: scale for scale in _scales()},
        address=lambda **query: url_for(request.endpoint or "", public_id=place.public_id, **query),
        views=[(view, _address(place, view)) for view in saved_views.views_of(session, user, PAGE)],
        most=comparisons.BESIDE,
        zone=zone,
        words=words,
        codes=table_state,
        **_choices(),
    )
    readings.note_all([row.assignment for row in listing.rows])
    return shown


def _shown(place: Campaign | Position, state: TableState) -> tuple[str, ...]:
    """Return the columns to show: without a choice, none for what the campaign does not ask."""
    asks = not isinstance(place, Campaign) or Part.PERSPECTIVE in place.parts
    return tuple(each for each in state.shown if state.columns or asks or each != table_state.ALIGNMENT)


def _choices() -> dict[str, object]:
    """Return what the form offers, and what the columns are called."""
    names = {
        table_state.HANDED_IN: _("Handed in"),
        table_state.MATCH: _("Match"),
        **{scale.code: scale.name for scale in _scales()},
        table_state.ALIGNMENT: _("Alignment"),
        table_state.CARE: _("Reasons for care"),
        table_state.DECISION: _("Decision"),
    }
    sorts = {table_state.HANDED_IN: Sort.DATE, table_state.MATCH: Sort.MATCH, table_state.ALIGNMENT: Sort.ALIGNMENT}
    return {
        "all_columns": table_state.columns(_codes()),
        "column_words": names.get,
        "sorts": {**sorts, **{code: code for code in _codes()}},
        "outcomes": [(outcome.value, words.outcome_words(outcome)) for outcome in Outcome],
    }


def _address(place: Campaign | Position, view: SavedView) -> str:
    return url_for(request.endpoint or "", public_id=place.public_id, **view.query)


def _home(campaign: Campaign) -> str:
    return url_for("console.campaign_results.campaign", public_id=campaign.public_id)


def _args(query: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(query))


def _scales() -> tuple[Scale, ...]:
    """Return the behaviours, which all editions share."""
    return registry().editions[0].scales


def _codes() -> tuple[str, ...]:
    return tuple(scale.code for scale in _scales())
