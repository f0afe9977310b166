"""Where the person stands among the others on the bench, as far as overlapping intervals leave that open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.scoring.interpret import Match
from assess.scoring.readiness import Places, chances_of_pairs, ground_of, places_left_open
from assess.scoring.result import Result
from reports.charts.lines import axis, match_line
from reports.language import Translate, apart, translator
from reports.rosters import PromotionContext
from reports.sections.row import percent_words, range_words

FEW = 3  # others among whom whoever knows the bench can guess who is who


@dataclass(frozen=True, slots=True)
class BenchLine:
    """Somebody on the bench who has a match."""

    name: str
    is_person: bool
    simulated: bool
    median: str
    interval: str
    drawing: Markup
    places: str
    chance: str  # that the person's true match is higher than this one's


@dataclass(frozen=True, slots=True)
class _Standing:
    name: str
    is_person: bool
    simulated: bool
    result: Result
    match: Match
    seed: int


@dataclass(frozen=True, slots=True)
class Bench:
    """The person among the others; without lines where there is nobody to be beside."""

    title: str
    place: str  # in a sentence
    axis: Markup
    lines: tuple[BenchLine, ...]
    notes: tuple[str, ...]
    has_names: bool

    template: ClassVar[str] = "bench.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        together = _together(context)
        places = places_left_open([each.match for each in together])
        own = next((place for each, place in zip(together, places, strict=True) if each.is_person), None)
        is_shown = own is not None and own.of > 1
        return cls(
            title=context.bench,
            place=_place(own, _),
            axis=axis(title=_("Match, from 0 to 100 %%") % {}, colours=context.colours),
            lines=_lines(together, places, context, _) if is_shown else (),
            notes=_notes(together if is_shown else (), context, _),
            has_names=context.names_others,
        )


def _together(context: PromotionContext) -> tuple[_Standing, ...]:
    """Return the person and those others who can be laid beside them, in the order of their medians."""
    found = [
        _Standing(each.name, False, each.simulated, each.result, each.match, each.seed)
        for each in context.others
        if each.match and ground_of(each.result) == ground_of(context.result)
    ]
    if context.match:
        own = context.person, True, context.simulated, context.result, context.match, context.seed
        found.append(_Standing(*own))
    return tuple(sorted(found, key=lambda each: (-each.match.median, not each.is_person, each.name, each.seed)))


def _lines(
    together: tuple[_Standing, ...], places: tuple[Places, ...], context: PromotionContext, _: Translate
) -> tuple[BenchLine, ...]:
    chances = chances_of_pairs([(each.result, each.seed) for each in together], context.targets)
    me = next(i for i, each in enumerate(together) if each.is_person)
    return tuple(
        _line(each, place, "–" if i == me else percent_words(float(chances[me, i]), _), context, _)
        for i, (each, place) in enumerate(zip(together, places, strict=True))
    )


def _line(each: _Standing, place: Places, chance: str, context: PromotionContext, _: Translate) -> BenchLine:
    figures = {name: f"{100 * getattr(each.match, name):.0f}" for name in ("median", "low", "high")}
    name = apart(each.name, context.language) or _("another candidate")
    title = _("%(name)s: match %(median)s %%, 90 %% interval %(low)s to %(high)s %%.") % {"name": name, **figures}
    return BenchLine(
        name=name,
        is_person=each.is_person,
        simulated=each.simulated,
        median=_("%(n)s %%") % {"n": figures["median"]},
        interval=_("%(low)s to %(high)s") % figures,
        drawing=match_line(each.match, title=title, colours=context.colours),
        places=range_words(place.best, place.worst, _),
        chance=chance,
    )


def _place(own: Places | None, _: Translate) -> str:
    if own is None:
        return _("There is no match with the target role, so there is no place on the bench either.")
    if own.of == 1:
        return _("Nobody else on the bench has a match that could be laid beside this one.")
    words = {"n": own.of, "best": own.best, "worst": own.worst}
    if own.best == own.worst:
        return _("Of %(n)s people with a match, the intervals leave this person place %(best)s.") % words
    if own.best == 1 and own.worst == own.of:
        return _("Of %(n)s people with a match, the intervals leave this person any place: the order is open.") % words
    said = _("Of %(n)s people with a match, the intervals leave this person a place from %(best)s to %(worst)s.")
    return said % words


def _notes(together: tuple[_Standing, ...], context: PromotionContext, _: Translate) -> tuple[str, ...]:
    """Return who is on the bench and not in the table, and what anonymity is worth."""
    near = [each for each in context.others if ground_of(each.result) == ground_of(context.result)]
    elsewhere, unmatched = len(context.others) - len(near), sum(each.match is None for each in near)
    n_others = len(together) - 1
    found = []
    if context.n_without_result:
        found.append(_("Others on the bench without a result: %(n)s.") % {"n": context.n_without_result})
    if unmatched:
        found.append(_("Others who answered too little for a match: %(n)s.") % {"n": unmatched})
    if elsewhere:
        said = _("Others with another questionnaire, parameters or norm group, who cannot be laid beside: %(n)s.")
        found.append(said % {"n": elsewhere})
    if 0 < n_others <= FEW and not context.names_others:
        found.append(_("The others are not named. On so short a bench whoever knows it may guess who is who."))
    return tuple(found)
