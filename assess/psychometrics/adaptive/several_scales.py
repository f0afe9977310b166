"""The adaptive test over several scales: which item comes next, and when it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assess.psychometrics.adaptive.blueprint import NOTHING, Blueprint, Progress, Seeds
from assess.psychometrics.adaptive.draws import SCALE_ORDER, SELECTION, uniform
from assess.psychometrics.adaptive.mode import information_at, outside, posterior_mode
from assess.psychometrics.adaptive.stopping import CALIBRATED, Decisions, Reason, Step, Stop
from assess.psychometrics.models import Bools, Floats, Graded, Ints

DECIMALS = 9  # gains that differ by less are equal, and the item with the lower index comes first


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveTest:
    """
    An adaptive test over several correlated scales. It keeps no state: what was shown is its argument.

    Parameters
    ----------
    model : Graded
        The bank, calibrated or provisional.
    sigma : ndarray, shape (n_scales, n_scales)
        Prior covariance of theta; its mean is zero.
    blueprint : Blueprint
        What the test must contain.
    stop : Stop
        When it ends; it also waits for the second halves of all marked pairs.
    n_best : int
        The next item is drawn among this many of the best.

    Raises
    ------
    ValueError
        If model, sigma and blueprint do not belong together or the longest test is too short for the blueprint.

    Notes
    -----
    The test starts with one medium item per scale, in random order. Then it chooses among the items of the scales that
    have not reached their target. The posterior precision ``V^-1 = Sigma^-1 + I(theta)`` gains ``i_j`` in one cell of
    its diagonal by item j of scale s, so its determinant grows by the factor ``1 + i_j V_ss`` (the matrix determinant
    lemma), which is the Bayesian D-rule of Segall (1996).

    When nothing is left that the rules allow, they give way in this order: proportions of content; for scales below
    their least number, exposure. Where only the rule about runs is in the way, an item of another scale is put between.

    References
    ----------
    .. [1] Segall, D. O. (1996). Multidimensional adaptive testing. *Psychometrika, 61*(2), 331-354.
    .. [2] Kingsbury, G. G., & Zara, A. R. (1989). Procedures for selecting items for computerized adaptive tests.
           *Applied Measurement in Education, 2*(4), 359-375.

    Examples
    --------
    >>> bank = Graded(np.full(6, 1.5), np.linspace(-1, 1, 6)[:, None], np.zeros(6, dtype=int), 1)
    >>> plan = Blueprint(bank.scales, np.zeros(6, dtype=int), np.ones(6, dtype=int), min_per_scale=2)
    >>> test = AdaptiveTest(bank, np.eye(1), plan, Stop(se=0.8, max_items=4), n_best=1)
    >>> step = test.next_item([2], [1], seed=7)
    >>> step.item, step.theta.round(3), step.se.round(3)
    (1, array([0.532]), array([0.812]))
    """

    model: Graded
    sigma: Floats
    blueprint: Blueprint
    stop: Stop = CALIBRATED
    n_best: int = 5
    _precision: Floats = field(init=False, repr=False)
    _n_categories: Ints = field(init=False, repr=False)
    _remoteness: Floats = field(init=False, repr=False)  # of an item's middle from zero, shape (n_items,)

    def __post_init__(self) -> None:
        n_scales, plan = self.model.n_scales, self.blueprint
        if self.sigma.shape != (n_scales, n_scales) or not np.array_equal(plan.scales, self.model.scales):
            raise ValueError("model, sigma and blueprint must be of the same items and scales")
        if plan.n_scales != n_scales:
            raise ValueError("every scale needs items")
        if not (np.linalg.eigvalsh(self.sigma) > 0).all():
            raise ValueError("sigma must be positive definite")
        n_pairs = len(plan.pairs)
        least = n_scales * plan.min_per_scale + n_pairs
        if self.stop.max_items < max(least, n_scales + 2 * n_pairs + 2 * plan.pair_gap if n_pairs else 0):
            raise ValueError(f"{self.stop.max_items} items are too few for what the blueprint asks for")
        if self.n_best < 1:
            raise ValueError("n_best must be 1 or more")
        thresholds = self.model.thresholds
        middle = np.where(np.isfinite(thresholds), thresholds, 0.0).sum(axis=1) / (self.model.n_categories - 1)
        object.__setattr__(self, "_n_categories", self.model.n_categories)
        object.__setattr__(self, "_precision", np.linalg.inv(self.sigma))
        object.__setattr__(self, "_remoteness", np.abs(middle))

    def next_item(
        self,
        shown: Sequence[int],
        responses: Sequence[float],
        *,
        seed: int,
        eligible: Bools | None = None,
        start: Floats | None = None,
    ) -> Step:
        """
        Return the next item of one attempt, or why it is over.

        Parameters
        ----------
        shown : sequence of int
            The items shown so far, in order. It stands whatever is answered later.
        responses : sequence of float
            For each of them the keyed category from 0; NaN if not answered.
        seed : int
            The attempt's.
        eligible : ndarray of bool, shape (n_items,), optional
            What exposure control lets this attempt have (`exposure.eligible_items`), the same at every step.
        start : ndarray, shape (n_scales,), optional
            The last theta, to save time; it changes nothing else.

        Returns
        -------
        Step

        Raises
        ------
        ValueError
            If an item is shown twice or a response is not among its item's categories.
        """
        items, x = np.asarray(shown, dtype=int), np.asarray(responses, dtype=np.float64)
        if items.shape != x.shape or len(set(shown)) < len(items):
            raise ValueError("shown names each item once, and responses has a value for each")
        if outside(self._n_categories[items], x).any():
            raise ValueError("a response is not among its item's categories")
        found = self.decide(
            items[None],
            x[None],
            seeds=np.array([seed], dtype=np.uint64),
            eligible=np.ones((1, len(self.model.slopes)), dtype=bool) if eligible is None else eligible[None],
            start=None if start is None else start[None],
        )
        item = int(found.items[0])
        return Step(None if item == NOTHING else item, found.reasons[0], found.theta[0], found.covariance[0])

    def decide(
        self, shown: Ints, x: Floats, *, seeds: Seeds, eligible: Bools, start: Floats | None = None
    ) -> Decisions:
        """
        Return what comes next in many attempts that have come equally far.

        Parameters
        ----------
        shown : ndarray of int, shape (n_attempts, n_shown)
        x : ndarray, shape (n_attempts, n_shown)
            Responses to these items; NaN = not answered.
        seeds : ndarray of uint64, shape (n_attempts,)
        eligible : ndarray of bool, shape (n_attempts, n_items)
        start : ndarray, shape (n_attempts, n_scales), optional
            The last thetas.

        Returns
        -------
        Decisions
            Each attempt's is what `next_item` says of it.
        """
        theta, covariance = self._estimate(shown, x, start)
        progress = self.blueprint.progress(shown)
        se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)) * self.stop.se_factor
        unmet = (se > self.stop.se) | (progress.per_scale < self.blueprint.min_per_scale)
        precise = ~unmet.any(axis=1) & (progress.seconds == 0)
        longest = np.full(len(shown), shown.shape[1] >= self.stop.max_items)
        items = np.full(len(shown), NOTHING)
        going = np.flatnonzero(~precise & ~longest)
        if going.size:
            posterior = theta[going], covariance[going]
            items[going] = self._chosen(progress.of(going), unmet[going], seeds[going], eligible[going], posterior)
        reasons = np.full(len(shown), None, dtype=object)
        reasons[items == NOTHING] = Reason.EXHAUSTED
        reasons[longest] = Reason.LONGEST
        reasons[precise] = Reason.PRECISE
        return Decisions(items, reasons, theta, covariance)

    def _estimate(self, shown: Ints, x: Floats, start: Floats | None) -> tuple[Floats, Floats]:
        x = np.where(self.blueprint.unscored[shown], np.nan, x)
        theta = posterior_mode(self.model, shown, x, precision=self._precision, start=start)
        n, n_scales = theta.shape
        cell = self.model.scales[shown] + n_scales * np.arange(n)[:, None]
        information = information_at(self.model, shown, theta.ravel()[cell])
        total = np.tile(self._precision, (n, 1, 1))
        answered = ~np.isnan(x)
        added = np.bincount(cell[answered], information[answered], n * n_scales)
        total.reshape(n, -1)[:, :: n_scales + 1] += added.reshape(n, -1)
        return theta, np.asarray(np.linalg.inv(total), dtype=np.float64)

    def _chosen(
        self, progress: Progress, unmet: Bools, seeds: Seeds, eligible: Bools, posterior: tuple[Floats, Floats]
    ) -> Ints:
        """Return the next item of attempts that go on; -1 where none is left."""
        position = progress.shown.shape[1]
        if position < self.model.n_scales:
            turn = np.argsort(uniform(seeds, SCALE_ORDER, np.arange(self.model.n_scales)), axis=1)[:, position]
            wanted = turn[:, None] == np.arange(self.model.n_scales)
            items = np.full(len(seeds), NOTHING)
        else:
            to_come = np.maximum(progress.to_come, 0)
            needed, longest = to_come.sum(axis=1), to_come.max(axis=1)
            between = 1 + longest // self.blueprint.max_in_row  # what the rule about runs may put between them
            late = (self.stop.max_items - position <= needed + progress.seconds + between) & (needed > 0)
            behind = to_come >= np.maximum(longest - 2, 1)[:, None]  # the last ones must not be all of one scale
            wanted = np.where(late[:, None], behind, unmet)
            items = self.blueprint.pair_item(progress, seeds, self.stop.max_items)
        open_ = np.flatnonzero(items == NOTHING)
        if open_.size:
            allowed = self._allowed(progress.of(open_), wanted[open_], eligible[open_])
            theta, covariance = (each[open_] for each in posterior)
            value = self._value(allowed, theta, covariance, medium=position < self.model.n_scales)
            items[open_] = self._among_best(value, uniform(seeds[open_], SELECTION, [position])[:, 0])
        return items

    def _allowed(self, progress: Progress, wanted: Bools, eligible: Bools) -> Bools:
        """Return what may be given next, under as many of the rules as leave something."""
        plan = self.blueprint
        left = plan.free & ~progress.given
        mine = left & wanted[:, plan.scales]
        needy = mine & (progress.per_scale < plan.min_per_scale)[:, plan.scales]
        calm = plan.scales != progress.blocked[:, None]
        fits = plan.in_proportion(progress)
        can = left & eligible
        between = calm & can & ((mine & eligible | needy).any(axis=1) | (progress.seconds > 0))[:, None]
        allowed: Bools = mine & calm & eligible & fits
        for weaker in (mine & calm & eligible, needy & calm, between & fits, between):
            none = ~allowed.any(axis=1)
            if not none.any():
                break
            allowed[none] = weaker[none]
        return allowed

    def _value(self, allowed: Bools, theta: Floats, covariance: Floats, *, medium: bool) -> Floats:
        """Return what each allowed item is worth, -inf for the others."""
        value = np.full(allowed.shape, -np.inf)
        person, item = np.nonzero(allowed)
        if medium:
            worth = -self._remoteness[item]
        else:
            scale = self.model.scales[item]
            worth = information_at(self.model, item, theta[person, scale]) * covariance[person, scale, scale]
        value[person, item] = np.round(worth, DECIMALS)
        return value

    def _among_best(self, value: Floats, draw: Floats) -> Ints:
        """Return an item drawn among the best few of each row; -1 where there is none."""
        n_allowed = np.isfinite(value).sum(axis=1)
        rank = np.floor(draw * np.minimum(n_allowed, self.n_best)).astype(int)
        items, rows = np.full(len(value), NOTHING), np.arange(len(value))
        for place in range(int(rank.max()) + 1):
            best = value.argmax(axis=1)
            here = (rank == place) & (n_allowed > 0)
            items[here] = best[here]
            value[rows, best] = -np.inf
        return items
