"""What pages say to raters, and to the person whom they rate: each sentence must be true of what the program does."""

from __future__ import annotations

from collections.abc import Sequence

from assess.models import SurveyPlace
from assess.services import feedback_comments
from assess.web.db import get_session
from assess.web.i18n import gettext as _


def is_own(place: SurveyPlace) -> bool:
    """Whether somebody is asked about themselves."""
    return place.person_id == place.round.about_id


def what(place: SurveyPlace, n_questions: int) -> Sequence[str]:
    """Return what somebody is asked, and what it is for."""
    if is_own(place):
        return (
            _(
                "%(n)s things that can be seen at work. For each, mark how often you do it when the occasion is there. "
                "More often is not better: each line is one of two good ways to work.",
                n=n_questions,
            ),
            _("Your answers are shown to you and your coach beside those of the colleagues whom you let be asked."),
        )
    if _are_own_words_read(place):
        lines = _(
            "%(n)s things that can be seen at work, and two open questions. For each, mark how often you have seen "
            "%(name)s do it when the occasion was there. More often is not better: each line is one of two good ways "
            "to work.",
            n=n_questions,
            name=_name(place),
        )
    else:
        lines = _(
            "%(n)s things that can be seen at work. For each, mark how often you have seen %(name)s do it when the "
            "occasion was there. More often is not better: each line is one of two good ways to work.",
            n=n_questions,
            name=_name(place),
        )
    agreed = _(
        "%(name)s has agreed that you are asked. What you say is for the coaching of %(name)s, and for nothing else.",
        name=_name(place),
    )
    return (lines, agreed)


def who_sees(place: SurveyPlace) -> Sequence[tuple[str, str]]:
    """Return who sees what of the answers."""
    hr = (_("HR"), _("is not told of it: neither that you are asked, nor what anybody answers, nor what comes of it."))
    you = (_("You"), _("can ask for a copy of everything that is held about you. Your answers are in it."))
    nobody = (_("Nobody else"), _("sees your answers."))
    seen = _own_is_seen(place) if is_own(place) else _others_are_seen(place)
    return (*seen, hr, you, nobody)


def _own_is_seen(place: SurveyPlace) -> Sequence[tuple[str, str]]:
    if _are_own_words_read(place):
        sees = _(
            "sees, once the round is over, where your answers place you on each of six ways of working, beside the "
            "means of the others; not your single answers. Whoever coaches you later sees that, too."
        )
        return ((_coach(place), sees),)
    later = _(
        "see, once the round is over, where your answers place you on each of six ways of working, beside the means "
        "of the others; not your single answers."
    )
    return ((_coach(place), _("sees nothing of it any more.")), (_("Others who coach you, now or later"), later))


def _others_are_seen(place: SurveyPlace) -> Sequence[tuple[str, str]]:
    name, coach, is_read = _name(place), _coach(place), _are_own_words_read(place)
    means = _(
        "sees, once the round is over, means of three people or more: of one group, such as colleagues, or of several "
        "small groups together. What one or two people said is never shown, so neither is what a single manager said."
    )
    let_through = _(
        "Of what is written in own words, %(name)s reads what %(coach)s lets through, as it is or in other words, "
        "without your name and your group.",
        name=name,
        coach=coach,
    )
    reads = _(
        "sees the same means. Once three people or more have answered, %(coach)s also reads what was written in "
        "own words, without names and groups. A way of writing, or an occasion, may still tell who it was.",
        coach=coach,
    )
    both = _(
        "know that you are asked. Whether you have answered is told to nobody; where almost everybody has, it may "
        "be worked out."
    )
    not_read = _(
        "are not asked for any more. What was written before is read by nobody any more, and is deleted; but what "
        "%(coach)s had let through, %(name)s goes on to read, without names and groups.",
        name=name,
        coach=coach,
    )
    later = _("see the means, and what was let through of the words.")
    return (
        (name, f"{means} {let_through}" if is_read else means),
        (coach, reads if is_read else _("sees nothing of it any more.")),
        (_("Both of them"), both),
        *(() if is_read else ((_("Own words"), not_read),)),
        (_("Others who coach %(name)s, now or later", name=name), later),
    )


def kept(place: SurveyPlace, until: str) -> str:
    """Return for how long what is kept."""
    if is_own(place):
        return _(
            "%(day)s. Then your single answers are erased; where they place you stays as long as your data are kept.",
            day=until,
        )
    return _(
        "%(day)s. Then your name, your answers and your words are erased. Means that they are part of stay, and so do "
        "words that were let through, without your name.",
        day=until,
    )


def lead(place: SurveyPlace) -> str:
    """Return what stands before the lines of every page."""
    if is_own(place):
        return _("How often do you do this, when the occasion is there?")
    return _("How often have you seen %(name)s do this, when the occasion was there?", name=_name(place))


def thanks(place: SurveyPlace) -> str:
    """Return what happens with what was handed in."""
    if is_own(place):
        return _("When the round is over, you find your answers beside the means of the others under “My coaching”.")
    return _(
        "When the round is over, your answers are put together with those of others. Thank you for helping %(name)s.",
        name=_name(place),
    )


def _name(place: SurveyPlace) -> str:
    return place.round.about.name if place.round.about else ""


def _coach(place: SurveyPlace) -> str:
    return place.round.created_by.name if place.round.created_by else _("The coach")


def _are_own_words_read(place: SurveyPlace) -> bool:
    return feedback_comments.are_read(get_session(), place.round)
