"""A result as the person's page shows it: the same words as in the reports, drawn for the screen."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from assess.banks.model import Scale
from assess.banks.wording import Target
from assess.scoring.interpret import Match, read_target
from assess.scoring.result import ScaleScore
from assess.services.results import Reading
from assess.web.console import words
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from assess.web.strips import ScaleWords, scale_words
from reports.charts.bar import match_bar
from reports.charts.colours import SCREEN
from reports.language import translator
from reports.sections.further import FurtherWords, further_words
from reports.sections.row import (
    band_words,
    missing_words,
    norm_words,
    range_words,
    verdict_sentence,
)


@dataclass(frozen=True, slots=True)
class MatchWords:
    """The match with its interval, and the population compared with."""

    median: str
    interval: str
    others: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that the page says about a result."""

    reading: Reading
    norm: str
    match: MatchWords | None
    scales: tuple[ScaleWords, ...]
    impression: str
    further: FurtherWords | None


def profile(reading: Reading) -> Profile:
    """Return what the page says about `reading`."""
    targets = {target.scale: target for target in reading.targets}
    scales = [(scale, reading.result[scale.code]) for scale in reading.bank.scales]
    return Profile(
        reading=reading,
        norm=norm_words(reading.result.norm, language()),
        match=_match(reading.match, reading) if reading.match else None,
        scales=tuple(_scale(scale, score, targets.get(scale.code)) for scale, score in scales),
        impression=_impression(reading.result.impression),
        further=_further(reading),
    )


def _further(reading: Reading) -> FurtherWords | None:
    if reading.further is None:
        return None
    return further_words(reading.further, reading.bank, language=language(), colours=SCREEN)


def _scale(scale: Scale, score: ScaleScore, target: Target | None) -> ScaleWords:
    return scale_words(scale, score, target=target, asked=_target_words(score, target) if target else "")


def _target_words(score: ScaleScore, target: Target) -> str:
    reports_own = translator(language())
    said = (
        _("Asked for: %(range)s;", range=range_words(target.low, target.high, reports_own)),
        f"{words.weight_words(target.weight)}.",
        verdict_sentence(read_target(score, target), reports_own),
    )
    return " ".join(filter(None, said))


def _match(match: Match, reading: Reading) -> MatchWords:
    median, low, high, first, middle, third = (
        f"{100 * share:.0f}" for share in (match.median, match.low, match.high, *match.population)
    )
    norm = reading.result.norm
    if norm is None:
        whom = _("For comparison, in the population that the model assumes (no norm yet, n = 0)")
    else:
        whom = _("For comparison, expected in the norm group “%(name)s” (n = %(n)s)", name=norm.name, n=norm.n)
    others = _(
        "%(whom)s: the median is %(middle)s %%, and half of the people lie between %(first)s and %(third)s %%.",
        whom=whom,
        first=first,
        third=third,
        middle=middle,
    )
    interval = _("90 %% interval %(low)s to %(high)s %%", low=low, high=high)
    title = _("Match %(median)s %%, %(interval)s. %(others)s", median=median, interval=interval, others=others)
    labels = (_("this person"), _("comparison"))
    return MatchWords(f"{median} %", interval, others, match_bar(match, title=title, labels=labels, colours=SCREEN))


def _impression(score: ScaleScore) -> str:
    """Return how favourably the person described themselves, without judging it."""
    if score.sten is None:
        return _("Impression management: %(missing)s.", missing=missing_words(score, translator(language())))
    return _(
        "Impression management, that is, how favourably people describe themselves: %(sten)s of 10, band %(band)s, on "
        "the model's scale. It corrects no score. High values are common when much depends on the result.",
        sten=score.sten,
        band=band_words(score, translator(language())),
    )
