"""The command that compares scores with a criterion: validity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from assess.cli.workbench import show, table
from assess.cli.workbench.commands import COLUMNS, DATA, naming, with_json
from assess.errors import AssessError, UnusableData


class Ratio(click.ParamType):  # type: ignore[type-arg]
    """A ratio of standard deviations, of one score or of the only one."""

    name = "SCORE=R"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> tuple[str, float]:
        """Return the score, empty if none is named, and the ratio."""
        if isinstance(value, tuple):
            return value
        score, _, number = value.rpartition("=")
        try:
            ratio = float(number)
        except ValueError:
            ratio = np.nan
        if not 0 < ratio < np.inf:
            self.fail(f'"{value}" is not a score and a ratio above 0, as in trust=1.5.')
        return score.strip(), ratio


@click.command()
@DATA
@click.option("--criterion", required=True, metavar="COLUMN", help="what the scores are to predict")
@click.option("--scores", required=True, type=COLUMNS, help="each is compared with the criterion")
@click.option("--match", "match_column", metavar="COLUMN", help="the match: what it adds to the scores together")
@click.option(
    "--reliability",
    type=click.FloatRange(0, 1, min_open=True),
    help="of the criterion, among the people of the file (not among all applicants): adds r corrected for it; "
    "corrected first, for selection (--sd-ratio) then",
)
@click.option(
    "--sd-ratio",
    "ratios",
    type=Ratio(),
    multiple=True,
    help="SD of a score among all applicants over its SD in the file, if people were selected by this score directly: "
    "adds r corrected by Thorndike's case II, after the correction for unreliability (repeatable; with one score and "
    "no match the ratio alone will do)",
)
@with_json
def validity(
    *,
    data: Path,
    criterion: str,
    scores: tuple[str, ...],
    match_column: str | None,
    reliability: float | None,
    ratios: tuple[tuple[str, float], ...],
    json_file: Path | None,
) -> None:
    """
    Show how scores go with a criterion: correlations with intervals, best ranges, what a match adds.

    A best range is supported by the two-lines test: the criterion rises up to the peak of a curve and falls beyond it.
    """
    if criterion in {*scores, match_column} or match_column in scores:
        raise AssessError("Name each column once: the criterion, the scores and the match are different columns.")
    names = [name for name in (*scores, match_column) if name]
    selection = _selection(names, ratios)
    people = table.read(data)
    outcome = people.numbers(criterion)
    _require_variation(outcome, criterion)
    rows = []
    for name in names:
        values = people.numbers(name)
        _require_variation(values, name)
        with naming([name], people, otherwise=f"columns {name} and {criterion}"):
            found = _correlation(values, outcome, reliability, selection.get(name))
        rows.append({"score": name, **found, **_range(values, outcome)})
    _judge(rows[: len(scores)])
    added = _added(people, match_column, scores, outcome) if match_column else {}
    show.as_json(json_file, {"criterion": criterion, **added, "items": rows})
    _show(criterion, rows, len(scores))
    if added:
        click.echo()
        show.facts(*added.items())


def _selection(names: Sequence[str], ratios: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Return the ratio of standard deviations of each score that has one."""
    if len(names) > 1 and not all(name for name, _ in ratios):
        raise AssessError(
            f"--sd-ratio holds for one score: say for which, as in --sd-ratio {names[0]}=1.5. Others have their own."
        )
    found = {name or names[0]: ratio for name, ratio in ratios}
    unknown = next((name for name in found if name not in names), None)
    if unknown is not None:
        raise AssessError(f"--sd-ratio names {unknown}, which is neither one of the scores nor the match.")
    if len(found) < len(ratios):
        raise AssessError("--sd-ratio names a score twice; each has one ratio.")
    return found


def _correlation(scores: Any, outcome: Any, reliability: float | None, sd_ratio: float | None) -> dict[str, Any]:
    from assess.psychometrics.validity.correlation import correlation, n_for_precision  # noqa: PLC0415

    raw, latent = correlation(scores, outcome), _biserial(scores, outcome)
    corrected = _corrected(raw, reliability, sd_ratio)
    return {
        "n": raw.n,
        "r": raw.r,
        "low": raw.low,
        "high": raw.high,
        "p": raw.p,
        "n_for_.10": n_for_precision(raw.r) if abs(raw.r) < 1 else None,
        "biserial": latent.r if latent else None,
        "biserial_low": latent.low if latent else None,
        "biserial_high": latent.high if latent else None,
        "corrected": corrected.r if corrected else None,
        "corrected_low": corrected.low if corrected else None,
        "corrected_high": corrected.high if corrected else None,
        "corrected_for": corrected.corrected_for if corrected else None,
    }


def _biserial(scores: Any, outcome: Any) -> Any:
    """Return the biserial correlation with a criterion of two values; None with another, or where a value is alone."""
    from assess.psychometrics.validity.correlation import biserial  # noqa: PLC0415

    values = np.unique(outcome[~np.isnan(outcome)])
    if len(values) != 2:
        return None
    try:
        return biserial(scores, np.where(np.isnan(outcome), np.nan, outcome == values[1]))[1]
    except UnusableData:
        return None


def _range(scores: Any, outcome: Any) -> dict[str, Any]:
    """Return the curve of a score, and the lines on both sides of its peak; None where the scores allow none."""
    from assess.psychometrics.validity.criterion import curvature  # noqa: PLC0415

    try:
        bend = curvature(scores, outcome)
    except UnusableData:
        bend = None
    lines = bend.lines if bend else None
    return {
        "quadratic": bend.quadratic if bend else None,
        "quadratic_p": bend.p if bend else None,
        "peak": bend.peak if bend else None,
        "slope_below": lines.slope_below if lines else None,
        "slope_above": lines.slope_above if lines else None,
        "range_p": bend.p_range if bend else None,
        "range_p_adjusted": None,
        "supports_range": None,
    }


def _judge(rows: list[dict[str, Any]]) -> None:
    """Add to the scores' rows whether each has a best range, by Holm's adjustment; a match has none by its making."""
    from assess.psychometrics.change import holm  # noqa: PLC0415
    from assess.psychometrics.validity.criterion import ALPHA  # noqa: PLC0415

    p = np.array([row["range_p"] for row in rows], dtype=float)
    for row, adjusted in zip(rows, holm(p).tolist(), strict=True):
        row |= {"range_p_adjusted": adjusted, "supports_range": adjusted < ALPHA}


def _added(people: table.Table, match_column: str, scores: Sequence[str], outcome: Any) -> dict[str, Any]:
    """Return what the match adds to the scores together."""
    from assess.psychometrics.validity.criterion import incremental_validity  # noqa: PLC0415

    base = np.column_stack([people.numbers(name) for name in scores])
    with naming([match_column], people, otherwise=f"column {match_column}"):
        gain = incremental_validity(people.numbers(match_column), base, outcome)
    return {"r2_scores": gain.r2_base, "r2_with_match": gain.r2_full, "gain": gain.gain, "gain_p": gain.p}


def _show(criterion: str, rows: list[dict[str, Any]], n_scores: int) -> None:
    show.note(
        f"Criterion {criterion}. low, high: 95 % interval (of r: Fisher's); n ±.10: people needed for ±.10; curve: "
        "weight of the squared score; below, above: slopes up to its peak and beyond it, where it has one in the "
        "middle 80 %; range: whether the criterion rises up to the peak and falls beyond it, by the two-lines test (p "
        "with Holm's adjustment over the scores)."
    )
    shown = {"score": "score", "n": "n", "r": "r", "low": "low", "high": "high", "p": "p", "n_for_.10": "n ±.10"}
    curve = {"score": "score", "quadratic": "curve", "quadratic_p": "p of curve", "peak": "peak",
             "slope_below": "below", "slope_above": "above", "range_p_adjusted": "p of range",
             "supports_range": "range"}  # fmt: skip
    if any(row["biserial"] is not None for row in rows):
        show.note("biserial: of the normal variable that the criterion's two values would be cut from.")
        shown["biserial"] = "biserial"
    if any(row["corrected_for"] for row in rows):
        for row in rows:
            if row["corrected_for"]:
                show.note(f"corrected: {row['score']} for {', then for '.join(row['corrected_for'])}.")
        shown |= {"corrected": "corrected", "corrected_low": "low", "corrected_high": "high"}
    show.table(list(shown.values()), [[row[name] for name in shown] for row in rows])
    click.echo()
    show.table(list(curve.values()), [[row[name] for name in curve] for row in rows[:n_scores]])
    if not any(row["supports_range"] for row in rows):
        click.echo(
            "Range assumption unsupported: no score has a best range with the criterion falling off on both sides."
        )


def _corrected(raw: Any, reliability: float | None, sd_ratio: float | None) -> Any:
    from assess.psychometrics.validity.corrections import (  # noqa: PLC0415
        corrected_for_selection,
        corrected_for_unreliability,
    )

    found = None
    if reliability is not None:
        found = corrected_for_unreliability(raw, reliability=reliability)
    if sd_ratio is not None:
        found = corrected_for_selection(found or raw, sd_ratio=sd_ratio)
    return found


def _require_variation(values: Any, name: str) -> None:
    seen = values[~np.isnan(values)]
    if not seen.size or seen.min() == seen.max():
        raise AssessError(f"Column {name} does not vary, so nothing can go with it.")
