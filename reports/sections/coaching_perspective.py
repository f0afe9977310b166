"""Where a person's view of good service and the company's are apart: topics to talk about, theme by theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from assess.scoring.perspective import Alignment
from reports.coaching import CoachingContext, View
from reports.dates import local_day
from reports.language import Translate, translator
from reports.sections.further import Apart, apart_words


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with the statements on which the views differ most."""

    language: str  # of its names
    name: str
    measures: str
    statements: tuple[Apart, ...]
    question: str
    listen: str


@dataclass(frozen=True, slots=True)
class PerspectiveGaps:
    """The themes, that with the largest difference first; or why there are none."""

    missing: str
    compared: str  # with whose view, and how far that can be trusted
    themes: tuple[Theme, ...]

    template: ClassVar[str] = "coaching_perspective.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        view = context.view
        if view is None:
            return cls(
                _(
                    "The questions on the view of good service were not asked this time. Ask for them with the next "
                    "assessment, if you want to compare it with the company's."
                ),
                "",
                (),
            )
        day = asked_before(context)
        if missing := _missing(view.alignment, _):
            return cls(f"{missing} {day}".rstrip(), "", ())
        return cls("", f"{_compared(view.alignment, _)} {day}".rstrip(), _themes(view, context.language, _))


def asked_before(context: CoachingContext) -> str:
    """Return from which day the view of service is, where the newest assessment did not ask for it; else nothing."""
    view, language = context.view, context.language
    if view is None or view.submitted_at == context.submitted_at:
        return ""
    said = translator(language)("The person answered this on %(day)s; the newest assessment did not ask for it.")
    return said % {"day": local_day(view.submitted_at, zone=context.time_zone, language=language)}


def _missing(found: Alignment, _: Translate) -> str:
    """Return why there is nothing to compare, or nothing."""
    if found.value is None:
        counts = {"answered": found.n_answered, "scored": found.n_scored}
        said = _(
            "Nothing can be compared: %(answered)s statements were answered, and the company's policy is clear on "
            "%(scored)s."
        )
        return said % counts
    if not found.differences:
        return _("On none of the statements do the two views differ.")
    return ""


def _compared(found: Alignment, _: Translate) -> str:
    if found.key_version is None:
        return _(
            "Provisional: the company's answers are an author's judgement of what an ordinary company of the trade may "
            "hold, as its own raters have not answered yet. Ask what is so here before you talk about a difference."
        )
    said = _("The company's answers are those of its %(n)s raters, version %(version)s.")
    return said % {"version": found.key_version, "n": found.n_raters}


def _themes(view: View, language: str, _: Translate) -> tuple[Theme, ...]:
    bank = view.bank.named_in(language)
    theme_of = {policy.code: policy.theme for policy in bank.perspective}
    by_theme: dict[str, list[Apart]] = {}
    for each in view.alignment.differences:
        by_theme.setdefault(theme_of[each.code], []).append(apart_words(each, bank, language))
    named = {theme.code: theme for theme in bank.themes}
    return tuple(
        Theme(said.language, said.name, said.measures, tuple(statements), *theme_talk(_)[code])
        for code, statements in by_theme.items()
        for said in [named[code]]
    )


def theme_talk(_: Translate) -> Mapping[str, tuple[str, str]]:
    """Return for each theme a question that every view can answer, and what to listen for."""
    return {
        "reputation": (
            _("Which promise of ours was hard to keep lately? What did you do, and what should we have done?"),
            _("Whether the promise is weighed against what it costs, and who may decide when both cannot be had."),
        ),
        "relationship": (
            _("Which customer do you know best, and what has that changed in how you serve them?"),
            _("Service that was better for knowing somebody, and where fairness to other customers sets a limit."),
        ),
        "recovery": (
            _("When something went wrong for a customer: what did you put right yourself, and for what did you ask?"),
            _("Whether they know how far they may go alone, and what the customer was told meanwhile."),
        ),
        "internal-customers": (
            _("Which colleague depends most on your work? How would that person know that you see it so?"),
            _("Habits that others can see, such as answering by a time or handing work over complete."),
        ),
        "systems": (
            _("When did a procedure last stand in the way of good service? What did you do, and who heard of it?"),
            _("Whether it reached somebody who can change the procedure, and not only whether it was kept or bent."),
        ),
        "first-impressions": (
            _("Describe the first half minute of a contact as you like it best. What of that would be odd here?"),
            _("What they do on purpose, and what the customer gains by it."),
        ),
        "whole-experience": (
            _("What does a customer hear from you after the matter is settled? What would be missed without it?"),
            _("A picture of the customer's whole way, and a sense of when one message more is too much."),
        ),
        "knowing-customer": (
            _("What did a customer tell you lately that others here ought to know? Where did it go?"),
            _("How they find out, what they pass on and to whom, and what they keep to themselves with reason."),
        ),
        "commerce": (
            _("When does offering something more help a customer, and when does it disturb? Tell me of one of each."),
            _("Signs that they read in the customer, rather than a rule for all, and what they do under pressure."),
        ),
        "leadership": (
            _("Whose example shapes how people here serve customers? What do you take from it, and what not?"),
            _("What they themselves show to others, whatever their position, and how they thank and find fault."),
        ),
    }
