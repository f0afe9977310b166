"""Responses to a result: the one way from answers to scores."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from assess.banks.model import Bank, DirectedItem
from assess.banks.parts import Part
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats, ResponseModel
from assess.psychometrics.quality import runs as indices
from assess.scoring.best_worst import choices, triplets_model
from assess.scoring.consistency import NormSample, response_consistency
from assess.scoring.flags import flags_of
from assess.scoring.kinds import IMPRESSION, is_rating, keyed_category, measured_scale
from assess.scoring.parameters import ParameterSet
from assess.scoring.result import DIGITS, Norm, Quality, Result, ScaleScore, scale_score

MIN_ANSWERED = 5  # statements of a scale; fewer, and it is not scored
MIN_SHARE = 0.6  # of a fixed form's scored statements of the scale
NONE = (0, 0)  # statements answered and given


def score(
    bank: Bank,
    form: str,
    parameters: ParameterSet,
    responses: Mapping[str, int],
    *,
    milliseconds: Mapping[str, int],
    given: Sequence[str] | None = None,
    norm: Norm | None = None,
    sample: NormSample | None = None,
) -> Result:
    """
    Return the result of `responses`, the code of an answer to its value, at the pinned parameters.

    `given` are the questions that were shown, without which it is the whole of `form`: statements, and triplets that
    are scored together with them; other parts have scores of their own. `milliseconds` holds the time taken per item
    where it is known, `sample` the norm group's answers that unusual combinations are compared with. Nothing is
    imputed: a scale with too few responses has no score.
    """
    shown = bank.form(form).items if given is None else given
    codes = [code for code in shown if bank.asked[code].part is Part.STATEMENTS]
    blocks = [code for code in shown if bank.asked[code].part is Part.TRIPLETS]
    scales = tuple(scale.code for scale in bank.scales)
    theta, covariance = _estimate(bank, parameters, codes, responses, scales=scales, blocks=blocks)
    counts = _counts(bank, [*codes, *blocks], responses)
    scores = tuple(
        _scale_score(scale, theta[i], covariance[i, i], counts.get(scale, NONE), norm) for i, scale in enumerate(scales)
    )
    impression = _impression(bank, parameters, codes, responses, counts.get(IMPRESSION, NONE))
    found = _quality(bank, codes, responses, milliseconds)
    if parameters.consistency:
        together = response_consistency(bank, codes, parameters, responses, theta=theta.tolist(), sample=sample)
        found = replace(found, consistency=together)
    return Result(
        edition=bank.edition,
        bank_version=bank.version,
        form=form,
        parameters_version=parameters.version,
        provisional=parameters.provisional,
        norm=norm,
        scales=scores,
        theta=tuple(theta.tolist()),
        covariance=tuple(map(tuple, covariance.tolist())),
        sigma=parameters.sigma,
        impression=impression,
        quality=found,
        flags=flags_of(found, impression),
    )


def _estimate(
    bank: Bank,
    parameters: ParameterSet,
    codes: Sequence[str],
    responses: Mapping[str, int],
    *,
    scales: Sequence[str],
    blocks: Sequence[str] = (),
) -> tuple[Floats, Floats]:
    """Return theta and its covariance, the provisional factor included, from the items of `scales` and triplets."""
    chosen = [code for code in codes if measured_scale(bank, code) in scales]
    sigma = parameters.prior if scales == parameters.scales else np.eye(len(scales))
    parts: list[tuple[ResponseModel, Floats]] = []
    if chosen:
        model = parameters.model(
            chosen, [scales.index(measured_scale(bank, code) or "") for code in chosen], len(scales)
        )
        x = [keyed_category(bank, code, responses[code]) if code in responses else np.nan for code in chosen]
        parts.append((model, np.array([x], dtype=float)))
    if blocks:
        parts.append((triplets_model(bank, parameters, blocks), choices(blocks, responses)))
    if not parts:
        return np.zeros(len(scales)), (sigma * parameters.se_factor**2).round(DIGITS)
    estimate = map_estimate(parts, sigma=sigma)
    if not estimate.converged.all():
        raise ValueError("the estimate did not converge")
    covariance = estimate.covariance[0] * parameters.se_factor**2
    return estimate.theta[0].round(DIGITS), covariance.round(DIGITS)


def _counts(bank: Bank, codes: Sequence[str], responses: Mapping[str, int]) -> Mapping[str | None, tuple[int, int]]:
    """Return by scale how many statements were answered and given; of a triplet, each that was compared with two."""
    answered: Counter[str | None] = Counter()
    given: Counter[str | None] = Counter()
    for code in codes:
        asked = bank.asked[code]
        if asked.part is Part.TRIPLETS:
            block = next(block for block in bank.triplets if block.code == code)
            own = [measured_scale(bank, each) for each in block.statements]
            values = {responses.get(each) for each in asked.choices}
            whole = None not in values and len(values) == len(asked.choices)
        else:
            own, whole = [measured_scale(bank, code)], code in responses
        given.update(own)
        answered.update(own if whole else ())
    return {scale: (answered[scale], n) for scale, n in given.items()}


def _scale_score(scale: str, theta: float, variance: float, counts: tuple[int, int], norm: Norm | None) -> ScaleScore:
    n_answered, n_items = counts
    if n_answered < max(MIN_ANSWERED, math.ceil(MIN_SHARE * n_items)):
        return ScaleScore(scale, n_answered, n_items)
    se = round(math.sqrt(variance), DIGITS)
    return scale_score(scale, float(theta), se, n_answered=n_answered, n_items=n_items, norm=norm)


def _impression(
    bank: Bank, parameters: ParameterSet, codes: Sequence[str], responses: Mapping[str, int], counts: tuple[int, int]
) -> ScaleScore:
    """Return impression management, a scale of its own that never touches the others."""
    theta, covariance = _estimate(bank, parameters, codes, responses, scales=(IMPRESSION,))
    return _scale_score(IMPRESSION, theta[0], covariance[0, 0], counts, None)


def _quality(
    bank: Bank, codes: Sequence[str], responses: Mapping[str, int], milliseconds: Mapping[str, int]
) -> Quality:
    rated = [code for code in codes if is_rating(bank, code)]
    x = np.array([[responses.get(code, np.nan) for code in rated]], dtype=float)
    times = [milliseconds[code] for code in rated if code in responses and code in milliseconds]
    directed = [item for item in map(bank.item, codes) if isinstance(item, DirectedItem)]
    variability = float(indices.response_variability(x)[0])
    return Quality(
        n_items=len(rated),
        n_answered=sum(code in responses for code in rated),
        longest_run=int(indices.longest_run(x)[0]),
        variability=None if math.isnan(variability) else round(variability, DIGITS),
        n_timed=len(times),
        n_under_one_second=sum(time < 1_000 for time in times),
        median_seconds=float(np.median(times)) / 1_000 if times else None,
        n_directed=len(directed),
        n_directed_missed=sum(item.code in responses and responses[item.code] != item.expected for item in directed),
    )
