"""When a result should be read with more care than usual, and in which words.

The cuts are conventions, not verdicts. `base_rates` gives how many people of a norm group lie at or beyond each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from assess.errors import noted
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
class Sign:
    """What one index says of somebody; what changes from person to person is given apart, so that it translates."""

    beyond: bool  # the cut
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The reason for care, in English."""
        return self.message % self.values


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
    return tuple(Flag(code, sign.sentence) for code, sign in found if sign and sign.beyond)


def sign_of(flag: Flag, quality: Quality, impression: ScaleScore) -> Sign | None:
    """Return what `flag` was raised from; None where an earlier release said it in other words."""
    read = SIGNS.get(flag.code)
    sign = read(Signs(quality, impression)) if read else None
    return sign if sign and sign.sentence == flag.sentence else None


def base_rates(people: Iterable[Signs]) -> tuple[BaseRate, ...]:
    """Return how many of `people`, a norm group, would get each flag."""
    group = list(people)
    found = []
    for code, sign in SIGNS.items():
        known = [said for said in map(sign, group) if said is not None]
        found.append(BaseRate(code, len(known), sum(said.beyond for said in known)))
    return tuple(found)


def _unanswered(signs: Signs) -> Sign | None:
    quality = signs.quality
    if not quality.n_items:
        return None
    missing = quality.n_items - quality.n_answered
    return Sign(
        missing > UNANSWERED_SHARE * quality.n_items,
        noted("%(missing)s of %(given)s statements were left unanswered."),
        {"missing": missing, "given": quality.n_items},
    )


def _long_run(signs: Signs) -> Sign | None:
    if not signs.quality.n_answered:
        return None
    run = signs.quality.longest_run
    return Sign(run >= RUN, noted("The same choice was made %(run)s times in a row."), {"run": run})


def _low_variability(signs: Signs) -> Sign | None:
    if signs.quality.variability is None:
        return None
    return Sign(
        signs.quality.variability < VARIABILITY, noted("The choices hardly differ from statement to statement.")
    )


def _fast(signs: Signs) -> Sign | None:
    fast, timed, median = signs.quality.n_under_one_second, signs.quality.n_timed, signs.quality.median_seconds
    if timed and fast >= FAST_SHARE * timed:
        message = noted("%(fast)s of %(timed)s statements were answered in under a second.")
        return Sign(True, message, {"fast": fast, "timed": timed})
    if median is None:
        return None
    message = noted("The median time per statement was %(median)s seconds.")
    return Sign(median < MEDIAN_SECONDS, message, {"median": round(median, 1)})


def _directed(signs: Signs) -> Sign | None:
    quality = signs.quality
    if not quality.n_directed:
        return None
    return Sign(
        quality.n_directed_missed >= DIRECTED_MISSED,
        noted("%(missed)s of %(given)s lines that asked for one particular choice were answered otherwise."),
        {"missed": quality.n_directed_missed, "given": quality.n_directed},
    )


def _impression(signs: Signs) -> Sign | None:
    if signs.impression.sten is None:
        return None
    return Sign(
        signs.impression.sten >= IMPRESSION_STEN,
        noted(
            "The person described themselves in an unusually favourable light. That is common when much depends "
            "on the result; explore real examples in the interview."
        ),
    )


def _even_odd(signs: Signs) -> Sign | None:
    together = signs.quality.consistency
    if together is None or together.even_odd is None:
        return None
    return Sign(
        together.even_odd < EVEN_ODD,
        noted("Two halves of the statements about the same behaviours draw different profiles."),
    )


def _pairs(signs: Signs) -> Sign | None:
    together = signs.quality.consistency
    if together is None or together.pairs is None:
        return None
    return Sign(
        together.pairs <= PAIRS,
        noted("Statements of %(n)s pairs that mean much the same were answered rather differently."),
        {"n": together.n_pairs},
    )


def _person_fit(signs: Signs) -> Sign | None:
    together = signs.quality.consistency
    if together is None or together.person_fit is None:
        return None
    return Sign(
        together.person_fit < PERSON_FIT,
        noted("The answers to single statements go together less well than people's answers usually do."),
    )


def _distance(signs: Signs) -> Sign | None:
    together = signs.quality.consistency
    if together is None or together.distance_p is None:
        return None
    return Sign(
        together.distance_p < DISTANCE_P,
        noted("The answers taken together are unlike those of nearly everybody in the norm group."),
    )


# None where the index is not known
SIGNS: Mapping[str, Callable[[Signs], Sign | None]] = {
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
