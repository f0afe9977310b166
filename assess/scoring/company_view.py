"""The company's view of good service, statement by statement, as pages and reports show it; never who said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from assess.banks.model import Bank
from assess.banks.parts import PerspectiveStatement
from assess.psychometrics.models import Floats
from assess.psychometrics.perspective.agreement import critical_deviation
from assess.psychometrics.perspective.consensus import MIN_RATERS, Consensus
from assess.psychometrics.perspective.groups import group_means, may_be_shown
from assess.scoring.perspective import AGREEMENT, CompanyKey
from assess.scoring.result import rounded

CRITICAL = critical_deviation(AGREEMENT)
Sheet = Mapping[str, int]  # what somebody chose, 1 .. 5, by statement
STEP = 1.0  # of the choices, by which a key has moved or a group lies apart


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement; choices are counted from 1. Below five raters nothing is told but their number."""

    code: str
    theme: str
    n: int
    counts: tuple[int, ...]  # how many chose each of the five; () below five raters, or without any
    mean: float | None
    r_wg: float | None
    ad: float | None  # mean distance from the mean
    deviates: bool  # the distance is beyond its critical value
    is_clear: bool
    importance: float


@dataclass(frozen=True, slots=True)
class ThemeView:
    """What the statements of a theme have in common."""

    code: str
    statements: tuple[StatementView, ...]
    r_wg: float | None  # mean over those with raters enough

    @property
    def n_clear(self) -> int:
        """On how many of them the policy is clear."""
        return sum(each.is_clear for each in self.statements)


@dataclass(frozen=True, slots=True)
class CompanyView:
    """A key, published or not, with its agreement; `n_raters` is 0 for a default key, which an author judged."""

    n_raters: int
    themes: tuple[ThemeView, ...]

    @property
    def statements(self) -> tuple[StatementView, ...]:
        """All statements, theme by theme."""
        return tuple(each for theme in self.themes for each in theme.statements)

    @property
    def unclear(self) -> tuple[StatementView, ...]:
        """Those on which there is no policy to compare with."""
        return tuple(each for each in self.statements if not each.is_clear)


@dataclass(frozen=True, slots=True)
class GroupView:
    """How a group of people sees it: means and standard errors by statement, choices counted from 1."""

    name: str
    n: int
    means: Mapping[str, tuple[float, float]]  # without those on which too few answered

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` wrote."""
        return cls(data["name"], data["n"], {code: (mean, se) for code, (mean, se) in data["means"].items()})


@dataclass(frozen=True, slots=True)
class Groups:
    """How groups of people see it, and of how many groups that is not shown."""

    shown: tuple[GroupView, ...] = ()
    n_withheld: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` wrote."""
        return cls(tuple(map(GroupView.from_json, data["shown"])), data["n_withheld"])


@dataclass(frozen=True, slots=True)
class Change:
    """A statement on which one key differs from the one before it."""

    before: StatementView
    after: StatementView

    @property
    def has_moved(self) -> bool:
        """Whether the mean lies a step or more elsewhere."""
        before, after = self.before.mean, self.after.mean
        return before is not None and after is not None and abs(after - before) >= STEP - 1e-9


def view_of(bank: Bank, key: CompanyKey) -> CompanyView:
    """Return the company's view in `key`; `UnusableData` with fewer than five raters."""
    codes = [policy.code for policy in bank.perspective]
    found, table, counts = key.consensus(codes), key.table(codes), key.weights(codes)
    by_theme: dict[str, list[StatementView]] = {theme.code: [] for theme in bank.themes}
    for at, policy in enumerate(bank.perspective):
        column = table[:, at] if table.size else np.array([])
        by_theme[policy.theme].append(_statement(policy, found, at, column, importance=float(counts[at])))
    n_raters = int((~np.isnan(table)).any(axis=1).sum()) if table.size else 0
    return CompanyView(n_raters, tuple(_theme(code, tuple(each)) for code, each in by_theme.items()))


def changes(before: CompanyView, after: CompanyView) -> tuple[Change, ...]:
    """Return the statements that became clear or unclear, or whose mean moved by a step or more."""
    known = {each.code: each for each in before.statements}
    pairs = [Change(known[each.code], each) for each in after.statements if each.code in known]
    return tuple(pair for pair in pairs if pair.before.is_clear != pair.after.is_clear or pair.has_moved)


def groups_of(codes: Sequence[str], groups: Mapping[str, Sequence[Sheet]], others: Sequence[Sheet] = ()) -> Groups:
    """
    Return how each of `groups` sees the statements `codes`, where that shows no few people's answers.

    `groups` hold what each member chose, by name of the group; `others` are people who are in none, and whose answers
    are part of what is shown of everybody.
    """
    sizes = [len(sheets) for sheets in groups.values()]
    is_shown = may_be_shown(sizes, sum(sizes) + len(others))
    shown = {name: groups[name] for name, may in zip(groups, is_shown, strict=True) if may}
    rest = [*others, *(each for name in groups if name not in shown for each in groups[name])]
    return Groups(_views(codes, shown, rest) if shown else (), len(groups) - len(shown))


def _views(
    codes: Sequence[str], groups: Mapping[str, Sequence[Sheet]], others: Sequence[Sheet]
) -> tuple[GroupView, ...]:
    tables = [_table(codes, sheets) for sheets in groups.values()]
    whole = np.vstack([*tables, _table(codes, others)])
    means, errors = group_means(tables, whole)
    return tuple(
        GroupView(
            name,
            len(sheets),
            {
                code: (round(float(means[row, at]), 4), round(float(errors[row, at]), 4))
                for at, code in enumerate(codes)
                if np.isfinite(means[row, at])
            },
        )
        for row, (name, sheets) in enumerate(groups.items())
    )


def _statement(
    policy: PerspectiveStatement, found: Consensus, at: int, column: Floats, *, importance: float
) -> StatementView:
    code, theme, n = policy.code, policy.theme, int(found.n_raters[at])
    if column.size and n < MIN_RATERS:  # an organisation's own key: what few said is theirs
        return StatementView(code, theme, n, (), None, None, None, False, False, importance)
    mean = float(found.key[at])
    return StatementView(
        code=code,
        theme=theme,
        n=n,
        counts=tuple(int((column == choice).sum()) for choice in range(AGREEMENT)) if n else (),
        mean=None if np.isnan(mean) else round(mean + 1, 6),
        r_wg=rounded(found.r_wg[at]) if n else None,
        ad=rounded(found.ad_mean[at]) if n else None,
        deviates=bool(found.deviates[at]),
        is_clear=bool(found.is_clear[at]),
        importance=importance,
    )


def _theme(code: str, statements: tuple[StatementView, ...]) -> ThemeView:
    known = [each.r_wg for each in statements if each.r_wg is not None]
    return ThemeView(code, statements, sum(known) / len(known) if known else None)


def _table(codes: Sequence[str], sheets: Sequence[Sheet]) -> Floats:
    rows = [[sheet.get(code, np.nan) for code in codes] for sheet in sheets]
    return np.array(rows, dtype=np.float64).reshape(len(sheets), len(codes))
