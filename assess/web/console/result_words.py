"""A row of the results table in words, and what is true of all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assess.banks.model import Scale
from assess.models import PatternVersion, Result
from assess.scoring.further import Further
from assess.scoring.result import Flag, ScaleScore
from assess.services import results
from assess.services.calibrations import norm_of
from assess.services.positions import targets_of
from assess.services.result_lists import Row, Sort
from assess.web.console.words import outcome_words
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from assess.web.tags import Tag
from reports.language import translator
from reports.sections.care import may_not_describe
from reports.sections.comparison import count_words
from reports.sections.further import alignment_words
from reports.sections.row import band_words, norm_words, range_words

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its interval or band; without one, why there is none."""

    value: str
    interval: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's row."""

    row: Row
    match: Figure
    group: str  # the median of the people compared with
    scales: dict[str, Figure]
    alignment: Figure
    care: str
    in_doubt: bool
    decision: Tag | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What the results on a page rest on, said once above them."""

    provisional: bool
    no_norm: bool
    norms: tuple[str, ...]
    simulated: bool
    matched: bool
    several_scales: bool  # whether scores are measured on more than one
    several_patterns: bool
    targets: dict[str, str]  # per scale, where one pattern is that of all
    default_key: bool
    several_keys: bool


def line(row: Row) -> Line:
    """Return `row` in words."""
    result, reports_own = row.result, translator(language())
    flags = tuple(Flag(**flag) for flag in result.flags)
    return Line(
        row=row,
        match=_match(result),
        group=_percent(result.match["population"][1]) if result.match else "",
        scales={each.scale: _scale(results.scale_score(each)) for each in result.scales},
        alignment=_alignment(result),
        care=count_words(flags, reports_own),
        in_doubt=may_not_describe(flags),
        decision=Tag(outcome_words(row.outcome), "") if row.outcome else None,
    )


def ground(rows: Sequence[Row]) -> Ground:
    """Return what `rows` have in common, and in what they differ."""
    found = [row.result for row in rows]
    norms = {row.norm_group_id: row.norm_group for row in found}
    patterns = {row.pattern_version_id: row.pattern_version for row in found if row.pattern_version}
    keys = {row.further["alignment"]["key_version"] for row in found if row.further and row.further["alignment"]}
    return Ground(
        provisional=any(row.parameter_set.is_provisional for row in found),
        no_norm=None in norms,
        norms=tuple(sorted(norm_words(norm_of(norm), language()) for norm in norms.values() if norm)),
        simulated=any(row.assignment.person.is_simulated for row in rows),
        matched=any(row.match for row in found),
        several_scales=len({(row.parameter_set_id, row.norm_group_id) for row in found}) > 1,
        several_patterns=len(patterns) > 1,
        targets=_targets(next(iter(patterns.values()))) if len(patterns) == 1 else {},
        default_key=None in keys,
        several_keys=len(keys) > 1,
    )


def order_words(rows: Sequence[Row], sort: str, scales: Sequence[Scale]) -> str:
    """Return what the order of the table means, and what it leaves open; empty where it is that of names or dates."""
    if sort in (Sort.NAME, Sort.DATE):
        return ""
    what = {Sort.MATCH.value: _("match"), Sort.ALIGNMENT.value: _("alignment")}
    what |= {scale.code: scale.name for scale in scales}
    said = _("Sorted by %(what)s, not ranked.", what=what[sort])
    found = [interval for interval in (_interval(row.result, sort) for row in rows) if interval]
    pairs = list(pairwise(found))
    open_pairs = sum(one[0] <= other[1] and other[0] <= one[1] for one, other in pairs)
    if not pairs:
        return said
    if open_pairs == len(pairs):
        return f"{said} {_('The intervals of all neighbours on this page overlap, so their order is open.')}"
    some = _(
        "The intervals of %(n)s of %(all)s pairs of neighbours on this page overlap: their order is open.",
        n=open_pairs,
        all=len(pairs),
    )
    return f"{said} {some}"


def _interval(result: Result, sort: str) -> Interval | None:
    if sort == Sort.MATCH:
        return (result.match["low"], result.match["high"]) if result.match else None
    if sort == Sort.ALIGNMENT:
        found = result.further["alignment"] if result.further else None
        return (found["low"], found["high"]) if found and found["low"] is not None else None
    score = next((results.scale_score(each) for each in result.scales if each.scale == sort), None)
    return score.band() if score and score.scorable else None


def _match(result: Result) -> Figure:
    found = result.match
    if found is None:
        missing = _("too few answers") if result.pattern_version_id else _("no position")
        return Figure("", "", missing)
    ends = _("%(low)s to %(high)s", low=_number(found["low"]), high=_number(found["high"]))
    return Figure(_percent(found["median"]), ends)


def _scale(score: ScaleScore) -> Figure:
    if not score.scorable:
        return Figure("", "", _("too few answers"))
    return Figure(str(score.sten), band_words(score, translator(language())))


def _alignment(result: Result) -> Figure:
    if result.further is None or result.further["alignment"] is None:
        return Figure("", "", _("not asked"))
    value, interval = alignment_words(Further.from_json(result.further), language())
    return Figure(value, interval, "" if value else _("too few answers"))


def _targets(pattern: PatternVersion) -> dict[str, str]:
    reports_own = translator(language())
    return {each.scale: range_words(each.low, each.high, reports_own) for each in targets_of(pattern)}


def _number(share: float) -> str:
    return f"{100 * share:.0f}"


def _percent(share: float) -> str:
    return f"{_number(share)} %"
