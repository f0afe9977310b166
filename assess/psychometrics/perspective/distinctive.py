"""Closeness to what sets the company apart, with what everybody holds taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Floats
from assess.psychometrics.perspective.consensus import Consensus

MIN_NORM_SAMPLE, MIN_STATEMENTS, MIN_DISTANCE = 100, 20, 0.3  # below any of them nothing is said


@dataclass(frozen=True, slots=True, eq=False)
class DistinctiveAlignment:
    """
    Alignment in what sets the company apart, and general level apart from it.

    Parameters
    ----------
    correlation : ndarray, shape (n_persons,)
        Between -1 and 1; NaN below 20 answers or where a person does not differ from the norm at all.
    elevation : ndarray, shape (n_persons,)
        Person's mean answer minus the key's, in categories: agreeing with everything more or less.
    n_statements : ndarray, shape (n_persons,)
        On how many scored statements they rest.
    """

    correlation: Floats
    elevation: Floats
    n_statements: Floats


def distinctive_alignment(
    responses: ArrayLike, key: Consensus, *, norm_means: ArrayLike, n_norm: int
) -> DistinctiveAlignment:
    """
    Return whether people share what the company holds more, or less, than everybody does.

    Parameters
    ----------
    responses : array_like, shape (n_persons, n_statements)
        Categories, NaN = not answered.
    key : Consensus
    norm_means : array_like, shape (n_statements,)
        Mean answers of the norm sample in categories.
    n_norm : int
        Its size.

    Returns
    -------
    DistinctiveAlignment
        Correlation over the clear statements of ``x - norm`` with ``key - norm``; elevation is the mean of ``x - key``.

    Raises
    ------
    ValueError
        If shapes do not fit.
    UnusableData
        If the norm sample is below 100, fewer than 20 statements are clear, or the key's distance from the norm has
        an SD below .3 categories.

    References
    ----------
    .. [1] Furr, R. M. (2008). A framework for profile similarity: integrating similarity, normativeness, and
           distinctiveness. *Journal of Personality, 76*(5), 1267-1316.

    Examples
    --------
    >>> from assess.psychometrics.perspective.consensus import consensus
    >>> company = np.tile([4.0, 0], 10)
    >>> found = distinctive_alignment(company[None], consensus(np.tile(company, (5, 1))), norm_means=[2.0] * 20,
    ...                               n_norm=150)
    >>> found.correlation.round(6), found.elevation
    (array([1.]), array([0.]))
    """
    table, norm = key.checked(responses), np.asarray(norm_means, dtype=np.float64)
    if norm.shape != key.key.shape or np.isnan(norm).any():
        raise ValueError(f"a norm mean is needed for each of {len(key.key)} statements")
    apart = (key.key - norm)[key.is_clear]
    _refuse_indistinct(apart, n_norm)
    own = table[:, key.is_clear] - norm[key.is_clear]
    answered = ~np.isnan(own)
    count = answered.sum(axis=1).astype(np.float64)
    own, company = _centred(own, answered, count), _centred(np.where(answered, apart, np.nan), answered, count)
    size = np.sqrt((own**2).sum(axis=1) * (company**2).sum(axis=1))
    usable = (count >= MIN_STATEMENTS) & (size > 1e-9)
    correlation = np.where(usable, (own * company).sum(axis=1) / np.where(usable, size, 1.0), np.nan)
    above = np.nansum(table[:, key.is_clear] - key.key[key.is_clear], axis=1) / np.maximum(count, 1)
    return DistinctiveAlignment(correlation, np.where(count >= MIN_STATEMENTS, above, np.nan), count)


def _refuse_indistinct(apart: Floats, n_norm: int) -> None:
    if n_norm < MIN_NORM_SAMPLE:
        raise UnusableData(f"a norm sample of {MIN_NORM_SAMPLE} is needed to know what is distinctive, not {n_norm}.")
    if apart.size < MIN_STATEMENTS:
        raise UnusableData(f"{MIN_STATEMENTS} statements with a clear policy are needed, not {apart.size}.")
    if np.std(apart, ddof=1) < MIN_DISTANCE:
        raise UnusableData("the company sees service almost as everybody does, so nothing in its view is distinctive.")


def _centred(values: Floats, answered: Bools, count: Floats) -> Floats:
    """Return deviations from each person's mean over what they answered, 0 elsewhere."""
    mean = np.nansum(values, axis=1) / np.maximum(count, 1)
    return np.where(answered, np.nan_to_num(values) - mean[:, None], 0.0)
