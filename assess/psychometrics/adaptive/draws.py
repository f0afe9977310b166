"""Random draws that depend on an attempt's seed alone: not on the call before, nor on the version of a library."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.psychometrics.models import Floats

SELECTION, ELIGIBILITY, PAIRS, SCALE_ORDER = range(4)  # streams: what a draw is for
_GAMMA = np.uint64(0x9E3779B97F4A7C15)


def uniform(seeds: ArrayLike, stream: int, positions: ArrayLike) -> Floats:
    """
    Return the draws of a stream at some positions.

    Parameters
    ----------
    seeds : array_like of int, shape (n_attempts,)
        Whole numbers from 0 to 2^64 - 1, one per attempt.
    stream : int
        What the draws are for; streams are independent of each other.
    positions : array_like of int, shape (n,)
        Places in the stream, from 0.

    Returns
    -------
    ndarray, shape (n_attempts, n)
        Numbers in [0, 1) with 53 random bits.

    Raises
    ------
    ValueError
        If a seed is not a whole number from 0 to 2^64 - 1.

    Notes
    -----
    SplitMix64 as a hash of (seed, stream, position), so that any draw is found without those before it and
    all attempts at once.

    References
    ----------
    .. [1] Steele, G. L., Lea, D., & Flood, C. H. (2014). Fast splittable pseudorandom number generators.
           *ACM SIGPLAN Notices, 49*(10), 453-472.

    Examples
    --------
    >>> bool((uniform([7, 8], SELECTION, [3])[1] == uniform([8], SELECTION, [2, 3])[0, 1]).all())
    True
    """
    start = _mixed(_words(seeds) ^ _STREAMS[stream])
    places = np.asarray(positions, dtype=np.uint64) + np.uint64(1)
    bits = _mixed(start[:, None] + places * _GAMMA) >> np.uint64(11)
    return np.asarray(bits * 2.0**-53, dtype=np.float64)


def _mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


_STREAMS = _mixed(np.arange(1, 5, dtype=np.uint64) * _GAMMA)


def _words(seeds: ArrayLike) -> NDArray[np.uint64]:
    given = np.atleast_1d(np.asarray(seeds))
    if given.dtype.kind not in "iu" or (given.dtype.kind == "i" and given.size and given.min() < 0):
        raise ValueError("a seed is a whole number from 0 to 2^64 - 1")
    return given.astype(np.uint64)
