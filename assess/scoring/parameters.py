"""Item parameters: where they come from and the response models that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from assess.banks.model import Bank, ImpressionStatement, Statement
from assess.psychometrics.models import Floats, Graded, thresholds_to_intercepts


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """Slope and intercepts of one keyed statement."""

    slope: float
    intercepts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """
    One immutable version of a bank's item parameters, latent correlations and their standing.

    `consistency` says whether results look at how well answers go together. Sets of release 0.1.0 do not have it, so
    that the results scored with them come out the same again.
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
        return {
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
    )


def keyed_thresholds(raw: Floats, item: Statement | ImpressionStatement) -> Floats:
    """Return `raw` thresholds of agreement turned so that more always means more of the scale."""
    return raw if item.keyed == "+" else -raw[::-1]
