"""Simulated studies of how honest the scores are while nobody has calibrated the bank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.banks.model import Bank, Statement
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats, Graded
from assess.scoring.kinds import measured_scale
from assess.scoring.parameters import starting_parameters

SLOPE_SD = 0.386  # of the log slopes, as in 45 public statements (parameters.toml)
LOCATION_ERROR = 0.6  # SD by which an author's locations are wrong, in units of theta
FACET_SD = 0.5  # SD of what a facet's statements share beyond their scale
SIXTY_EIGHT = 0.6827


@dataclass(frozen=True, slots=True)
class BandStudy:
    """How wide honest error bands are on a bank with provisional parameters."""

    factor: float  # by which standard errors must be multiplied for a 68 % band to hold 68 %
    coverage_68: float  # of the bands multiplied by the bank's own factor
    coverage_95: float
    mean_se: float  # the bank's own factor included
    rmse: float
    n_people: int


def provisional_bands(bank: Bank, form: str, *, n_banks: int, n_people: int, seed: int) -> BandStudy:
    """
    Return how well the error bands of provisional scores hold.

    Each of `n_banks` draws true slopes, true locations and facet factors around the bank's starting
    parameters; `n_people` simulated people respond by the truth and are scored by the starting parameters.
    """
    parameters = starting_parameters(bank)
    scales = tuple(scale.code for scale in bank.scales)
    codes = [code for code in bank.form(form).items if measured_scale(bank, code) in scales]
    assumed = parameters.model(codes, [scales.index(measured_scale(bank, code) or "") for code in codes], len(scales))
    facets = [item.facet for item in map(bank.item, codes) if isinstance(item, Statement)]
    rng = np.random.default_rng(seed)
    errors, ses = [], []
    for _ in range(n_banks):
        theta = rng.multivariate_normal(np.zeros(len(scales)), parameters.prior, size=n_people, method="cholesky")
        x = _respond(assumed, theta, facets, rng)
        estimate = map_estimate([(assumed, x)], sigma=parameters.prior)
        errors.append(estimate.theta - theta)
        ses.append(estimate.se)
    error, se = np.abs(np.concatenate(errors)), np.concatenate(ses)
    wide = se * parameters.se_factor
    return BandStudy(
        factor=float(np.quantile(error / se, SIXTY_EIGHT)),
        coverage_68=float((error <= wide).mean()),
        coverage_95=float((error <= 1.959964 * wide).mean()),
        mean_se=float(wide.mean()),
        rmse=float(np.sqrt((error**2).mean())),
        n_people=n_banks * n_people,
    )


def _respond(assumed: Graded, theta: Floats, facets: list[str], rng: np.random.Generator) -> Floats:
    """Return responses by a truth that differs from `assumed` in slopes, locations and facets."""
    slopes = assumed.slopes * np.exp(rng.normal(0.0, SLOPE_SD, len(facets)))
    thresholds = -assumed.intercepts / assumed.slopes[:, None]
    thresholds += rng.normal(0.0, LOCATION_ERROR, len(facets))[:, None]
    names = sorted(set(facets))
    facet = rng.normal(0.0, FACET_SD, (len(theta), len(names)))
    # one column of theta per statement: its scale and its facet together
    each = theta[:, assumed.scales] + facet[:, [names.index(name) for name in facets]]
    truth = Graded(slopes, -slopes[:, None] * thresholds, np.arange(len(facets)), len(facets))
    return truth.simulate(each, rng)
