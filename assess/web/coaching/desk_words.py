"""What a coach's list and timeline say: what waits, and what has happened, each with the part of the pages it is in."""

from __future__ import annotations

from flask import url_for

from assess.models import Coaching
from assess.services.caseload_lists import Wait, Want
from assess.services.timelines import Event, Kind, What
from assess.web.coaching.own import registry
from assess.web.i18n import gettext as _
from assess.web.i18n import longdate, ngettext

PARTS = {
    Kind.ASSESSMENT: "coaching.assessments.index",
    Kind.PLAN: "coaching.plans.show",
    Kind.CHECK_IN: "coaching.check_ins.index",
    Kind.FEEDBACK: "coaching.feedback.index",
    Kind.REPORT: "coaching.reports.index",
    Kind.COACHING: "",  # on the page itself
}
PART_OF = {
    Want.TALK_OVERDUE: PARTS[Kind.CHECK_IN],
    Want.RESULT: PARTS[Kind.ASSESSMENT],
    Want.FEEDBACK: PARTS[Kind.FEEDBACK],
    Want.NO_TALK_AHEAD: PARTS[Kind.CHECK_IN],
    Want.ACTIONS_OVERDUE: PARTS[Kind.PLAN],
    Want.GOAL_OVERDUE: PARTS[Kind.PLAN],
    Want.PLAN_OVER: PARTS[Kind.PLAN],
}


def wait_link(wait: Wait, coaching: Coaching) -> str:
    """Return where to see to it: the part of the person's pages, and in the plan the goal."""
    anchor = f"goal-{wait.goal}" if wait.goal else None
    return url_for(PART_OF[wait.want], public_id=coaching.public_id, _anchor=anchor)


def wait_words(wait: Wait) -> str:
    """Return what waits for the coach."""
    since = longdate(wait.since)
    if wait.want is Want.ACTIONS_OVERDUE:
        return ngettext("%(num)s action overdue", "%(num)s actions overdue", wait.n)
    if wait.want is Want.GOAL_OVERDUE:
        return ngettext(
            "How does the goal of %(day)s stand?", "How do %(num)s goals stand whose day is past?", wait.n, day=since
        )
    if wait.want is Want.FEEDBACK:
        return ngettext("%(num)s comment to go through", "%(num)s comments to go through", wait.n)
    return {
        Want.TALK_OVERDUE: _("Was the check-in of %(day)s held?", day=since),
        Want.RESULT: _("New result of %(day)s", day=since),
        Want.NO_TALK_AHEAD: _("No check-in ahead"),
        Want.PLAN_OVER: _("The plan was to end on %(day)s", day=since),
    }[wait.want]


def kind_words(kind: Kind) -> str:
    """Return what a timeline is narrowed to."""
    return {
        Kind.ASSESSMENT: _("Assessments"),
        Kind.PLAN: _("Plans and goals"),
        Kind.CHECK_IN: _("Check-ins"),
        Kind.FEEDBACK: _("Feedback"),
        Kind.REPORT: _("Reports"),
        Kind.COACHING: _("Coaching"),
    }[kind]


def event_words(event: Event) -> str:
    """Return what happened, without when."""
    return {
        What.ASKED: _("Asked to take the questionnaire again"),
        What.HANDED_IN: _("Questionnaire handed in"),
        What.PLAN_BEGUN: _("Plan begun"),
        What.PLAN_CLOSED: _("Plan closed"),
        What.GOAL_REACHED: _("Goal reached"),
        What.GOAL_DROPPED: _("Goal given up"),
        What.CHECK_IN_PLANNED: _("Check-in planned"),
        What.CHECK_IN_MISSED: _("Check-in planned, nothing noted since"),
        What.CHECK_IN_HELD: _("Check-in held"),
        What.FEEDBACK_OPENED: _("Agreed to feedback from colleagues"),
        What.FEEDBACK_CLOSED: _("Feedback from colleagues closed"),
        What.REPORT_MADE: _("Coaching report made"),
        What.NAMED: _("HR named you as the coach"),
        What.ASKED_TO_COACH: _("You asked to coach"),
        What.AGREED: _("Consent to your coaching"),
        What.ENDED: _("Coaching ended"),
    }[event.what]


def event_title(event: Event) -> str:
    """Return what plan, goal or edition it was; often nothing."""
    return edition_words(event.title) if event.what.kind is Kind.ASSESSMENT else event.title


def edition_words(edition: str) -> str:
    """Return what an edition of the questionnaire is called."""
    return registry().newest(edition).title
