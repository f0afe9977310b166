"""Five graded items, people simulated on them, and the likelihood by another way than calibration's."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.models import Graded

SLOPES = np.array([1.8, 1.5, 1.2, 0.9, 2.2])
INTERCEPTS = np.array([[2.0, 0.5, -1.0], [1.5, 0.0, -2.0], [1.0, -0.5, -1.5], [2.5, 1.0, -0.5], [1.0, -1.0, -3.0]])
FIVE = Graded(SLOPES, INTERCEPTS, np.zeros(5, dtype=int), 1)


def simulated(n, seed=1, model=FIVE, mean=0.0, sd=1.0):
    rng = np.random.default_rng(seed)
    return model.simulate(mean + sd * rng.standard_normal((n, 1)), rng)


def parameters(calibration):
    return np.column_stack([calibration.slopes, calibration.intercepts])


def parameters_of(model):
    return np.column_stack([model.slopes, model.intercepts])


def marginal_log_likelihood(model, x, *, means=0.0, sds=1.0):
    """By the shared response model on another, finer grid than calibration uses."""
    grid = np.linspace(-8, 8, 161)
    log_p = model.log_probabilities(grid[:, None])
    given = sum(log_p[:, item, column] for item, column in enumerate(x.T.astype(int)))
    prior = -0.5 * ((grid[:, None] - means) / sds) ** 2 - np.log(sds * np.sqrt(2 * np.pi)) + np.log(grid[1] - grid[0])
    return np.logaddexp.reduce(given + prior, axis=0).sum()
