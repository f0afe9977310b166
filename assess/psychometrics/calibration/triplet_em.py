"""Expectation and maximisation over the parameters of triplets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assess.psychometrics import triplet_choices as choices
from assess.psychometrics.calibration.posterior_nodes import Nodes
from assess.psychometrics.models import Floats, ResponseModel
from assess.psychometrics.triplets import Triplets

LONGEST = 1.0  # no parameter moves farther in one cycle
LARGEST = 50.0  # a parameter that grows beyond it grows without end
SINGULAR = 1e-9  # share of the largest eigenvalue below which a direction is not estimated


class _Sums(NamedTuple):
    """What the maximisation needs of each statement and of each pair of statements."""

    slopes: Floats  # derivatives times (1, theta), (3, n_blocks, 1 + n_scales)
    pairs: Floats  # weights times (1, theta)(1, theta)', (3, n_blocks, 1 + n_scales, 1 + n_scales)


class TripletEm:
    """Expectation and maximisation over the parameters of all blocks, a vector of (n_blocks, slopes and constants)."""

    def __init__(self, x: Floats, weight: Floats, start: Triplets, precision: float) -> None:
        self.choices, self.weight = choices.coded(x), weight
        self.like, self.precision = start, precision
        centred = start.constants - start.constants.mean(axis=1, keepdims=True)
        self.start = np.concatenate([start.slopes, centred], axis=1).ravel()
        # place in (1, theta) that each parameter multiplies
        self.place = np.concatenate([1 + start.scales, np.zeros_like(start.scales)], axis=1)
        signs = np.zeros((3, 3))
        for i, (j, k) in enumerate(zip(choices.NEXT, choices.LAST, strict=True)):
            signs[i, j], signs[i, k] = 1.0, -1.0
        self.signs = np.tile(signs, 2)  # how parameters enter the differences of the pairs, (3, 6)

    def model(self, vector: Floats) -> Triplets:
        """Return the triplets that a vector describes."""
        both = vector.reshape(-1, 6)
        return Triplets(both[:, :3], both[:, 3:], self.like.scales, self.like.n_scales)

    def off(self, vector: Floats) -> float:
        """Return how far the priors are from the vector, as a loss of log-density."""
        return float(self.precision * np.square(vector - self.start).sum() / 2)

    def settle(self, nodes: Nodes, parts: Sequence[tuple[ResponseModel, Floats]], sigma: Floats) -> None:
        """Take nodes, and what the other responses say of them."""
        shift = nodes.points @ nodes.root.swapaxes(1, 2)
        self.theta = (nodes.centre[:, None] + shift).swapaxes(0, 1)
        self.nodes, self.sigma = nodes, sigma
        self.known = np.zeros(self.theta.shape[:2])
        for at, theta in enumerate(self.theta):
            for model, x in parts:
                self.known[at] += model.log_likelihood(theta, x)

    def cycle(self, vector: Floats) -> tuple[Floats, float]:
        """Return the vector after a step of EM, and the log-posterior density of the parameters before it."""
        model = self.model(vector)
        weights, value = self._expect(model)
        sums = self._sums(model, weights)
        gradient = self._gradient(sums.slopes) - self.precision * (vector - self.start).reshape(-1, 6)
        information = self._information(sums.pairs) + self.precision * np.eye(6)
        step = np.linalg.pinv(information, rcond=SINGULAR, hermitian=True) @ gradient[..., None]
        moved = vector + np.clip(step.ravel(), -LONGEST, LONGEST)
        return np.clip(moved, -LARGEST, LARGEST), value - self.off(vector)

    @staticmethod
    def possible(vector: Floats) -> bool:
        """Whether no parameter has grown without end."""
        return bool((np.abs(vector) < LARGEST).all())

    def errors(self, vector: Floats) -> tuple[Floats, Floats]:
        """Return standard errors of slopes and constants."""
        model = self.model(vector)
        weights, _ = self._expect(model)
        scores = np.zeros((len(weights), *self.place.shape))
        for theta, weight in zip(self.theta, weights.T, strict=True):
            each = choices.slopes(model.utilities(theta), self.choices).transpose(1, 2, 0) * weight[:, None, None]
            scores[..., :3] += each * theta[:, model.scales]
            scores[..., 3:] += each
        flat = scores.reshape(len(scores), -1)
        information = (flat / self.weight[:, None]).T @ flat + self.precision * np.eye(flat.shape[1])
        variances = np.diag(np.linalg.pinv(information, rcond=SINGULAR, hermitian=True)).reshape(-1, 6)
        root = np.sqrt(np.maximum(variances, 0.0))
        return root[:, :3], root[:, 3:]

    def _expect(self, model: Triplets) -> tuple[Floats, float]:
        """Return posterior weights, (n_persons, n_points), times the persons', and the log-likelihood."""
        here = self.known.copy()
        for at, theta in enumerate(self.theta):
            here[at] += choices.log_probability(model.utilities(theta), self.choices).sum(axis=1)
        weights, each = self.nodes.weights(slice(None), self.theta.swapaxes(0, 1), here.T, self.sigma)
        return weights * self.weight[:, None], float(each @ self.weight)

    def _sums(self, model: Triplets, weights: Floats) -> _Sums:
        size = 1 + model.n_scales
        slopes = np.zeros((3, len(model.slopes), size))
        pairs = np.zeros((3, len(model.slopes), size * size))
        for theta, weight in zip(self.theta, weights.T, strict=True):
            u = model.utilities(theta)
            basis = np.column_stack([np.ones(len(theta)), theta]) * np.sqrt(weight)[:, None]
            squares = (basis[:, :, None] * basis[:, None]).reshape(len(theta), -1)
            slopes += choices.slopes(u, self.choices).swapaxes(1, 2) @ (basis * np.sqrt(weight)[:, None])
            pairs += choices.weights(u, self.choices).swapaxes(1, 2) @ squares
        return _Sums(slopes, pairs.reshape(3, -1, size, size))

    def _gradient(self, slopes: Floats) -> Floats:
        by_block = slopes.swapaxes(0, 1)[:, [0, 1, 2, 0, 1, 2]]
        return np.asarray(np.take_along_axis(by_block, self.place[..., None], axis=2)[..., 0])

    def _information(self, pairs: Floats) -> Floats:
        blocks = np.arange(len(self.place))[:, None, None]
        each = pairs[:, blocks, self.place[:, :, None], self.place[:, None, :]]
        return np.asarray(np.einsum("ip,iq,ibpq->bpq", self.signs, self.signs, each))
