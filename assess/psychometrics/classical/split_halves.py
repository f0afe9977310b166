"""Split-half reliability: over odd and even items, and over all ways to halve a scale."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.classical.alpha import variance_of_sum
from assess.psychometrics.models import Floats

MOST_ITEMS = 16  # 6,435 ways to halve them; beyond, halves are drawn
N_DRAWN = 10_000


@dataclass(frozen=True, slots=True)
class SplitHalves:
    """
    Split-half reliabilities over many ways to halve a scale.

    Parameters
    ----------
    highest : float
        Guttman's fourth bound, lambda 4.
    mean : float
        With an even number of items and all halves, alpha.
    lowest : float
        Revelle's beta.
    n_splits : int
    exact : bool
        Whether these are all halves rather than a drawn part of them.
    """

    highest: float
    mean: float
    lowest: float
    n_splits: int
    exact: bool


def odd_even(covariance: ArrayLike) -> float:
    """
    Return the correlation of the sums of odd and of even items, stepped up to the length of the whole.

    Parameters
    ----------
    covariance : array_like, shape (n_items, n_items)
        In the order of the items.

    Returns
    -------
    float
        ``2 r / (1 + r)``; NaN where a half does not vary.

    References
    ----------
    .. [1] Spearman, C. (1910). Correlation calculated from faulty data. *British Journal of Psychology, 3*(3),
           271-295.
    .. [2] Brown, W. (1910). Some experimental results in the correlation of mental abilities. *British Journal of
           Psychology, 3*(3), 296-322.

    Examples
    --------
    >>> round(odd_even([[1, 0.5], [0.5, 1]]), 4)
    0.6667
    """
    c = np.asarray(covariance, dtype=np.float64)
    odd, even = c[::2, ::2].sum(), c[1::2, 1::2].sum()
    if odd <= 0 or even <= 0:
        return float("nan")
    r = float(c[::2, 1::2].sum() / np.sqrt(odd * even))
    return 2 * r / (1 + r) if r > -1 else float("nan")


def split_halves(covariance: ArrayLike, *, rng: np.random.Generator | None = None) -> SplitHalves:
    """
    Return the highest, the mean and the lowest split-half reliability.

    Parameters
    ----------
    covariance : array_like, shape (n_items, n_items)
        Covariances, or correlations for standardised items.
    rng : numpy.random.Generator, optional
        Needed with more than 16 items, of which 10,000 halves are drawn.

    Returns
    -------
    SplitHalves

    Raises
    ------
    ValueError
        If there are fewer than two items, or more than 16 and no `rng`.
    UnusableData
        If the sum of the items has no variance.

    Notes
    -----
    With A and B the halves (one has an item more where their number is odd), each is ``4 cov(A, B) / var(A + B)``.

    References
    ----------
    .. [1] Guttman, L. (1945). A basis for analyzing test-retest reliability. *Psychometrika, 10*(4), 255-282.
    .. [2] Revelle, W. (1979). Hierarchical cluster analysis and the internal structure of tests. *Multivariate
           Behavioral Research, 14*(1), 57-74.

    Examples
    --------
    Two pairs that correlate .8 within and .2 between: across: 4 x 2 / 8.8...

    >>> r = np.array([[1, 0.8, 0.2, 0.2], [0.8, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.8], [0.2, 0.2, 0.8, 1]])
    >>> found = split_halves(r)
    >>> round(found.highest, 4), round(found.lowest, 4), found.n_splits
    (0.9091, 0.3636, 3)
    """
    c = np.asarray(covariance, dtype=np.float64)
    n_items = len(c)
    if n_items < 2:
        raise ValueError("halves need two items at least")
    exact = n_items <= MOST_ITEMS
    if not exact and rng is None:
        raise ValueError(f"the halves of more than {MOST_ITEMS} items are drawn: a generator is needed")
    sides = _drawn(n_items, rng) if rng is not None and not exact else _all(n_items)
    found = 4 * np.einsum("si,si->s", sides @ c, 1 - sides) / variance_of_sum(c)
    return SplitHalves(float(found.max()), float(found.mean()), float(found.min()), len(found), exact)


def _all(n_items: int) -> Floats:
    """Return one row per way to halve, 1 for one half: of an even number, the half with the first item."""
    fixed = 1 - n_items % 2
    chosen = np.array(list(combinations(range(fixed, n_items), n_items // 2 - fixed)), dtype=int)
    sides = np.zeros((len(chosen), n_items))
    sides[:, :fixed] = 1
    np.put_along_axis(sides, chosen, 1, axis=1)
    return sides


def _drawn(n_items: int, rng: np.random.Generator) -> Floats:
    ranks = rng.random((N_DRAWN, n_items)).argsort(axis=1)
    return (ranks < n_items // 2).astype(np.float64)
