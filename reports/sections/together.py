"""What two behaviours mean together, where both stand surely on one side of the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from assess.banks.content import ORIGINAL
from assess.banks.parts import Pole
from assess.banks.wording import Combination
from assess.psychometrics.norms import STEN_MEAN
from assess.scoring.result import ScaleScore
from reports.context import ReportContext

MOST = 2  # pairs that are shown, no scale twice
FROM_MIDDLE = 1.5  # stens: nearer to the middle a behaviour is neither high nor low


@dataclass(frozen=True, slots=True)
class Pair:
    """Two scales and what they mean together."""

    names: tuple[str, str]
    names_in: str  # their language
    text: str
    language: str  # of the text


@dataclass(frozen=True, slots=True)
class Together:
    """The section for whoever reads about the person; empty where no two behaviours stand out."""

    pairs: tuple[Pair, ...]

    template: ClassVar[str] = "together.html"
    yours: ClassVar[bool] = False  # whether the reader is the person

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        return cls(
            tuple(
                Pair(
                    (context.bank.scale(each.first).name, context.bank.scale(each.second).name),
                    context.bank.scale(each.first).language,
                    *((each.for_person, each.language) if cls.yours else (each.for_hiring, ORIGINAL)),
                )
                for each in standing_out(context)
            )
        )


@dataclass(frozen=True, slots=True)
class OwnTogether(Together):
    """The section for the person themselves."""

    yours: ClassVar[bool] = True


def standing_out(context: ReportContext) -> tuple[Combination, ...]:
    """
    Return up to two combinations that hold of the person, the one furthest from the middle first, no scale twice.

    A behaviour counts as high or low from 1.5 stens off the middle, if its band of one standard error stays on that
    side too: the true position then lies there with a chance of at least 84 %.
    """
    scores = {score.scale: score for score in context.result.scales if _stands_out(score)}
    poles: dict[str, Pole] = {scale: "high" if _offset(score) > 0 else "low" for scale, score in scores.items()}
    found = sorted(
        context.wording.in_language(context.language).combination(poles),
        key=lambda each: -min(abs(_offset(scores[each.first])), abs(_offset(scores[each.second]))),
    )
    chosen: list[Combination] = []
    for each in found:
        used = {scale for other in chosen for scale in (other.first, other.second)}
        if len(chosen) < MOST and not used & {each.first, each.second}:
            chosen.append(each)
    return tuple(chosen)


def _offset(score: ScaleScore) -> float:
    return (score.position or STEN_MEAN) - STEN_MEAN


def _stands_out(score: ScaleScore) -> bool:
    return score.scorable and abs(_offset(score)) >= max(FROM_MIDDLE, score.sem or 0.0)
