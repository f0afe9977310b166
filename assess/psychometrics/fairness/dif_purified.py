"""DIF of people matched on a theta that items with DIF do not distort: found in rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import Calibration, calibrate
from assess.psychometrics.calibration.linking import link
from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.fairness.dif import FLAG_GROUP_SIZE, LogisticDif, logistic_dif
from assess.psychometrics.fairness.groups import UNKNOWN, group_people
from assess.psychometrics.fairness.ordinal_regression import consecutive_categories
from assess.psychometrics.models import Bools, Floats, Graded, Ints

Criterion = Literal["chi2", "mcfadden", "nagelkerke", "cox_snell", "beta"]

BOUNDS, N_POINTS = 4.0, 81  # the grid of the published procedure


@dataclass(frozen=True, slots=True, eq=False)
class PurifiedDif:
    """
    DIF after purification.

    Parameters
    ----------
    dif : LogisticDif
        Figures of the last round, matched on its theta.
    detected : ndarray of bool, shape (n_items,)
        Items that met the criterion: they have parameters of their own in each group when people are matched. An
        item whose regressions did not converge meets none.
        What is *flagged*, with a regard for size and for the number of items, stands in `dif`.
    theta : ndarray, shape (n_persons,)
        Posterior means on the scale of the first calibration; NaN for people without a group.
    x : ndarray, shape (n_persons, n_items)
        The responses with sparse categories collapsed, numbered from 0.
    rounds : int
        How many times people were matched.
    stable : bool
        Whether the last two rounds detected the same items. If not, the items change in turn.
    """

    dif: LogisticDif
    detected: Bools
    theta: Floats
    x: Floats
    rounds: int
    stable: bool


def purified_dif(
    x: Floats,
    groups: Sequence[object],
    *,
    reference: str | None = None,
    criterion: Criterion = "chi2",
    cut: float | None = None,
    minimum_cell: int = 5,
    max_rounds: int = 10,
    minimum_effect: float = 0.10,
    minimum_group: int = FLAG_GROUP_SIZE,
) -> PurifiedDif:
    """
    Test every item for DIF by ordinal logistic regression on a purified theta.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Keyed category numbers; NaN = not answered.
    groups : sequence, length n_persons
        Labels; people whose label is None, NaN or empty are left out.
    reference : str, optional
        The reference group; default the first in alphabetical order.
    criterion : {"chi2", "mcfadden", "nagelkerke", "cox_snell", "beta"}
        What detects an item: the smallest p of the three likelihood-ratio tests; the growth of a pseudo-R2 from
        the first to the third model; or the relative change of theta's coefficient.
    cut : float, optional
        Below which p, or from which change on. Default .01, .02 or .10.
    minimum_cell : int
        A category that a group chose less often is collapsed with the one below it (the lowest: with the next).
    max_rounds : int
        After which to stop although the detected items still change.
    minimum_effect, minimum_group
        As for `logistic_dif`.

    Returns
    -------
    PurifiedDif

    Raises
    ------
    ValueError
        If an option is impossible, lengths differ or there is no such reference group.
    UnusableData
        If the data do not suffice for `logistic_dif` or a calibration, or every item is detected.

    Notes
    -----
    Round 1 matches on posterior means of one calibration. Each further round calibrates again with the detected
    items split into one item per group, brings the result to the first scale by the other items (Stocking & Lord),
    scores people with their own group's parameters and tests once more, until the same items are detected
    twice. This is the procedure of lordif.

    References
    ----------
    .. [1] Choi, S. W., Gibbons, L. E., & Crane, P. K. (2011). lordif: An R package for detecting differential item
           functioning using iterative hybrid ordinal logistic regression/item response theory and Monte Carlo
           simulations. *Journal of Statistical Software, 39*(8), 1-30.
    .. [2] Crane, P. K., Gibbons, L. E., Jolley, L., & van Belle, G. (2006). Differential item functioning analysis
           with ordinal logistic regression techniques. *Medical Care, 44*(11, Suppl. 3), S115-S123.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> theta, group = rng.normal(size=600), np.repeat(["a", "b"], 300)
    >>> shift = np.outer(group == "b", [2, 0, 0, 0, 0, 0])
    >>> x = (1.5 * theta[:, None] + shift + rng.logistic(size=(600, 6)) > 0).astype(float)
    >>> purified_dif(x, group).detected
    array([ True, False, False, False, False, False])
    """
    if criterion not in get_args(Criterion) or max_rounds < 1:
        raise ValueError("there is no such criterion, or no round")
    people = group_people(groups, first=reference, least=2)
    if len(x) != len(people.code):
        raise ValueError("every person needs a group")
    used = people.code != UNKNOWN
    code = people.code[used]
    part = collapse_sparse(x[used], code, minimum_cell)
    labels = [people.labels[place] for place in code]
    detects = _detector(criterion, cut)
    base = _calibrated(part, np.arange(part.shape[1]))

    def test(theta: Floats) -> LogisticDif:
        return logistic_dif(
            part,
            labels,
            matching=theta,
            reference=people.labels[0],
            minimum_effect=minimum_effect,
            minimum_group=minimum_group,
        )

    theta = _score(base.model(), base.recoded(part))
    dif = test(theta)
    detected, rounds, stable = detects(dif), 1, False
    while not (stable := stable or not detected.any()) and rounds < max_rounds:
        theta = _purified_theta(part, code, detected, base)
        dif, before = test(theta), detected
        detected, rounds = detects(dif), rounds + 1
        stable = bool((detected == before).all())
    return PurifiedDif(dif, detected, _placed(theta, used), _placed(part, used), rounds, stable)


def collapse_sparse(x: Floats, code: Ints, minimum: int) -> Floats:
    """
    Return the responses with categories collapsed that a group hardly chose.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Category numbers; NaN = not answered.
    code : ndarray of int, shape (n_persons,)
        Number of each person's group, from 0.
    minimum : int
        How often every group must have chosen a category.

    Returns
    -------
    ndarray, shape (n_persons, n_items)
        Numbered from 0 without gaps. From the top, a category chosen less often joins the one below it; what remains
        at the bottom joins the one above.

    Raises
    ------
    UnusableData
        If fewer than two categories remain of an item.

    Examples
    --------
    >>> collapse_sparse(np.array([[0.0], [1], [2], [0], [1], [1]]), np.array([0, 0, 0, 1, 1, 1]), 1).ravel()
    array([0., 1., 1., 0., 1., 1.])
    """
    numbered = consecutive_categories(x)
    for item in range(x.shape[1]):
        answered = ~np.isnan(numbered[:, item])
        category = numbered[answered, item].astype(int)
        counts = np.zeros((category.max() + 1, code.max() + 1), dtype=int)
        np.add.at(counts, (category, code[answered]), 1)
        starts = _starts(counts, minimum)
        if len(starts) < 2:
            raise UnusableData("too few people in a group chose anything but one category.", item=item)
        numbered[answered, item] = np.maximum(np.searchsorted(starts, category, side="right") - 1, 0)
    return numbered


def _starts(counts: Ints, minimum: int) -> list[int]:
    """Return the lowest category of each run that every group chose often enough."""
    starts: list[int] = []
    run = np.zeros(counts.shape[1], dtype=int)
    for category in reversed(range(len(counts))):
        run = run + counts[category]
        if run.min() >= minimum:
            starts.insert(0, category)
            run = np.zeros_like(run)
    return starts


def _detector(criterion: Criterion, cut: float | None) -> Callable[[LogisticDif], Bools]:
    if criterion == "chi2":
        level = 0.01 if cut is None else cut
        return lambda dif: np.minimum(np.minimum(dif.uniform.p, dif.nonuniform.p), dif.total.p) < level
    if criterion == "beta":
        change = 0.10 if cut is None else cut
        return lambda dif: dif.beta_change >= change
    growth = 0.02 if cut is None else cut

    def detects(dif: LogisticDif) -> Bools:
        r2: Floats = getattr(dif, criterion)
        return np.asarray(r2[:, 2] - r2[:, 0] >= growth)

    return detects


def _purified_theta(x: Floats, code: Ints, detected: Bools, base: Calibration) -> Floats:
    """Return posterior means with the detected items calibrated apart in each group."""
    anchors = np.flatnonzero(~detected)
    if not anchors.size:
        raise UnusableData("Every item shows DIF, so there is none left to match people on.")
    split = [np.where((code == group)[:, None], x[:, detected], np.nan) for group in range(code.max() + 1)]
    sparse = np.hstack([x[:, anchors], *split])
    apart = _calibrated(sparse, np.concatenate([anchors, *[np.flatnonzero(detected)] * len(split)]))
    shared, grid = np.arange(anchors.size), np.linspace(-BOUNDS, BOUNDS, N_POINTS)
    model = apart.model()
    scale = link(base.model().take(anchors), model.take(shared), points=grid, weights=np.ones(N_POINTS))
    return _score(scale.model(model), apart.recoded(sparse))


def _calibrated(x: Floats, items: Ints) -> Calibration:
    """Return the calibration of columns that are those `items`, or parts of them; all must go the same way."""
    found = calibrate(x, standard_errors=False)
    if not found.converged:
        raise UnusableData("the answers do not determine item parameters, so there is no theta to match people on.")
    try:
        found.model()
    except UnusableData as error:
        raise UnusableData(error.reason, item=None if error.item is None else int(items[error.item])) from None
    return found


def _score(model: Graded, x: Floats) -> Floats:
    return eap_estimate(model, x, n_points=N_POINTS, bounds=BOUNDS).theta[:, 0]


def _placed(values: Floats, used: Bools) -> Floats:
    whole = np.full((len(used), *values.shape[1:]), np.nan)
    whole[used] = values
    return whole
