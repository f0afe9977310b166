"""360° feedback: where others have seen the person, beside their own view; nothing of fewer than three raters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.surveys import FEWEST_RATERS
from assess.scoring.feedback import Gap, ScaleView, Seen, Summary
from reports.charts.seen import seen_lines
from reports.coaching import CoachingContext
from reports.content import pole_of
from reports.dates import day_words
from reports.language import Translate, apart, number, quoted, translator


@dataclass(frozen=True, slots=True)
class SeenLine:
    """Where the person stands in their own view, or in that of a group of three raters or more."""

    who: str
    n: int | None  # raters; none: the person
    place: str
    band: str


@dataclass(frozen=True, slots=True)
class SeenScale:
    """One behaviour as others have seen it."""

    language: str  # of its names
    name: str
    low: str
    high: str
    chart: Markup
    lines: tuple[SeenLine, ...]  # from top to bottom as in the chart; empty where nothing may be shown
    gap: str | Markup


@dataclass(frozen=True, slots=True)
class Said:
    """An open question with what the coach has let through of the answers."""

    question: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackGaps:
    """The newest closed round, or why there is nothing to show."""

    missing: str
    days: str
    asked: str  # how many were asked and have answered, as far as that may be told
    scales: tuple[SeenScale, ...]
    comments: tuple[Said, ...]

    template: ClassVar[str] = "coaching_feedback.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        _, found = translator(context.language), context.work.feedback
        missing = _missing(found, _)
        if found is None or missing:
            return cls(missing, "", "", (), ())
        first, last = (_day(day, context) for day in (found.asked_on, found.closed_on))
        counts = {"asked": found.n_asked, "least": found.at_least}
        return cls(
            missing="",
            days=_("From %(first)s to %(last)s.") % {"first": first, "last": last},
            asked=_("%(asked)s people were asked; at least %(least)s of them have answered.") % counts,
            scales=tuple(_scale(view, context, _) for view in found.scales if view.others or view.own is not None),
            comments=_comments(found, context.language),
        )


def _missing(found: Summary | None, _: Translate) -> str:
    if found is None:
        return _(
            "There is no closed round of feedback yet. Colleagues, internal customers and others can be asked, if the "
            "person agrees, and are shown from three raters of a kind on."
        )
    if found.is_empty:
        said = _("A round was closed, but fewer than %(n)s people have answered enough, so nothing of it is shown.")
        return said % {"n": FEWEST_RATERS}
    return ""


def _scale(view: ScaleView, context: CoachingContext, _: Translate) -> SeenScale:
    scale, language = context.bank.scale(view.scale), context.language
    lines = [_line(each, view, language) for each in view.groups]
    if view.own is not None:
        lines.insert(0, SeenLine(_("own view"), None, number(view.own, 1, language), ""))
    ends = _("1 is “%(low)s”, 5 is “%(high)s”.") % {"low": scale.low, "high": scale.high}
    places = "; ".join(f"{line.who}: {line.place}" for line in lines)
    return SeenScale(
        language=scale.language,
        name=scale.name,
        low=scale.low,
        high=scale.high,
        chart=seen_lines(view, title=f"{scale.name}. {ends} {places}.", colours=context.colours),
        lines=tuple(lines),
        gap=_gap(view, context, _),
    )


def _line(seen: Seen, view: ScaleView, language: str) -> SeenLine:
    _ = translator(language)
    alone = len(view.groups) == 1
    low, high = (number(end, 1, language) for end in (seen.low, seen.high))
    band = apart(_("%(low)s to %(high)s") % {"low": low, "high": high}, language)
    return SeenLine(source_words(seen.source, _, alone=alone), seen.n, number(seen.mean, 1, language), band)


def source_words(source: str, _: Translate, *, alone: bool = False) -> str:
    """Return who the raters are; those of small sources together are all, where nobody else is shown."""
    known = {
        "manager": _("managers"),
        "colleagues": _("colleagues"),
        "customers": _("internal customers"),
        "led": _("people they lead"),
    }
    return known.get(source) or (_("all raters together") if alone else _("other raters together"))


def _gap(view: ScaleView, context: CoachingContext, _: Translate) -> str | Markup:
    """Return how the own view lies to that of the others, with a direction only where it is more than error."""
    found: Gap | None = view.gap
    if view.others is None:
        return _("fewer than %(n)s raters have seen it") % {"n": FEWEST_RATERS}
    if found is None:
        return _("the person has not said")
    if not found.is_clear:
        return _("no clear difference")
    scale = context.bank.scale(view.scale)
    pole = pole_of(scale, is_high=found.value > 0, language=context.language)
    said = _("sees themself more “%(pole)s” than others do, by %(n)s (%(low)s to %(high)s)")
    ends = sorted((abs(found.low), abs(found.high)))
    low, high = (number(end, 1, context.language) for end in ends)
    words = {"pole": pole, "n": number(abs(found.value), 1, context.language), "low": low, "high": high}
    return Markup(said) % words  # noqa: S704 -- our own words


def _comments(found: Summary, language: str) -> tuple[Said, ...]:
    by_question: dict[str, list[str]] = {}
    for each in found.comments:
        by_question.setdefault(quoted(each.question, language, each.language), []).append(each.words)
    return tuple(Said(question, tuple(words)) for question, words in by_question.items())


def _day(day: str, context: CoachingContext) -> str:
    return day_words(date.fromisoformat(day), language=context.language)
