"""The leaders beside the climate, and the technical note of the report on the company's view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from assess.psychometrics.perspective.consensus import CLEAR, MIN_RATERS
from assess.scoring.company_view import CRITICAL
from reports.company import CompanyContext
from reports.content import bank_words
from reports.dates import day_words, local_time
from reports.language import Translate, number, translator
from reports.sections.further import percent
from reports.sections.survey_words import area_name, theme_name


@dataclass(frozen=True, slots=True)
class AreaLine:
    """What staff said of an area."""

    name: str
    share: str
    n_groups: int
    n_people: int


@dataclass(frozen=True, slots=True)
class LeaderLine:
    """What leaders said of themselves on a theme."""

    name: str
    mean: str
    n: int


@dataclass(frozen=True, slots=True)
class LeadersAndClimate:
    """The two beside each other, as far as there is either."""

    is_asked: bool
    areas: tuple[AreaLine, ...]
    leaders: tuple[LeaderLine, ...]
    climate_closed: str  # empty: no survey
    leaders_closed: str

    template: ClassVar[str] = "company_climate.html"

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        found, language = context.climate, context.language
        if found is None:
            return cls(is_asked=False, areas=(), leaders=(), climate_closed="", leaders_closed="")
        return cls(
            is_asked=True,
            areas=tuple(
                AreaLine(area_name(each.code, language), percent(each.share, language), each.n_groups, each.n_people)
                for each in found.areas
            ),
            leaders=tuple(
                LeaderLine(theme_name(each.code, language), number(each.mean, 1, language), each.n)
                for each in found.leaders
            ),
            climate_closed=_day(found.climate_closed, language),
            leaders_closed=_day(found.leaders_closed, language),
        )


def _day(day: str, language: str) -> str:
    return day_words(date.fromisoformat(day), language=language) if day else ""


@dataclass(frozen=True, slots=True)
class CompanyNote:
    """How the numbers come about, and the versions."""

    clear: str
    critical: str
    least: int
    versions: tuple[tuple[str, str], ...]

    template: ClassVar[str] = "company_note.html"

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        language = context.language
        return cls(
            clear=number(CLEAR, 2, language),
            critical=number(CRITICAL, 2, language),
            least=MIN_RATERS,
            versions=_versions(context, translator(language)),
        )


def _versions(context: CompanyContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language, zone = context.language, context.time_zone
    return (
        (_("Version of the key"), str(context.version)),
        (_("Published"), local_time(context.published_at, zone=zone, language=language)),
        (_("Bank"), bank_words(context.bank, language)),
        (_("Report made with"), f"Rapport {context.program_version}"),
        (_("Report dated"), local_time(context.made_at, zone=zone, language=language)),
    )
