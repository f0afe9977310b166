"""The studies by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from assess.psychometrics.studies.ability import ability
from assess.psychometrics.studies.adaptive import adaptive
from assess.psychometrics.studies.bands import coverage, precision
from assess.psychometrics.studies.change import false_alarms
from assess.psychometrics.studies.faking import faking
from assess.psychometrics.studies.match import match_interval
from assess.psychometrics.studies.provisional import provisional
from assess.psychometrics.studies.recovery import recovery
from assess.psychometrics.studies.result import Study


class Simulation(Protocol):
    """A study to run."""

    def __call__(self, *, seed: int, quick: bool) -> Study:
        """Run it; `quick` is for a look, with too few people for the goals."""


STUDIES: Mapping[str, Simulation] = MappingProxyType(
    {
        "recovery": recovery,
        "coverage": coverage,
        "provisional": provisional,
        "ability": ability,
        "precision": precision,
        "adaptive": adaptive,
        "faking": faking,
        "change": false_alarms,
        "match": match_interval,
    }
)
