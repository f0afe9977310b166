"""What HR's pages call surveys: their kinds, how far people have come, and what is told of none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import current_app

from assess.banks.surveys import FEWEST_ANSWERS
from assess.models import SurveyKind, SurveyRound
from assess.services.survey_lists import Progress, State
from assess.web.i18n import gettext as _
from assess.web.tags import Tag

RESULTS: Mapping[SurveyKind, str] = {  # the pages on which a round's results are read
    SurveyKind.PERSPECTIVE: "console.perspective.show",
    SurveyKind.JOB: "console.survey_patterns.show",
    SurveyKind.PERFORMANCE: "console.survey_patterns.show",
    SurveyKind.CLIMATE: "console.climate.show",
    SurveyKind.LEADER: "console.self_checks.show",
}


def kind_words(kind: SurveyKind) -> str:
    """Return what a kind is called."""
    return {
        SurveyKind.PERSPECTIVE: _("Company perspective"),
        SurveyKind.JOB: _("Job analysis"),
        SurveyKind.PERFORMANCE: _("Performance ratings"),
        SurveyKind.LEADER: _("Leader's self-check"),
        SurveyKind.CLIMATE: _("Service climate, anonymous"),
    }[kind]


def kind_note(kind: SurveyKind) -> str:
    """Return who is asked what, and what comes out."""
    return {
        SurveyKind.PERSPECTIVE: _(
            "Five or more people who stand for your policy say how good service should be here. Their answers become "
            "the company's view, which results are compared with."
        ),
        SurveyKind.JOB: _(
            "People who know a job say between which points those stand who do it well. Their answers become a "
            "proposal for the position's pattern."
        ),
        SurveyKind.PERFORMANCE: _(
            "Managers say how people of a position work with customers. Together with results, their ratings can "
            "become a pattern from top performers."
        ),
        SurveyKind.LEADER: _(
            "Leaders look at how they treat customers and staff. Their answers and their report are theirs alone: you "
            "see how many have handed in and, once it is closed, means by theme of five leaders or more."
        ),
        SurveyKind.CLIMATE: _(
            "Staff say how service works where they are. Answers are only counted; you see groups of five or more, and "
            "never who has answered."
        ),
    }[kind]


def whom_to_ask(kind: SurveyKind) -> str:
    """Return whom a survey is for, above the form that asks somebody."""
    return {
        SurveyKind.PERSPECTIVE: _("Ask people who stand for your policy, five at least; more from several places."),
        SurveyKind.JOB: _("Ask people who know the job well: who do it, lead it or train for it."),
        SurveyKind.PERFORMANCE: _("Ask managers who see the work of the people rated. Nobody rates themselves."),
        SurveyKind.LEADER: _("Ask people who lead others. Taking part is for them to decide."),
        SurveyKind.CLIMATE: _(
            "Ask all who work there, with the group that each belongs to. Groups of fewer than five are shown nowhere."
        ),
    }[kind]


def state_tag(state: State, *, is_open: bool) -> Tag:
    """Return how a state is shown; nothing more is to be done about letters once the survey is over."""
    if state is State.CREATED and not is_open:
        return Tag(_("no letter sent"), "")
    return {
        State.CREATED: Tag(_("not sent yet"), "care"),
        State.SENDING: Tag(_("being sent"), ""),
        State.INVITED: Tag(_("invited"), ""),
        State.BOUNCED: Tag(_("mail came back"), "care"),
        State.OPENED: Tag(_("link opened"), ""),
        State.ANSWERED: Tag(_("answered"), "done"),
        State.WITHDRAWN: Tag(_("taken off"), "over"),
        State.ERASED: Tag(_("erased"), "over"),
    }[state]


def phase_tag(survey: SurveyRound, now: datetime) -> Tag:
    """Return whether a round takes answers."""
    if survey.closed_at is not None:
        return Tag(_("closed"), "over")
    return Tag(_("open"), "done") if survey.is_open(now) else Tag(_("over"), "over")


def answered_words(progress: Progress) -> str:
    """Return how many have answered, as far as that may be told."""
    if progress.answered is None:
        return _("fewer than %(n)s", n=FEWEST_ANSWERS)
    if progress.at_least:
        return _("at least %(n)s of %(asked)s", n=progress.answered, asked=progress.asked)
    return _("%(n)s of %(asked)s", n=progress.answered, asked=progress.asked)


def results_page(survey: SurveyRound) -> str | None:
    """Return the endpoint of the page with the round's results, if this kind has one."""
    endpoint = RESULTS.get(survey.kind)
    return endpoint if endpoint in current_app.view_functions else None
