"""Puts statements together to fixed forms: balanced over facets and keying, in an order that mixes the scales."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from statistics import fmean, pvariance

from assess.banks.model import Bank, Statement

FIRST = 5  # lines that belong to the statements alone
ROUNDS_APART = 3  # of a marked pair, so that at least ten lines lie between its halves
TRIES = 100_000


def assemble(bank: Bank, per_scale: int, *, n_impression: int, seed: int) -> tuple[str, ...]:
    """
    Return the codes of a form with `per_scale` statements of each scale, in the order to be shown.

    Facets have equal numbers and so do the directions of keying within a scale; both halves of every marked pair are
    in, and nothing of the triplets, which may be given beside the form. Where there is a choice, statements of the
    edition and shared ones stand side by side and locations are spread.
    All directed items and the first `n_impression` impression-management statements are put between.
    """
    rng = random.Random(f"{bank.edition} {per_scale} {seed}")  # noqa: S311 -- no secret
    chosen = {scale.code: _chosen(bank, scale.code, per_scale) for scale in bank.scales}
    order = _in_order(bank, chosen, rng)
    impression = [item.code for item in bank.impression[:n_impression]]
    directed = [item.code for item in bank.directed]
    return tuple(_spread(_spread(order, impression, 0.5), directed, 0.8))


def _chosen(bank: Bank, scale: str, per_scale: int) -> list[Statement]:
    """Return the best balanced statements of a scale."""
    facets = [facet.code for facet in bank.scale(scale).facet]
    each, paired = per_scale // len(facets), {code for pair in bank.pairs for code in (pair.first, pair.second)}
    elsewhere = {code for block in bank.triplets for code in block.statements}
    own = [item for item in bank.statements if item.scale == scale and item.code not in elsewhere]
    choices = []
    for facet in facets:
        there = [item for item in own if item.facet == facet]
        must = [item for item in there if item.code in paired]
        may = [item for item in there if item.code not in paired]
        groups = [(*must, *some) for some in itertools.combinations(may, each - len(must))]
        choices.append(_best_by_plus(bank, groups))
    balanced = [
        numbers for numbers in itertools.product(*choices) if 2 * sum(numbers) == per_scale
    ]  # numbers of statements keyed + in each facet
    if not balanced:
        raise ValueError(f"{bank.edition} has too few statements of {scale} for {per_scale} in a form")
    even = min(balanced, key=lambda numbers: (pvariance(numbers), -sum(
        _worth(bank, choice[n]) for choice, n in zip(choices, numbers, strict=True)
    )))  # fmt: skip
    return [item for choice, n in zip(choices, even, strict=True) for item in choice[n]]


def _best_by_plus(bank: Bank, groups: Sequence[tuple[Statement, ...]]) -> dict[int, tuple[Statement, ...]]:
    """Return the best selection from a facet for each number of statements keyed +."""
    best: dict[int, tuple[Statement, ...]] = {}
    for group in groups:
        plus = sum(item.keyed == "+" for item in group)
        if plus not in best or _worth(bank, group) > _worth(bank, best[plus]):
            best[plus] = group
    return best


def _worth(bank: Bank, group: Sequence[Statement]) -> float:
    """Return how well statements of one facet complement each other."""
    shared = sum(item.code in bank.shared for item in group) / len(group)
    locations = [item.location for item in group]
    return pvariance(locations) - fmean(locations) ** 2 - 4 * (shared - 0.5) ** 2


def _in_order(bank: Bank, chosen: dict[str, list[Statement]], rng: random.Random) -> list[str]:
    """Return rounds of one statement per scale; no scale comes twice in a row, the halves of a pair far apart."""
    columns = {scale: _column(bank, items, rng) for scale, items in chosen.items()}
    order: list[str] = []
    last = ""
    for at in range(len(next(iter(columns.values())))):
        turn = rng.sample(list(columns), len(columns))
        if turn[0] == last:
            turn.append(turn.pop(0))
        order += [columns[scale][at].code for scale in turn]
        last = turn[-1]
    return order


def _column(bank: Bank, items: Sequence[Statement], rng: random.Random) -> list[Statement]:
    """Return a scale's statements in an order without neighbours of one facet, the halves of pairs far apart."""
    for _ in range(TRIES):
        order = rng.sample(items, len(items))
        place = {item.code: at for at, item in enumerate(order)}
        pairs = [pair for pair in bank.pairs if pair.first in place]
        apart = all(place[pair.second] - place[pair.first] >= ROUNDS_APART for pair in pairs)
        if apart and all(one.facet != other.facet for one, other in itertools.pairwise(order)):
            return order
    raise ValueError(f"no order was found for the statements of {items[0].scale}")


def _spread(lines: Sequence[str], others: Sequence[str], offset: float) -> list[str]:
    """Return `lines` with `others` put between at equal distances, none among the first or at the end."""
    found = list(lines)
    step = (len(lines) - FIRST) / max(len(others), 1)
    for number, code in reversed(list(enumerate(others))):
        found.insert(FIRST + int(step * (number + offset)), code)
    return found
