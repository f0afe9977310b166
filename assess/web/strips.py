"""A scale of a result as pages for staff show it: its score in words, and the strip drawn for the screen."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from assess.banks.model import Scale
from assess.banks.wording import Target
from assess.scoring.result import ScaleScore
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from reports.charts.colours import SCREEN
from reports.charts.strip import sten_strip
from reports.language import translator
from reports.sections.row import band_words, missing_words, percentile_words


@dataclass(frozen=True, slots=True)
class ScaleWords:
    """One scale: its score, its target and how the two lie to each other; empty where there is nothing to say."""

    scale: Scale
    score: str
    target: str
    strip: Markup


def scale_words(scale: Scale, score: ScaleScore, *, target: Target | None = None, asked: str = "") -> ScaleWords:
    """Return the scale with its score; with a `target`, also what is `asked` for, which the strip frames."""
    said = score_words(score)
    return ScaleWords(
        scale=scale,
        score=said,
        target=asked,
        strip=sten_strip(
            score,
            title=" ".join(filter(None, (f"{scale.name}.", said, asked))),
            target=(target.low, target.high) if target else None,
            words=_("too few answers"),
            colours=SCREEN,
        ),
    )


def score_words(score: ScaleScore) -> str:
    """Return the score with its band, or why there is none."""
    reports_own = translator(language())
    if score.sten is None:
        return f"{missing_words(score, reports_own)}."
    text = _("Score %(sten)s, band %(band)s.", sten=score.sten, band=band_words(score, reports_own))
    if score.percentile is not None:
        text += " " + _("Percentile %(percentile)s.", percentile=percentile_words(score.percentile))
    return text
