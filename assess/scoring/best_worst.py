"""Best-worst triplets as a response model beside the rated statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assess.banks.model import Bank, Statement
from assess.psychometrics.models import Floats
from assess.psychometrics.triplets import Triplets
from assess.scoring.parameters import ParameterSet

COMPARISON = 2**-0.5  # of a rating's slope: two errors enter each comparison, one a rating


def triplets_model(bank: Bank, parameters: ParameterSet, codes: Sequence[str]) -> Triplets:
    """
    Return the response model of the blocks `codes`.

    Parameters
    ----------
    bank : Bank
    parameters : ParameterSet
        Of the rated statements, from which those of the blocks follow: slope a / sqrt(2), negative where the statement
        is keyed ``-``; constant -a times the location of agreement with the statement as written, a the block's.
    codes : sequence of str
        At least one.

    Returns
    -------
    Triplets
    """
    blocks = {block.code: block for block in bank.triplets}
    items = [[_statement(bank, code) for code in blocks[block].statements] for block in codes]
    scales = [scale.code for scale in bank.scales]
    slopes = np.array([[parameters.items[item.code].slope * COMPARISON for item in block] for block in items])
    locations = np.array([[_location(bank, parameters, item) for item in block] for block in items])
    signs = np.array([[1.0 if item.keyed == "+" else -1.0 for item in block] for block in items])
    measured = np.array([[scales.index(item.scale) for item in block] for block in items])
    return Triplets(signs * slopes, -slopes * locations, measured, len(scales))


def choices(codes: Sequence[str], responses: Mapping[str, int]) -> Floats:
    """
    Return one person's choices in the blocks `codes`, shape (1, 2 n_blocks): best, worst, best, ...; NaN = not made.

    The same statement as best and worst is no answer: neither of the two can be told to be meant.
    """
    found = np.full((len(codes), 2), np.nan)
    for row, code in enumerate(codes):
        given = [responses.get(f"{code}.{end}") for end in ("best", "worst")]
        if given[0] != given[1]:
            found[row] = [np.nan if value is None else value - 1 for value in given]
    return found.reshape(1, -1)


def _location(bank: Bank, parameters: ParameterSet, item: Statement) -> float:
    """Return where agreement with the statement as written turns likely, whichever way it is keyed."""
    found = parameters.items[item.code]
    thresholds = -np.array(found.intercepts) / found.slope
    raw = thresholds if item.keyed == "+" else -thresholds
    return float(raw.mean() - np.mean(bank.parameters.spacing))


def _statement(bank: Bank, code: str) -> Statement:
    item = bank.item(code)
    if not isinstance(item, Statement):
        raise TypeError(f"{code} is no statement of a scale")
    return item
