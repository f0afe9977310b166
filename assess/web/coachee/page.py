"""The page itself: what is next, the plan, talks, and who coaches the person."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.services import caseload, coaching_plans, feedback, own_coaching, own_results
from assess.web import guards, personal_links
from assess.web.coachee import words
from assess.web.coachee.visitor import current_person, registry, token
from assess.web.db import get_session


def register(bp: Blueprint) -> None:
    """Add the page, and the way out of it, to `bp`."""
    bp.add_url_rule("", "page", page)
    bp.add_url_rule("/leave", "leave", leave, methods=["POST"])


def page() -> ResponseReturnValue:
    """Show what there is."""
    return show()


def show(unsaid: tuple[UUID, str, str] | None = None) -> str:
    """Return the page; `unsaid` is a remark on an action that could not be kept, and why."""
    session, person, now = get_session(), current_person(), datetime.now(UTC)
    zone = person.organization.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    plans = own_coaching.plans_of(session, person)
    return render_template(
        "coachee/page.html",
        person=person,
        organization=person.organization,
        zone=zone,
        today=today,
        coachings=caseload.own(session, person, now=now),
        feedback_rounds=feedback.own_rounds(session, person),
        plan=(plan := coaching_plans.open_of(plans)),
        earlier=[each for each in plans if each is not plan],
        waiting=words.waiting(plan, today) if plan else (),
        ahead=own_coaching.talks_ahead(session, person, now=now),
        held=own_coaching.talks_held(session, person),
        has_results=own_results.has_any(session, person),
        about=words.abouts(plans, registry()),
        said=words.said(plans, registry()),
        progress_of=coaching_plans.progress_of,
        words=words,
        unsaid=unsaid,
    )


def leave() -> ResponseReturnValue:
    """Close the page: this browser forgets the visitor. The link of a letter goes on to work."""
    own_coaching.close(get_session(), token(), now=datetime.now(UTC))
    get_session().commit()
    return personal_links.let_out("coachee/left.html", guards.coachee_cookie())
