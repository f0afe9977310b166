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


@click.command()
@DATA
@click.option("--criterion", required=True, metavar="COLUMN", help="what the scores are to predict")
@click.option("--scores", required=True, type=COLUMNS, help="each is compared with the criterion")
@click.option("--match", "match_column", metavar="COLUMN", help="the match: what it adds to the scores together")
@click.option("--reliability", type=click.FloatRange(0, 1, min_open=True), help="of the criterion: a corrected figure")
@click.option("--sd-ratio", type=click.FloatRange(0, min_open=True), help="SD of applicants over SD here, if selected")
@with_json
def validity(
    *,
    data: Path,
    criterion: str,
    scores: tuple[str, ...],
    match_column: str | None,
    reliability: float | None,
    sd_ratio: float | None,
    json_file: Path | None,
) -> None:
    """Show how scores go with a criterion: correlations with intervals, curvature, what a match adds."""
    if criterion in {*scores, match_column} or match_column in scores:
        raise AssessError("Name each column once: the criterion, the scores and the match are different columns.")
    people = table.read(data)
    outcome = people.numbers(criterion)
    _require_variation(outcome, criterion)
    rows = []
    for name in filter(None, [*scores, match_column]):
        values = people.numbers(name)
        _require_variation(values, name)
        with naming([name], people, otherwise=f"columns {name} and {criterion}"):
            rows.append({"score": name, **_correlation(values, outcome, reliability, sd_ratio)})
    added = _added(people, match_column, scores, outcome) if match_column else {}
    show.as_json(json_file, {"criterion": criterion, **added, "items": rows})
    _show(criterion, rows, corrected=bool(reliability or sd_ratio))
    if added:
        click.echo()
        show.facts(*added.items())


def _correlation(scores: Any, outcome: Any, reliability: float | None, sd_ratio: float | None) -> dict[str, Any]:
    from assess.psychometrics.validity.correlation import correlation, n_for_precision  # noqa: PLC0415

    raw, bend = correlation(scores, outcome), _bend(scores, outcome)
    corrected = _corrected(raw, reliability, sd_ratio)
    return {
        "n": raw.n,
        "r": raw.r,
        "low": raw.low,
        "high": raw.high,
        "p": raw.p,
        "n_for_.10": n_for_precision(raw.r) if abs(raw.r) < 1 else None,
        "corrected": corrected.r if corrected else None,
        "corrected_low": corrected.low if corrected else None,
        "corrected_high": corrected.high if corrected else None,
        "quadratic": bend.quadratic if bend else None,
        "quadratic_p": bend.p if bend else None,
        "supports_range": bool(bend and bend.supports_range),
    }


def _added(people: table.Table, match_column: str, scores: Sequence[str], outcome: Any) -> dict[str, Any]:
    """Return what the match adds to the scores together."""
    from assess.psychometrics.validity.criterion import incremental_validity  # noqa: PLC0415

    base = np.column_stack([people.numbers(name) for name in scores])
    with naming([match_column], people, otherwise=f"column {match_column}"):
        gain = incremental_validity(people.numbers(match_column), base, outcome)
    return {"r2_scores": gain.r2_base, "r2_with_match": gain.r2_full, "gain": gain.gain, "gain_p": gain.p}


def _show(criterion: str, rows: list[dict[str, Any]], *, corrected: bool) -> None:
    show.note(
        f"Criterion {criterion}. low, high: 95 % interval of r (Fisher); n ±.10: people needed for ±.10; "
        "curve: weight of the squared score; range: whether the criterion falls off on both sides of a best range."
    )
    shown = {"score": "score", "n": "n", "r": "r", "low": "low", "high": "high", "p": "p", "n_for_.10": "n ±.10"}
    if corrected:
        shown |= {"corrected": "corrected", "corrected_low": "low", "corrected_high": "high"}
    shown |= {"quadratic": "curve", "quadratic_p": "p of curve", "supports_range": "range"}
    show.table(list(shown.values()), [[row[name] for name in shown] for row in rows])
    if not any(row["supports_range"] for row in rows):
        click.echo("Range assumption unsupported: no criterion falls off on both sides of a best range.")


def _bend(scores: Any, outcome: Any) -> Any:
    """Return the test of a curve; None where the scores allow none."""
    from assess.psychometrics.validity.criterion import curvature  # noqa: PLC0415

    try:
        return curvature(scores, outcome)
    except UnusableData:
        return None


def _corrected(raw: Any, reliability: float | None, sd_ratio: float | None) -> Any:
    from assess.psychometrics.validity.corrections import (  # noqa: PLC0415
        corrected_for_selection,
        corrected_for_unreliability,
    )

    found = None
    if sd_ratio is not None:
        found = corrected_for_selection(raw, sd_ratio=sd_ratio)
    if reliability is not None:
        found = corrected_for_unreliability(found or raw, reliability=reliability)
    return found


def _require_variation(values: Any, name: str) -> None:
    seen = values[~np.isnan(values)]
    if not seen.size or seen.min() == seen.max():
        raise AssessError(f"Column {name} does not vary, so nothing can go with it.")
