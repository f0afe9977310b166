"""The people of a campaign in a list, and what HR does with many of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Assignment, Campaign, User
from assess.services import access, addresses, bulk_actions, campaign_people
from assess.services.access import Permission
from assess.services.assignments import State
from assess.services.bulk_actions import Action, Outcome
from assess.services.campaign_people import Order, Wanted
from assess.services.people_search import LONGEST
from assess.services.spreadsheets import csv_bytes
from assess.web import downloads, guards
from assess.web.console import campaign_words, overview, words
from assess.web.console.content import local_date, mail_reaches_people
from assess.web.console.forms import USUAL_TIME, DeadlineForm
from assess.web.db import get_session, steps
from assess.web.forms import MOST_TIME
from assess.web.i18n import day

SHOWN = 100  # of those left out whom the page names; the list's own filters find the others
NOBODY = "Nobody is chosen. Tick people in the list, or choose everybody who is found."
YES = "y"
WEEK = timedelta(days=7)
CARRIED = frozenset({"action", "all", "person", "state", "q", "sort"})  # from the list to the question and on

bp = Blueprint("campaign_people", __name__, url_prefix="/campaigns/<uuid:public_id>/people")


@bp.get("")
def index(public_id: UUID) -> ResponseReturnValue:
    """List the campaign's people, a page at a time; those that are looked for."""
    return _index(_get(public_id))


@bp.post("/actions")
def act(public_id: UUID) -> ResponseReturnValue:
    """Ask whether it is meant, and then do it with everybody chosen, naming who was left out."""
    campaign, user, now = _get(public_id), guards.signed_in(), datetime.now(UTC)
    action, ids = _action(request.form.get("action", "")), _chosen(campaign, now)
    if not ids or action is None:
        return _index(campaign, refusal=Refused(NOBODY)), 422
    if request.form.get("sure") != YES:
        return _confirm(campaign, action, ids, _deadline(campaign, now))
    deadline = DeadlineForm(today=local_date(now, user)) if action is Action.EXTEND else None
    if deadline is not None and not deadline.validate():
        return _confirm(campaign, action, ids, deadline), 422
    outcome = _do(action, ids, deadline)
    return _links(outcome) if action is Action.LINK else _done(campaign, action, outcome)


def _get(public_id: UUID) -> Campaign:
    to = Permission.ASSIGNMENT_READ if request.method in ("GET", "HEAD") else Permission.ASSIGNMENT_WRITE
    return access.get_campaign(get_session(), guards.signed_in(), public_id, to)


def _action(name: str) -> Action | None:
    with suppress(ValueError):
        return Action(name)
    return None


def _chosen(campaign: Campaign, now: datetime) -> Sequence[int]:
    """Return the ids of everybody who was chosen, by boxes or by what the list shows."""
    chosen = _wanted(request.form) if request.form.get("all") == YES else _ticked()
    return campaign_people.chosen_of(get_session(), guards.signed_in(), campaign, chosen, now=now)


def _ticked() -> Sequence[UUID]:
    """Return whom the boxes say; what is no id is nobody's."""
    found = []
    for each in request.form.getlist("person"):
        with suppress(ValueError):
            found.append(UUID(each))
    return found


def _wanted(sent: Any) -> Wanted:
    """Return whom the list shows; what is not known is not listened to."""
    states = frozenset(State(each) for each in sent.getlist("state") if each in list(State))
    return Wanted(states, addresses.tidy(sent.get("q", ""))[:LONGEST])


def _order(sent: Any) -> Order:
    with suppress(ValueError):
        return Order(sent.get("sort", ""))
    return Order.NEWEST


def _index(campaign: Campaign, *, refusal: Refused | None = None) -> str:
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    sent = request.values
    wanted, order = _wanted(sent), _order(sent)
    number = sent.get("page", 1, type=int) if request.method == "GET" else 1
    listing = campaign_people.people_of(session, user, campaign, wanted, order=order, page=number, now=now)
    return render_template(
        "console/campaigns/people_list.html",
        campaign=campaign,
        listing=listing,
        progress=campaign_people.progress_of(session, user, campaign, now=now),
        wanted=wanted,
        order=order,
        query=_query(wanted, order),
        orders=campaign_words.orders(),
        address=lambda **query: url_for(".index", public_id=campaign.public_id, **query),
        actions=campaign_words.actions(),
        progress_words=overview.progress_words,
        refusal=refusal,
        words=words,
    )


def _query(wanted: Wanted, order: Order) -> Mapping[str, Any]:
    """Return what the address of the list says, without what goes without saying."""
    full = {
        "state": [state.value for state in State if state in wanted.states],
        "q": wanted.text,
        "sort": order.value if order is not Order.NEWEST else "",
    }
    return {name: value for name, value in full.items() if value}


def _deadline(campaign: Campaign, now: datetime) -> DeadlineForm:
    """Return a form that offers a week more than all have, and at least the usual time."""
    user = guards.signed_in()
    today, last = local_date(now, user), local_date(campaign.closes_at - timedelta(seconds=1), user)
    until = min(max(today + USUAL_TIME, last + WEEK), today + MOST_TIME)
    return DeadlineForm(today=today, formdata=None, data={"until": until})


def _confirm(campaign: Campaign, action: Action, ids: Sequence[int], deadline: DeadlineForm) -> str:
    """Return the page that asks whether it is meant; it carries what was chosen."""
    return render_template(
        "console/campaigns/action_confirm.html",
        campaign=campaign,
        action=action,
        n=len(ids),
        asked=campaign_words.question(action, len(ids)),
        meaning=campaign_words.meaning(action),
        button=dict(campaign_words.actions())[action],
        deadline=deadline,
        carried=[(name, value) for name, value in request.form.items(multi=True) if name in CARRIED],
        mail_reaches_people=mail_reaches_people(),
    )


def _do(action: Action, ids: Sequence[int], deadline: DeadlineForm | None) -> Outcome:
    """Do it with some hundred at a time."""
    user_id, until, outcome = guards.signed_in().id, deadline.until.data if deadline else None, Outcome()
    transactions = steps()
    for step in bulk_actions.steps(ids):
        with transactions() as session:
            user = session.get_one(User, user_id)
            outcome.add(bulk_actions.do(session, user, action, step, until=until, now=datetime.now(UTC)))
    return outcome


def _links(outcome: Outcome) -> Response:
    """Hand out a table of secret links, this once: the database keeps only their hashes."""
    base = f"{current_app.config['SETTINGS'].url}/take/link/"
    table = [["name", "email", "last day", "link", "no link because"]]
    for each in outcome.done:
        last = day(each.expires_at, each.campaign.time_zone, ends=True)
        table.append([each.person.name, each.person.email or "", last, base + outcome.tokens[each.id], ""])
    for one in outcome.left_out:
        person = one.assignment.person
        table.append([words.person_words(person), person.email or "", "", "", one.why])
    return downloads.file(csv_bytes(table), "personal-links.csv", "text/csv")


def _by_reason(outcome: Outcome) -> Mapping[str, Sequence[Assignment]]:
    """Return those left out under the reasons, the most frequent one first."""
    found: dict[str, list[Assignment]] = {}
    for each in outcome.left_out:
        found.setdefault(each.why, []).append(each.assignment)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _done(campaign: Campaign, action: Action, outcome: Outcome) -> str:
    return render_template(
        "console/campaigns/action_done.html",
        campaign=campaign,
        outcome=outcome,
        by_reason=_by_reason(outcome),
        said=campaign_words.done(action, len(outcome.done)),
        shown=SHOWN,
        mails=action in (Action.SEND, Action.REMIND),
        mail_reaches_people=mail_reaches_people(),
        words=words,
    )
