"""The individual report's last page: how to use it this week, how sure it is, and the person's rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.model import Scale
from assess.psychometrics.norms import STEN_MEAN
from assess.scoring.interpret import read_band
from assess.scoring.result import ScaleScore
from reports.content import questionnaire_words
from reports.context import ReportContext
from reports.dates import day_words, local_day
from reports.language import Translate, translator
from reports.sections.row import is_provisional

ACTIONS = 3  # one for each of the scales farthest from the middle


@dataclass(frozen=True, slots=True)
class Action:
    """Something small to try, and the behaviour that it exercises."""

    scale: Scale
    try_this: str
    language: str  # of what to try


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Three actions, plain words on certainty, and whom to ask for what."""

    actions: tuple[Action, ...]
    intro: str
    provisional: bool
    uncalibrated: bool
    no_norm: bool
    organization: str
    contact: str
    retention_until: str
    reference: str
    made: str  # when and with what, in small print

    template: ClassVar[str] = "next_steps.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        actions = _actions(context)
        return cls(
            actions=actions,
            intro=_intro(len(actions), translator(context.language)),
            provisional=is_provisional(context.result),
            uncalibrated=context.result.provisional,
            no_norm=context.result.norm is None,
            organization=context.organization,
            contact=context.contact,
            retention_until=day_words(context.retention_until, language=context.language),
            reference=context.reference,
            made=_made(context),
        )


def _made(context: ReportContext) -> str:
    _ = translator(context.language)
    message = _(
        "Questionnaire %(questionnaire)s. Scored with Rapport %(scored)s; report made with Rapport %(made)s, "
        "dated %(day)s."
    )
    return Markup(message) % {  # noqa: S704
        "questionnaire": questionnaire_words(context.bank, context.result.form, context.language),
        "scored": context.scored_with,
        "made": context.program_version,
        "day": local_day(context.made_at, zone=context.time_zone, language=context.language),
    }


def _intro(n: int, _: Translate) -> str:
    if n == ACTIONS:
        return _(
            "Three small things to try, one for each of the behaviours in which you stand farthest from the middle. "
            "Choose one; doing it is worth more than planning all three."
        )
    if n == 1:
        return _("One small thing to try, for the one behaviour on which you answered enough.")
    return _(
        "Two small things to try, one for each of the behaviours on which you answered enough. "
        "Choose one; doing it is worth more than planning both."
    )


def _actions(context: ReportContext) -> tuple[Action, ...]:
    scored = [score for score in context.result.scales if score.scorable]
    chosen = sorted(scored, key=_distance, reverse=True)[:ACTIONS]
    told = context.wording.in_language(context.language)
    narratives = [(score.scale, told.person(score.scale, read_band(score).band)) for score in chosen]
    return tuple(Action(context.bank.scale(scale), each.try_this, each.language) for scale, each in narratives)


def _distance(score: ScaleScore) -> float:
    return abs((score.position or STEN_MEAN) - STEN_MEAN)
