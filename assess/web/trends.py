"""Results over time as pages show them: drawn, and as a table of the same."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from assess.languages import SOURCE
from assess.scoring.progress import ScaleChange
from assess.services.person_trends import Step, Trend
from assess.web.i18n import gettext as _
from assess.web.i18n import language, longdate
from reports.charts import trend_panel
from reports.charts.colours import SCREEN
from reports.charts.trend import trend_chart
from reports.language import signed, translator
from reports.sections.row import band_words, missing_words

DRAWN = 8  # assessments at most; more would not be told apart on the axis
VERDICTS: dict[str, trend_panel.Change] = {"reliably up": "rise", "reliably down": "fall"}


@dataclass(frozen=True, slots=True)
class TrendWords:
    """The results over time: a drawing of each scale, all on one axis of time, and a table of the same."""

    drawings: tuple[Markup, ...]
    days: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # per scale: score and change at each day


def trend_words(trend: Trend, *, with_ranges: bool = False) -> TrendWords:
    """Return the comparable results of `trend`, with the ranges that the newest one's job asks for if wanted."""
    steps = trend.steps[-DRAWN:]
    bank = steps[-1].reading.bank
    targets = {each.scale: (each.low, each.high) for each in steps[-1].reading.targets} if with_ranges else {}
    series = [
        trend_panel.Trend(scale.name, tuple(_point(step, scale.code) for step in steps), targets.get(scale.code))
        for scale in bank.scales
    ]
    title = _("%(n)s assessments.", n=len(steps))
    drawn = [trend_chart([each], title=title, language=language(), colours=SCREEN, narrow=True) for each in series]
    return TrendWords(
        drawings=tuple(drawn),
        days=tuple(longdate(step.day) for step in steps),
        rows=tuple((scale.name, tuple(_cell(step, scale.code) for step in steps)) for scale in bank.scales),
    )


def _point(step: Step, scale: str) -> trend_panel.TrendPoint:
    score, change = step.reading.result[scale], _change(step, scale)
    missing = "" if score.scorable else missing_words(score, translator(language()))
    verdict = VERDICTS.get(change.verdict or "") if change and score.scorable else None
    return trend_panel.TrendPoint(step.day, score, missing=missing, change=verdict)


def _cell(step: Step, scale: str) -> tuple[str, str]:
    """Return the score at a day in words, and how it has changed since the one before."""
    score, own = step.reading.result[scale], translator(language())
    if score.sten is None:
        return f"{missing_words(score, own)}", ""
    said = _("%(sten)s, band %(band)s", sten=score.sten, band=band_words(score, own))
    return said, change_words(_change(step, scale)) if step.changes else ""


def _change(step: Step, scale: str) -> ScaleChange | None:
    return next((each for each in step.changes if each.scale == scale), None)


def change_words(change: ScaleChange | None) -> str:
    """Return how a scale has changed since the assessment before, with the interval."""
    if change is None or change.verdict is None:
        return _("cannot be compared with the one before")
    said = {
        "reliably up": _("reliable rise"),
        "reliably down": _("reliable fall"),
        "no reliable change": _("no reliable change"),
    }[change.verdict]
    return f"{said} ({interval_words(change)})"


def interval_words(change: ScaleChange) -> str:
    """Return the difference in stens with its 95 % interval; it must be known."""
    ends = {name: signed(getattr(change, name), 1, SOURCE) for name in ("difference", "low", "high")}
    return _("difference %(difference)s, 95 %% interval %(low)s to %(high)s", **ends)
