"""The input of the report on the company's view of good service, which is about nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from assess.banks.model import Bank
from assess.scoring.company_view import CompanyView, Groups
from reports.context import Frame
from reports.plain import plain_and_short


@dataclass(frozen=True, slots=True)
class ClimateArea:
    """What staff said of an area of the service climate."""

    code: str
    share: float  # of answers that agree, from 0 to 1
    n_groups: int  # that are shown: of five or more
    n_people: int  # who answered the statement that most have answered


@dataclass(frozen=True, slots=True)
class LeaderTheme:
    """What leaders said of themselves on a theme."""

    code: str
    mean: float  # choices counted from 1 to 5
    n: int  # leaders, five or more


@dataclass(frozen=True, slots=True)
class ClimateSummary:
    """The anonymous climate survey beside the leaders' self-checks, none of which can be told from it."""

    areas: tuple[ClimateArea, ...]
    leaders: tuple[LeaderTheme, ...]  # () below five leaders
    climate_closed: str = ""  # days on which the surveys were closed, as ISO 8601 has them
    leaders_closed: str = ""
    simulated: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` wrote."""
        areas = tuple(ClimateArea(**each) for each in data["areas"])
        leaders = tuple(LeaderTheme(**each) for each in data["leaders"])
        return cls(areas, leaders, data["climate_closed"], data["leaders_closed"], data["simulated"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyContext(Frame):
    """Everything that the report on a version of the company's view says."""

    bank: Bank
    view: CompanyView
    version: int
    source: str
    note: str  # why there is this version; empty: nothing was said
    published_at: datetime
    raters: Groups  # by the groups of staff that raters belong to
    assessed: Groups  # people who answered the same statements when they were assessed, by position
    climate: ClimateSummary | None  # None: not asked yet
    kept_until: date

    def __post_init__(self) -> None:
        Frame.__post_init__(self)
        for name in ("raters", "assessed"):
            object.__setattr__(self, name, _plain(getattr(self, name)))


def _plain(groups: Groups) -> Groups:
    """Return `groups` with names that people may have typed made plain and short."""
    return replace(groups, shown=tuple(replace(each, name=plain_and_short(each.name)) for each in groups.shown))
