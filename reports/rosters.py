"""The input of reports on people who are named together: on somebody on a bench for a role, and on a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assess.banks.model import Bank
from assess.banks.surveys import ClimateStatement
from assess.banks.wording import Target, Wording
from assess.scoring.interpret import Match
from assess.scoring.parameters import ParameterSet
from assess.scoring.result import Result
from assess.scoring.team import Member
from reports.context import LONG_NAME, Candidate, Frame, RepeatedContext, make_plain

Reason = Literal["no result", "no score", "other ground"]  # why a member's result is not in a team's report


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A position and what it asks for."""

    title: str
    targets: tuple[Target, ...]
    source: str  # of the pattern, with its version

    def __post_init__(self) -> None:
        make_plain(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionContext(RepeatedContext):
    """
    Everything that a promotion report says; `position`, `targets` and `match` are the target role's.

    The match with it is computed from the stored result when the report is asked for, as the one with the present role.
    """

    seed: int  # of the draws that matches sum up
    present: Role | None
    present_match: Match | None  # None: no present role, or a scale that counts has no score
    bench: str  # what it is called
    others: tuple[Candidate, ...]  # on the bench; without names unless the bench allows them, in no order
    n_without_result: int  # others on the bench of whom there is nothing to show
    answered_for: str  # the role that the person was assessed for, "" where it is the target

    @property
    def names_others(self) -> bool:
        """Whether the report says who the others are."""
        return any(each.name for each in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """Somebody in a team with a result that is in the report; `role` is what they are compared with, if known."""

    name: str
    role: Role | None
    result: Result
    submitted_at: datetime
    simulated: bool

    def __post_init__(self) -> None:
        make_plain(self)

    @property
    def as_scored(self) -> Member:
        """The member as scoring knows one."""
        return Member(self.result, self.role.targets if self.role else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamContext(Frame):
    """Everything that a team's report says; all members scored with one bank, set and norm."""

    bank: Bank
    wording: Wording
    climate: tuple[ClimateStatement, ...]
    parameters: ParameterSet
    team: str  # what it is called
    members: tuple[TeamMember, ...]  # by name
    left_out: tuple[tuple[Reason, int], ...]  # how many members' results are not in here, and why
    retention_until: date  # the first day on which one of them is to be forgotten
    scored_with: tuple[str, ...]  # versions of the program, each once

    @property
    def has_long_name(self) -> bool:
        """Whether the team's name needs more than a line of a title."""
        return len(self.team) > LONG_NAME

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that members are compared with, each once, by title."""
        found = {member.role.title: member.role for member in self.members if member.role}
        return tuple(found[title] for title in sorted(found))

    @property
    def scored(self) -> tuple[Member, ...]:
        """The members as scoring knows them."""
        return tuple(member.as_scored for member in self.members)
