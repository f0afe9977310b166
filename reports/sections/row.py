"""One scale as every section shows it: names, numbers in words, and the strip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assess.banks.model import Facet, Scale
from assess.banks.wording import Target
from assess.scoring.interpret import TargetReading, Verdict, band_ends, read_target
from assess.scoring.result import Norm, Result, ScaleScore
from reports.charts.strip import sten_strip
from reports.context import ComparisonContext, ReportContext
from reports.dates import day_words
from reports.language import Translate, listed, quoted, translator


@dataclass(frozen=True, slots=True)
class Row:
    """A scale of one person in words; what a score is needed for is empty without one."""

    code: str
    language: str  # of its names
    name: str
    measures: str
    facets: tuple[Facet, ...]
    low: str
    high: str
    scorable: bool
    sten: str
    band: str  # the stens that the band of one standard error touches
    ends: tuple[str, ...]  # the lowest and the highest of them
    percentile: str
    missing: str  # how much was answered, where that is too little
    target: str
    verdict: str
    verdict_sentence: str
    strip: Markup


def rows(context: ReportContext, *, with_targets: bool) -> tuple[Row, ...]:
    """Return the scales in the bank's order; without targets nothing of the position is said."""
    return tuple(
        row(scale, context.result[scale.code], context.target(scale.code) if with_targets else None, context)
        for scale in context.bank.scales
    )


def row(scale: Scale, score: ScaleScore, target: Target | None, context: ReportContext) -> Row:
    """Return one scale."""
    _ = translator(context.language)
    reading = read_target(score, target) if target else None
    missing = "" if score.scorable else missing_words(score, _)
    title = strip_title(scale, score, target, language=context.language)
    return Row(
        code=scale.code,
        language=scale.language,
        name=scale.name,
        measures=scale.measures,
        facets=scale.facet,
        low=scale.low,
        high=scale.high,
        scorable=score.scorable,
        sten=str(score.sten) if score.scorable else "",
        band=band_words(score, _) if score.scorable else "",
        ends=tuple(map(str, band_ends(score))) if score.scorable else (),
        percentile="" if score.percentile is None else percentile_words(score.percentile),
        missing=missing,
        target=range_words(target.low, target.high, _) if target else "",
        verdict=verdict_words(reading, _) if reading else "",
        verdict_sentence=verdict_sentence(reading, _) if reading else "",
        strip=sten_strip(
            score,
            title=title,
            target=(target.low, target.high) if target else None,
            words=missing,
            colours=context.colours,
        ),
    )


def strip_title(scale: Scale, score: ScaleScore, target: Target | None, *, language: str) -> str:
    """Return a strip's text alternative: all that it shows, and how the score lies to the range."""
    _ = translator(language)
    if score.scorable:
        words = {"name": scale.name, "sten": score.sten, "band": band_words(score, _)}
        parts = [_("%(name)s: %(sten)s of 10, band %(band)s.") % words]
    else:
        parts = [f"{scale.name}: {missing_words(score, _)}."]
    if target:
        asked = range_words(target.low, target.high, _)
        parts += [_("The job asks for %(range)s.") % {"range": asked}, verdict_sentence(read_target(score, target), _)]
    return " ".join(filter(None, parts))


def band_words(score: ScaleScore, _: Translate) -> str:
    """Return the whole stens that the band of one standard error touches."""
    return range_words(*band_ends(score), _)


def range_words(low: int, high: int, _: Translate) -> str:
    """Return a range of stens in words."""
    return str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def missing_words(score: ScaleScore, _: Translate) -> str:
    """Return why a scale has no score."""
    counts = {"answered": score.n_answered, "items": score.n_items}
    return _("No score: %(answered)s of %(items)s statements answered") % counts


def verdict_words(reading: TargetReading, _: Translate) -> str:
    """Return the verdict in the reader's language; nothing is said of a scale without a score."""
    words: Mapping[Verdict, str] = {
        "inside": _("inside"),
        "probably inside": _("probably inside"),
        "unclear": _("unclear"),
        "probably outside": _("probably outside"),
        "outside": _("outside"),
    }
    return words[reading.verdict] if reading.verdict else _("no score")


def verdict_sentence(reading: TargetReading, _: Translate) -> str:
    """Return the verdict as a sentence with its probability; the score is known, the true position is not."""
    words: Mapping[Verdict, str] = {
        "inside": _("The true position very probably lies inside this range"),
        "probably inside": _("The true position probably lies inside this range"),
        "unclear": _("It is uncertain whether the true position lies inside this range"),
        "probably outside": _("The true position probably lies outside this range"),
        "outside": _("The true position very probably lies outside this range"),
    }
    if reading.verdict is None or reading.inside is None:
        return ""
    chance = _("chance of being inside %(chance)s") % {"chance": percent_words(reading.inside, _)}
    return f"{words[reading.verdict]} ({chance})."


def percent_words(share: float, _: Translate) -> str:
    """Return a share of 1 as whole per cents, never as a certainty."""
    if share > 0.99:
        return _("> %(n)s %%") % {"n": 99}
    return _("< %(n)s %%") % {"n": 1} if share < 0.01 else _("%(n)s %%") % {"n": f"{100 * share:.0f}"}


def percentile_words(percentile: float) -> str:
    """Return a percentile as a whole number from 1 to 99."""
    return str(min(max(round(percentile), 1), 99))


def match_missing(result: Result, targets: Sequence[Target], context: ReportContext | ComparisonContext) -> Markup:
    """Return why there is no match although there is a position that asks for `targets`."""
    _, language = translator(context.language), context.language
    counting = {target.scale for target in targets if target.weight}
    unscored = (each.scale for each in result.scales if each.scale in counting and not each.scorable)
    scales = map(context.bank.scale, unscored)
    names = [quoted(scale.name.lower(), language, scale.language) for scale in scales]
    message = _("There is no match: too few statements were answered on %(behaviours)s.")
    return Markup(message) % {"behaviours": listed(names, language)}  # noqa: S704


def norm_words(norm: Norm | None, language: str) -> str:
    """Return what the scores are compared with."""
    _ = translator(language)
    if norm is None:
        return _("Position on the model's scale; no norm yet, n = 0")
    day = day_words(norm.collected, language=language)
    return _("Norm group “%(name)s”, n = %(n)s, collected %(day)s") % {"name": norm.name, "n": norm.n, "day": day}


def is_provisional(result: Result) -> bool:
    """Whether the scores rest on parameters or on a comparison that nobody has checked yet."""
    return result.provisional or result.norm is None
