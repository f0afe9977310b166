"""The adaptive test of one scale: the item with the most information at the present estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.adaptive.blueprint import NOTHING
from assess.psychometrics.adaptive.draws import SELECTION, uniform
from assess.psychometrics.adaptive.mode import information_of, posterior_mode
from assess.psychometrics.adaptive.stopping import Reason, Step
from assess.psychometrics.estimation import BOUNDS, enough_points, map_estimate
from assess.psychometrics.models import Bools, Floats, Graded, Ints, SingleScale

DECIMALS = 9  # informations that differ by less are equal, and the item with the lower index comes first


@dataclass(frozen=True, slots=True, eq=False)
class OneScaleTest:
    """
    An adaptive test of one scale. It keeps no state: what was shown is its argument.

    Parameters
    ----------
    model : SingleScale
        The bank, of one scale: graded, 2PL or 3PL.
    method : {"eap", "map"}
        Mean or mode of the posterior under a standard normal prior.
    se : float
        Standard error at which the test ends; 0 for a test of fixed length.
    max_items : int, optional
        Longest test; by default the whole bank.
    start : float
        Theta for which the first item is chosen.
    n_best : int
        The next item is drawn among this many of the best.
    n_points : int, optional
        Number of equally spaced nodes on -6 .. 6, for the posterior mean; by default as many as the bank needs.

    Raises
    ------
    ValueError
        If the model has several scales or an option is impossible.

    Notes
    -----
    Standard errors are the posterior's SD for "eap" and ``(1 + I(theta))^-1/2`` with the expected information for
    "map". Start, rules and results are those of catR (Magis & Barrada, 2017).

    References
    ----------
    .. [1] Bock, R. D., & Mislevy, R. J. (1982). Adaptive EAP estimation of ability in a microcomputer environment.
           *Applied Psychological Measurement, 6*(4), 431-444.
    .. [2] Magis, D., & Barrada, J. R. (2017). Computerized adaptive testing with R: Recent updates of the package
           catR. *Journal of Statistical Software, Code Snippets, 76*(1), 1-19.

    Examples
    --------
    >>> bank = Graded(np.full(3, 1.5), np.array([[1.5], [0.0], [-1.5]]), np.zeros(3, dtype=int), 1)
    >>> test = OneScaleTest(bank, method="map", se=0.5)
    >>> test.next_item([], []).item
    1
    >>> step = test.next_item([1], [1])
    >>> step.item, step.theta.round(3), step.se.round(3)
    (2, array([0.487]), array([0.818]))
    """

    model: SingleScale
    method: Literal["eap", "map"] = "eap"
    se: float = 0.0
    max_items: int | None = None
    start: float = 0.0
    n_best: int = 1
    n_points: int | None = None
    _log_p: Floats = field(init=False, repr=False)  # (n_items, n_categories, n_points)
    _powers: Floats = field(init=False, repr=False)  # (n_points, 3): 1, theta, theta^2
    _log_prior: Floats = field(init=False, repr=False)
    _categories: list[int] = field(init=False, repr=False)  # how many each item has
    _intercepts: Floats = field(init=False, repr=False)  # (n_categories - 1, n_items) of a graded model

    def __post_init__(self) -> None:
        if self.model.n_scales != 1:
            raise ValueError("this is the test of one scale; use AdaptiveTest for several")
        if self.method not in {"eap", "map"} or self.n_best < 1 or not self.longest >= 1:
            raise ValueError("method is eap or map, and a test has at least one item to choose from")
        nodes = np.linspace(-BOUNDS, BOUNDS, self.n_points or enough_points(self.model))
        object.__setattr__(self, "_powers", nodes[:, None] ** np.arange(3))
        object.__setattr__(self, "_log_prior", -0.5 * nodes**2)
        object.__setattr__(self, "_categories", self.model.n_categories.tolist())
        log_p = self.model.log_probabilities(nodes[:, None])
        object.__setattr__(self, "_log_p", np.ascontiguousarray(np.moveaxis(log_p, 0, -1)))
        intercepts = self.model.intercepts.T if isinstance(self.model, Graded) else np.empty(0)
        object.__setattr__(self, "_intercepts", np.ascontiguousarray(intercepts))

    @property
    def longest(self) -> int:
        """The number of items after which the test ends."""
        n_items = len(self.model.scales)
        return n_items if self.max_items is None else min(self.max_items, n_items)

    def next_item(
        self, shown: Sequence[int], responses: Sequence[float], *, seed: int = 0, available: Bools | None = None
    ) -> Step:
        """
        Return the next item of one attempt, or why it is over.

        Parameters
        ----------
        shown : sequence of int
            The items shown so far, in order.
        responses : sequence of float
            For each of them the category from 0; NaN if not answered.
        seed : int
            The attempt's; used where `n_best` is above 1.
        available : ndarray of bool, shape (n_items,), optional
            What may be given; everything by default.

        Returns
        -------
        Step

        Raises
        ------
        ValueError
            If an item is shown twice or a response is not among its item's categories.
        """
        items, x = np.array(shown, dtype=int)[None], np.array(responses, dtype=np.float64)[None]
        if items.shape != x.shape or len(set(shown)) < len(shown):
            raise ValueError("shown names each item once, and responses has a value for each")
        if not all(map(self._allows, shown, responses)):
            raise ValueError("a response is not among its item's categories")
        theta, se = self.estimate(items, x)
        covariance = se[:, None] ** 2
        if se[0] <= self.se:
            return Step(None, Reason.PRECISE, theta, covariance)
        if len(shown) >= self.longest:
            return Step(None, Reason.LONGEST, theta, covariance)
        left = np.ones((1, len(self._log_p)), dtype=bool) if available is None else available[None].copy()
        left[0, items[0]] = False
        at = theta if len(shown) else np.array([self.start])
        item = int(self.choose(at, left, seeds=seed, position=len(shown))[0])
        if item == NOTHING:
            return Step(None, Reason.EXHAUSTED, theta, covariance)
        return Step(item, None, theta, covariance)

    def _allows(self, item: int, response: float) -> bool:
        return isnan(response) or (0 <= response < self._categories[item] and response == int(response))

    def estimate(self, shown: Ints, x: Floats) -> tuple[Floats, Floats]:
        """
        Return theta and its standard error for attempts that have come equally far.

        Parameters
        ----------
        shown : ndarray of int, shape (n_attempts, n_shown)
        x : ndarray, shape (n_attempts, n_shown)
            Responses to these items, categories from 0; NaN = not answered.

        Returns
        -------
        theta, se : ndarray, shape (n_attempts,)
        """
        if self.method == "map":
            return self._mode(shown, x)
        missing = np.isnan(x)
        if missing.any():
            each = self._log_p[shown, np.where(missing, 0, x).astype(int)]
            log_posterior = np.where(missing[..., None], 0.0, each).sum(axis=1)
        else:
            log_posterior = self._log_p[shown, x.astype(int)].sum(axis=1)
        log_posterior += self._log_prior
        weight = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
        total, first, second = (weight @ self._powers).T
        theta: Floats = first / total
        return theta, np.sqrt(second / total - theta**2)

    def _mode(self, shown: Ints, x: Floats) -> tuple[Floats, Floats]:
        full = np.full((len(shown), len(self._log_p)), np.nan)
        np.put_along_axis(full, shown, x, axis=1)
        if isinstance(self.model, Graded):
            theta = posterior_mode(self.model, shown, x, precision=np.eye(1))
        else:  # with guessing the posterior is not concave
            theta = map_estimate([(self.model, full)], sigma=np.eye(1)).theta
        information = np.where(np.isnan(full), 0.0, self.model.item_information(theta)).sum(axis=1)
        return theta[:, 0], 1.0 / np.sqrt(1.0 + information)

    def _information(self, theta: Floats) -> Floats:
        if isinstance(self.model, Graded):  # in less time than it takes over all categories
            return information_of(self.model.slopes, self._intercepts[:, None], theta[:, None])
        return self.model.item_information(theta[:, None])

    def choose(self, theta: Floats, left: Bools, *, seeds: ArrayLike, position: int) -> Ints:
        """
        Return the next item of attempts that have come equally far.

        Parameters
        ----------
        theta : ndarray, shape (n_attempts,)
            Where information is wanted.
        left : ndarray of bool, shape (n_attempts, n_items)
            What may still be given to each.
        seeds : array_like of int, shape (n_attempts,)
        position : int
            How many items each has been shown.

        Returns
        -------
        ndarray of int, shape (n_attempts,)
            The best item, or one drawn among the `n_best`; -1 where none is left.
        """
        value = np.where(left, self._information(theta).round(DECIMALS), -1.0)
        rows = np.arange(len(value))
        if self.n_best == 1:
            items = value.argmax(axis=1)
        else:
            draw = uniform(seeds, SELECTION, [position])[:, 0]
            rank = np.floor(draw * np.minimum(left.sum(axis=1), self.n_best)).astype(int)
            items = np.argsort(-value, axis=1, kind="stable")[rows, rank]
        return np.where(value[rows, items] < 0, NOTHING, items)
