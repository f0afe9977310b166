"""The file of item parameters, described in item_banks/README.md: calibrate writes it, the others read it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from assess.cli.workbench.table import EMPTY, Table, some
from assess.errors import AssessError
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Floats, Graded

ONE_SCALE = "theta"


@dataclass(frozen=True, slots=True)
class Item:
    """One calibrated item."""

    code: str
    slope: float
    intercepts: tuple[float, ...]
    scale: str
    guessing: float
    categories: tuple[int, ...] | None  # the values that stand for its categories, lowest first


@dataclass(frozen=True, slots=True)
class Population:
    """One of the groups that items were calibrated with."""

    name: str
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """The items of a file, in its order, and what is known of the people."""

    items: tuple[Item, ...]
    scales: tuple[str, ...]
    sigma: tuple[tuple[float, ...], ...]
    populations: tuple[Population, ...] = ()  # none where all people are of one

    @property
    def codes(self) -> list[str]:
        """The items' codes."""
        return [item.code for item in self.items]

    @property
    def sd(self) -> float:
        """The standard deviation of people on the first scale."""
        return sqrt(self.sigma[0][0])

    def population(self, name: str) -> Population:
        """Return the group called `name`."""
        for each in self.populations:
            if each.name == name:
                return each
        known = some([each.name for each in self.populations])
        raise AssessError(f"The items were calibrated with the groups {known}, not with {name}.")

    def notes(self, table: Table) -> list[str]:
        """Say what the file leaves open about the answers in `table`."""
        uncoded = [item.code for item in self.items if item.categories is None and item.code in table.names]
        found = [f"Note: the file of parameters does not say which values are the categories of {some(uncoded)}: the "
                 "lowest in a column counts as the first."] if uncoded else []  # fmt: skip
        for item in self.items:
            if item.categories and item.code in table.names:
                given = np.unique(table.answers([item.code], most=inf, hint=EMPTY))
                for value in given[(given > item.categories[0]) & (given < item.categories[-1])]:
                    if value not in item.categories:
                        below = max(each for each in item.categories if each < value)
                        found.append(f"Note: nobody had chosen {value:g} of {item.code} when it was calibrated; it "
                                     f"counts as {below}.")  # fmt: skip
        return found

    def model(self, *, unit: float = 1.0, origin: float = 0.0) -> Graded | Logistic:
        """Return the response model of all items, theta counted in `unit` from `origin`."""
        slopes = np.array([item.slope for item in self.items]) * unit
        shift = [item.slope * origin for item in self.items]
        scales = np.array([self.scales.index(item.scale) for item in self.items])
        if any(item.guessing for item in self.items):
            guessing = np.array([item.guessing for item in self.items])
            intercepts = np.array([item.intercepts[0] for item in self.items]) + shift
            return Logistic(slopes, intercepts, guessing, scales, len(self.scales))
        widest = max(len(item.intercepts) for item in self.items)
        padded = [[*item.intercepts, *[-np.inf] * (widest - len(item.intercepts))] for item in self.items]
        return Graded(slopes, np.array(padded) + np.array(shift)[:, None], scales, len(self.scales))

    def lacking(self, table: Table) -> list[str]:
        """Return the codes of the items that `table` lacks."""
        return [code for code in self.codes if code not in table.names]

    def responses(
        self, table: Table, *, ends: Mapping[str, tuple[float, float]] | None = None, turned: Collection[str] = ()
    ) -> Floats:
        """
        Return the columns named by the items' codes as categories, shape (n_rows, n_items).

        Items that the table lacks were not answered. `ends` are the lowest and the highest answer of items whose
        format is known; those that are `turned` are reversed between them before they are coded, for categories are
        those of keyed answers. Where the file does not say which values the categories are, they are the format's, if
        there are as many, or else count from the lowest in the column.
        """
        if len(self.lacking(table)) == len(self.items):
            raise AssessError(
                f"{table.file.name} has none of the items {some(self.codes)}. Its columns are {some(table.names)}."
            )
        x = np.full((len(table.rows), len(self.items)), np.nan)
        for at, item in enumerate(self.items):
            if item.code in table.names:
                x[:, at] = _categories(table, item, (ends or {}).get(item.code), turned=item.code in turned)
        if np.isnan(x).all():
            raise AssessError(f"{table.file.name} has no answer to any of the items.")
        return x


def _categories(table: Table, item: Item, ends: tuple[float, float] | None, *, turned: bool) -> Floats:
    given = table.answers([item.code], most=inf, hint=EMPTY)[:, 0]
    if np.isnan(given).all():
        return given
    values = sum(ends) - given if ends and turned else given
    n_categories = len(item.intercepts) + 1
    lowest = ends[0] if ends and ends[1] - ends[0] == n_categories - 1 else np.nanmin(values)
    known = item.categories or tuple(range(int(lowest), int(lowest) + n_categories))
    wrong = np.flatnonzero((values < known[0]) | (values > known[-1]))
    if wrong.size:
        row = int(wrong[0])
        answer = f"{given[row]:g}, reversed {values[row]:g}," if turned else f"{values[row]:g}"
        counted = "" if item.categories else ", counted from the lowest, as the file of parameters does not name them"
        raise AssessError(
            f"Line {table.lines[row]}, column {item.code}: {answer} is not among its {n_categories} categories, "
            f"{known[0]} to {known[-1]}{counted}."
        )
    return np.where(np.isnan(values), np.nan, np.searchsorted(known[1:], values, side="right"))


def read(file: Path) -> Parameters:
    """Read a file of parameters; raise `AssessError` for one that holds none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise AssessError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise AssessError(f"{file.name} is not JSON. Item parameters are what 'assess calibrate' writes.") from None
    rows = found.get("items") if isinstance(found, Mapping) else None
    if not isinstance(rows, list) or not rows:
        raise AssessError(f'{file.name} has no list of "items".')
    try:
        items = tuple(_item(row, number) for number, row in enumerate(rows, start=1))
    except AssessError as error:
        raise AssessError(f"{file.name}: {error}") from None
    codes = [item.code for item in items]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise AssessError(f"{file.name} has two items {twice}.")
    scales = _scales(found.get("scales"), items, file)
    lost = next((item for item in items if item.scale not in scales), None)
    if lost is not None:
        raise AssessError(f"Item {lost.code} is of scale {lost.scale}, which {file.name} does not list.")
    populations = _populations(found.get("groups"), file)
    return Parameters(items, scales, _sigma(found.get("sigma"), len(scales), file), populations)


def _item(row: Any, number: int) -> Item:
    """Return the item that `row` describes; its intercepts, or else its thresholds."""
    if not isinstance(row, Mapping) or not (isinstance(row.get("code"), str) and row["code"].strip()):
        raise AssessError(f'Item {number} of the list has no "code".')
    code = row["code"]
    try:
        slope = _number(row["a"])
        intercepts = _numbers(row["d"]) if "d" in row else tuple(-slope * b for b in _numbers(row["b"]))
        guessing = _number(row.get("g") or 0.0)
        categories = tuple(map(_whole_number, row["categories"])) if row.get("categories") else None
    except (KeyError, TypeError, ValueError, OverflowError):
        raise AssessError(
            f'Item {code} needs a number "a" and a list "d" (or "b") of numbers; "g" is a number and "categories" a '
            "list of whole numbers, where they are given."
        ) from None
    if not (slope > 0 and np.isfinite(slope)):
        way_out = " Reverse its answers, then calibrate again." if slope < 0 else ""
        raise AssessError(f"Item {code}: the slope must be positive, not {slope:g}.{way_out}")
    if not intercepts or not np.isfinite(intercepts).all() or not (np.diff(intercepts) < 0).all():
        raise AssessError(f"Item {code}: the intercepts must fall from category to category.")
    if not 0 <= guessing < 1 or (guessing and len(intercepts) > 1):
        raise AssessError(f"Item {code}: guessing is for two categories, and from 0 to below 1.")
    if categories is not None and (
        len(categories) != len(intercepts) + 1 or list(categories) != sorted(set(categories))
    ):
        raise AssessError(f"Item {code}: it needs one value for each of its {len(intercepts) + 1} categories, rising.")
    return Item(code, slope, intercepts, str(row.get("scale") or ONE_SCALE), guessing, categories)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return float(value)


def _whole_number(value: Any) -> int:
    if _number(value) != int(value):
        raise ValueError("no whole number")
    return int(value)


def _numbers(values: Any) -> tuple[float, ...]:
    if not isinstance(values, list):
        raise TypeError("no list")
    return tuple(map(_number, values))


def _populations(given: Any, file: Path) -> tuple[Population, ...]:
    try:
        found = tuple(Population(str(row["group"]), _number(row["mean"]), _number(row["sd"])) for row in given or ())
    except (KeyError, TypeError, OverflowError):
        found = (Population("", 0.0, -1.0),)
    if any(not (np.isfinite(each.mean) and 0 < each.sd < inf) for each in found):
        raise AssessError(f'{file.name}: "groups" must be a list of groups, each with "group", "mean" and "sd".')
    return found


def _scales(given: Any, items: Sequence[Item], file: Path) -> tuple[str, ...]:
    if given is None:
        return tuple(dict.fromkeys(item.scale for item in items))
    if not (isinstance(given, list) and all(isinstance(name, str) for name in given) and len(set(given)) == len(given)):
        raise AssessError(f'{file.name}: "scales" must be a list of different names.')
    return tuple(given)


def _sigma(given: Any, n_scales: int, file: Path) -> tuple[tuple[float, ...], ...]:
    try:
        sigma = np.eye(n_scales) if given is None else np.array(given, dtype=float)
    except (TypeError, ValueError, OverflowError):
        sigma = np.empty(0)
    sound = sigma.shape == (n_scales, n_scales) and np.isfinite(sigma).all() and np.allclose(sigma, sigma.T)
    if not (sound and np.linalg.eigvalsh(sigma).min() > 0):
        raise AssessError(
            f'{file.name}: "sigma" must be a covariance matrix of {n_scales} × {n_scales}, symmetric and positive '
            "definite."
        )
    return tuple(tuple(row) for row in sigma.tolist())


def as_rows(
    codes: Sequence[str],
    slopes: Floats,
    intercepts: Floats,
    *,
    categories: Sequence[Sequence[int]],
    se_slopes: Floats,
    se_intercepts: Floats,
) -> list[dict[str, Any]]:
    """Return items as the file has them."""
    rows = []
    for at, code in enumerate(codes):
        there = np.isfinite(intercepts[at])
        d = intercepts[at][there]
        rows.append(
            {
                "code": code,
                "a": slopes[at],
                "d": d,
                "b": -d / slopes[at],
                "se_a": se_slopes[at],
                "se_d": se_intercepts[at][there],
                "categories": list(categories[at]),
            }
        )
    return rows
