"""Fixed points reached in fewer steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from assess.psychometrics.models import Floats

MEMORY = 16
SAME = 1e-11  # differences whose directions agree to this are not told apart


class Anderson:
    """
    Anderson acceleration of ``p -> p + r(p)``: steps that also use the differences between recent ones.

    Notes
    -----
    With ``dP`` and ``dR`` the differences between successive points and residuals, the step is
    ``r - (dP + dR) g``, where g minimises ``||r - dR g||`` in a given metric [1]_: a quasi-Newton method with
    several secants. The steps of EM shrink slowly in a few directions only, and those are soon known.

    References
    ----------
    .. [1] Walker, H. F., & Ni, P. (2011). Anderson acceleration for fixed-point iterations. *SIAM Journal on
           Numerical Analysis, 49*(4), 1715-1735.
    """

    def __init__(self, dimension: int) -> None:
        memory = min(MEMORY, dimension)
        self._moves: deque[Floats] = deque(maxlen=memory)
        self._changes: deque[Floats] = deque(maxlen=memory)
        self._last: tuple[Floats, Floats] | None = None

    def step(self, point: Floats, residual: Floats, metric: Callable[[Floats], Floats]) -> Floats:
        """Return the step from `point`; `metric` multiplies row vectors by the matrix of the inner product."""
        if self._last is not None:
            self._moves.append(point - self._last[0])
            self._changes.append(residual - self._last[1])
        self._last = point, residual
        if not self._moves:
            return residual
        moves, changes = np.array(self._moves), np.array(self._changes)
        weighted = metric(changes)
        gram = weighted @ changes.T
        size = np.sqrt(np.maximum(np.diag(gram), np.finfo(float).tiny))
        gram /= size * size[:, None]
        gram[np.diag_indices_from(gram)] += SAME
        share = np.linalg.solve(gram, weighted @ residual / size) / size
        step: Floats = residual - share @ (moves + changes)
        return step

    def pause(self) -> None:
        """Take the next point as a new start, with the differences known so far."""
        self._last = None

    def forget(self) -> None:
        """Start anew."""
        self._moves.clear()
        self._changes.clear()
        self._last = None
