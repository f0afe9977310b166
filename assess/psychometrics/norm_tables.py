"""Norms of raw scores from data: a group's mean and spread, and its percentile table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from assess.errors import UnusableData
from assess.psychometrics.models import Floats, Ints
from assess.psychometrics.norms import HIGHEST, LOWEST, STEN_MEAN, STEN_SD


@dataclass(frozen=True, slots=True, eq=False)
class NormTable:
    """
    Raw scores of a norm group, and where a raw score stands among them.

    Parameters
    ----------
    raw : ndarray, shape (n_values,)
        Different scores that occurred, rising.
    counts : ndarray of int, shape (n_values,)
        How many people had each.
    mean, sd : float
        Mean and standard deviation (n - 1), in raw points.
    n : int
        People in the group.
    """

    raw: Floats
    counts: Ints
    mean: float
    sd: float
    n: int

    def z(self, raw: ArrayLike) -> Floats:
        """
        Return linear standard scores ``(raw - mean) / sd``.

        Parameters
        ----------
        raw : array_like
            Any shape; NaN stays.

        Returns
        -------
        ndarray, shape of raw
        """
        return np.asarray((np.asarray(raw, dtype=np.float64) - self.mean) / self.sd)

    def t_score(self, raw: ArrayLike) -> Floats:
        """
        Return linear T scores, mean 50 and standard deviation 10.

        Parameters
        ----------
        raw : array_like

        Returns
        -------
        ndarray, shape of raw
        """
        return np.asarray(50.0 + 10.0 * self.z(raw))

    def percentile(self, raw: ArrayLike) -> Floats:
        """
        Return mid-rank percentiles: the share below plus half of the share alike.

        Parameters
        ----------
        raw : array_like
            Any shape; scores that nobody in the group had are allowed; NaN stays.

        Returns
        -------
        ndarray, shape of raw
            Per cent, 0 (below everybody) .. 100 (above everybody).
        """
        score = np.asarray(raw, dtype=np.float64)
        cumulative = np.concatenate([[0], np.cumsum(self.counts)])
        below = cumulative[np.searchsorted(self.raw, score, side="left")]
        at_most = cumulative[np.searchsorted(self.raw, score, side="right")]
        return np.asarray(np.where(np.isnan(score), np.nan, 50.0 * (below + at_most) / self.n))

    def z_normalised(self, raw: ArrayLike) -> Floats:
        """
        Return standard scores of the normal curve at the mid-rank percentiles.

        Parameters
        ----------
        raw : array_like

        Returns
        -------
        ndarray, shape of raw
            Infinite beyond everybody in the group.
        """
        return np.asarray(ndtri(self.percentile(raw) / 100.0))

    def sten_position(self, raw: ArrayLike, *, normalised: bool = True) -> Floats:
        """
        Return unrounded positions on the sten scale, cut to 1 .. 10.

        Parameters
        ----------
        raw : array_like
        normalised : bool
            By the percentile table, whatever the shape of the distribution; otherwise by mean and SD.

        Returns
        -------
        ndarray, shape of raw
            ``5.5 + 2 z``; NaN stays.
        """
        z = self.z_normalised(raw) if normalised else self.z(raw)
        return np.asarray(np.clip(STEN_MEAN + STEN_SD * z, LOWEST, HIGHEST))

    def sten(self, raw: ArrayLike, *, normalised: bool = True) -> Ints:
        """
        Return stens, whole numbers from 1 to 10, halves rounded up.

        Parameters
        ----------
        raw : array_like
        normalised : bool
            As for `sten_position`.

        Returns
        -------
        ndarray of int, shape of raw

        Raises
        ------
        ValueError
            If a score is NaN.
        """
        return _whole(self.sten_position(raw, normalised=normalised), LOWEST, HIGHEST)

    def stanine(self, raw: ArrayLike) -> Ints:
        """
        Return stanines ``5 + 2 z`` by mean and SD, whole numbers from 1 to 9, halves rounded up.

        Parameters
        ----------
        raw : array_like

        Returns
        -------
        ndarray of int, shape of raw

        Raises
        ------
        ValueError
            If a score is NaN.
        """
        return _whole(5.0 + 2.0 * self.z(raw), 1, 9)


def norm_table(raw: ArrayLike) -> NormTable:
    """
    Return the norms of a group's raw scores.

    Parameters
    ----------
    raw : array_like, shape (n_persons,)
        Raw scores; NaN, for people without a score, are left out.

    Returns
    -------
    NormTable

    Raises
    ------
    ValueError
        If raw is not one score per person.
    UnusableData
        If fewer than two people have a score, one is infinite, or all are alike.

    References
    ----------
    .. [1] Crawford, J. R., Garthwaite, P. H., & Slick, D. J. (2009). On percentile norms in neuropsychology.
           *The Clinical Neuropsychologist, 23*(7), 1173-1195.

    Examples
    --------
    >>> table = norm_table([1.0, 2, 2, 3])
    >>> table.percentile([1, 2, 3]), table.sten([1, 2, 3])
    (array([12.5, 50. , 87.5]), array([3, 6, 8]))
    """
    score = _scores(raw)
    values, counts = np.unique(score, return_counts=True)
    if len(values) < 2:
        raise UnusableData("all scores are alike, so they cannot tell where a person stands.")
    return NormTable(values, counts, float(score.mean()), float(score.std(ddof=1)), len(score))


def _scores(raw: ArrayLike) -> Floats:
    score = np.asarray(raw, dtype=np.float64)
    if score.ndim != 1:
        raise ValueError(f"raw must hold one number per person, not be of shape {score.shape}")
    infinite = np.flatnonzero(np.isinf(score))
    if infinite.size:
        raise UnusableData("the score is not a finite number.", person=int(infinite[0]))
    score = score[~np.isnan(score)]
    if len(score) < 2:
        raise UnusableData("fewer than two people have a score.")
    return score


def _whole(position: Floats, lowest: int, highest: int) -> Ints:
    if np.isnan(position).any():
        raise ValueError("a score is NaN: decide what an unscorable scale means before norming it")
    return np.asarray(np.clip(np.floor(position + 0.5), lowest, highest).astype(int))
