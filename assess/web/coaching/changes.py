"""What has changed between a coachee's last two assessments, drawn and in words; and why something cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assess.banks.model import Scale
from assess.scoring.progress import Measured, Obstacle, ScaleChange, change_since
from assess.services.calibrations import parameters_of
from assess.services.person_trends import Trend
from assess.services.results import Reading
from assess.web.i18n import gettext as _
from assess.web.i18n import language, longdate
from assess.web.trends import interval_words
from reports.charts.colours import SCREEN
from reports.charts.differences import Difference, difference_chart
from reports.language import translator
from reports.sections.row import band_words, missing_words


@dataclass(frozen=True, slots=True)
class ScaleWords:
    """One scale: what it was, what it is, and what is said of the difference."""

    name: str
    before: str
    after: str
    interval: str
    verdict: str
    reliable: bool


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The last two assessments that can be compared, beside each other."""

    first: str
    second: str
    summary: str
    drawing: Markup
    scales: tuple[ScaleWords, ...]
    least: str  # how large a difference on one scale had to be
    other_forms: bool  # whether the two were forms of different kinds


def change_of(trend: Trend) -> ChangeWords | None:
    """Return what has changed since the assessment before; None where there is no such that can be compared."""
    if len(trend.steps) < 2:
        return None
    before, after = trend.steps[-2:]
    bank = after.reading.bank
    scales = tuple(
        _scale(scale, before.reading, after.reading, change)
        for scale, change in zip(bank.scales, after.changes, strict=True)
    )
    days = longdate(before.day), longdate(after.day)
    said = "; ".join(f"{each.name}: {each.verdict}, {each.interval}" for each in scales)
    rows = [
        Difference(each.name, change.difference, change.low, change.high, _verdict(change), is_reliable=each.reliable)
        for each, change in zip(scales, after.changes, strict=True)
    ]
    return ChangeWords(
        *days,
        summary=_summary(scales),
        drawing=difference_chart(
            rows,
            title=_(
                "Differences in stens from %(first)s to %(second)s. %(said)s.", first=days[0], second=days[1], said=said
            ),
            less=_("nearer the low pole"),
            more=_("nearer the high pole"),
            colours=SCREEN,
        ),
        scales=scales,
        least=least_words(after.changes),
        other_forms=before.reading.result.form != after.reading.result.form,
    )


def least_of(reading: Reading) -> str:
    """Return how large a difference would have to be between two assessments as exact as this one."""
    measured = Measured(reading.result, parameters_of(reading.row.parameter_set))
    found = change_since(measured, measured)
    return "" if isinstance(found, Obstacle) else least_words(found)


def least_words(changes: Sequence[ScaleChange]) -> str:
    """Return the differences in stens from which on a scale alone is called changed, the least and the most exact."""
    known = [f"{each.least:.1f}" for each in changes if each.least is not None]
    if not known:
        return ""
    low, high = min(known, key=float), max(known, key=float)
    return low if low == high else _("%(low)s to %(high)s", low=low, high=high)


def _scale(scale: Scale, before: Reading, after: Reading, change: ScaleChange) -> ScaleWords:
    return ScaleWords(
        name=scale.name,
        before=_score(before, scale.code),
        after=_score(after, scale.code),
        interval=_("not comparable") if change.difference is None else interval_words(change),
        verdict=_verdict_with_pole(scale, change),
        reliable=change.verdict in {"reliably up", "reliably down"},
    )


def _score(reading: Reading, code: str) -> str:
    score, own = reading.result[code], translator(language())
    if score.sten is None:
        return f"{missing_words(score, own)}"
    return _("%(sten)s, band %(band)s", sten=score.sten, band=band_words(score, own))


def _verdict(change: ScaleChange) -> str:
    return {
        "reliably up": _("reliably up"),
        "reliably down": _("reliably down"),
        "no reliable change": _("no reliable change"),
        None: _("not comparable"),
    }[change.verdict]


def _verdict_with_pole(scale: Scale, change: ScaleChange) -> str:
    """Return the verdict, and what there is more of in the words of that pole: neither is the better one."""
    if change.verdict is None:
        return _("not comparable: too little was answered in one of the two")
    pole = {"reliably up": scale.high, "reliably down": scale.low}.get(change.verdict)
    return f"{_verdict(change)}: {_('more')} “{pole}”" if pole else _verdict(change)


def _summary(scales: Sequence[ScaleWords]) -> str:
    """Return in a sentence what has reliably changed, if anything has."""
    changed = [each for each in scales if each.reliable]
    if not changed:
        return _(
            "No reliable change. The differences are no larger than those that somebody who has not changed can expect "
            "from answering twice. That does not mean that nothing has happened."
        )
    named = "; ".join(f"{each.name} {each.verdict}" for each in changed)
    rest = _("On the other behaviours there is no reliable change.") if len(changed) < len(scales) else ""
    return f"{named}. {rest}".strip()
