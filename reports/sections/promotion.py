"""The promotion report's first page: two roles side by side, six strips, and with how much care to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.wording import Target
from assess.scoring.interpret import Match, read_target
from reports.charts.lines import axis, match_line
from reports.content import questionnaire_words
from reports.dates import day_words, local_day
from reports.language import Translate, apart, translator
from reports.rosters import PromotionContext, Role
from reports.sections.care import care_words, may_not_describe
from reports.sections.row import Row, is_provisional, match_missing, norm_words, range_words, rows, verdict_words
from reports.sections.summary import SHOWN_FLAGS, match_words


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close the person is to one role; `missing` says why that is not known."""

    heading: str
    role: str
    median: str
    interval: str
    drawing: Markup
    others: str
    missing: str


@dataclass(frozen=True, slots=True)
class Line:
    """A scale with its strip and the target's range, and how the person lies to the present role."""

    row: Row
    now: str
    now_verdict: str


@dataclass(frozen=True, slots=True)
class PromotionSummary:
    """The whole report on one page."""

    person: str
    long_name: bool
    facts: tuple[tuple[str, str], ...]
    target: Closeness
    present: Closeness
    axis: Markup
    in_doubt: bool
    answered_for: str
    norm: str
    lines: tuple[Line, ...]
    flags: tuple[str, ...]
    n_more_flags: int
    provisional: bool
    uncalibrated: bool
    no_norm: bool
    is_named: bool  # whether the names of the behaviours are in the reader's language

    template: ClassVar[str] = "promotion.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        result, sentences = context.result, care_words(context.result, context.language)
        return cls(
            person=context.person,
            long_name=context.has_long_name,
            facts=_facts(context, _),
            target=_target(context, _),
            present=_present(context, _),
            axis=axis(title=_("Match, from 0 to 100 %%") % {}, colours=context.colours),
            in_doubt=may_not_describe(result.flags),
            answered_for=context.answered_for,
            norm=norm_words(result.norm, context.language),
            lines=_lines(context, _),
            flags=sentences[:SHOWN_FLAGS],
            n_more_flags=len(sentences[SHOWN_FLAGS:]),
            provisional=is_provisional(result),
            uncalibrated=result.provisional,
            no_norm=result.norm is None,
            is_named=context.bank.is_named_in(context.language),
        )


def _facts(context: PromotionContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language, zone = context.language, context.time_zone
    present = context.present.title if context.present else _("none noted")
    return (
        (_("Target role"), apart(context.position or "", language)),
        (_("Present role"), apart(present, language)),
        (_("Bench"), apart(context.bench, language)),
        (_("Taken"), local_day(context.submitted_at, zone=zone, language=language)),
        (_("Questionnaire"), questionnaire_words(context.bank, context.result.form, language)),
        (_("Kept until"), day_words(context.retention_until, language=language)),
    )


def _target(context: PromotionContext, _: Translate) -> Closeness:
    return _closeness(_("Target role"), context.position or "", context.match, context.targets, context)


def _present(context: PromotionContext, _: Translate) -> Closeness:
    role: Role | None = context.present
    if role is None:
        why = _("No present role is noted on the bench, so there is nothing to lay beside the target.")
        return Closeness(_("Present role"), "", "", "", Markup(), "", why)
    return _closeness(_("Present role"), role.title, context.present_match, role.targets, context)


def _closeness(
    heading: str, role: str, match: Match | None, targets: Sequence[Target], context: PromotionContext
) -> Closeness:
    _ = translator(context.language)
    if match is None:
        return Closeness(heading, role, "", "", Markup(), "", match_missing(context.result, targets, context))
    words = match_words(match, context)
    said = {"median": words.median, "interval": words.interval}
    title = _("Match %(median)s, 90 %% interval %(interval)s.") % said
    return Closeness(
        heading,
        role,
        words.median,
        words.interval,
        match_line(match, title=f"{title} {words.others}", colours=context.colours),
        words.others,
        "",
    )


def _lines(context: PromotionContext, _: Translate) -> tuple[Line, ...]:
    asked = {target.scale: target for target in context.present.targets} if context.present else {}
    found = []
    for row in rows(context, with_targets=True):
        target = asked.get(row.code)
        now = range_words(target.low, target.high, _) if target else ""
        verdict = verdict_words(read_target(context.result[row.code], target), _) if target else ""
        found.append(Line(row, now, verdict))
    return tuple(found)
