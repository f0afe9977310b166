"""The comparison's first page: the matches of all below each other, which order they leave open, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from babel import Locale
from markupsafe import Markup

from assess.scoring.interpret import Match
from assess.scoring.result import Flag
from reports.charts.lines import axis, match_line
from reports.content import questionnaire_words
from reports.context import ComparisonContext
from reports.dates import day_words, local_day
from reports.language import Translate, apart, listed, quoted, translator
from reports.sections.candidates import FEW, Standing, places_words, standings
from reports.sections.care import by_weight, may_not_describe, short_words
from reports.sections.further import alignment_words
from reports.sections.row import is_provisional, match_missing, norm_words


@dataclass(frozen=True, slots=True)
class Line:
    """One person; what a match is needed for is empty without one."""

    name: str
    simulated: bool
    median: str
    interval: str
    drawing: Markup
    missing: str  # why there is no match
    places: str
    alignment: str
    alignment_interval: str
    care: str
    in_doubt: bool  # the answers may not describe the person


@dataclass(frozen=True, slots=True)
class Overview:
    """Everybody on one axis."""

    position: str
    long_name: bool
    facts: tuple[tuple[str, str], ...]
    norm: str
    others: str  # what the people compared with reach
    axis: Markup
    lines: tuple[Line, ...]
    n_places: int
    has_alignment: bool
    is_long: bool  # the lines are many
    notes: tuple[str, ...]  # what makes people harder to compare
    provisional: bool
    uncalibrated: bool
    no_norm: bool
    is_named: bool  # whether the names of the behaviours are in the reader's language

    template: ClassVar[str] = "comparison.html"

    @classmethod
    def build(cls, context: ComparisonContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        everybody = standings(context)
        result = context.candidates[0].result
        matches = [each.candidate.match for each in everybody if each.candidate.match]
        return cls(
            position=context.position,
            long_name=context.has_long_name,
            facts=_facts(context, _),
            norm=norm_words(result.norm, context.language),
            others=_others(matches[0], context, _) if matches else "",
            axis=axis(title=_("Match, from 0 to 100 %%") % {}, colours=context.colours),
            lines=tuple(_line(each, context, _) for each in everybody),
            n_places=len(matches),
            has_alignment=any(each.further and each.further.alignment for each in context.candidates),
            is_long=len(everybody) > FEW,
            notes=tuple(filter(None, (_languages(context, _), _keys(context, _), _spread(context, _)))),
            provisional=is_provisional(result),
            uncalibrated=result.provisional,
            no_norm=result.norm is None,
            is_named=context.bank.is_named_in(context.language),
        )


def count_words(flags: tuple[Flag, ...], _: Translate) -> str:
    """Return how many reasons for care there are, and the gravest."""
    if not flags:
        return _("none")
    words = {"n": len(flags), "gravest": short_words(by_weight(flags)[0].code, _)}
    return _("1: %(gravest)s") % words if len(flags) == 1 else _("%(n)s, gravest: %(gravest)s") % words


def forms_words(context: ComparisonContext) -> Markup:
    """Return the questionnaire with the form that was taken, with each if there were several."""
    codes = sorted({each.result.form for each in context.candidates})
    return listed([questionnaire_words(context.bank, code, context.language) for code in codes], context.language)


def handed_in_words(context: ComparisonContext, _: Translate) -> str:
    """Return the day or the days on which people handed in."""
    moments = [each.submitted_at for each in context.candidates]
    days = [local_day(at, zone=context.time_zone, language=context.language) for at in (min(moments), max(moments))]
    return days[0] if days[0] == days[1] else _("%(low)s to %(high)s") % {"low": days[0], "high": days[1]}


def _facts(context: ComparisonContext, _: Translate) -> tuple[tuple[str, str], ...]:
    n, matched = len(context.candidates), sum(each.match is not None for each in context.candidates)
    people = _("%(n)s, all with a match") if n == matched else _("%(n)s, of whom %(matched)s have a match")
    return (
        (_("People"), people % {"n": n, "matched": matched}),
        (_("Organisation"), apart(context.organization, context.language)),
        (_("Handed in"), handed_in_words(context, _)),
        (_("Questionnaire"), forms_words(context)),
        (_("What the position asks for"), quoted(context.pattern_source, context.language)),
        (_("Kept until"), day_words(context.retention_until, language=context.language)),
    )


def _line(standing: Standing, context: ComparisonContext, _: Translate) -> Line:
    candidate, match = standing.candidate, standing.candidate.match
    flags = candidate.result.flags
    alignment, alignment_interval = alignment_words(candidate.further, context.language)
    figures = _figures(match) if match else {}
    title = _("%(name)s: match %(median)s %%, 90 %% interval %(low)s to %(high)s %%.")
    return Line(
        name=candidate.name,
        simulated=candidate.simulated,
        median=_("%(n)s %%") % {"n": figures["median"]} if match else "–",
        interval=_("%(low)s to %(high)s") % figures if match else "",
        drawing=match_line(
            match, title=title % {"name": apart(candidate.name, context.language), **figures}, colours=context.colours
        )
        if match
        else Markup(),
        missing="" if match else match_missing(candidate.result, context.targets, context),
        places=places_words(standing.places, _),
        alignment=alignment,
        alignment_interval=alignment_interval,
        care=count_words(flags, _),
        in_doubt=may_not_describe(flags),
    )


def _figures(match: Match) -> dict[str, str]:
    return {name: f"{100 * getattr(match, name):.0f}" for name in ("median", "low", "high")}


def _others(match: Match, context: ComparisonContext, _: Translate) -> str:
    norm = context.candidates[0].result.norm
    first, middle, third = (f"{100 * share:.0f}" for share in match.population)
    words = {"first": first, "middle": middle, "third": third}
    if norm:
        said = _(
            "Expected in the norm group “%(name)s” (n = %(n)s): median %(middle)s %%, half of the people between "
            "%(first)s and %(third)s %%."
        )
        return said % {**words, "name": norm.name, "n": norm.n}
    said = _(
        "In the population that the model assumes (no norm yet, n = 0): median %(middle)s %%, half of the people "
        "between %(first)s and %(third)s %%."
    )
    return said % words


def _languages(context: ComparisonContext, _: Translate) -> str:
    used = sorted({each.answered_in for each in context.candidates})
    if len(used) == 1:
        return ""
    reader = Locale.parse(context.language)
    names = {code: Locale.parse(code).get_display_name(reader) or code for code in used}
    counts = {code: sum(each.answered_in == code for each in context.candidates) for code in used}
    said = listed([f"{names[code]} ({counts[code]})" for code in used], context.language)
    return _("Answered in several languages: %(languages)s. That scores mean the same in all of them is not shown.") % {
        "languages": said
    }


def _keys(context: ComparisonContext, _: Translate) -> str:
    """Return how far alignments can be trusted, where there are some."""
    found = [each.further.alignment for each in context.candidates if each.further and each.further.alignment]
    versions = {each.key_version: each.n_raters for each in found}
    if len(versions) > 1:
        return _("Alignment was taken with different versions of the company's view: these are not comparable.")
    if None in versions:
        return _("Alignment is with an author's key; the organisation's own raters have not answered yet.")
    return "".join(
        _("Alignment is with the organisation's own view, version %(version)s, from %(n)s raters.")
        % {"version": version, "n": n}
        for version, n in versions.items()
    )


def _spread(context: ComparisonContext, _: Translate) -> str:
    forms = {each.result.form for each in context.candidates}
    return _("Forms differ, and with them the width of the intervals.") if len(forms) > 1 else ""
