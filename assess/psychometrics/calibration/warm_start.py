"""Where calibration begins: classical statistics, then a part of the persons."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from assess.psychometrics.calibration.data import linked_sets
from assess.psychometrics.calibration.em import Likelihood
from assess.psychometrics.calibration.item_curves import ABSENT
from assess.psychometrics.calibration.marginal import Codes, Responses
from assess.psychometrics.models import Bools, Floats

PART = 1500  # persons of the part
FEWEST = 150  # answers to an item that make the part worth its time
LEAST_SHARE = 0.1  # of the variance of theta that a group is thought to have at least
SPARE = 5  # persons who stand for a category that the part lacks


def first_items(likelihood: Likelihood, start: Floats) -> Floats:
    """
    Return items fitted to positions of the persons on the first principal component.

    A person's position is taken as normal with the variance that the component's alpha leaves. Items that go
    against the component get negative slopes.
    """
    score, signs, alpha = _component(likelihood.responses)
    off = (likelihood.grid[:, None] - np.sqrt(alpha) * score).astype(np.float32)  # enough for a start
    posterior = np.exp(off**2 / np.float32(2 * alpha - 2))
    posterior /= posterior.sum(axis=0)
    start = start.copy()
    if likelihood.penalty.slopes is None:
        start[:, 0] *= signs
    return likelihood.maximise(start, likelihood.responses.classify(posterior))[0]


def first_groups(responses: Responses) -> tuple[Floats, Floats]:
    """Return means and SDs of theta in the groups, from the first component; 0 and 1 in the reference."""
    score, _, alpha = _component(responses)
    share = [responses.weights * (responses.groups == group) for group in range(responses.n_groups)]
    means = np.array([np.average(score, weights=each) for each in share])
    off = (score - means[:, None]) ** 2
    variances = np.average(off, weights=np.array(share), axis=1)
    sds = np.sqrt(np.maximum(variances - (1 - alpha), LEAST_SHARE * alpha))
    return (means - means[0]) / sds[0], sds / sds[0]


def _turned(loadings: Floats) -> Floats:
    """Return loadings of which most are positive."""
    balance = np.where(loadings < 0, -1.0, 1.0).sum()
    return -loadings if balance < 0 or (balance == 0 and loadings.sum() < 0) else loadings


def flat_items(codes: Codes, free: Bools) -> Floats:
    """Return items of slope 1 whose intercepts give the shares of the categories at theta = 0."""
    items = np.full(free.shape, ABSENT)
    items[:, 0] = 1.0
    at_least = np.stack([(codes >= category).sum(axis=1) for category in range(1, free.shape[1])], axis=1)
    answered = (codes >= 0).sum(axis=1)[:, None]
    items[:, 1:] = np.where(free[:, 1:], logit((at_least + 0.5) / (answered + 1.0)), ABSENT)
    return items


def part(responses: Responses) -> Responses | None:
    """
    Return every so many-th person, or None where all should be taken from the start.

    A category that none of them chose is represented by persons with the small weight that its share asks for.
    """
    n, codes = responses.n_persons, responses.codes
    if n <= 2 * PART or responses.n_groups > 1:
        return None
    persons = np.linspace(0, n - 1, PART).astype(np.int_)
    chosen = codes[:, persons]
    if ((chosen >= 0).sum(axis=1) < FEWEST).any():
        return None
    weights = responses.weights[persons]
    lacking = [
        (item, category)
        for item, n_categories in enumerate(responses.n_categories)
        for category in np.flatnonzero(np.bincount(chosen[item][chosen[item] >= 0], minlength=n_categories) == 0)
    ]
    for item, category in lacking:
        who = np.flatnonzero(codes[item] == category)
        some = who[:SPARE]
        persons = np.concatenate([persons, some])
        share = responses.weights[some] * (PART / n * len(who) / len(some))
        weights = np.concatenate([weights, share])
    return Responses(
        np.ascontiguousarray(codes[:, persons]), responses.n_categories, np.zeros(len(persons), dtype=np.int_), weights
    )


def _component(responses: Responses) -> tuple[Floats, Floats, float]:
    """
    Return scores on the first principal component, the items' signs on it, and its alpha.

    Sets of items that nobody answered together have a component each: that of all would leave some out.
    """
    codes = responses.codes
    answered = codes >= 0
    z = np.where(answered, codes, 0).astype(np.float64)
    n_answers = answered.sum(axis=1)[:, None]
    z -= z.sum(axis=1, keepdims=True) / n_answers
    z *= answered
    z /= np.sqrt((z**2).sum(axis=1, keepdims=True) / n_answers)
    together = answered.astype(np.float64)
    correlations = (z @ z.T) / np.maximum(together @ together.T, 1.0)
    loadings, alpha = np.empty(len(z)), 1.0
    sets = linked_sets(answered)
    for number in range(int(sets.max()) + 1):
        own = np.flatnonzero(sets == number)
        values, vectors = np.linalg.eigh(correlations[np.ix_(own, own)])
        loadings[own] = _turned(vectors[:, -1])
        alpha = min(alpha, len(own) / (len(own) - 1) * (1 - 1 / max(float(values[-1]), 1.0)))
    signs = np.where(loadings < 0, -1.0, 1.0)
    score = (loadings @ z) / np.sqrt(loadings**2 @ together + 1e-12)
    spread = max(float(score.std()), 1e-12)
    return score / spread, signs, float(np.clip(alpha, 0.3, 0.97))
