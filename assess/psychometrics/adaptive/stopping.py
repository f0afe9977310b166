"""When an adaptive test ends, and what it says at each step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.psychometrics.models import Floats, Ints


class Reason(StrEnum):
    """Why a test ends."""

    PRECISE = "precise"  # every scale has reached its target
    LONGEST = "longest"  # as many items as it may have
    EXHAUSTED = "exhausted"  # no item is left that may be given


@dataclass(frozen=True, slots=True)
class Stop:
    """
    When an adaptive test ends.

    Parameters
    ----------
    se : float
        Standard error, in units of theta, that every scale has to reach; 0 for a test of fixed length.
    max_items : int
        The longest test, unscored halves of pairs included.
    se_factor : float
        What standard errors are multiplied by before they are compared (they are too small while parameters are
        provisional).

    Examples
    --------
    >>> CALIBRATED
    Stop(se=0.35, max_items=72, se_factor=1.0)
    """

    se: float
    max_items: int = 72
    se_factor: float = 1.0


CALIBRATED, PROVISIONAL = Stop(se=0.35), Stop(se=0.40)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """
    What an adaptive test does next, and what it knows so far.

    Parameters
    ----------
    item : int or None
        Index of the item to show; None if the test is over.
    reason : Reason or None
        Why it is over.
    theta : ndarray, shape (n_scales,)
    covariance : ndarray, shape (n_scales, n_scales)
        Posterior covariance.
    """

    item: int | None
    reason: Reason | None
    theta: Floats
    covariance: Floats

    @property
    def se(self) -> Floats:
        """Standard errors, shape (n_scales,)."""
        return np.sqrt(np.diagonal(self.covariance))


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """
    The same for many attempts at once.

    Parameters
    ----------
    items : ndarray of int, shape (n_attempts,)
        -1 where the test is over.
    reasons : ndarray of object, shape (n_attempts,)
        A `Reason`, or None where it goes on.
    theta : ndarray, shape (n_attempts, n_scales)
    covariance : ndarray, shape (n_attempts, n_scales, n_scales)
    """

    items: Ints
    reasons: NDArray[Any]
    theta: Floats
    covariance: Floats

    @property
    def se(self) -> Floats:
        """Standard errors, shape (n_attempts, n_scales)."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))
