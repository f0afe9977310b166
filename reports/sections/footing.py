"""What the figures of a technical note stand on: whom people are compared with, and which parameters scored them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from assess.scoring.parameters import ParameterSet
from assess.scoring.result import Norm
from reports.language import number
from reports.sections.row import norm_words


@dataclass(frozen=True, slots=True)
class Footing:
    """Norm and parameters."""

    norm: str
    has_norm: bool
    parameters_version: str
    parameters_source: str
    provisional: bool  # the parameters are
    se_factor: str  # empty where standard errors are not multiplied
    se_factor_source: str

    @classmethod
    def of(cls, norm: Norm | None, parameters: ParameterSet, language: str) -> Self:
        """Return what `norm` and `parameters` are, in words and figures of `language`."""
        return cls(
            norm=norm_words(norm, language),
            has_norm=norm is not None,
            parameters_version=parameters.version,
            parameters_source=parameters.source,
            provisional=parameters.provisional,
            se_factor=number(parameters.se_factor, 2, language) if parameters.se_factor > 1 else "",
            se_factor_source=parameters.se_factor_source,
        )
