"""What has changed since earlier assessments by more than the error of both, and how the scales went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from markupsafe import Markup

from assess.banks.model import Scale
from assess.scoring.progress import Measured, Obstacle, ScaleChange, change_since
from assess.scoring.readiness import ground_of
from assess.scoring.result import Result
from reports.charts.trend import trend_chart
from reports.charts.trend_panel import Change, Trend, TrendPoint
from reports.content import name_of
from reports.context import Earlier, RepeatedContext
from reports.dates import local_day
from reports.language import Translate, apart, number, translator
from reports.sections.row import missing_words

CHARTED = 8  # assessments that have room on the axis of time, the newest ones


@dataclass(frozen=True, slots=True)
class SinceLine:
    """A scale with the difference from the assessment before."""

    name: str
    difference: str
    interval: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Since:
    """Change since the assessment before that can be compared; or why there is none."""

    day: str  # of the assessment compared with; empty where there is none
    today: str
    lines: tuple[SinceLine, ...]
    chart: Markup
    has_targets: bool
    obstacles: tuple[str, ...]  # earlier assessments that cannot be compared, each with the reason

    template: ClassVar[str] = "since.html"

    @classmethod
    def build(cls, context: RepeatedContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        found = [(each, _change(each, context)) for each in context.earlier]
        comparable = [(each, change) for each, change in found if not isinstance(change, Obstacle)]
        newest = comparable[-1] if comparable else None
        return cls(
            day=_day(newest[0].submitted_at, context) if newest else "",
            today=_day(context.submitted_at, context),
            lines=_lines(newest[1], context, _) if newest else (),
            chart=_chart([each for each, _changes in comparable], context, _),
            has_targets=bool(context.targets),
            obstacles=tuple(
                _obstacle(change, _day(each.submitted_at, context), _)
                for each, change in found
                if isinstance(change, Obstacle)
            ),
        )


def _change(earlier: Earlier, context: RepeatedContext) -> tuple[ScaleChange, ...] | Obstacle:
    return change_since(Measured(earlier.result, earlier.parameters), Measured(context.result, context.parameters))


def _day(moment: datetime, context: RepeatedContext) -> str:
    return local_day(moment, zone=context.time_zone, language=context.language)


def _obstacle(obstacle: Obstacle, day: str, _: Translate) -> str:
    words: Mapping[Obstacle, str] = {
        Obstacle.BANK: _("%(day)s: another version of the questionnaire, which measures on a scale of its own."),
        Obstacle.PARAMETERS: _("%(day)s: scored with other parameters, and so measured on another scale."),
        Obstacle.LEVEL: _(
            "%(day)s: too little was answered that says how high somebody stands. Choices between statements alone say "
            "only which behaviour is the stronger one."
        ),
    }
    return words[obstacle] % {"day": day}


def _lines(changes: Sequence[ScaleChange], context: RepeatedContext, _: Translate) -> tuple[SinceLine, ...]:
    return tuple(_line(change, context, _) for change in changes)


def _line(change: ScaleChange, context: RepeatedContext, _: Translate) -> SinceLine:
    language = context.language
    name = name_of(context.bank.scale(change.scale), language)
    if change.difference is None or change.low is None or change.high is None:
        return SinceLine(name, "–", "–", _("not comparable: too little was answered in one of the two"))
    low, high = (number(end, 1, language) for end in (change.low, change.high))
    words = {
        "reliably up": _("reliable rise"),
        "reliably down": _("reliable fall"),
        "no reliable change": _("no reliable change"),
    }
    return SinceLine(
        name,
        _signed(change.difference, language),
        apart(_("%(low)s to %(high)s") % {"low": low, "high": high}, language),
        words[change.verdict or "no reliable change"],
    )


def _signed(value: float, language: str) -> str:
    shown = number(value, 1, language)
    return apart(f"+{shown}", language) if value >= 0.05 else shown


def _chart(comparable: Sequence[Earlier], context: RepeatedContext, _: Translate) -> Markup:
    """Return how the scales went over the assessments whose stens mean the same; nothing of a single one."""
    by_day: dict[date, Result] = {}
    for each in comparable:
        if ground_of(each.result) == ground_of(context.result):
            by_day[_local(each.submitted_at, context)] = each.result
    by_day[_local(context.submitted_at, context)] = context.result
    if len(by_day) < 2:
        return Markup()
    shown = sorted(by_day.items())[-CHARTED:]
    measured = [Measured(result, context.parameters) for _at, result in shown]
    changes = [None, *(change_since(*pair) for pair in pairwise(measured))]  # each since the one before
    return trend_chart(
        [_trend(scale, shown, changes, context, _) for scale in context.bank.scales],
        title=_("How the behaviours of %(name)s went.") % {"name": apart(context.person, context.language)},
        language=context.language,
        colours=context.colours,
    )


def _trend(
    scale: Scale,
    shown: Sequence[tuple[date, Result]],
    changes: Sequence[tuple[ScaleChange, ...] | Obstacle | None],
    context: RepeatedContext,
    _: Translate,
) -> Trend:
    points = []
    for (day, result), found in zip(shown, changes, strict=True):
        score = result[scale.code]
        change = _mark(found, scale.code) if isinstance(found, tuple) else None
        points.append(TrendPoint(day, score, "" if score.scorable else missing_words(score, _), change))
    target = context.target(scale.code)
    return Trend(scale.name, tuple(points), (target.low, target.high) if target else None)


def _mark(changes: Sequence[ScaleChange], scale: str) -> Change | None:
    marks: Mapping[str | None, Change] = {"reliably up": "rise", "reliably down": "fall"}
    return marks.get(next(each.verdict for each in changes if each.scale == scale))


def _local(moment: datetime, context: RepeatedContext) -> date:
    return moment.astimezone(ZoneInfo(context.time_zone)).date()
