"""Two-way tables of many pairs of items at once: the correlation behind each, and how exact it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from assess.psychometrics.classical.bivariate_normal import FAR, bivariate_cdf, bivariate_density
from assess.psychometrics.models import Floats, Ints

LIMIT = 0.9999  # largest correlation, taken where the likelihood grows towards 1
TOLERANCE = 1e-8  # last step of asin(rho); Newton's next would be its square
MAX_STEPS = 60
SILENT = 1e-10  # information about rho, per person, that counts as none
LEAST_VARIANCE = 1e-14  # of a correlation: less comes of a few people whose answers fit exactly
RAREST = 1e-15  # least probability of a cell, about the rounding error of a difference of four


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """
    Tables of pairs of items.

    Parameters
    ----------
    tables : ndarray, shape (n_pairs, K, K)
        How many people chose category a of the first and b of the second item.
    rows, columns : ndarray, shape (n_pairs, K - 1)
        Thresholds of the first and of the second item.
    """

    tables: Floats
    rows: Floats
    columns: Floats

    @property
    def n_persons(self) -> Floats:
        """How many people are in each table, 1 instead of 0, shape (n_pairs,)."""
        return np.asarray(np.maximum(self.tables.sum(axis=(1, 2)), 1.0), dtype=np.float64)

    def take(self, index: Ints) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.tables[index], self.rows[index], self.columns[index])

    def turned(self) -> Pairs:
        """Return the same pairs, the second item of each first."""
        return Pairs(self.tables.swapaxes(1, 2), self.columns, self.rows)

    def ends(self) -> tuple[Floats, Floats]:
        """Return finite thresholds, ready to meet: (n_pairs, K - 1, 1) and (n_pairs, 1, K - 1)."""
        return np.clip(self.rows, -FAR, FAR)[:, :, None], np.clip(self.columns, -FAR, FAR)[:, None, :]


def maximise(pairs: Pairs) -> Floats:
    """
    Return the correlations that maximise the likelihoods of the tables, given the thresholds.

    Parameters
    ----------
    pairs : Pairs

    Returns
    -------
    ndarray, shape (n_pairs,)
        Within +-0.9999.

    Notes
    -----
    Newton's method on asin(rho), which has no steep ends. Each pair is kept between bounds at which the slope has
    opposite signs, and halves them where a step would leave.
    """
    angle = np.arcsin(_start(pairs))
    edge = np.arcsin(LIMIT)
    low, high = np.full_like(angle, -edge), np.full_like(angle, edge)
    active = np.arange(len(angle))
    for _ in range(MAX_STEPS):
        here = angle[active]
        slope, step = _newton(pairs.take(active), here)
        low[active] = np.where(slope > 0, here, low[active])
        high[active] = np.where(slope < 0, here, high[active])
        reached = here + step
        outside = (np.abs(step) >= TOLERANCE) & ((reached <= low[active]) | (reached >= high[active]))
        angle[active] = np.where(outside, (low[active] + high[active]) / 2, reached)
        active = active[np.abs(angle[active] - here) >= TOLERANCE]
        if not active.size:
            break
    at_edge = np.abs(angle) > edge - 10 * TOLERANCE
    return np.where(at_edge, np.copysign(LIMIT, angle), np.sin(angle))


def errors_and_weights(pairs: Pairs, rho: Floats, rows: Floats, columns: Floats) -> tuple[Floats, Floats]:
    """
    Return standard errors of the correlations, and the weights that they get in least squares.

    Parameters
    ----------
    pairs : Pairs
    rho : ndarray, shape (n_pairs,)
        What `maximise` found.
    rows, columns : ndarray, shape (n_pairs, K, K - 1)
        What choosing a category of the first (second) item adds to the sampling error of its thresholds.

    Returns
    -------
    standard_errors, weights : ndarray, shape (n_pairs,)
        NaN and 0 where a table says nothing of the correlation.

    Notes
    -----
    A person's influence on rho is ``(s - A t) / I``: s the person's score, t the influence on the thresholds,
    ``A`` how the score answers to them and ``I`` the information. Standard errors take A and I by the model and
    the mean square of the influence by the data, so they hold when the model does not. Weights are inverse
    variances with A and I by outer products of scores, as packages that follow Muthén (1984) compute them.
    """
    probability, first, _ = _cells(pairs, rho)
    observed = pairs.tables / pairs.n_persons[:, None, None]
    score = first / probability
    variances = []
    for share in (probability, observed):
        weight = share * score / probability
        added = np.einsum("pak,pk->pa", rows, _through(pairs, weight, rho))[:, :, None]
        turned = _through(pairs.turned(), weight.swapaxes(1, 2), rho)
        added = added + np.einsum("pbk,pk->pb", columns, turned)[:, None, :]
        mean_square = (observed * (score - added) ** 2).sum(axis=(1, 2))
        information = (share * score**2).sum(axis=(1, 2))
        silent = information < SILENT
        variances.append(mean_square / np.where(silent, np.nan, information) ** 2 / pairs.n_persons)
    telling = variances[1] > LEAST_VARIANCE
    return np.sqrt(variances[0]), np.where(telling, 1 / np.where(telling, variances[1], 1.0), 0.0)


def _start(pairs: Pairs) -> Floats:
    """Return what the covariance of the categories says: to first order, rho times both sums of densities."""
    n = pairs.n_persons
    code = np.arange(pairs.tables.shape[1], dtype=np.float64)
    rows, columns = pairs.tables.sum(axis=2) @ code / n, pairs.tables.sum(axis=1) @ code / n
    covariance = np.einsum("pab,a,b->p", pairs.tables, code, code) / n - rows * columns
    slopes = (np.exp(-(ends**2) / 2).sum(axis=1) / np.sqrt(2 * np.pi) for ends in (pairs.rows, pairs.columns))
    return np.asarray(np.clip(covariance / np.prod(list(slopes), axis=0), -0.95, 0.95), dtype=np.float64)


def _newton(pairs: Pairs, angle: Floats) -> tuple[Floats, Floats]:
    """Return the slope of each log-likelihood at the angle, and Newton's (where it curves up, Fisher's) step."""
    probability, first, second = _cells(pairs, np.sin(angle))
    second = second * np.cos(angle)[:, None, None] ** 2 - first * np.sin(angle)[:, None, None]
    first = first * np.cos(angle)[:, None, None]
    ratio = first / probability
    slope = (pairs.tables * ratio).sum(axis=(1, 2))
    observed = (pairs.tables * (ratio**2 - second / probability)).sum(axis=(1, 2))
    expected = pairs.n_persons * (first * ratio).sum(axis=(1, 2))
    curvature = np.where(observed > 0, observed, expected)
    return slope, slope / np.where(curvature > 0, curvature, np.inf)


def _cells(pairs: Pairs, rho: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the cells' probabilities and their first two derivatives by rho."""
    r = rho[:, None, None]
    h, k = pairs.ends()
    below = np.pad(bivariate_cdf(h, k, r), ((0, 0), (1, 1), (1, 1)))
    below[:, 1:-1, -1], below[:, -1, 1:-1], below[:, -1, -1] = ndtr(h[:, :, 0]), ndtr(k[:, 0]), 1.0
    density = bivariate_density(h, k, r)
    rest = 1 - r * r
    bend = density * (r * rest + h * k * (1 + r * r) - r * (h * h + k * k)) / rest**2
    return np.maximum(_between(below), RAREST), _between(_bordered(density)), _between(_bordered(bend))


def _between(corners: Floats) -> Floats:
    return np.asarray(np.diff(np.diff(corners, axis=1), axis=2), dtype=np.float64)


def _bordered(inner: Floats) -> Floats:
    return np.pad(inner, ((0, 0), (1, 1), (1, 1)))


def _through(pairs: Pairs, weight: Floats, rho: Floats) -> Floats:
    """Return how the weighted score of rho answers to each threshold of the rows, (n_pairs, K - 1)."""
    r = rho[:, None, None]
    h, k = pairs.ends()
    below = np.pad(ndtr((k - r * h) / np.sqrt(1 - r * r)), ((0, 0), (0, 0), (1, 1)))
    below[:, :, -1] = 1.0
    moved = np.exp(-(h**2) / 2) / np.sqrt(2 * np.pi) * np.diff(below, axis=2)
    return np.asarray((moved * -np.diff(weight, axis=1)).sum(axis=2), dtype=np.float64)
