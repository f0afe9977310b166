"""How wide error bands must be while nobody has calibrated a bank, so that they hold what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats, Graded
from assess.psychometrics.studies.bands import MARGIN, NINETY_FIVE, SIXTY_EIGHT, TWO
from assess.psychometrics.studies.bank import LOCATION_SD, SIGMA, SLOPE_SD, simulated_bank
from assess.psychometrics.studies.result import Figure, Study, reported, within

LOCATION_ERROR = 0.6  # SD by which an author's locations are wrong, in units of theta
FACET_SD = 0.5  # SD of what a facet's statements share beyond their scale
JUDGEMENT_WEIGHT = 0.5  # how much of the SD of locations an author's judgements are given


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """
    Errors of provisional scores, before any factor.

    Parameters
    ----------
    error : ndarray, shape (n_banks, n_people, n_scales)
        Distance of the estimate from the truth.
    se : ndarray, shape (n_banks, n_people, n_scales)
        Standard errors that the assumed parameters give.
    """

    error: Floats
    se: Floats

    @property
    def factor(self) -> float:
        """By which standard errors must be multiplied for a 68 % band to hold 68 %."""
        return float(np.quantile(self.error / self.se, SIXTY_EIGHT))

    def covered(self, width: float) -> float:
        """Return the share of bands of `width` standard errors to either side that hold the truth."""
        return float((self.error <= width * self.se).mean())


def provisional_errors(
    assumed: Graded, facets: ArrayLike, *, sigma: Floats, n_banks: int, n_people: int, rng: np.random.Generator
) -> Errors:
    """
    Return errors of scores by parameters that are wrong as an author's are.

    Parameters
    ----------
    assumed : Graded
        The provisional parameters.
    facets : array_like, shape (n_items,)
        Name or number of each statement's facet.
    sigma : ndarray, shape (n_scales, n_scales)
        Latent correlations.
    n_banks : int
        Draws of the truth: slopes around the assumed ones by a lognormal factor (SD of the logarithm .386), locations
        off by a normal error (SD .6), and for each person a normal facet factor (SD .5) that all of a facet's
        statements share beyond their scale.
    n_people : int
        People for each.
    rng : numpy.random.Generator

    Returns
    -------
    Errors

    Examples
    --------
    >>> one = Graded(np.full(8, 1.3), np.tile([1.0, -1.0], (8, 1)), np.zeros(8, dtype=int), 1)
    >>> found = provisional_errors(one, np.arange(8) % 4, sigma=np.eye(1), n_banks=50, n_people=100,
    ...                            rng=np.random.default_rng(1))
    >>> bool(1.0 < found.factor < 1.3)
    True
    """
    own = np.unique(np.asarray(facets), return_inverse=True)[1]
    errors, ses = [], []
    for _ in range(n_banks):
        theta = rng.multivariate_normal(np.zeros(len(sigma)), sigma, size=n_people, method="cholesky")
        estimate = map_estimate([(assumed, _responses(assumed, theta, own, rng))], sigma=sigma)
        errors.append(np.abs(estimate.theta - theta))
        ses.append(estimate.se)
    return Errors(np.stack(errors), np.stack(ses))


def truth_around(assumed: Graded, rng: np.random.Generator) -> Graded:
    """
    Return a truth that differs from `assumed` in slopes and locations as an author's parameters differ from it.

    Parameters
    ----------
    assumed : Graded
    rng : numpy.random.Generator

    Returns
    -------
    Graded
        With one column of theta per statement, for what is its own beside the scale.
    """
    n_items = len(assumed.slopes)
    slopes = assumed.slopes * np.exp(rng.normal(0.0, SLOPE_SD, n_items))
    thresholds = assumed.thresholds + rng.normal(0.0, LOCATION_ERROR, n_items)[:, None]
    return Graded(slopes, -slopes[:, None] * thresholds, np.arange(n_items), n_items)


def facet_effects(facets: ArrayLike, n_people: int, rng: np.random.Generator) -> Floats:
    """
    Return what the statements of a facet share beyond their scale in each person.

    Parameters
    ----------
    facets : array_like of int, shape (n_items,)
        Number of each statement's facet, from 0.
    n_people : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n_people, n_items)
    """
    own = np.asarray(facets, dtype=int)
    return np.asarray(rng.normal(0.0, FACET_SD, (n_people, int(own.max()) + 1))[:, own])


def _responses(assumed: Graded, theta: Floats, facets: ArrayLike, rng: np.random.Generator) -> Floats:
    """Return responses by a truth that differs from `assumed` in slopes, locations and facets."""
    truth = truth_around(assumed, rng)
    return truth.simulate(theta[:, assumed.scales] + facet_effects(facets, len(theta), rng), rng)


def provisional(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Find the factor for standard errors in one half of simulated banks and try it on the other.

    Parameters
    ----------
    seed : int
    quick : bool
        Few banks.

    Returns
    -------
    Study
    """
    rng = np.random.default_rng(seed)
    n_banks, n_people = (40, 50) if quick else (400, 200)
    figures: list[Figure] = []
    halves = {size: [_half(size, n_banks // 2, n_people, rng) for _ in range(2)] for size in (8, 16)}
    for size, (first, second) in halves.items():
        figures += _figures(f"{size} per scale", first, second)
    short, factor = halves[8][1], halves[16][0].factor
    figures.append(reported("share in 68 % bands of 8 per scale with the factor of 16", short.covered(factor)))
    design = (
        f"Of {n_banks} banks of six scales half give the factor, half try it; {n_people} people each. True slopes, "
        f"locations (SD {LOCATION_ERROR}) and facets (SD {FACET_SD}) differ from what scoring assumes."
    )
    return Study("provisional", "Error bands with provisional parameters", design, seed, tuple(figures))


def _half(per_scale: int, n_banks: int, n_people: int, rng: np.random.Generator) -> Errors:
    """Return the errors of banks with an author's locations, each with a truth of its own."""
    found = []
    for _ in range(n_banks):
        bank = simulated_bank(rng, per_scale, slope_sd=0.0, location_sd=LOCATION_SD * JUDGEMENT_WEIGHT)
        each = provisional_errors(bank.model, bank.facets, sigma=SIGMA, n_banks=1, n_people=n_people, rng=rng)
        found.append((each.error[0], each.se[0]))
    return Errors(*(np.stack(each) for each in zip(*found, strict=True)))


def _figures(form: str, first: Errors, second: Errors) -> list[Figure]:
    factor = first.factor
    of_banks = (second.error <= factor * second.se).mean(axis=(1, 2))
    return [
        reported(f"factor found, {form}", factor),
        reported(f"share in 68 % bands without it, {form}", second.covered(1.0)),
        within(f"share in 68 % bands with it, {form}", second.covered(factor), SIXTY_EIGHT, MARGIN),
        within(f"share in 95 % bands with it, {form}", second.covered(TWO * factor), NINETY_FIVE, MARGIN),
        reported(
            f"share in 68 % bands in the unluckiest twentieth of banks, {form}", float(np.quantile(of_banks, 0.05))
        ),
    ]
