"""The interview guide: questions where the score leaves the job's range or may leave it, and two for strengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.wording import Direction, Question
from assess.scoring.interpret import TargetReading, read_target
from reports.context import ReportContext
from reports.language import Translate, quoted, translator
from reports.sections.row import Row, rows

PER_SCALE = 3  # questions for a scale that may lie outside its range
STRENGTHS = 2  # scales most surely inside, one question each


@dataclass(frozen=True, slots=True)
class Topic:
    """A scale to talk about, why, and with which questions."""

    name: str
    heading: str
    why: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class InterviewGuide:
    """The scales to explore in the order of the bank, then the strengths."""

    topics: tuple[Topic, ...]
    strengths: tuple[Topic, ...]
    has_targets: bool

    template: ClassVar[str] = "interview.html"

    @property
    def free_lines(self) -> int:
        """Lines for notes of any kind; more where one strength alone leaves half of its page empty."""
        return 6 if len(self.strengths) == STRENGTHS else 16

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        every = {row.code: row for row in rows(context, with_targets=True)}
        if not context.targets:
            topics = tuple(_topic(row, "inside", 1, context, "") for row in every.values())
            return cls(topics, (), has_targets=False)
        readings = [read_target(context.result[target.scale], target) for target in context.targets]
        by_scale = {reading.target.scale: reading for reading in readings}
        topics = tuple(
            _explore(row, by_scale[code], context, _)
            for code, row in every.items()
            if code in by_scale and by_scale[code].direction != "inside"
        )
        inside = [reading for reading in readings if reading.direction == "inside"]
        surest = sorted(inside, key=lambda reading: -(reading.inside or 0.0))[:STRENGTHS]
        why = _("Among the behaviours whose true position lies most surely inside the range.")
        strengths = tuple(_topic(every[reading.target.scale], "inside", 1, context, why) for reading in surest)
        return cls(topics, strengths, has_targets=True)


def _explore(row: Row, reading: TargetReading, context: ReportContext, _: Translate) -> Topic:
    if reading.direction is None:
        why = _("%(missing)s. The conversation has to stand in for it.") % {"missing": row.missing}
        return _topic(row, "inside", PER_SCALE, context, why)
    why = _("Score %(sten)s, asked for %(range)s.") % {"sten": row.sten, "range": row.target}
    return _topic(row, reading.direction, PER_SCALE, context, f"{why} {row.verdict_sentence}")


def _topic(row: Row, direction: Direction, n: int, context: ReportContext, why: str) -> Topic:
    _ = translator(context.language)
    sides = {"below": _("the low side"), "above": _("the high side"), "inside": ""}
    name = quoted(row.name, context.language, row.language)
    heading = Markup("{}: {}").format(name, sides[direction]) if sides[direction] else name
    return Topic(row.name, heading, why, context.wording.questions(row.code, direction)[:n])
