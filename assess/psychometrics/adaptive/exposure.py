"""Exposure control: no item is shown to more people than a bank can bear; and adaptive tests simulated in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.errors import UnusableData
from assess.psychometrics.adaptive.blueprint import NOTHING
from assess.psychometrics.adaptive.draws import ELIGIBILITY, uniform
from assess.psychometrics.adaptive.mode import outside
from assess.psychometrics.adaptive.several_scales import AdaptiveTest
from assess.psychometrics.models import Bools, Floats, Ints

MAXIMUM, MAXIMUM_WITH_TRIPLETS = 0.35, 0.50  # share of attempts that may see an item


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveRuns:
    """
    Adaptive tests that many people have taken, simulated or from their answers to a whole bank.

    Parameters
    ----------
    shown : ndarray of int, shape (n_persons, longest)
        Items in the order shown; -1 after the end.
    theta : ndarray, shape (n_persons, longest, n_scales)
        Estimates after each item; NaN after the end.
    se : ndarray, shape (n_persons, longest, n_scales)
        Their standard errors.
    n_shown : ndarray of int, shape (n_persons,)
    reasons : ndarray of object, shape (n_persons,)
        Why each ended, a `Reason`.
    """

    shown: Ints
    theta: Floats
    se: Floats
    n_shown: Ints
    reasons: NDArray[Any]

    @property
    def final_theta(self) -> Floats:
        """Estimates at the end, shape (n_persons, n_scales)."""
        return np.asarray(self.theta[np.arange(len(self.theta)), self.n_shown - 1])

    @property
    def final_se(self) -> Floats:
        """Their standard errors, shape (n_persons, n_scales)."""
        return np.asarray(self.se[np.arange(len(self.se)), self.n_shown - 1])

    def exposure(self, n_items: int) -> Floats:
        """Return the share of people who saw each of `n_items` items, shape (n_items,)."""
        return np.bincount(self.shown[self.shown != NOTHING], minlength=n_items) / len(self.shown)


def simulate_adaptive(
    test: AdaptiveTest,
    x: Floats,
    *,
    seeds: ArrayLike,
    exposure_control: Floats | None = None,
    eligible: Bools | None = None,
) -> AdaptiveRuns:
    """
    Let many people take an adaptive test, given what each would answer to every item.

    Parameters
    ----------
    test : AdaptiveTest
        With the parameters that selection and scoring know, which need not be the true ones.
    x : ndarray, shape (n_persons, n_items)
        Everybody's response to every item, keyed categories from 0, say of ``true_model.simulate(theta, rng)``;
        NaN for an item that the person leaves out when it is shown.
    seeds : array_like of int, shape (n_persons,)
        One per attempt.
    exposure_control : ndarray, shape (n_items,), optional
        Probabilities from `sympson_hetter`; without them every item is eligible for everybody.
    eligible : ndarray of bool, shape (n_persons, n_items), optional
        What each may be given, instead of what exposure control would say.

    Returns
    -------
    AdaptiveRuns
        Item for item what `AdaptiveTest.next_item` decides for each person alone.

    Raises
    ------
    ValueError
        If x or seeds do not fit the test.

    Notes
    -----
    One pass per position, over all persons whose test goes on.

    Examples
    --------
    >>> from assess.psychometrics.adaptive.blueprint import Blueprint
    >>> from assess.psychometrics.models import Graded
    >>> from assess.psychometrics.adaptive.stopping import Stop
    >>> bank = Graded(np.full(9, 1.5), np.linspace(-2, 2, 9)[:, None], np.zeros(9, dtype=int), 1)
    >>> plan = Blueprint(bank.scales, np.zeros(9, dtype=int), np.ones(9, dtype=int), min_per_scale=3)
    >>> test = AdaptiveTest(bank, np.eye(1), plan, Stop(se=0, max_items=3), n_best=1)
    >>> runs = simulate_adaptive(test, np.ones((2, 9)), seeds=[1, 2])
    >>> runs.shown.tolist()
    [[4, 3, 2], [4, 3, 2]]
    """
    seeds = np.asarray(seeds).astype(np.uint64)
    if x.ndim != 2 or x.shape[1] != len(test.model.slopes) or seeds.shape != (len(x),):
        raise ValueError("x has a column for each item of the test, and seeds one seed for each row of x")
    if outside(test.model.n_categories, x).any():
        raise ValueError("a response is not among its item's categories")
    chances = np.ones(x.shape[1]) if exposure_control is None else exposure_control
    eligible = eligible_items(chances, seeds) if eligible is None else eligible
    n, longest, n_scales = len(x), test.stop.max_items, test.model.n_scales
    shown, reasons = np.full((n, longest), NOTHING), np.full(n, None, dtype=object)
    theta, se = np.full((2, n, longest, n_scales), np.nan)
    active, last = np.arange(n), np.zeros((n, n_scales))
    for position in range(longest + 1):
        so_far = shown[active, :position]
        answers = np.take_along_axis(x[active], so_far, axis=1)
        found = test.decide(so_far, answers, seeds=seeds[active], eligible=eligible[active], start=last)
        if position:
            theta[active, position - 1], se[active, position - 1] = found.theta, found.se
        reasons[active] = found.reasons
        goes_on = found.items != NOTHING
        active, last = active[goes_on], found.theta[goes_on]
        if not active.size:
            break
        shown[active, position] = found.items[goes_on]
    return AdaptiveRuns(shown, theta, se, (shown != NOTHING).sum(axis=1), reasons)


def eligible_items(chances: Floats, seeds: ArrayLike) -> Bools:
    """
    Return which items each attempt may have, drawn once with its seed and the same ever after.

    Parameters
    ----------
    chances : ndarray, shape (n_items,)
        Probabilities with which each item may be given once it is chosen (`sympson_hetter`).
    seeds : array_like of int, shape (n_attempts,)

    Returns
    -------
    ndarray of bool, shape (n_attempts, n_items)

    Notes
    -----
    Sympson and Hetter toss a coin when an item is chosen and, if it falls badly, set the item aside for this person.
    No item is tossed for twice, so the coins can be tossed before the test begins.

    Examples
    --------
    >>> eligible_items(np.array([1.0, 0.0]), [5]).tolist()
    [[True, False]]
    """
    return np.asarray(uniform(seeds, ELIGIBILITY, np.arange(len(chances))) < chances)


@dataclass(frozen=True, slots=True, eq=False)
class ExposureTable:
    """
    Exposure control of a bank version.

    Parameters
    ----------
    chances : ndarray, shape (n_items,)
        Probabilities for `eligible_items`; 1 for items that never need control.
    rates : ndarray, shape (n_items,)
        Share of simulated attempts that saw each item under these probabilities. Halves of marked pairs are seen by
        all and excepted from control.
    converged : bool
        Whether no controlled item was seen by more simulees than the maximum allows.
    """

    chances: Floats
    rates: Floats
    converged: bool


N_ERRORS = 2.0  # standard errors of a round's shares by which to aim below the maximum
FULL_STEPS = 4  # rounds that correct by all that was found; later ones do so by less and less
DECAY = 0.6  # of the steps, as a power of the round; between 1/2 and 1 they settle
CHECK = 4  # times as many simulees for the last word


def sympson_hetter(
    test: AdaptiveTest,
    *,
    maximum: float = MAXIMUM,
    n_simulees: int = 2000,
    n_rounds: int = 16,
    seed: int = 0,
) -> ExposureTable:
    """
    Find, by simulation, probabilities under which no item is shown too often.

    Parameters
    ----------
    test : AdaptiveTest
        As it will be given.
    maximum : float
        Greatest share of attempts that may see an item.
    n_simulees : int
        Simulated people per round, drawn from the test's prior.
    n_rounds : int
        How often the probabilities are corrected.
    seed : int
        Of the simulation.

    Returns
    -------
    ExposureTable

    Raises
    ------
    UnusableData
        If the bank is so small that every rule of the blueprint together with the maximum cannot be kept.
    ValueError
        If maximum is not above 0 and at most 1, or the simulees are too few to tell whether it is kept.

    Notes
    -----
    With A_j the share of simulees who saw item j under its probability K_j, the item was chosen for about
    ``A_j / K_j`` of them; Sympson and Hetter's next K_j is ``min(1, aim K_j / A_j)``. Each round has new simulees, and
    from the fifth on the correction ``aim / A_j`` is taken to a falling power, as in any search through noise (Robbins
    & Monro, 1951); the result is the geometric mean of the second half of the rounds. The aim is two standard errors of
    a round's shares below the maximum, which leaves room for what the search has not found out. A last simulation,
    four times as large, tells what has come of it.

    References
    ----------
    .. [1] Sympson, J. B., & Hetter, R. D. (1985). Controlling item-exposure rates in computerized adaptive testing.
           *Proceedings of the 27th annual meeting of the Military Testing Association*, 973-977.
    .. [2] Robbins, H., & Monro, S. (1951). A stochastic approximation method. *Annals of Mathematical Statistics,
           22*(3), 400-407.
    .. [3] van der Linden, W. J., & Veldkamp, B. P. (2004). Constraining item exposure in computerized adaptive
           testing with shadow tests. *Journal of Educational and Behavioral Statistics, 29*(3), 273-291.

    Examples
    --------
    >>> from assess.psychometrics.adaptive.blueprint import Blueprint
    >>> from assess.psychometrics.models import Graded
    >>> from assess.psychometrics.adaptive.stopping import Stop
    >>> bank = Graded(np.full(30, 1.5), np.linspace(-2, 2, 30)[:, None], np.zeros(30, dtype=int), 1)
    >>> plan = Blueprint(bank.scales, np.zeros(30, dtype=int), np.ones(30, dtype=int), min_per_scale=3)
    >>> table = sympson_hetter(AdaptiveTest(bank, np.eye(1), plan, Stop(se=0, max_items=6)), n_simulees=400)
    >>> table.converged, bool(table.rates.max() < 0.43)
    (True, True)
    """
    if not 0 < maximum <= 1:
        raise ValueError(f"maximum is a share of the attempts, not {maximum}")
    aim = maximum - N_ERRORS * np.sqrt(maximum * (1 - maximum) / n_simulees)
    if aim <= 0:
        raise ValueError(f"{n_simulees} simulees are too few to tell whether {maximum:.0%} of them are exceeded")
    _check_size(test, maximum)
    rng = np.random.default_rng(seed)
    free, n_items = test.blueprint.free, len(test.model.slopes)
    found = np.zeros((n_rounds + 1, n_items))  # logarithms of the probabilities
    for done in range(n_rounds):
        rates = _rates(test, np.exp(found[done]), n_simulees, rng)
        correction = np.log(aim / np.maximum(rates, 1 / n_simulees))
        step = max(done - FULL_STEPS + 2, 1) ** -DECAY
        found[done + 1] = np.where(free, np.minimum(found[done] + step * correction, 0.0), 0.0)
    chances = np.exp(found[1 + n_rounds // 2 :].mean(axis=0))
    rates = _rates(test, chances, CHECK * n_simulees, rng)
    return ExposureTable(chances, rates, bool((rates[free] <= maximum).all()))


def _rates(test: AdaptiveTest, chances: Floats, n_simulees: int, rng: np.random.Generator) -> Floats:
    """Return the share of new simulees who saw each item."""
    theta = rng.multivariate_normal(np.zeros(len(test.sigma)), test.sigma, n_simulees, method="cholesky")
    seeds = rng.integers(0, 2**63, n_simulees)
    x = test.model.simulate(theta, rng)
    return simulate_adaptive(test, x, seeds=seeds, exposure_control=chances).exposure(len(chances))


def _check_size(test: AdaptiveTest, maximum: float) -> None:
    """Refuse a bank of which a scale cannot fill its least number from items that each so few may see."""
    plan = test.blueprint
    firsts = [plan.scales[first] for first, _ in plan.pairs]
    to_choose = plan.min_per_scale - np.bincount(np.array(firsts, dtype=int), minlength=plan.n_scales)
    n_free = np.bincount(plan.scales[plan.free], minlength=plan.n_scales)
    small = to_choose > maximum * n_free
    if small.any():
        scale = int(small.argmax())
        raise UnusableData(
            f"Scale {scale + 1} has {n_free[scale]} statements to choose from; {to_choose[scale]} in every test and "
            f"no statement in more than {maximum:.0%} of them need at least {int(np.ceil(to_choose[scale] / maximum))}."
        )
