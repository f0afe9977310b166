"""The expectation over theta: what the responses say about each item, given its present curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assess.psychometrics.models import Bools, Floats, Ints

BLOCK = 512  # persons whose posteriors fit into the processor's cache
Codes = NDArray[np.int8]  # categories, (n_items, n_persons); -1 where not answered


class Block(NamedTuple):
    """Some persons of one group."""

    persons: Ints
    group: int
    answers: Bools  # (n_columns, n_persons)
    weights: Floats


class Expected(NamedTuple):
    """Expected numbers of responses and of persons at the points of the grid."""

    log_likelihood: float
    counts: Floats  # (n_items, n_categories, n_points)
    mass: Floats  # (n_groups, n_points)


class Responses:
    """
    Responses as columns of ones and zeros, so that the expectation is two matrix products.

    An item that everybody answered has no column for its lowest category: that is what the others leave.
    """

    def __init__(self, codes: Codes, n_categories: Ints, groups: Ints, weights: Floats) -> None:
        self.codes, self.n_categories, self.groups, self.weights = codes, n_categories, groups, weights
        self.n_items, self.n_persons = codes.shape
        self.n_groups = int(groups.max()) + 1
        self.complete: Bools = np.asarray((codes >= 0).all(axis=1))
        category = np.arange(n_categories.max())
        kept = (category < n_categories[:, None]) & ((category > 0) | ~self.complete[:, None])
        self.item, self.category = np.nonzero(kept)
        self.blocks = [block for group in range(self.n_groups) for block in self._blocks(group)]

    def expect(self, log_p: Floats, log_prior: Floats, *, exactly: bool = True) -> Expected:
        """Return what is expected under curves and the groups' log-weights, shape (n_groups, n_points)."""
        table, base = self._table(log_p)
        totals, mass = np.zeros(table.shape), np.zeros(log_prior.shape)
        value = 0.0
        room = _Room(table, exactly)
        for block in self.blocks:
            posterior, each = room.posterior(base + log_prior[block.group], block)
            value += float(each @ block.weights)
            mass[block.group] += posterior.sum(axis=1)
            totals += posterior @ room.answers(block).T
        return Expected(value, self.counts(totals, mass), mass)

    def classify(self, posteriors: NDArray[np.float32]) -> Floats:
        """Return counts, (n_items, n_categories, n_points), for given posteriors, (n_points, n_persons)."""
        totals, mass = np.zeros((len(posteriors), len(self.item))), np.zeros((1, len(posteriors)))
        for block in self.blocks:
            weighted = posteriors[:, block.persons] * block.weights.astype(np.float32)
            totals += weighted @ block.answers.T.astype(np.float32)
            mass += weighted.sum(axis=1)
        return self.counts(totals, mass)

    def counts(self, totals: Floats, mass: Floats) -> Floats:
        """Return counts by item and category from the totals of the columns."""
        counts = np.zeros((self.n_items, int(self.n_categories.max()), mass.shape[1]))
        counts[self.item, self.category] = totals.T
        rest = mass.sum(axis=0) - counts.sum(axis=1)
        counts[self.complete, 0] = np.maximum(rest[self.complete], 0.0)  # never below nothing by rounding
        return counts

    def posteriors(self, log_p: Floats, log_prior: Floats) -> Iterator[tuple[Block, Floats]]:
        """Yield each block with its posteriors times weights, (n_points, n_persons)."""
        table, base = self._table(log_p)
        room = _Room(table, exactly=True)
        for block in self.blocks:
            yield block, room.posterior(base + log_prior[block.group], block)[0]

    def _table(self, log_p: Floats) -> tuple[Floats, Floats]:
        """Return the log-probabilities of the columns, (n_points, n_columns), and what they are relative to."""
        relative = log_p - np.where(self.complete[:, None, None], log_p[:, :1], 0.0)
        return np.ascontiguousarray(relative[self.item, self.category].T), log_p[self.complete, 0].sum(axis=0)

    def _blocks(self, group: int) -> Iterator[Block]:
        members = np.flatnonzero(self.groups == group)
        for start in range(0, len(members), BLOCK):
            persons = members[start : start + BLOCK]
            answers = self.codes[:, persons][self.item] == self.category[:, None].astype(np.int8)
            yield Block(persons, group, answers, self.weights[persons])


class _Room:
    """Memory for one block at a time, used again for the next."""

    def __init__(self, table: Floats, exactly: bool) -> None:
        kind = np.float64 if exactly else np.float32
        self._table: NDArray[Any] = table.astype(kind)
        self._answers = np.empty((table.shape[1], BLOCK), dtype=kind)
        self._posterior = np.empty((len(table), BLOCK), dtype=kind)

    def answers(self, block: Block) -> NDArray[Any]:
        """Return the answers that `posterior` has just been computed for, as numbers."""
        return self._answers[:, : len(block.persons)]

    def posterior(self, base: Floats, block: Block) -> tuple[NDArray[Any], Floats]:
        """Return posteriors times weights, and each person's log-likelihood."""
        answers, posterior = self.answers(block), self._posterior[:, : len(block.persons)]
        answers[...] = block.answers
        np.matmul(self._table, answers, out=posterior)
        posterior += base.astype(posterior.dtype)[:, None]
        highest = posterior.max(axis=0)
        posterior -= highest
        np.exp(posterior, out=posterior)
        total = posterior.sum(axis=0, dtype=np.float64)
        posterior *= (block.weights / total).astype(posterior.dtype)
        return posterior, np.log(total) + highest
