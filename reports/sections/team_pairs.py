"""Pairs of members who cover each other's gaps: named as pairs, never in an order, and not who lacks what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.scoring.team import complements
from reports.content import name_of
from reports.language import apart, listed
from reports.rosters import TeamContext


@dataclass(frozen=True, slots=True)
class TeamPairs:
    """Up to five pairs with the behaviours on which each covers the other."""

    pairs: tuple[tuple[Markup, Markup], ...]  # who, and on what
    has_roles: bool

    template: ClassVar[str] = "team_pairs.html"

    @classmethod
    def build(cls, context: TeamContext) -> Self:
        """Return the section for `context`."""
        language = context.language
        names = [apart(member.name, language) for member in context.members]
        return cls(
            tuple(
                (
                    listed([names[pair.first], names[pair.second]], language),
                    listed([name_of(context.bank.scale(scale), language) for scale in pair.scales], language),
                )
                for pair in complements(context.scored)
            ),
            has_roles=bool(context.roles),
        )
