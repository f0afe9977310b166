"""How well the answers of one attempt go together: even and odd halves, marked pairs, person fit, distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from assess.banks.model import Bank
from assess.errors import UnusableData
from assess.psychometrics.fit.person_fit import person_fit
from assess.psychometrics.models import Floats, Graded
from assess.psychometrics.quality.consistency import even_odd_consistency
from assess.psychometrics.quality.marked_pairs import marked_pair_consistency
from assess.scoring.kinds import is_rating, keyed_category, measured_scale
from assess.scoring.parameters import ParameterSet
from assess.scoring.result import DIGITS, Consistency, rounded

MIN_PAIRS = 3  # answered on both sides; fewer say nothing of a person
MIN_FIT = 10  # statements answered, for l_z


@dataclass(frozen=True, slots=True, eq=False)
class NormSample:
    """Means and covariances of a norm group's answers, as chosen, not keyed, to the statements `codes`."""

    codes: tuple[str, ...]
    means: Floats  # (n_items,)
    covariance: Floats  # (n_items, n_items)

    @classmethod
    def of(cls, codes: Sequence[str], responses: ArrayLike) -> Self:
        """
        Return the sample of `responses`, persons x items with NaN where not answered; incomplete rows are left out.

        Raises `UnusableData` when too few people answered everything, or statements say the same.
        """
        x = np.asarray(responses, dtype=np.float64)
        x = x[np.isfinite(x).all(axis=1)]
        if len(x) <= len(codes):
            raise UnusableData(f"{len(x)} complete people are too few for the covariances of {len(codes)} statements.")
        covariance = np.atleast_2d(np.cov(x, rowvar=False))
        if np.linalg.matrix_rank(covariance, hermitian=True) < len(codes):
            raise UnusableData("Some statements say the same as others, so there is no distance.")
        return cls(tuple(codes), x.mean(axis=0), covariance)


def response_consistency(
    bank: Bank,
    given: Sequence[str],
    parameters: ParameterSet,
    responses: Mapping[str, int],
    *,
    theta: Sequence[float],
    sample: NormSample | None = None,
) -> Consistency:
    """
    Return how well `responses` to the statements `given` go together.

    `theta` is the result's, one value per scale of the bank. `sample` is the norm group's answers, without which
    there is no distance. l_z over several scales is Drasgow, Levine and McLaughlin's (1991, *Applied Psychological
    Measurement, 15*, 171-191): residual log-likelihoods and their variances are summed over all scales.
    """
    scales = [scale.code for scale in bank.scales]
    codes = [code for code in given if measured_scale(bank, code) in scales]
    places = [scales.index(measured_scale(bank, code) or "") for code in codes]
    x = np.array([[keyed_category(bank, code, responses[code]) if code in responses else np.nan for code in codes]])
    steps = np.array([len(bank.formats_by_code[bank.item(code).format].values) - 1 for code in codes])
    pairs, n_pairs = _pairs(bank, given, responses)
    fit = np.nan
    if np.isfinite(x).sum() >= MIN_FIT:
        fit = _person_fit(parameters.model(codes, places, len(scales)), x, np.asarray(theta))
    distance, p = _distance(bank, given, responses, sample) if sample else (None, None)
    return Consistency(
        even_odd=rounded(even_odd_consistency(x / steps, places)[0]),
        pairs=rounded(pairs),
        n_pairs=n_pairs,
        person_fit=rounded(fit),
        distance=distance,
        distance_p=p,
    )


def _pairs(bank: Bank, given: Sequence[str], responses: Mapping[str, int]) -> tuple[float, int]:
    """Return the consistency over the marked pairs that were given, NaN of too few, and their number."""
    pairs = [pair for pair in bank.pairs if {pair.first, pair.second} <= set(given)]
    x = np.array([[_share(bank, code, responses) for pair in pairs for code in (pair.first, pair.second)]])
    found = marked_pair_consistency(
        x.reshape(1, -1),
        np.arange(2 * len(pairs)).reshape(-1, 2),
        lowest=0.0,
        highest=1.0,
        opposite=[pair.relation == "opposite" for pair in pairs],
    )
    n = int(found.n_pairs[0])
    return float(found.consistency[0]) if n >= MIN_PAIRS else np.nan, n


def _share(bank: Bank, code: str, responses: Mapping[str, int]) -> float:
    """Return where the choice lies between the ends of its format, 0 .. 1."""
    values = bank.formats_by_code[bank.item(code).format].values
    return (responses[code] - values[0]) / (values[-1] - values[0]) if code in responses else np.nan


def _person_fit(model: Graded, x: Floats, theta: Floats) -> float:
    """Return l_z; the model is moved so that everybody is at 0 of one scale, which leaves all chances as they were."""
    moved = model.intercepts + (model.slopes * theta[model.scales])[:, None]
    one = Graded(model.slopes, moved, np.zeros(len(moved), dtype=int), 1)
    return float(person_fit(one, x, theta=np.zeros((1, 1))).lz[0])


def _distance(
    bank: Bank, given: Sequence[str], responses: Mapping[str, int], sample: NormSample
) -> tuple[float, float] | tuple[None, None]:
    """Return D² and its p over the answered statements that the sample knows."""
    known = {code: place for place, code in enumerate(sample.codes)}
    codes = [code for code in given if code in known and code in responses and is_rating(bank, code)]
    if not codes:
        return None, None
    places = [known[code] for code in codes]
    gap = np.array([responses[code] for code in codes]) - sample.means[places]
    d2 = float(gap @ np.linalg.solve(sample.covariance[np.ix_(places, places)], gap))
    return round(d2, DIGITS), round(float(chdtrc(len(codes), d2)), DIGITS)
