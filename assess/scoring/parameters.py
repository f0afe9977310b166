"""Item parameters: where they come from and the response models that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from assess.banks.model import Bank, ImpressionStatement, Statement
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Floats, Graded, thresholds_to_intercepts

ABILITY_SLOPE = 1.0  # of a question nobody has calibrated, logistic metric
ABILITY_SE_FACTOR = 1.04  # by which bands must be wider while difficulties are judged: `assess study ability`


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """Slope and intercepts of one keyed statement."""

    slope: float
    intercepts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AbilityParameters:
    """Slope, intercept and lower asymptote of one question with a right answer."""

    slope: float
    intercept: float
    guessing: float


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """
    One immutable version of a bank's item parameters, latent correlations and their standing.

    `consistency` says whether results look at how well answers go together. Sets of release 0.1.0 do not have it, so
    that the results scored with them come out the same again. `abilities` are the questions of the proficiencies, with
    an SE factor of their own.
    """

    version: str
    source: str
    provisional: bool
    scales: tuple[str, ...]
    sigma: tuple[tuple[float, ...], ...]
    se_factor: float
    se_factor_source: str
    items: Mapping[str, ItemParameters]
    consistency: bool = True
    abilities: Mapping[str, AbilityParameters] = field(default_factory=dict)
    ability_se_factor: float = 1.0

    def ability_model(self, codes: Sequence[str]) -> Logistic:
        """Return the response model of the questions `codes` of one proficiency."""
        chosen = [self.abilities[code] for code in codes]
        slopes, intercepts, guessing = np.array([[each.slope, each.intercept, each.guessing] for each in chosen]).T
        return Logistic(slopes, intercepts, guessing, np.zeros(len(chosen), dtype=int), 1)

    def model(self, codes: Sequence[str], scales: Sequence[int], n_scales: int) -> Graded:
        """Return the response model of the items `codes`, each measuring the scale with its index in `scales`."""
        chosen = [self.items[code] for code in codes]
        return Graded(
            np.array([item.slope for item in chosen]),
            np.array([item.intercepts for item in chosen]),
            np.asarray(scales, dtype=int),
            n_scales,
        )

    @property
    def prior(self) -> Floats:
        """The latent covariance as an array."""
        return np.array(self.sigma)

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain lists and numbers."""
        found = {
            "version": self.version,
            "source": self.source,
            "provisional": self.provisional,
            "scales": list(self.scales),
            "sigma": [list(row) for row in self.sigma],
            "se_factor": self.se_factor,
            "se_factor_source": self.se_factor_source,
            "consistency": self.consistency,
            "items": {code: {"a": item.slope, "d": list(item.intercepts)} for code, item in self.items.items()},
        }
        if self.abilities:  # sets of banks without proficiencies stay as they were written
            found["ability_se_factor"] = self.ability_se_factor
            found["abilities"] = {
                code: {"a": each.slope, "d": each.intercept, "g": each.guessing}
                for code, each in self.abilities.items()
            }
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the parameter set that `to_json` wrote."""
        return cls(
            version=data["version"],
            source=data["source"],
            provisional=data["provisional"],
            scales=tuple(data["scales"]),
            sigma=tuple(tuple(row) for row in data["sigma"]),
            se_factor=data["se_factor"],
            se_factor_source=data["se_factor_source"],
            items={code: ItemParameters(item["a"], tuple(item["d"])) for code, item in data["items"].items()},
            consistency=data.get("consistency", False),
            abilities={
                code: AbilityParameters(each["a"], each["d"], each["g"])
                for code, each in data.get("abilities", {}).items()
            },
            ability_se_factor=data.get("ability_se_factor", 1.0),
        )


def starting_parameters(bank: Bank) -> ParameterSet:
    """
    Return the provisional parameters of a bank that nobody has calibrated.

    A statement's location comes from the author's judgement, standardised over the shared statements (so that
    these keep their parameters in every edition); it concerns raw agreement, so reversal comes last.
    """
    given = bank.parameters
    judgements = np.array([item.location for item in bank.statements if item.code in bank.shared])
    mean, sd = judgements.mean(), judgements.std()
    items = {}
    rated: list[Statement | ImpressionStatement] = [*bank.statements, *bank.impression]
    for item in rated:
        location = given.location_mean + given.location_sd * given.judgement_weight * (item.location - mean) / sd
        thresholds = keyed_thresholds(location + np.array(given.spacing), item)
        intercepts = thresholds_to_intercepts([given.slope], [thresholds])[0]
        items[item.code] = ItemParameters(given.slope, tuple(round(float(d), 6) for d in intercepts))
    return ParameterSet(
        version=f"{bank.edition}-{bank.version}-{given.version}",
        source=given.source,
        provisional=True,
        scales=given.sigma_scales,
        sigma=given.sigma,
        se_factor=given.se_factor,
        se_factor_source=given.se_factor_source,
        items=items,
        abilities=_abilities(bank),
        ability_se_factor=ABILITY_SE_FACTOR if bank.proficiency else 1.0,
    )


def _abilities(bank: Bank) -> dict[str, AbilityParameters]:
    """Return the author's difficulties, one slope for all, and the chance of hitting the right one of n options."""
    if bank.proficiency is None:
        return {}
    items = (*bank.proficiency.vocabulary, *bank.proficiency.numerical)
    return {
        item.code: AbilityParameters(ABILITY_SLOPE, -ABILITY_SLOPE * item.location, round(1 / len(item.options), 6))
        for item in items
    }


def keyed_thresholds(raw: Floats, item: Statement | ImpressionStatement) -> Floats:
    """Return `raw` thresholds of agreement turned so that more always means more of the scale."""
    return raw if item.keyed == "+" else -raw[::-1]
