"""How groups of staff see it: their means beside the key; groups too small to be shown are counted, not named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from assess.banks.model import Bank
from assess.scoring.company_view import STEP, CompanyView, Groups, GroupView, StatementView
from reports.company import CompanyContext
from reports.content import statement_words
from reports.language import apart, number

ABREAST = 4  # groups that one table has room for
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A group's mean with its standard error; empty where too few of it answered."""

    mean: str
    error: str
    is_apart: bool  # a step or more from the key


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A statement on which some group lies apart, with all groups of the table."""

    stem: str
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Some groups abreast."""

    heads: tuple[tuple[str, int, str], ...]  # name, people, mean distance from the key
    lines: tuple[GroupLine, ...]


@dataclass(frozen=True, slots=True)
class GroupsOfAKind:
    """Groups of raters, or of people who were assessed."""

    tables: tuple[GroupTable, ...]
    n_withheld: int


@dataclass(frozen=True, slots=True)
class CompanyGroups:
    """The section: raters' groups, then people by the position that they were assessed for."""

    raters: GroupsOfAKind
    assessed: GroupsOfAKind

    template: ClassVar[str] = "company_groups.html"

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        bank, view, language = context.bank, context.view, context.language
        return cls(*(of_a_kind(each, bank, view, language) for each in (context.raters, context.assessed)))


def of_a_kind(groups: Groups, bank: Bank, view: CompanyView, language: str) -> GroupsOfAKind:
    """Return groups in tables, a few abreast, beside the key in `view`."""
    abreast = [groups.shown[first : first + ABREAST] for first in range(0, len(groups.shown), ABREAST)]
    return GroupsOfAKind(tuple(_table(some, bank, view, language) for some in abreast), groups.n_withheld)


def _table(groups: Sequence[GroupView], bank: Bank, view: CompanyView, language: str) -> GroupTable:
    known = [each for each in view.statements if each.mean is not None]
    stems = {policy.code: policy.stem for policy in bank.perspective}
    apart_from = [each for each in known if any(_gap(group, each) >= STEP for group in groups)]
    return GroupTable(
        heads=tuple((apart(each.name, language), each.n, _distance(each, known, language)) for each in groups),
        lines=tuple(
            GroupLine(
                stem=statement_words(bank, each.code, stems[each.code], language),
                key=number(each.mean or 0, 1, language),
                cells=tuple(_cell(group, each, language) for group in groups),
            )
            for each in apart_from
        ),
    )


def _gap(group: GroupView, statement: StatementView) -> float:
    if statement.code not in group.means or statement.mean is None:
        return 0.0
    return abs(round(group.means[statement.code][0] - statement.mean, 9))


def _distance(group: GroupView, known: Sequence[StatementView], language: str) -> str:
    """Return how far the group lies from the key, over the statements that it is shown on."""
    gaps = [_gap(group, each) for each in known if each.code in group.means]
    if not gaps:
        return NOTHING
    return number(sum(gaps) / len(gaps), 2, language)


def _cell(group: GroupView, statement: StatementView, language: str) -> Cell:
    if statement.code not in group.means:
        return Cell(NOTHING, "", is_apart=False)
    mean, error = group.means[statement.code]
    shown = number(error, 1, language)
    return Cell(number(mean, 1, language), f"± {shown}", is_apart=_gap(group, statement) >= STEP)
