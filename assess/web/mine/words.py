"""What a person's own page calls things."""

from __future__ import annotations

from assess.models import RequestKind, Role
from assess.services.assignments import State
from assess.services.readers import Reading
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from assess.web.tags import Tag
from reports.kinds import COMPARISON, PROMOTION, TEAM, TITLES
from reports.language import translator


def state_tag(state: State) -> Tag:
    """Return how the state of an assessment is shown to the person."""
    return {
        State.CREATED: Tag(_("not sent to you yet"), ""),
        State.QUEUED: Tag(_("not sent to you yet"), ""),
        State.INVITED: Tag(_("not begun"), ""),
        State.BOUNCED: Tag(_("the invitation did not reach you"), "care"),
        State.OPENED: Tag(_("not begun"), ""),
        State.IN_PROGRESS: Tag(_("begun"), ""),
        State.SUBMITTED: Tag(_("handed in"), "done"),
        State.SCORED: Tag(_("handed in"), "done"),
        State.RELEASED: Tag(_("handed in"), "done"),
        State.EXPIRED: Tag(_("time is over"), "over"),
        State.WITHDRAWN: Tag(_("withdrawn"), "over"),
        State.ERASED: Tag(_("erased"), "over"),
    }[state]


def survey_tag(has_answered: bool | None) -> Tag:
    """Return how it is shown whether the person has answered a survey."""
    if has_answered is None:
        return Tag(_("anonymous: it is not said here whether you have answered"), "")
    return Tag(_("handed in"), "done") if has_answered else Tag(_("not handed in yet"), "")


def wish(kind: RequestKind) -> str:
    """Return what somebody may ask for."""
    return {
        RequestKind.CORRECTION: _("Correct something"),
        RequestKind.ERASURE: _("Erase my data"),
        RequestKind.REVIEW: _("Have a person look at my results again"),
    }[kind]


def wish_note(kind: RequestKind) -> str:
    """Return what comes of it."""
    return {
        RequestKind.CORRECTION: _("For example your name, your address, or a comment of yours to be noted."),
        RequestKind.ERASURE: _(
            "Your name, your address, your reports and the reasons of decisions go. Answers and scores stay without "
            "a name, for comparisons."
        ),
        RequestKind.REVIEW: _("Also a flag, a report or a decision. Say what you think of it; it will be read."),
    }[kind]


def reading(each: Reading) -> str:
    """Return who looked at what."""
    who = _who(each)
    if each.report is None:
        return _("%(who)s looked at your result.", who=who)
    if each.report not in TITLES:
        return _("%(who)s took a report on you.", who=who)
    if each.report == COMPARISON:
        return _("%(who)s took a report that compares you with others for the same position.", who=who)
    if each.report == PROMOTION:
        return _("%(who)s took a report on people who are considered for a role, you among them.", who=who)
    if each.report == TEAM:
        return _("%(who)s took a report on a team that you are in.", who=who)
    kind = translator(language())(TITLES[each.report]).lower()
    return _("%(who)s took the %(kind)s on you.", who=who, kind=kind)


def _who(each: Reading) -> str:
    phrases = {
        Role.HR: _("%(name)s of HR", name=each.name),
        Role.COACH: _("%(name)s (coach)", name=each.name),
        Role.PSYCHOLOGIST: _("%(name)s (psychologist)", name=each.name),
        Role.ADMIN: _("%(name)s (admin)", name=each.name),
    }
    return next((phrase for role, phrase in phrases.items() if role in each.roles), each.name)
