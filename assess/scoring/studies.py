"""Simulated studies of how honest the scores are while nobody has calibrated the bank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.banks.model import Bank, Statement
from assess.psychometrics.studies.bands import TWO
from assess.psychometrics.studies.provisional import provisional_errors
from assess.scoring.kinds import measured_scale
from assess.scoring.parameters import starting_parameters


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
    found = provisional_errors(
        assumed,
        facets,
        sigma=parameters.prior,
        n_banks=n_banks,
        n_people=n_people,
        rng=np.random.default_rng(seed),
    )
    factor = parameters.se_factor
    return BandStudy(
        factor=found.factor,
        coverage_68=found.covered(factor),
        coverage_95=found.covered(TWO * factor),
        mean_se=float(factor * found.se.mean()),
        rmse=float(np.sqrt((found.error**2).mean())),
        n_people=n_banks * n_people,
    )
