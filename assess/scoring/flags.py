"""When a result should be read with more care than usual, and in which words.

The cuts are conventions, not verdicts. `base_rates` gives how many people of a norm group lie at or beyond each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assess.scoring.result import Flag, Quality, ScaleScore

RUN = 14  # identical choices in a row; cuts in use for five-point formats go up to about there, by option
VARIABILITY = 0.5  # SD of the choices below which they hardly differ; the index is Dunn et al.'s (2018), the cut ours
FAST_SHARE = 0.10  # of the statements in under a second (Wood et al., 2017: faster than reading allows)
MEDIAN_SECONDS = 2.0  # per statement (Huang et al., 2012)
DIRECTED_MISSED = 2  # of three; a single one happens to careful people too (Meade & Craig, 2012)
IMPRESSION_STEN = 9  # about one person in fifteen under the model
UNANSWERED_SHARE = 0.10
# Of 1,000 simulated people who answer by a model with wrong provisional parameters and facets, and of 1,000 who tick at
# random, on the standard form: below .30, Jackson's cut (Johnson, 2005), lie 8 and 63 %, too many for six scales;
EVEN_ODD = 0.0  # 4 and 50 %; the index is Johnson's (2005), the cut ours
PAIRS = 0.50  # 5 and 25 %: two steps of five apart or more on average (pairs as in Huang et al., 2012; the cut ours)
PERSON_FIT = -3.0  # 2 and 98 %; l_z below -2 (Drasgow et al., 1985) supposes calibrated parameters: 8 % otherwise
DISTANCE_P = 0.001  # of the chi-square distribution, the usual one for D² (Meade & Craig, 2012; Curran, 2016)


@dataclass(frozen=True, slots=True)
class Signs:
    """All that flags are raised from."""

    quality: Quality
    impression: ScaleScore


@dataclass(frozen=True, slots=True)
class BaseRate:
    """How many people of a group are at or beyond the cut of one flag."""

    code: str
    n: int  # of whom the index is known
    beyond: int

    @property
    def share(self) -> float | None:
        """The share of those of whom the index is known, None when there are none."""
        return self.beyond / self.n if self.n else None


def flags_of(quality: Quality, impression: ScaleScore) -> tuple[Flag, ...]:
    """Return the reasons for care, in a fixed order."""
    signs = Signs(quality, impression)
    found = ((code, sign(signs)) for code, sign in SIGNS.items())
    return tuple(Flag(code, sentence) for code, sentence in found if sentence)


def base_rates(people: Iterable[Signs]) -> tuple[BaseRate, ...]:
    """Return how many of `people`, a norm group, would get each flag."""
    group = list(people)
    found = []
    for code, sign in SIGNS.items():
        sentences = [sign(each) for each in group]
        known = [sentence for sentence in sentences if sentence is not None]
        found.append(BaseRate(code, len(known), sum(map(bool, known))))
    return tuple(found)


def _said(beyond: bool, sentence: str) -> str:
    return sentence if beyond else ""


def _unanswered(signs: Signs) -> str | None:
    quality = signs.quality
    if not quality.n_items:
        return None
    missing = quality.n_items - quality.n_answered
    sentence = f"{missing} of {quality.n_items} statements were left unanswered."
    return _said(missing > UNANSWERED_SHARE * quality.n_items, sentence)


def _long_run(signs: Signs) -> str | None:
    run = signs.quality.longest_run
    return _said(run >= RUN, f"The same choice was made {run} times in a row.") if signs.quality.n_answered else None


def _low_variability(signs: Signs) -> str | None:
    if signs.quality.variability is None:
        return None
    return _said(signs.quality.variability < VARIABILITY, "The choices hardly differ from statement to statement.")


def _fast(signs: Signs) -> str | None:
    fast, timed, median = signs.quality.n_under_one_second, signs.quality.n_timed, signs.quality.median_seconds
    if timed and fast >= FAST_SHARE * timed:
        return f"{fast} of {timed} statements were answered in under a second."
    if median is None:
        return None
    return _said(median < MEDIAN_SECONDS, f"The median time per statement was {median:.1f} seconds.")


def _directed(signs: Signs) -> str | None:
    quality = signs.quality
    if not quality.n_directed:
        return None
    return _said(
        quality.n_directed_missed >= DIRECTED_MISSED,
        f"{quality.n_directed_missed} of {quality.n_directed} lines that asked for one particular choice "
        "were answered otherwise.",
    )


def _impression(signs: Signs) -> str | None:
    if signs.impression.sten is None:
        return None
    return _said(
        signs.impression.sten >= IMPRESSION_STEN,
        "The person described themselves in an unusually favourable light. That is common when much depends "
        "on the result; explore real examples in the interview.",
    )


def _even_odd(signs: Signs) -> str | None:
    together = signs.quality.consistency
    if together is None or together.even_odd is None:
        return None
    return _said(
        together.even_odd < EVEN_ODD,
        "Two halves of the statements about the same behaviours draw different profiles.",
    )


def _pairs(signs: Signs) -> str | None:
    together = signs.quality.consistency
    if together is None or together.pairs is None:
        return None
    return _said(
        together.pairs <= PAIRS,
        f"Statements of {together.n_pairs} pairs that mean much the same were answered rather differently.",
    )


def _person_fit(signs: Signs) -> str | None:
    together = signs.quality.consistency
    if together is None or together.person_fit is None:
        return None
    return _said(
        together.person_fit < PERSON_FIT,
        "The answers to single statements go together less well than people's answers usually do.",
    )


def _distance(signs: Signs) -> str | None:
    together = signs.quality.consistency
    if together is None or together.distance_p is None:
        return None
    return _said(
        together.distance_p < DISTANCE_P,
        "The answers taken together are unlike those of nearly everybody in the norm group.",
    )


# None where the index is not known, an empty text below the cut
SIGNS: Mapping[str, Callable[[Signs], str | None]] = {
    "unanswered": _unanswered,
    "long-run": _long_run,
    "low-variability": _low_variability,
    "fast": _fast,
    "directed": _directed,
    "impression": _impression,
    "even-odd": _even_odd,
    "pairs": _pairs,
    "person-fit": _person_fit,
    "distance": _distance,
}
