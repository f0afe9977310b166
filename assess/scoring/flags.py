"""When a result should be read with more care than usual, and in which words.

The cuts are conventions, not verdicts; with norms, base rates stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

from assess.scoring.result import Flag, Quality, ScaleScore

RUN = 14  # identical choices in a row; cuts in use for five-point formats go up to about there, by option
VARIABILITY = 0.5  # SD of the choices below which they hardly differ; the index is Dunn et al.'s (2018), the cut ours
FAST_SHARE = 0.10  # of the statements in under a second (Wood et al., 2017: faster than reading allows)
MEDIAN_SECONDS = 2.0  # per statement (Huang et al., 2012)
DIRECTED_MISSED = 2  # of three; a single one happens to careful people too (Meade & Craig, 2012)
IMPRESSION_STEN = 9  # about one person in fifteen under the model
UNANSWERED_SHARE = 0.10


def flags_of(quality: Quality, impression: ScaleScore) -> tuple[Flag, ...]:
    """Return the reasons for care, in a fixed order."""
    return tuple(_flags(quality, impression))


def _flags(quality: Quality, impression: ScaleScore) -> Iterator[Flag]:
    missing = quality.n_items - quality.n_answered
    if missing > UNANSWERED_SHARE * quality.n_items:
        yield Flag("unanswered", f"{missing} of {quality.n_items} statements were left unanswered.")
    if quality.longest_run >= RUN:
        yield Flag("long-run", f"The same choice was made {quality.longest_run} times in a row.")
    if quality.variability is not None and quality.variability < VARIABILITY:
        yield Flag("low-variability", "The choices hardly differ from statement to statement.")
    if quality.n_timed and quality.n_under_one_second >= FAST_SHARE * quality.n_timed:
        yield Flag(
            "fast", f"{quality.n_under_one_second} of {quality.n_timed} statements were answered in under a second."
        )
    elif quality.median_seconds is not None and quality.median_seconds < MEDIAN_SECONDS:
        yield Flag("fast", f"The median time per statement was {quality.median_seconds:.1f} seconds.")
    if quality.n_directed_missed >= DIRECTED_MISSED:
        yield Flag(
            "directed",
            f"{quality.n_directed_missed} of {quality.n_directed} lines that asked for one particular choice "
            "were answered otherwise.",
        )
    if impression.sten is not None and impression.sten >= IMPRESSION_STEN:
        yield Flag(
            "impression",
            "The person described themselves in an unusually favourable light. That is common when much depends "
            "on the result; explore real examples in the interview.",
        )
