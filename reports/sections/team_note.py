"""The team report's technical note: how its figures were found and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.content import bank_words, name_of, wording_words
from reports.dates import local_time
from reports.language import Translate, translator
from reports.rosters import TeamContext
from reports.sections.footing import Footing
from reports.sections.row import range_words
from reports.sections.side_by_side import weight_words


@dataclass(frozen=True, slots=True)
class RolePattern:
    """What a role asks for, scale by scale."""

    title: str
    n: int  # members who are compared with it
    source: str
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TeamNote:
    """Norm, parameters, the patterns of the roles, and versions."""

    footing: Footing
    roles: tuple[RolePattern, ...]
    versions: tuple[tuple[str, str], ...]

    template: ClassVar[str] = "team_note.html"

    @classmethod
    def build(cls, context: TeamContext) -> Self:
        """Return the section for `context`."""
        _, language = translator(context.language), context.language
        return cls(
            footing=Footing.of(context.members[0].result.norm, context.parameters, language),
            roles=_roles(context, _),
            versions=_versions(context, _),
        )


def _roles(context: TeamContext, _: Translate) -> tuple[RolePattern, ...]:
    return tuple(
        RolePattern(
            role.title,
            sum(member.role is not None and member.role.title == role.title for member in context.members),
            role.source,
            tuple(
                (
                    name_of(context.bank.scale(target.scale), context.language),
                    f"{range_words(target.low, target.high, _)}, {weight_words(target.weight, _)}",
                )
                for target in role.targets
            ),
        )
        for role in context.roles
    )


def _versions(context: TeamContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language = context.language
    return (
        (_("Scored with"), ", ".join(f"Rapport {version}" for version in context.scored_with)),
        (_("Report made with"), f"Rapport {context.program_version}"),
        (_("Bank"), bank_words(context.bank, language)),
        (_("Wording"), wording_words(context.wording, context.language)),
        (_("Parameters"), context.parameters.version),
        (_("Report dated"), local_time(context.made_at, zone=context.time_zone, language=language)),
    )
