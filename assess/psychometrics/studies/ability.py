"""How wide the bands of a proficiency must be while its questions' difficulties are an author's judgement."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Floats
from assess.psychometrics.studies.bands import MARGIN, NINETY_FIVE, SIXTY_EIGHT, TWO
from assess.psychometrics.studies.bank import SLOPE_SD
from assess.psychometrics.studies.provisional import LOCATION_ERROR, Errors
from assess.psychometrics.studies.result import Figure, Study, reported, within

N_ITEMS = 20
HARDEST = 2.0  # difficulties are spread evenly from -2 to 2
OPTIONS = 4


def ability_errors(assumed: Logistic, *, n_tests: int, n_people: int, rng: np.random.Generator) -> Errors:
    """
    Return errors of posterior means by parameters that are wrong as an author's are.

    Parameters
    ----------
    assumed : Logistic
        The provisional parameters, of one scale.
    n_tests : int
        Draws of the truth: slopes around the assumed ones by a lognormal factor (SD of the logarithm .386),
        difficulties off by a normal error (SD .6), lower asymptotes uniform between half and one and a half times the
        assumed ones: people recognise some wrong options, or are drawn to them.
    n_people : int
        People for each.
    rng : numpy.random.Generator

    Returns
    -------
    Errors

    Examples
    --------
    >>> found = ability_errors(evenly_spread(), n_tests=20, n_people=100, rng=np.random.default_rng(1))
    >>> bool(1.0 < found.factor < 1.3)
    True
    """
    errors, ses = [], []
    n_items = len(assumed.slopes)
    for _ in range(n_tests):
        slopes = assumed.slopes * np.exp(rng.normal(0.0, SLOPE_SD, n_items))
        difficulties = -assumed.intercepts / assumed.slopes + rng.normal(0.0, LOCATION_ERROR, n_items)
        guessing = assumed.guessing * rng.uniform(0.5, 1.5, n_items)
        truth = Logistic(slopes, -slopes * difficulties, guessing, assumed.scales, 1)
        theta = rng.normal(size=(n_people, 1))
        estimate = eap_estimate(assumed, truth.simulate(theta, rng))
        errors.append(np.abs(estimate.theta - theta))
        ses.append(estimate.se)
    return Errors(np.stack(errors), np.stack(ses))


def evenly_spread(n_items: int = N_ITEMS) -> Logistic:
    """
    Return a test as an author writes it: difficulties from -2 to 2, slope 1, four options.

    Parameters
    ----------
    n_items : int

    Returns
    -------
    Logistic

    Examples
    --------
    >>> evenly_spread(3).intercepts
    array([ 2., -0., -2.])
    """
    difficulties = np.linspace(-HARDEST, HARDEST, n_items)
    ones: Floats = np.ones(n_items)
    return Logistic(ones, -difficulties, ones / OPTIONS, np.zeros(n_items, dtype=int), 1)


def ability(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Find the factor for standard errors in one half of simulated tests and try it on the other.

    Parameters
    ----------
    seed : int
    quick : bool
        Few tests.

    Returns
    -------
    Study
    """
    rng = np.random.default_rng(seed)
    n_tests, n_people = (100, 50) if quick else (2_000, 200)
    first, second = (
        ability_errors(evenly_spread(), n_tests=n_tests // 2, n_people=n_people, rng=rng) for _half in range(2)
    )
    factor = first.factor
    figures: tuple[Figure, ...] = (
        reported(f"factor found, {N_ITEMS} questions", factor),
        reported("mean standard error without it", float(second.se.mean())),
        reported("share in 68 % bands without it", second.covered(1.0)),
        within("share in 68 % bands with it", second.covered(factor), SIXTY_EIGHT, MARGIN),
        within("share in 95 % bands with it", second.covered(TWO * factor), NINETY_FIVE, MARGIN),
    )
    design = (
        f"Of {n_tests} tests of {N_ITEMS} questions half give the factor, half try it; {n_people} people each. True "
        f"slopes, difficulties (SD {LOCATION_ERROR}) and chances of guessing differ from what scoring assumes."
    )
    return Study("ability", "Error bands of proficiencies with provisional difficulties", design, seed, figures)
