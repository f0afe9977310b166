"""Best-worst triplets: the exploded logit over three statements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.errors import AssessError
from assess.psychometrics import triplet_choices as choices
from assess.psychometrics.models import Bools, Chosen, Floats, Ints

MIXED_SHARE = 14 / 30  # half, as near as thirty blocks of six scales can come with equally many of each scale's


@dataclass(frozen=True, slots=True, eq=False)
class Triplets:
    """
    Blocks of three statements of which the best and the worst description of oneself are chosen.

    Parameters
    ----------
    slopes : ndarray, shape (n_blocks, 3)
        Slopes a of the statements on their scales, logistic metric (no 1.7); negative for statements keyed ``-``.
    constants : ndarray, shape (n_blocks, 3)
        Constants c; only differences within a block count.
    scales : ndarray of int, shape (n_blocks, 3)
        For each statement the index of the scale that it measures.
    n_scales : int
        Number of scales, the length of a person's theta.

    Raises
    ------
    ValueError
        If shapes do not agree, a parameter is not finite or a scale does not exist.

    Notes
    -----
    With utilities ``u_i = a_i theta_s(i) + c_i`` the ranking i before j before k has the probability
    ``e^u_i / (e^u_i + e^u_j + e^u_k) * e^u_j / (e^u_j + e^u_k)`` (Plackett-Luce [1]_ [2]_, the exploded logit [3]_).

    Responses have two columns per block, best_1, worst_1, best_2, ..., with the statement's number 0, 1 or 2 in the
    block. Where one of the two is NaN, the other counts alone, with its probability whatever the missing one is.

    References
    ----------
    .. [1] Luce, R. D. (1959). *Individual choice behavior*. Wiley.
    .. [2] Plackett, R. L. (1975). The analysis of permutations. *Applied Statistics, 24*(2), 193-202.
    .. [3] Chapman, R. G., & Staelin, R. (1982). Exploiting rank ordered choice set data within the stochastic utility
           model. *Journal of Marketing Research, 19*(3), 288-301.

    Examples
    --------
    Three alike statements leave six equally likely answers; the best alone is one of three:

    >>> block = Triplets(np.ones((1, 3)), np.zeros((1, 3)), np.array([[0, 1, 2]]), 3)
    >>> x = np.array([[0.0, 2.0], [0.0, np.nan], [np.nan, np.nan]])
    >>> np.exp(block.log_likelihood(np.zeros((3, 3)), x)).round(4)
    array([0.1667, 0.3333, 1.    ])
    """

    slopes: Floats
    constants: Floats
    scales: Ints
    n_scales: int

    def __post_init__(self) -> None:
        shapes = {np.shape(each) for each in (self.slopes, self.constants, self.scales)}
        if len(shapes) != 1 or self.slopes.ndim != 2 or self.slopes.shape[1] != 3:
            raise ValueError("slopes, constants and scales must be of the same blocks, three statements each")
        if not (np.isfinite(self.slopes).all() and np.isfinite(self.constants).all()):
            raise ValueError("slopes and constants must be finite")
        if not ((self.scales >= 0) & (self.scales < self.n_scales)).all():
            raise ValueError("a statement's scale must be one of the n_scales")

    @property
    def is_mixed(self) -> Bools:
        """Which blocks hold statements of both keyed directions, shape (n_blocks,)."""
        return np.asarray((self.slopes > 0).any(axis=1) & (self.slopes < 0).any(axis=1))

    def take(self, blocks: Chosen) -> Triplets:
        """
        Return the model of some of the blocks.

        Parameters
        ----------
        blocks : ndarray of int or bool
            Indices, or a mask.

        Returns
        -------
        Triplets
        """
        return Triplets(self.slopes[blocks], self.constants[blocks], self.scales[blocks], self.n_scales)

    def utilities(self, theta: Floats) -> Floats:
        """
        Return how much each statement appeals.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (3, n_persons, n_blocks)
        """
        appeal: Floats = theta @ self._loadings().swapaxes(1, 2) + self.constants.T[:, None]
        return appeal

    def log_likelihood(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the log-likelihood of each person's choices.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, 2 n_blocks)
            Numbers of statements, NaN where not answered (which adds nothing).

        Returns
        -------
        ndarray, shape (n_persons,)

        Raises
        ------
        UnusableData
            If a choice is no statement's number, or one statement is best and worst.
        """
        total: Floats = choices.log_probability(self.utilities(theta), choices.coded(x)).sum(axis=1)
        return total

    def evaluate(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """
        Return log-likelihood, gradient and observed information.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, 2 * n_blocks)

        Returns
        -------
        log_likelihood, gradient, observed_information : ndarray
            As those methods return them.
        """
        return self.log_likelihood(theta, x), self.gradient(theta, x), self.observed_information(theta, x)

    def gradient(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the derivative of the log-likelihood by theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, 2 n_blocks)

        Returns
        -------
        ndarray, shape (n_persons, n_scales)
        """
        each = choices.slopes(self.utilities(theta), choices.coded(x))
        total: Floats = (each @ self._loadings()).sum(axis=0)
        return total

    def observed_information(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the negative second derivative of the log-likelihood by theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, 2 n_blocks)

        Returns
        -------
        ndarray, shape (n_persons, n_scales, n_scales)
            Not negative in any direction, unless only the worst of a block is known.
        """
        return self._of_pairs(choices.weights(self.utilities(theta), choices.coded(x)))

    def information(self, theta: Floats, answered: Bools) -> Floats:
        """
        Return the expected (Fisher) information about theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        answered : ndarray of bool, shape (n_persons, 2 n_blocks)
            Which choices count for which person.

        Returns
        -------
        ndarray, shape (n_persons, n_scales, n_scales)

        Notes
        -----
        ``sum_(j<k) (p_j p_k + p_i p_j p_k / (p_j + p_k)^2) (a_j e_j - a_k e_k)(a_j e_j - a_k e_k)'`` over the pairs
        of each block, with p the probabilities of being the best and i the third statement.
        """
        has_best, has_worst = answered[:, 0::2], answered[:, 1::2]
        return self._of_pairs(choices.expected_weights(self.utilities(theta), has_best, has_worst))

    def outcome_probabilities(self, theta: Floats) -> Floats:
        """
        Return how likely each pair of best and worst is.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_blocks, 3, 3)
            By best and worst; the six outcomes of a block sum to one, the diagonal is 0.
        """
        return choices.outcome_probabilities(self.utilities(theta))

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """
        Return the drawn choices of every person in every block.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        rng : numpy.random.Generator

        Returns
        -------
        ndarray, shape (n_persons, 2 n_blocks)
            Utilities with independent Gumbel errors, ranked: the exploded logit.
        """
        appeal = self.utilities(theta)
        appeal = appeal + rng.gumbel(size=appeal.shape)
        chosen = np.stack([appeal.argmax(axis=0), appeal.argmin(axis=0)], axis=-1)
        return chosen.reshape(len(theta), -1).astype(np.float64)

    def _loadings(self) -> Floats:
        """Return the derivatives of the utilities by theta, shape (3, n_blocks, n_scales)."""
        return np.eye(self.n_scales)[self.scales.T] * self.slopes.T[..., None]

    def _of_pairs(self, weights: Floats) -> Floats:
        """Return the matrices in theta that weights of the pairs of statements amount to."""
        loadings = self._loadings()
        gaps = loadings[choices.NEXT] - loadings[choices.LAST]
        squares = (gaps[..., None] * gaps[..., None, :]).reshape(3, -1, self.n_scales**2)
        total: Floats = (weights @ squares).sum(axis=0)
        return total.reshape(-1, self.n_scales, self.n_scales)


def require_mixed(triplets: Triplets, *, share: float = MIXED_SHARE) -> None:
    """
    Refuse a set of triplets that says too little about a person's level.

    Parameters
    ----------
    triplets : Triplets
    share : float
        Least share of blocks that hold statements of both keyed directions.

    Raises
    ------
    AssessError
        If fewer blocks do.

    Notes
    -----
    Choices among statements of one keyed direction show which scales are higher, not how high all of them are
    [1]_. In simulations 30 blocks all ``+`` recover the level of a profile with a squared correlation of about .10,
    half of them mixed with .82.

    It is for whoever puts a set together to be answered and scored: the check of a bank, the scoring of a form.
    `Triplets` and `calibrate_triplets` do not ask, since a part of a set, or a set beside ratings that give the
    level, may well be calibrated.

    References
    ----------
    .. [1] Brown, A., & Maydeu-Olivares, A. (2011). Item response modeling of forced-choice questionnaires.
           *Educational and Psychological Measurement, 71*(3), 460-502.

    Examples
    --------
    >>> level = Triplets(np.ones((2, 3)), np.zeros((2, 3)), np.array([[0, 1, 2]] * 2), 3)
    >>> require_mixed(level)
    Traceback (most recent call last):
        ...
    assess.errors.AssessError: Only 0 of 2 triplets mix statements keyed + and -; at least 1 must, or ...
    """
    mixed, n_blocks = int(triplets.is_mixed.sum()), len(triplets.slopes)
    needed = int(np.ceil(share * n_blocks - 1e-9))  # 14 / 30 of 30 are 14, whatever the rounding
    if mixed < needed:
        raise AssessError(
            f"Only {mixed} of {n_blocks} triplets mix statements keyed + and -; at least {needed} must, "
            "or the level of a profile is lost."
        )
