"""Values that are no finite numbers."""

from __future__ import annotations

import numpy as np

from assess.errors import UnusableData
from assess.psychometrics.models import Floats


def refuse_infinite(*values: Floats) -> None:
    """Raise an error at the first person with an infinite value; each array holds a row per person."""
    for each in values:
        for place in np.argwhere(np.isinf(each)):
            raise UnusableData("a value is not a finite number.", person=int(place[0]))
