"""Statements and people to simulate with, as the banks and public data suggest them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.models import Floats, Graded, Ints

FAR, NARROW = 20.0, 1e-6  # for categories that nobody chose: below or above all others, between two of them
N_SCALES, N_FACETS = 6, 4  # facets per scale
SLOPE = 1.3
SLOPE_SD = 0.386  # of the log slopes, as in 45 public statements
LOCATION, LOCATION_SD = -0.454, 0.608  # of statements as written: people agree readily
SPACING = np.array([-1.721, -0.534, 0.459, 1.769])  # of the thresholds around it
SIGMA = np.array(  # latent correlations of the six scales
    [
        [1.0, 0.331, 0.457, 0.217, 0.126, 0.173],
        [0.331, 1.0, 0.117, -0.035, 0.284, 0.289],
        [0.457, 0.117, 1.0, 0.206, 0.13, 0.125],
        [0.217, -0.035, 0.206, 1.0, 0.06, -0.25],
        [0.126, 0.284, 0.13, 0.06, 1.0, 0.189],
        [0.173, 0.289, 0.125, -0.25, 0.189, 1.0],
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedBank:
    """
    Statements of six scales, scale after scale.

    Parameters
    ----------
    model : Graded
    facets : ndarray of int, shape (n_items,)
        Counted through all scales.
    keyed : ndarray of int, shape (n_items,)
        1 or -1.
    per_scale : int
        Statements of each scale.
    """

    model: Graded
    facets: Ints
    keyed: Ints
    per_scale: int

    def places(self, first: int, last: int) -> Ints:
        """Return the indices of each scale's statements from number `first` to before number `last`."""
        return np.concatenate([np.arange(first, last) + scale * self.per_scale for scale in range(N_SCALES)])


def simulated_bank(
    rng: np.random.Generator,
    per_scale: int,
    *,
    slope_sd: float = SLOPE_SD,
    location_sd: float = LOCATION_SD,
) -> SimulatedBank:
    """
    Return a bank with drawn parameters.

    Parameters
    ----------
    rng : numpy.random.Generator
    per_scale : int
        Statements of each scale. Any eight in a row have two of each facet, one of each direction of keying.
    slope_sd : float
        Of the logarithms of the slopes, whose median is 1.3.
    location_sd : float
        Of the locations of statements as they are written.

    Returns
    -------
    SimulatedBank

    Notes
    -----
    Thresholds are location plus spacing as written; for statements keyed ``-`` they are then negated and their order
    is reversed.

    Examples
    --------
    >>> bank = simulated_bank(np.random.default_rng(1), 8)
    >>> bank.facets[:8], bank.keyed[:8]
    (array([0, 1, 2, 3, 0, 1, 2, 3]), array([ 1,  1,  1,  1, -1, -1, -1, -1]))
    """
    number = np.tile(np.arange(per_scale), N_SCALES)
    scales = np.repeat(np.arange(N_SCALES), per_scale)
    keyed = np.where(number // N_FACETS % 2, -1, 1)
    slopes = SLOPE * np.exp(rng.normal(0.0, slope_sd, len(number)))
    written = rng.normal(LOCATION, location_sd, len(number))[:, None] + SPACING
    thresholds = np.where(keyed[:, None] > 0, written, -written[:, ::-1])
    model = Graded(slopes, -slopes[:, None] * thresholds, scales, N_SCALES)
    return SimulatedBank(model, N_FACETS * scales + number % N_FACETS, keyed, per_scale)


def people(rng: np.random.Generator, n: int) -> Floats:
    """
    Return positions of simulated people on the six scales.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int

    Returns
    -------
    ndarray, shape (n, 6)
        Normal with variances of one and the correlations `SIGMA`.

    Examples
    --------
    >>> people(np.random.default_rng(1), 3).shape
    (3, 6)
    """
    return rng.multivariate_normal(np.zeros(N_SCALES), SIGMA, size=n, method="cholesky")


def calibrated(bank: SimulatedBank, rng: np.random.Generator, n: int) -> Graded:
    """
    Return the parameters that a calibration with new people finds, scale by scale.

    Parameters
    ----------
    bank : SimulatedBank
        The truth.
    rng : numpy.random.Generator
    n : int
        People who answer all statements.

    Returns
    -------
    Graded
        Of the same statements. A category that nobody chose gets no width worth mentioning, so that every statement
        keeps five.
    """
    x = bank.model.simulate(people(rng, n), rng)
    slopes, intercepts = np.empty(len(bank.facets)), np.empty((len(bank.facets), len(SPACING)))
    for scale in range(N_SCALES):
        mine = np.flatnonzero(bank.model.scales == scale)
        found = calibrate(x[:, mine], standard_errors=False)
        slopes[mine] = found.slopes
        intercepts[mine] = [_all_boundaries(*each) for each in zip(found.intercepts, found.categories, strict=True)]
    return Graded(slopes, intercepts, bank.model.scales, N_SCALES)


def _all_boundaries(intercepts: Floats, categories: tuple[int, ...]) -> Floats:
    """Return intercepts of all categories of an item of which only some were chosen."""
    known = dict(zip(categories[1:], intercepts, strict=False))
    boundaries = np.arange(1.0, len(SPACING) + 1)
    full: Floats = np.where(boundaries <= categories[0], FAR, -FAR) - boundaries
    for category in range(categories[-1], categories[0], -1):
        full[category - 1] = known[category] if category in known else full[category] + NARROW
    return full
