"""What R mirt 1.45.1 made of public data sets (logistic metric, slopes and intercepts)."""

from __future__ import annotations

import json

import numpy as np

from assess.psychometrics.models import Graded

POLYTOMOUS = ["science4", "bfi_A_complete", "bfi_C_complete", "bfi_C_missing", "anxiety29", "environment6"]
ALL = [*POLYTOMOUS, "lsat7_2pl"]


def one_scale(slopes, intercepts):
    return Graded(np.array(slopes), np.array(intercepts, dtype=float), np.zeros(len(slopes), dtype=int), 1)


def calibration(reference, name):
    """All that the file holds, and the model with its parameters."""
    known = json.loads((reference / f"grm_{name}_mirt.json").read_text())
    rows = [
        [row["a1"], *(value for key, value in row.items() if key.startswith("d") and value is not None)]
        for row in known["slope_intercept"]
    ]
    widest = max(map(len, rows))
    padded = np.array([row + [-np.inf] * (widest - len(row)) for row in rows])
    return known, one_scale(padded[:, 0], padded[:, 1:])


def responses(reference, name):
    """The data, each item's categories counted from the lowest that was observed."""
    x = np.genfromtxt(reference / f"input_{name}.csv", delimiter=",", skip_header=1, missing_values="NA")
    return x - np.nanmin(x, axis=0)


def scores(reference, name):
    """Scores per person, as columns by name."""
    return np.genfromtxt(reference / f"scores_{name}_mirt.csv", delimiter=",", names=True, missing_values="NA")
