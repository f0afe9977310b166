"""What was answered with care, and whose answers to read with more: per person, in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from reports.context import ComparisonContext
from reports.language import apart, listed
from reports.sections.candidates import standings
from reports.sections.care import care_words, may_not_describe


@dataclass(frozen=True, slots=True)
class Reasons:
    """A person's reasons for care, the gravest first."""

    name: str
    sentences: tuple[str, ...]
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class CareOfAnswers:
    """Everybody with a reason for care, in the order of the first page, and the names of all others."""

    reasons: tuple[Reasons, ...]
    none: Markup  # their names, empty where there are none

    template: ClassVar[str] = "careful.html"

    @classmethod
    def build(cls, context: ComparisonContext) -> Self:
        """Return the section for `context`."""
        language = context.language
        everybody = [each.candidate for each in standings(context)]
        return cls(
            reasons=tuple(
                Reasons(
                    each.name,
                    care_words(each.result, language),
                    may_not_describe(each.result.flags),
                )
                for each in everybody
                if each.result.flags
            ),
            none=listed([apart(each.name, language) for each in everybody if not each.result.flags], language),
        )
