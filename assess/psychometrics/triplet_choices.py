"""
Choices of the best and the worst of three under the exploded logit, as functions of the utilities.

Arrays are 3 statements x persons x blocks. What concerns a pair of statements stands at the place of the third:
place i holds what there is to say of the next statement j = i + 1 against the last one k = i + 2 (modulo 3). Only
differences of utilities count, so a matrix of second derivatives is that of three pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, log_expit

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Floats, Ints

NEXT, LAST = [1, 2, 0], [2, 0, 1]


class Choices(NamedTuple):
    """What was chosen; blocks of which only the worst is known stand apart."""

    best: Floats  # 1 for the statement chosen as the best
    second: Floats  # where i is the best: 1 if k is the worst, so j was preferred to it, -1 if j is
    known: Floats  # 1 where the best is known, (n_persons, n_blocks)
    persons: Ints  # with the next two: who said of which block only which statement is the worst
    blocks: Ints
    worst: Ints


class Mixture(NamedTuple):
    """Blocks of which only the worst is known: either of the others may be the best."""

    log_p: Floats  # (n_blocks,)
    slopes: Floats  # (3, n_blocks)
    weights: Floats  # (3, n_blocks)


def coded(x: Floats) -> Choices:
    """Return responses, columns best_1, worst_1, best_2, ..., as choices; refuse impossible ones."""
    given_best, given_worst = x[:, 0::2], x[:, 1::2]
    best, worst = _is_statement(given_best), _is_statement(given_worst)
    no_best, no_worst = np.isnan(given_best), np.isnan(given_worst)
    wrong = ~((best[0] | best[1] | best[2] | no_best) & (worst[0] | worst[1] | worst[2] | no_worst))
    if wrong.any():
        _refuse(wrong, "a choice is not the number of a statement, 0, 1 or 2.")
    twice = given_best == given_worst
    if twice.any():
        _refuse(twice, "the same statement is chosen as the best and the worst.")
    persons, blocks = np.nonzero(no_best & ~no_worst)
    chosen = best.astype(np.float64)
    second = chosen * (worst[LAST].astype(np.float64) - worst[NEXT])
    lone = given_worst[persons, blocks].astype(np.intp)
    return Choices(chosen, second, 1.0 - no_best, persons, blocks, lone)


def _is_statement(given: Floats) -> Bools:
    return np.stack([given == statement for statement in range(3)])


def _refuse(wrong: Bools, reason: str) -> None:
    person, block = (int(place[0]) for place in np.nonzero(wrong))
    raise UnusableData(f"Block {block + 1}: {reason}", person=person)


def log_probability(u: Floats, choices: Choices) -> Floats:
    """Return the log-probability of each block's choice, shape (n_persons, n_blocks); 0 where there is none."""
    off = choices.second * _differences(u)
    # nothing was said of the second place where `second` is 0, which log_expit takes for even odds
    then = log_expit(off[0] + off[1] + off[2]) * np.abs(choices.second).sum(axis=0)
    each = (choices.best * u).sum(axis=0) - choices.known * _log_total(u) + then
    if choices.worst.size:
        each[choices.persons, choices.blocks] = _mixture(_lone(u, choices), choices.worst).log_p
    return np.asarray(each)


def slopes(u: Floats, choices: Choices) -> Floats:
    """Return the derivatives of the log-probabilities by the utilities, in the utilities' shape."""
    total = _slopes(u, choices.best, choices.second, choices.known)
    if choices.worst.size:
        total[:, choices.persons, choices.blocks] = _mixture(_lone(u, choices), choices.worst).slopes
    return total


def weights(u: Floats, choices: Choices) -> Floats:
    """Return the negative second derivatives by the utilities, as weights of pairs."""
    total = _weights(u, choices.second, choices.known)
    if choices.worst.size:
        total[:, choices.persons, choices.blocks] = _mixture(_lone(u, choices), choices.worst).weights
    return total


def expected_weights(u: Floats, has_best: Bools, has_worst: Bools) -> Floats:
    """Return the expectation of `weights` over the answers, by which of them are given, (n_persons, n_blocks)."""
    shares = _shares(u)
    preferred = expit(_differences(u))
    total = has_best * shares[NEXT] * shares[LAST] + (has_best & has_worst) * shares * preferred * (1.0 - preferred)
    persons, blocks = np.nonzero(has_worst & ~has_best)
    if persons.size:
        total[:, persons, blocks] = _expected_of_lone(u[:, persons, blocks])
    return np.asarray(total)


def outcome_probabilities(u: Floats) -> Floats:
    """Return the probability of each (best, worst), shape (n_persons, n_blocks, 3, 3)."""
    shares, differences = _shares(u), _differences(u)
    outcomes = np.zeros((*u.shape[1:], 3, 3))
    for i, (j, k) in enumerate(zip(NEXT, LAST, strict=True)):
        outcomes[..., i, k] = shares[i] * expit(differences[i])
        outcomes[..., i, j] = shares[i] * expit(-differences[i])
    return outcomes


def _log_total(u: Floats) -> Floats:
    """Return the logarithm of the sum of exponentials."""
    highest = np.maximum(np.maximum(u[0], u[1]), u[2])
    return np.asarray(highest + np.log(np.exp(u - highest).sum(axis=0)))


def _shares(u: Floats) -> Floats:
    """Return how likely each statement is the best."""
    each = np.exp(u - np.maximum(np.maximum(u[0], u[1]), u[2]))
    return np.asarray(each / each.sum(axis=0))


def _differences(u: Floats) -> Floats:
    return np.asarray(u[NEXT] - u[LAST])


def _slopes(u: Floats, best: Floats, second: Floats, known: Floats) -> Floats:
    first = best - known * _shares(u)
    then = second * expit(-second * _differences(u))
    return np.asarray(first + then[LAST] - then[NEXT])


def _weights(u: Floats, second: Floats, known: Floats) -> Floats:
    shares, preferred = _shares(u), expit(_differences(u))
    return np.asarray(known * shares[NEXT] * shares[LAST] + np.abs(second) * preferred * (1.0 - preferred))


def _lone(u: Floats, choices: Choices) -> Floats:
    return np.asarray(u[:, choices.persons, choices.blocks])


def _mixture(u: Floats, worst: Ints) -> Mixture:
    """Return what follows from the worst of each block when the best is unknown; u has the shape (3, n_blocks)."""
    cases = []
    for shift in (1, 2):
        best = (np.arange(3)[:, None] == (worst + shift) % 3).astype(np.float64)
        second = best * (3.0 - 2.0 * shift)  # the worst is the last of the pair if the best follows it
        then = (best * log_expit(second * _differences(u))).sum(axis=0)
        log_p = (best * u).sum(axis=0) - _log_total(u) + then
        known = np.ones(u.shape[1])
        cases.append((log_p, _slopes(u, best, second, known), _weights(u, second, known)))
    (log_a, slopes_a, weights_a), (log_b, slopes_b, weights_b) = cases
    share = expit(log_a - log_b)
    gap = slopes_a - slopes_b
    mixed = share * weights_a + (1 - share) * weights_b + share * (1 - share) * gap[NEXT] * gap[LAST]
    return Mixture(np.logaddexp(log_a, log_b), share * slopes_a + (1 - share) * slopes_b, mixed)


def _expected_of_lone(u: Floats) -> Floats:
    """Return the expected weights of pairs where only the worst is told, shape (3, n_blocks)."""
    total = np.zeros(u.shape)
    for statement in range(3):
        told = _mixture(u, np.full(u.shape[1], statement, dtype=np.intp))
        total -= np.exp(told.log_p) * told.slopes[NEXT] * told.slopes[LAST]
    return total
