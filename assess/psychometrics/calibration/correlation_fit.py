"""The correlation matrix of normal variables of which second moments are known."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.models import Floats

MAX_STEPS = 50
MAX_HALVINGS = 30
TOLERANCE = 1e-10


def likeliest_correlations(moments: Floats, *, start: Floats | None = None) -> Floats:
    """
    Return the correlation matrix under which second moments are likeliest.

    Parameters
    ----------
    moments : ndarray, shape (n, n)
        Mean products of variables with mean 0 and variance 1; positive definite. Its diagonal need not be one.
    start : ndarray, shape (n, n), optional
        A correlation matrix to start from; the identity by default.

    Returns
    -------
    ndarray, shape (n, n)
        The maximum of ``-log|R| - tr(R^-1 S)`` among matrices with unit diagonal, which is not S standardised.

    Raises
    ------
    ValueError
        If the moments are not positive definite.

    Notes
    -----
    Fisher scoring of the correlations, steps halved until the function rises.

    Examples
    --------
    >>> likeliest_correlations(np.array([[1.0, 0.4], [0.4, 1.0]]))
    array([[1. , 0.4],
           [0.4, 1. ]])
    """
    if not (np.linalg.eigvalsh(moments) > 0).all():
        raise ValueError("moments must be positive definite")
    found = np.eye(len(moments)) if start is None else start
    value = _value(found, moments)
    for _ in range(MAX_STEPS):
        step: Floats = np.asarray(
            np.linalg.solve(scoring_information(found), correlation_scores(found, moments)), dtype=np.float64
        )
        for _ in range(MAX_HALVINGS):
            moved = found + _symmetric(step, len(found))
            reached = _value(moved, moments)
            if reached >= value - 1e-12 * abs(value):
                break
            step /= 2
        found, value = moved, reached
        if not step.size or np.abs(step).max() < TOLERANCE:
            break
    return found


def correlation_scores(sigma: Floats, moments: Floats) -> Floats:
    """Return the derivatives of a normal log-likelihood, per person, by the correlations above the diagonal."""
    precision = np.linalg.inv(sigma)
    slope = precision @ moments @ precision - precision
    return np.asarray(slope[(..., *np.triu_indices(len(sigma), 1))])


def scoring_information(sigma: Floats) -> Floats:
    """Return the expected information of one person about the correlations above the diagonal."""
    precision = np.linalg.inv(sigma)
    i, j = np.triu_indices(len(sigma), 1)
    return np.asarray(
        precision[np.ix_(i, i)] * precision[np.ix_(j, j)] + precision[np.ix_(i, j)] * precision[np.ix_(j, i)]
    )


def correlation_information(sigma: Floats, moments: Floats) -> Floats:
    """Return the observed information of one person about them, which has these second moments."""
    precision = np.linalg.inv(sigma)
    unit = np.eye(len(sigma))
    first, second = np.triu_indices(len(sigma), 1)
    turns = precision @ (unit[first, :, None] * unit[second, None] + unit[second, :, None] * unit[first, None])
    products = np.einsum("iab,jbc->ijac", turns, turns)
    return np.asarray(np.einsum("ijac,ca->ij", products, precision @ moments - np.eye(len(sigma)) / 2))


def _symmetric(correlations: Floats, n: int) -> Floats:
    """Return a matrix with these above and below a diagonal of zeros."""
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = correlations
    return matrix + matrix.T


def _value(sigma: Floats, moments: Floats) -> float:
    """Return twice a person's log-likelihood; -inf where there is no such matrix."""
    if not (np.linalg.eigvalsh(sigma) > 0).all():
        return -np.inf
    return float(-np.linalg.slogdet(sigma)[1] - np.trace(np.linalg.solve(sigma, moments)))
