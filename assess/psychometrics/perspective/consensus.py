"""The company's key: what its raters agree on, statement by statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Floats, Ints
from assess.psychometrics.perspective.agreement import average_deviation, critical_deviation, within_group_agreement

MIN_RATERS = 5  # with three, 23 % of random raters would pass as agreeing; with five, 6 %
CLEAR = 0.70  # r_wg from which the company's policy counts as clear


@dataclass(frozen=True, slots=True, eq=False)
class Consensus:
    """
    The company's view per statement with its raters' agreement.

    Parameters
    ----------
    key : ndarray, shape (n_statements,)
        Raters' mean in categories, 0 .. n_options - 1; NaN where nobody rated.
    r_wg, ad_mean, ad_median : ndarray, shape (n_statements,)
        Agreement and average deviations in categories; NaN with fewer than two raters.
    deviates : ndarray of bool, shape (n_statements,)
        Whether the average deviation from the mean exceeds its critical value, n_options / 6.
    n_raters : ndarray of int, shape (n_statements,)
    is_clear : ndarray of bool, shape (n_statements,)
        At least five raters and r_wg of .70 or more; the others are *policy unclear* and not scored.
    n_options : int
    """

    key: Floats
    r_wg: Floats
    ad_mean: Floats
    ad_median: Floats
    deviates: Bools
    n_raters: Ints
    is_clear: Bools
    n_options: int

    def weights(self, importance: ArrayLike | None = None) -> Floats:
        """
        Return how much each statement counts: importance × r_wg, 0 where the policy is unclear.

        Parameters
        ----------
        importance : array_like, shape (n_statements,), optional
            Not negative; all 1 by default.

        Returns
        -------
        ndarray, shape (n_statements,)

        Raises
        ------
        ValueError
            If an importance is negative or NaN or their number is not that of the statements.
        UnusableData
            If no clear statement counts.
        """
        each = np.ones(len(self.key)) if importance is None else np.asarray(importance, dtype=np.float64)
        if each.shape != self.key.shape or not (each >= 0).all():
            raise ValueError(f"importance must be one number, not negative, for each of {len(self.key)} statements")
        weights = np.where(self.is_clear, each * np.nan_to_num(self.r_wg), 0.0)
        if not weights.any():
            raise UnusableData("the raters agree on no statement that counts, so there is no policy to compare with.")
        return weights

    def checked(self, responses: ArrayLike) -> Floats:
        """
        Return people's responses to the key's statements, having looked at every value.

        Parameters
        ----------
        responses : array_like, shape (n_persons, n_statements)
            Categories 0 .. n_options - 1, NaN = not answered.

        Returns
        -------
        ndarray, shape (n_persons, n_statements)

        Raises
        ------
        ValueError
            If there is not one column per statement.
        UnusableData
            If a value is no category.
        """
        table = categories(responses, n_options=self.n_options)
        if table.shape[1] != len(self.key):
            raise ValueError(f"there are responses to {table.shape[1]} statements, but a key for {len(self.key)}")
        return table


def consensus(ratings: ArrayLike, *, n_options: int = 5) -> Consensus:
    """
    Return the company's key from its raters' answers.

    Parameters
    ----------
    ratings : array_like, shape (n_raters, n_statements)
        Categories 0 .. n_options - 1, NaN = not rated.
    n_options : int
        Number of response options.

    Returns
    -------
    Consensus

    Raises
    ------
    ValueError
        If ratings is not a table.
    UnusableData
        If a rating is no category or fewer than five people rated.

    References
    ----------
    .. [1] James, L. R., Demaree, R. G., & Wolf, G. (1984). Estimating within-group interrater reliability with
           and without response bias. *Journal of Applied Psychology, 69*(1), 85-98.

    Examples
    --------
    >>> found = consensus([[3, 0], [3, 4], [4, 0], [3, 4], [4, 2]])
    >>> found.key.tolist(), found.is_clear.tolist()
    ([3.4, 2.0], [True, False])
    """
    table = categories(ratings, n_options=n_options)
    rated = ~np.isnan(table)
    if rated.any(axis=1).sum() < MIN_RATERS:
        raise UnusableData(f"a key needs {MIN_RATERS} raters or more: fewer agree too easily by chance.")
    count = rated.sum(axis=0)
    r_wg = within_group_agreement(table, n_options=n_options)
    about_mean = average_deviation(table)
    return Consensus(
        key=np.where(count > 0, np.nansum(table, axis=0) / np.maximum(count, 1), np.nan),
        r_wg=r_wg,
        ad_mean=about_mean,
        ad_median=average_deviation(table, about="median"),
        deviates=about_mean > critical_deviation(n_options) + 1e-9,  # the critical value itself passes
        n_raters=count,
        is_clear=(count >= MIN_RATERS) & (r_wg >= CLEAR - 1e-9),
        n_options=n_options,
    )


def judged_key(means: ArrayLike, *, n_options: int = 5) -> Consensus:
    """
    Return a key that somebody judged: no raters, so all statements count, and alike.

    Parameters
    ----------
    means : array_like, shape (n_statements,)
        In categories, 0 .. n_options - 1; NaN = without a key.
    n_options : int

    Returns
    -------
    Consensus
        With no raters; agreement is taken to be full, since nobody disagreed.

    Raises
    ------
    ValueError
        If a mean is outside the categories.

    Examples
    --------
    >>> judged_key([2.4, 0.0]).weights()
    array([1., 1.])
    """
    key = np.asarray(means, dtype=np.float64)
    known = ~np.isnan(key)
    if not ((key[known] >= 0) & (key[known] <= n_options - 1)).all():
        raise ValueError(f"the means must lie between 0 and {n_options - 1}")
    nobody = np.zeros(len(key), dtype=int)
    unknown = np.full(len(key), np.nan)
    return Consensus(key, np.where(known, 1.0, np.nan), unknown, unknown, nobody > 0, nobody, known, n_options)


def categories(values: ArrayLike, *, n_options: int) -> Floats:
    """
    Return a table of categories, having looked at every value.

    Parameters
    ----------
    values : array_like, shape (n_persons, n_statements)
    n_options : int

    Returns
    -------
    ndarray, shape (n_persons, n_statements)

    Raises
    ------
    ValueError
        If it is not a table.
    UnusableData
        If a value is neither NaN nor one of 0 .. n_options - 1; named with its place.

    Examples
    --------
    >>> categories([[0, 4]], n_options=5)
    array([[0., 4.]])
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"a table of persons by statements is needed, not one of shape {table.shape}")
    with np.errstate(invalid="ignore"):
        wrong = ~np.isnan(table) & ~((table >= 0) & (table < n_options) & (table == np.floor(table)))
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        reason = f"{table[person, item]:g} is not one of the categories 0 to {n_options - 1}."
        raise UnusableData(reason, item=int(item), person=int(person))
    return table
