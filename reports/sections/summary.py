"""The hiring report's first page: who and when, the match, six strips, and with how much care to read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.scoring.interpret import Match
from reports.charts.bar import match_bar
from reports.content import questionnaire_words
from reports.context import ReportContext
from reports.dates import day_words, local_day
from reports.language import Translate, apart, number, translator
from reports.sections.care import care_words, may_not_describe
from reports.sections.row import Row, is_provisional, match_missing, norm_words, rows

SHOWN_FLAGS = 3  # that leave the summary on one page; the technical note has them all


@dataclass(frozen=True, slots=True)
class MatchWords:
    """The match in words and as a bar."""

    median: str
    interval: str
    others: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole report on one page."""

    person: str
    long_name: bool
    facts: tuple[tuple[str, str], ...]
    match: MatchWords | None
    match_missing: str
    match_in_doubt: bool
    alignment: str  # with the company's view, and how sure; empty where it was not asked for
    norm: str
    rows: tuple[Row, ...]
    has_targets: bool
    flags: tuple[str, ...]
    n_more_flags: int
    provisional: bool
    uncalibrated: bool
    no_norm: bool
    is_named: bool  # whether the names of the behaviours are in the reader's language

    template: ClassVar[str] = "summary.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        result, match = context.result, context.match
        sentences = care_words(result, context.language)
        return cls(
            person=context.person,
            long_name=context.has_long_name,
            facts=_facts(context, _),
            match=match_words(match, context) if match else None,
            match_missing="" if match or not context.targets else match_missing(result, context.targets, context),
            match_in_doubt=may_not_describe(result.flags),
            alignment=_alignment(context, _),
            norm=norm_words(result.norm, context.language),
            rows=rows(context, with_targets=True),
            has_targets=bool(context.targets),
            flags=sentences[:SHOWN_FLAGS],
            n_more_flags=len(sentences[SHOWN_FLAGS:]),
            provisional=is_provisional(result),
            uncalibrated=result.provisional,
            no_norm=result.norm is None,
            is_named=context.bank.is_named_in(context.language),
        )


def purpose_words(purpose: str, _: Translate) -> str:
    """Return what the assessment was for."""
    known = {"hiring": _("Hiring"), "promotion": _("Promotion"), "coaching": _("Coaching")}
    return known.get(purpose, purpose)


def match_words(match: Match, context: ReportContext) -> MatchWords:
    """Return a match of the person of `context` in words and as a bar, beside the population's."""
    _, norm = translator(context.language), context.result.norm
    shares = (match.median, match.low, match.high, *match.population)
    keys = ("median", "low", "high", "first", "middle", "third")
    values = {key: f"{100 * share:.0f}" for key, share in zip(keys, shares, strict=True)}
    if norm:
        others = _(
            "Expected in the norm group “%(name)s” (n = %(n)s): the median is %(middle)s %% and half of the people "
            "lie between %(first)s and %(third)s %%."
        ) % {**values, "name": norm.name, "n": norm.n}
    else:
        others = (
            _(
                "For comparison, in the population that the model assumes (no norm yet, n = 0) the median is "
                "%(middle)s %% and half of the people lie between %(first)s and %(third)s %%."
            )
            % values
        )
    interval = _("%(low)s to %(high)s %%") % values
    title = _("Match %(median)s %%, 90 %% interval %(low)s to %(high)s %%.") % values + " " + others
    return MatchWords(
        _("%(n)s %%") % {"n": values["median"]},
        interval,
        others,
        match_bar(match, title=title, labels=(_("this person"), _("comparison")), colours=context.colours),
    )


def _facts(context: ReportContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language, zone = context.language, context.time_zone
    return (
        (_("Position"), apart(context.position or _("none chosen"), language)),
        (_("Organisation"), apart(context.organization, language)),
        (_("Taken"), local_day(context.submitted_at, zone=zone, language=language)),
        (_("Questionnaire"), questionnaire_words(context.bank, context.result.form, language)),
        (_("Purpose"), purpose_words(context.purpose, _)),
        (_("Kept until"), day_words(context.retention_until, language=language)),
    )


def _alignment(context: ReportContext, _: Translate) -> str:
    """Return the alignment with the company's view of service in a line."""
    found = context.further.alignment if context.further else None
    if found is None:
        return ""
    if found.value is None or found.low is None or found.high is None:
        return _("Alignment with the company's view: too little was answered.")
    values = {name: number(100 * getattr(found, name), 0, context.language) for name in ("value", "low", "high")}
    if found.key_version is None:
        said = _(
            "Alignment with the company's view: %(value)s %% (90 %% interval %(low)s to %(high)s %%); an author's key."
        )
    else:
        said = _(
            "Alignment with the company's view, version %(version)s from %(n)s raters: %(value)s %% (90 %% interval "
            "%(low)s to %(high)s %%)."
        )
        values |= {"version": str(found.key_version), "n": str(found.n_raters)}
    return said % values
