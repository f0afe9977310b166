"""The coaching report's first page: the person at a glance, six strips without targets, and how to read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.scoring.result import ScaleScore
from reports.coaching import CoachingContext
from reports.content import is_told, name_of, pole_of, questionnaire_words
from reports.dates import day_words, local_day, local_time
from reports.language import Translate, apart, listed, translator
from reports.sections.care import care_words, may_not_describe
from reports.sections.coaching_words import by_distance, side_of
from reports.sections.row import Row, is_provisional, norm_words, rows
from reports.sections.summary import SHOWN_FLAGS

MARKED = 3  # behaviours that are named first


@dataclass(frozen=True, slots=True)
class CoachingGlance:
    """The person on one page."""

    person: str
    long_name: bool
    facts: tuple[tuple[str, str], ...]
    said: tuple[str | Markup, ...]  # what follows from the scores, a sentence each
    norm: str
    rows: tuple[Row, ...]
    flags: tuple[str, ...]
    n_more_flags: int
    provisional: bool
    uncalibrated: bool
    no_norm: bool
    is_named: bool  # whether the names of the behaviours are in the reader's language
    is_told: bool  # whether the texts on the behaviours are in the reader's language

    template: ClassVar[str] = "coaching_glance.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        _, result = translator(context.language), context.result
        sentences = care_words(result, context.language)
        return cls(
            person=context.person,
            long_name=context.has_long_name,
            facts=_facts(context, _),
            said=_said(context, _),
            norm=norm_words(result.norm, context.language),
            rows=rows(context, with_targets=False),
            flags=sentences[:SHOWN_FLAGS],
            n_more_flags=len(sentences[SHOWN_FLAGS:]),
            provisional=is_provisional(result),
            uncalibrated=result.provisional,
            no_norm=result.norm is None,
            is_named=context.bank.is_named_in(context.language),
            is_told=is_told(context.wording, "coach", context.language),
        )


def _facts(context: CoachingContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language, zone, ahead = context.language, context.time_zone, context.ahead()
    return (
        (_("Coach"), apart(context.work.coach, language)),
        (_("Organisation"), apart(context.organization, language)),
        (_("Next check-in"), local_time(ahead[0].planned_for, zone=zone, language=language) if ahead else _("none")),
        (_("Taken"), local_day(context.submitted_at, zone=zone, language=language)),
        (_("Questionnaire"), questionnaire_words(context.bank, context.result.form, language)),
        (_("Kept until"), day_words(context.retention_until, language=language)),
    )


def _said(context: CoachingContext, _: Translate) -> tuple[str | Markup, ...]:
    """Return what stands out, what does not, what is unknown, and whether any of it may be relied on."""
    by_far = by_distance(context)
    marked = [score for score in by_far if side_of(score) != "middle"]
    near = [score for score in by_far if side_of(score) == "middle"]
    unknown = [score for score in context.result.scales if not score.scorable]
    found: list[str | Markup] = []
    if may_not_describe(context.result.flags):
        found.append(_("The way the statements were answered leaves open whom the answers describe: ask first."))
    if marked:
        said = _("Most marked: %(behaviours)s.")
        parts = [_leaning(score, context, _) for score in marked[:MARKED]]
        found.append(Markup(said) % {"behaviours": Markup("; ").join(parts)})  # noqa: S704 -- our own words
    if len(marked) > MARKED:
        said = _("Less so, but still beside the middle: %(behaviours)s.")
        parts = [_leaning(score, context, _) for score in marked[MARKED:]]
        found.append(Markup(said) % {"behaviours": Markup("; ").join(parts)})  # noqa: S704
    if near:
        said = _(
            "Around the middle, with a band to both sides of it, where the situation may decide more than a habit: "
            "%(behaviours)s."
        )
        found.append(Markup(said) % {"behaviours": _names(near, context)})  # noqa: S704
    if unknown:
        said = _("Too little was answered to say anything of %(behaviours)s.")
        found.append(Markup(said) % {"behaviours": _names(unknown, context)})  # noqa: S704
    return tuple(found)


def _leaning(score: ScaleScore, context: CoachingContext, _: Translate) -> Markup:
    scale, language = context.bank.scale(score.scale), context.language
    words = {
        "name": name_of(scale, language),
        "pole": pole_of(scale, is_high=side_of(score) == "high", language=language),
    }
    return Markup(_("%(name)s, towards “%(pole)s”")) % words  # noqa: S704


def _names(scores: list[ScaleScore], context: CoachingContext) -> Markup:
    return listed([name_of(context.bank.scale(each.scale), context.language) for each in scores], context.language)
