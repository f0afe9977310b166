"""What came of feedback from colleagues, as pages of the coach and of the person show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assess.banks.model import Bank, Scale
from assess.banks.registry import Registry
from assess.banks.surveys import FEWEST_RATERS
from assess.models import Person
from assess.scoring.feedback import SELF, TOGETHER, ScaleView, Seen, Summary
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from reports.charts.colours import SCREEN
from reports.charts.seen import mark, seen_lines
from reports.language import number


@dataclass(frozen=True, slots=True)
class Line:
    """Where somebody, or a group of raters, places the person."""

    mark: Markup
    who: str
    n: int | None
    place: str
    band: str  # empty of the person themself


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One way of working: the line, the table of the same, and what can be said in a sentence."""

    scale: Scale
    chart: Markup
    lines: Sequence[Line]
    sentence: str


def rows_of(summary: Summary, registry: Registry, person: Person, *, is_own: bool) -> Sequence[ScaleRow]:
    """Return the scales of a round; `is_own`: for the person's eyes."""
    own = _("You") if is_own else person.name
    bank = registry.editions[0].named_in(language())
    return [_row(each, bank, own, is_own=is_own) for each in summary.scales]


def source_words(source: str) -> str:
    """Return who raters of a source are."""
    return {
        "manager": _("Managers"),
        "colleagues": _("Colleagues"),
        "customers": _("Internal customers"),
        "led": _("People they lead"),
        TOGETHER: _("Smaller groups together"),
    }[source]


def _row(view: ScaleView, bank: Bank, own: str, *, is_own: bool) -> ScaleRow:
    scale = bank.scale(view.scale)
    lines = [_line(each) for each in view.groups]
    if view.own is not None:
        lines.insert(0, Line(mark(SELF, colours=SCREEN), own, None, _number(view.own), ""))
    said = [f"{each.who}: {each.place}" for each in lines]
    ends = _("1 is “%(low)s”, 5 is “%(high)s”.", low=scale.low, high=scale.high)
    title = " ".join([f"{scale.name}.", ends, "; ".join(said)])
    chart, sentence = seen_lines(view, title=title, colours=SCREEN), _sentence(view, scale, is_own=is_own)
    return ScaleRow(scale, chart, lines, sentence)


def _line(seen: Seen) -> Line:
    band = _("%(low)s to %(high)s", low=_number(seen.low), high=_number(seen.high))
    return Line(mark(seen.source, colours=SCREEN), source_words(seen.source), seen.n, _number(seen.mean), band)


def _sentence(view: ScaleView, scale: Scale, *, is_own: bool) -> str:
    gap = view.gap
    if view.others is None:
        return _("Fewer than %(n)s people have seen enough of this, so nothing is shown of them.", n=FEWEST_RATERS)
    if gap is None:
        return _("You have not said yourself.") if is_own else _("There is no own view beside it.")
    if not gap.is_clear:
        return _("No clear difference between the own view and the others': so few raters leave more open than that.")
    ends = sorted((abs(gap.low), abs(gap.high)))
    values = {
        "pole": scale.high if gap.value > 0 else scale.low,
        "n": _number(abs(gap.value)),
        "low": _number(ends[0]),
        "high": _number(ends[1]),
    }
    if is_own:
        return _("You see yourself nearer to “%(pole)s” than the others do, by %(n)s (%(low)s to %(high)s).", **values)
    return _("The own view is nearer to “%(pole)s” than the others', by %(n)s (%(low)s to %(high)s).", **values)


def _number(value: float) -> str:
    return number(value, 1, language())
