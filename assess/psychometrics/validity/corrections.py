"""
Corrected validities, to be shown beside the observed ones and never instead of them.

Both at once: with the reliability of the criterion among those selected, the one usually known, correct for
unreliability first and for selection then; with its reliability among all applicants the other way round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from assess.psychometrics.validity.correlation import Correlation


def corrected_for_selection(observed: Correlation, *, sd_ratio: float) -> Correlation:
    """
    Return a correlation corrected for direct selection on the score (Thorndike's case II).

    Parameters
    ----------
    observed : Correlation
        Among those selected; corrected for unreliability before, if it is to be.
    sd_ratio : float
        SD of the scores of all applicants, *known*, divided by that of those selected; usually above 1.

    Returns
    -------
    Correlation
        ``u r / sqrt(1 + r^2 (u^2 - 1))``, the interval's ends likewise. To be shown beside the observed one, never
        instead of it.

    Raises
    ------
    ValueError
        If the ratio is not positive.

    References
    ----------
    .. [1] Thorndike, R. L. (1949). *Personnel selection: test and measurement techniques*. Wiley.
    .. [2] Sackett, P. R., & Yang, H. (2000). Correction for range restriction: An expanded typology. *Journal of
           Applied Psychology, 85*(1), 112-118.

    Examples
    --------
    >>> found = corrected_for_selection(Correlation(0.30, 0.11, 0.47, 0.002, 103), sd_ratio=2.0)
    >>> round(found.r, 3), found.corrected_for
    (0.532, ('selection',))
    """
    if not sd_ratio > 0:
        raise ValueError(f"the ratio of standard deviations must be positive, not {sd_ratio}")

    def corrected(r: float) -> float:
        return float(sd_ratio * r / np.sqrt(1 + r**2 * (sd_ratio**2 - 1)))

    return _with(observed, corrected, "selection")


def corrected_for_unreliability(observed: Correlation, *, reliability: float) -> Correlation:
    """
    Return a correlation corrected for error in the criterion, not in the score.

    Parameters
    ----------
    observed : Correlation
    reliability : float
        Of the criterion, above 0 and at most 1 (for one supervisor's ratings often about .5), among the people of
        `observed`.

    Returns
    -------
    Correlation
        ``r / sqrt(reliability)`` cut to -1 .. 1, the interval's ends likewise. To be shown beside the observed one.

    Raises
    ------
    ValueError
        If the reliability is impossible.

    References
    ----------
    .. [1] Spearman, C. (1904). The proof and measurement of association between two things. *American Journal of
           Psychology, 15*(1), 72-101.

    Examples
    --------
    >>> round(corrected_for_unreliability(Correlation(0.30, 0.11, 0.47, 0.002, 103), reliability=0.64).r, 3)
    0.375
    """
    if not 0 < reliability <= 1:
        raise ValueError(f"a reliability lies above 0 and not above 1, not at {reliability}")
    return _with(observed, lambda r: float(np.clip(r / np.sqrt(reliability), -1, 1)), "unreliability of the criterion")


def _with(observed: Correlation, corrected: Callable[[float], float], reason: str) -> Correlation:
    r, low, high = (corrected(value) for value in (observed.r, observed.low, observed.high))
    return replace(observed, r=r, low=low, high=high, corrected_for=(*observed.corrected_for, reason))
