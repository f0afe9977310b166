"""Commands about single people's answers: their quality, and what an adaptive test would have asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from assess.cli.workbench import indices, show, table
from assess.cli.workbench import parameters as parameter_files
from assess.cli.workbench.commands import COLUMNS, DATA, IGNORE, METHOD, PARAMETERS, SEED, naming, with_json
from assess.cli.workbench.formats import RANGE, Stated, divided, require_items
from assess.cli.workbench.scales import SCALES, Scale
from assess.errors import AssessError

if TYPE_CHECKING:
    from assess.psychometrics.adaptive.replay import Sequences

MOST_ITEMS = 10  # of a sequence that is printed
UNTESTED: dict[str, Any] = {
    "n_items": 0, "items": [], "responses": [], "theta": None, "se": None, "thetas": [], "ses": []
}  # fmt: skip
HEADS = {
    "n_answered": "n",
    "longest_run": "run",
    "average_run": "average",
    "even_odd": "even-odd",
    "mahalanobis_d2": "D²",
    "mahalanobis_p": "p of D²",
    "n_under_one_second": "under 1 s",
    "median_seconds": "seconds",
    "n_directed_missed": "missed",
    "impression_percentile": "percentile",
}
BESIDE = {"n_under_one_second", "median_seconds", "n_directed_missed", "impression", "impression_percentile"}


class Directed(click.ParamType):  # type: ignore[type-arg]
    """An item that asks for one answer, and that answer."""

    name = "CODE=ANSWER"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> tuple[str, int]:
        """Return the code and the answer."""
        if isinstance(value, tuple):
            return value
        code, _, answer = value.rpartition("=")
        try:
            return code.strip() or self.fail(f'"{value}" names no item, as D1=2 does.'), int(answer)
        except ValueError:
            self.fail(f'"{value}" is not an item and a whole number, as in D1=2.')


@click.command()
@DATA
@click.option(
    "--pairs",
    "pair_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="marked pairs, a CSV: two codes in a line, and 'opposite' as the third field where they are",
)
@click.option(
    "--parameters",
    "parameter_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="item parameters of one scale, of keyed answers: adds l_z",
)
@click.option(
    "--reversed",
    "turned",
    type=COLUMNS,
    default=(),
    help="items keyed -, for even-odd consistency, l_z and impression management",
)
@RANGE
@SCALES
@click.option(
    "--times",
    "time_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="seconds taken, a CSV with the same header and rows",
)
@click.option(
    "--directed",
    type=Directed(),
    multiple=True,
    help="item that asks for this answer; it counts for nothing else (repeatable)",
)
@click.option(
    "--impression",
    type=COLUMNS,
    default=(),
    help="items of impression management: their mean, keyed, and its percentile; they count as statements, too",
)
@click.option(
    "--synonyms",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.60,
    show_default=True,
    help="correlation from which on items count as synonyms or antonyms",
)
@IGNORE
@with_json
def quality(
    *,
    data: Path,
    pair_file: Path | None,
    parameter_file: Path | None,
    turned: tuple[str, ...],
    ranges: tuple[Stated, ...],
    scales: tuple[Scale, ...],
    time_file: Path | None,
    directed: tuple[tuple[str, int], ...],
    impression: tuple[str, ...],
    synonyms: float,
    ignore: tuple[str, ...],
    json_file: Path | None,
) -> None:
    """
    Show how carefully people answered: signs, not verdicts.

    Answers must be as they were given, in the order of the questionnaire: name the items keyed - with --reversed.
    """
    people = table.read(data)
    if len(people.rows) < 2:
        raise AssessError(f"{data.name} has one person only, and the indices compare people.")
    columns = people.others(ignored=ignore)
    asked = _asked(people, columns, directed)
    known = None if parameter_file is None else parameter_files.read(parameter_file)
    formats, asked_formats = divided(ranges, asked)
    answers = indices.read(people, people.others(*asked, ignored=ignore), turned, formats, scales=scales, known=known)
    found = indices.of_answers(answers, synonyms=synonyms)
    if pair_file is not None:
        found["pairs"] = indices.of_pairs(answers, pair_file)
    if known is not None:
        found["l_z"] = indices.person_fit(answers, known)
    if time_file is not None:
        found |= indices.of_times(answers, time_file)
    if asked:
        found["n_directed_missed"] = indices.of_directed(people, asked, asked_formats)
    if impression:
        found |= indices.of_impression(answers, impression)
    rows = [dict(zip(found, row, strict=True)) for row in zip(*(each.tolist() for each in found.values()), strict=True)]
    single = {"n": len(rows), "n_items": len(answers.items), "n_scales": len(answers.scales)}
    stated = {"scales_stated": bool(scales), "scales": answers.scales}
    show.as_json(json_file, {**single, **stated, "n_directed": len(asked), "rows": rows})
    click.echo(f"{len(rows):,} people, {len(answers.items)} items")
    _show_scales(answers, stated=bool(scales))
    _show_quality(people, rows, answers.notes)


def _show_scales(answers: indices.Answers, *, stated: bool) -> None:
    """Say which items were taken for one scale."""
    names = [f"{name or '(numbers)'} ({len(codes)})" for name, codes in answers.scales.items()]
    how = "as stated" if stated else "guessed from the codes (--scale states them)"
    left = len(answers.items) - sum(map(len, answers.scales.values()))
    beside = f"; of no scale: {left}" if left else ""
    show.note(f"Scales, {how}, and their numbers of items: {table.some(names)}{beside}.")


def _asked(people: table.Table, columns: Sequence[str], directed: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Return what each directed item asks for."""
    require_items(people, columns, [code for code, _ in directed])
    asked = dict(directed)
    if len(asked) < len(directed):
        raise AssessError("--directed names an item twice; each asks for one answer.")
    return asked


def _show_quality(people: table.Table, rows: list[dict[str, Any]], notes: Sequence[str]) -> None:
    show.note(
        "run: longest run of identical answers, and the average run; irv: the person's SD over all items; even-odd, "
        "synonyms, antonyms, pairs: higher is more consistent; D²: Mahalanobis distance, a small p is unusual; l_z: "
        "below −2 is unusual. – : not estimable. Each is a reason to look, none a verdict."
    )
    for each in notes:
        show.note(each)
    names = [name for name in rows[0] if name not in BESIDE]
    _show_rows(people, rows, names)
    beside = [name for name in rows[0] if name in BESIDE]
    if beside:
        click.echo()
        show.note(
            "under 1 s: statements answered in less than a second; seconds: median per statement; missed: directed "
            "items answered otherwise; impression: mean answer to its items, keyed, and the percentile among these "
            "people."
        )
        _show_rows(people, rows, beside)


def _show_rows(people: table.Table, rows: list[dict[str, Any]], names: Sequence[str]) -> None:
    heads = ["line", *(HEADS.get(name, name) for name in names)]
    cells = [[line, *(row[name] for name in names)] for line, row in zip(people.lines, rows, strict=True)]
    show.table(heads, cells, most=show.ROWS)


@click.command()
@PARAMETERS
@click.option(
    "--responses",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DATA.csv",
    help="people's answers to the whole bank",
)
@click.option("--se", default=0.32, show_default=True, type=click.FloatRange(min=0), help="stop at this standard error")
@click.option("--max-items", type=click.IntRange(min=1), help="stop after so many")
@METHOD
@click.option("--best", default=1, show_default=True, type=click.IntRange(min=1), help="draw among so many best items")
@SEED
@with_json
def adapt(
    *,
    parameter_file: Path,
    responses: Path,
    se: float,
    max_items: int | None,
    method: Any,
    best: int,
    seed: int,
    json_file: Path | None,
) -> None:
    """Show what an adaptive test of one scale would have asked people whose answers are known already."""
    from assess.psychometrics.adaptive.one_scale import OneScaleTest  # noqa: PLC0415
    from assess.psychometrics.adaptive.replay import adapt as replay  # noqa: PLC0415

    known = parameter_files.read(parameter_file)
    if len(known.scales) > 1:
        raise AssessError(f"This is the adaptive test of one scale, and these items measure {len(known.scales)}.")
    people = table.read(responses)
    x = known.responses(people)
    test = OneScaleTest(known.model(unit=known.sd), method=method, se=se / known.sd, max_items=max_items, n_best=best)
    seeds = np.random.default_rng(seed).integers(2**63, size=len(x), dtype=np.uint64)
    answered = ~np.isnan(x).all(axis=1)
    with naming(known.codes, people):
        found = replay(test, x[answered], seeds=seeds[answered])
    rows = [dict(UNTESTED) for _ in x]
    for at, row in enumerate(np.flatnonzero(answered).tolist()):
        rows[row] = _sequence_of(found, at, known)
    mean = float(found.n_given.mean())
    show.as_json(json_file, {"n": len(rows), "method": method, "se_target": se, "mean_items": mean, "rows": rows})
    click.echo(f"{len(rows):,} people, {mean:.1f} of {len(known.codes)} items on average, {method.upper()}")
    show.lacking(known.lacking(people))
    show.table(
        ["line", "items", "theta", "se", "sequence"],
        [[line, row["n_items"], row["theta"], row["se"], _sequence(row["items"])]
         for line, row in zip(people.lines, rows, strict=True)],
        most=show.ROWS,
    )  # fmt: skip


def _sequence_of(found: Sequences, at: int, known: parameter_files.Parameters) -> dict[str, Any]:
    n = int(found.n_given[at])
    return {
        "n_items": n,
        "items": [known.codes[item] for item in found.items[at, :n]],
        "responses": found.responses[at, :n],
        "theta": found.final_theta[at] * known.sd,
        "se": found.final_se[at] * known.sd,
        "thetas": found.theta[at, :n] * known.sd,
        "ses": found.se[at, :n] * known.sd,
    }


def _sequence(codes: list[str]) -> str:
    return " ".join(codes[:MOST_ITEMS]) + (" …" if len(codes) > MOST_ITEMS else "")
