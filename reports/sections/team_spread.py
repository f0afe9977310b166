"""How a team spreads over each behaviour, without names, and never of so few that somebody is picked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.model import Scale
from assess.scoring.team import FEWEST, spread
from reports.charts.distribution import distribution_chart
from reports.language import translator
from reports.rosters import TeamContext


@dataclass(frozen=True, slots=True)
class ScaleSpread:
    """A scale with its distribution; without a drawing where too few have a score."""

    language: str  # of its names
    name: str
    measures: str
    low: str
    high: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class TeamSpread:
    """The scales in the bank's order."""

    scales: tuple[ScaleSpread, ...]
    fewest: int
    n: int

    template: ClassVar[str] = "team_spread.html"

    @classmethod
    def build(cls, context: TeamContext) -> Self:
        """Return the section for `context`; no scale is shown where the team has fewer than five members in all."""
        n = len(context.members)
        shown = context.bank.scales if n >= FEWEST else ()
        return cls(tuple(_spread(scale, context) for scale in shown), FEWEST, n)


def _spread(scale: Scale, context: TeamContext) -> ScaleSpread:
    _ = translator(context.language)
    values = spread(context.scored, scale.code)
    title = _("How the members spread on %(name)s.") % {"name": scale.name}
    return ScaleSpread(
        language=scale.language,
        name=scale.name,
        measures=scale.measures,
        low=scale.low,
        high=scale.high,
        drawing=distribution_chart(values, title=title, language=context.language, colours=context.colours)
        if values
        else Markup(),
    )
