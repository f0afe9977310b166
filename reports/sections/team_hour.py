"""Topics for an hour of the team: the behaviours that fewest cover, each with a question, a try-out and a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.surveys import ClimateStatement
from assess.banks.wording import Action
from assess.scoring.team import Coverage, coverage
from reports.content import name_of
from reports.language import Translate, number, translator
from reports.rosters import TeamContext

TOPICS = 2
STATEMENTS: Mapping[str, str] = {  # of the survey on service climate, by the behaviour that they lead to
    "trust": "cli-03",
    "tact": "cli-17",
    "empathy": "cli-19",
    "conformity": "cli-09",
    "focus": "cli-23",
    "flexibility": "cli-12",
}


@dataclass(frozen=True, slots=True)
class HourTopic:
    """A behaviour to talk about."""

    name: str | Markup
    why: str
    question: str
    action: Action
    statement: str  # empty where the survey has none


@dataclass(frozen=True, slots=True)
class TeamHour:
    """The two behaviours on which the fewest are expected inside."""

    topics: tuple[HourTopic, ...]

    template: ClassVar[str] = "team_hour.html"

    @classmethod
    def build(cls, context: TeamContext) -> Self:
        """Return the section for `context`; empty where no member has a role to be compared with."""
        _ = translator(context.language)
        found = [coverage(context.scored, scale.code) for scale in context.bank.scales]
        least = sorted((each for each in found if each.share is not None), key=lambda each: each.share or 0.0)
        return cls(tuple(_topic(each, context, _) for each in least[:TOPICS]))


def _topic(found: Coverage, context: TeamContext, _: Translate) -> HourTopic:
    language = context.language
    words = {"n": number(found.expected, 1, language), "of": found.n}
    wanted = "more" if found.below >= found.above else "less"
    offered = context.wording.in_language(language).coaching[found.scale].action
    return HourTopic(
        name=name_of(context.bank.scale(found.scale), language),
        why=_("Expected inside the range of their role: %(n)s of %(of)s.") % words,
        question=question_on(found.scale, _),
        action=next(each for each in offered if each.direction == wanted),
        statement=statement_on(found.scale, context.climate),
    )


def question_on(scale: str, _: Translate) -> str:
    """Return what to begin with; every answer to it is a good one."""
    return {
        "trust": _("When did one of us believe a customer or check on one, and it was right to? How could we tell?"),
        "tact": _("Which sentence of ours do customers take badly? How does each of us say it?"),
        "empathy": _("With which customers is it hard for us to see their side? What has helped one of us to see it?"),
        "conformity": _("Which rule do we handle differently from each other? Where should we agree, and where not?"),
        "focus": _("What takes us away from a customer's case most often? What does each of us do to come back to it?"),
        "flexibility": _("Which change of the last months was easy for one of us and hard for another? Why?"),
    }[scale]


def statement_on(scale: str, climate: Sequence[ClimateStatement]) -> str:
    """Return the statement of the survey on service climate that leads to a behaviour; empty where there is none."""
    return next((each.stem for each in climate if each.code == STATEMENTS.get(scale)), "")
