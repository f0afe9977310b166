"""What the console calls things: states, purposes, outcomes, weights, kinds of report."""

from __future__ import annotations

from typing import NamedTuple

from assess.models import Feedback, Outcome, Purpose
from assess.services.assignments import State
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from reports.kinds import KINDS
from reports.language import translator


class Tag(NamedTuple):
    """A state in words, and the look of its tag."""

    words: str
    look: str


def state_tag(state: State) -> Tag:
    """Return how a state is shown."""
    return {
        State.CREATED: Tag(_("not sent yet"), "care"),
        State.INVITED: Tag(_("invited"), ""),
        State.BOUNCED: Tag(_("mail came back"), "care"),
        State.OPENED: Tag(_("link opened"), ""),
        State.IN_PROGRESS: Tag(_("in progress"), ""),
        State.SUBMITTED: Tag(_("submitted"), ""),
        State.SCORED: Tag(_("scored"), "done"),
        State.RELEASED: Tag(_("released"), "done"),
        State.EXPIRED: Tag(_("expired"), "over"),
        State.WITHDRAWN: Tag(_("withdrawn"), "over"),
        State.ERASED: Tag(_("erased"), "over"),
    }[state]


def purpose_words(purpose: Purpose) -> str:
    """Return what people are assessed for."""
    return {
        Purpose.HIRING: _("Hiring"),
        Purpose.PROMOTION: _("Promotion"),
        Purpose.COACHING: _("Coaching"),
    }[purpose]


def feedback_words(feedback: Feedback) -> str:
    """Return when the person gets their own report."""
    return {
        Feedback.AT_ONCE: _("At once, when they have handed in"),
        Feedback.ON_RELEASE: _("When HR releases it"),
    }[feedback]


def outcome_words(outcome: Outcome) -> str:
    """Return what was decided."""
    return {
        Outcome.HIRE: _("Hire"),
        Outcome.PROMOTE: _("Promote"),
        Outcome.RESERVE: _("Keep in reserve"),
        Outcome.REJECT: _("Turn down"),
        Outcome.NONE: _("No decision needed any more"),
    }[outcome]


def weight_words(weight: int) -> str:
    """Return how much a scale counts in the match; the weights are factors."""
    return (_("does not count"), _("counts once"), _("counts double"), _("counts three times"))[weight]


def kind_words(kind: str) -> str:
    """Return the name of a kind of report."""
    return translator(language())(KINDS[kind].title)
