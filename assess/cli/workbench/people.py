"""Commands about single people's answers: their quality, and what an adaptive test would have asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from assess.cli.workbench import parameters as parameter_files
from assess.cli.workbench import show, table
from assess.cli.workbench.commands import COLUMNS, DATA, IGNORE, METHOD, PARAMETERS, SEED, naming, with_json
from assess.errors import AssessError

if TYPE_CHECKING:
    from assess.psychometrics.adaptive.replay import Sequences

NUMBER = re.compile(r"[\d_. -]*$")  # what the codes of one scale's items differ in
SAME = {"same", "+", ""}
OPPOSITE = {"opposite", "-"}
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
}


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
    help="item parameters of one scale: adds l_z",
)
@click.option(
    "--reversed", "reversed_items", type=COLUMNS, default=(), help="items keyed -, for even-odd consistency and l_z"
)
@click.option(
    "--synonyms",
    "minimum",
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
    reversed_items: tuple[str, ...],
    minimum: float,
    ignore: tuple[str, ...],
    json_file: Path | None,
) -> None:
    """
    Show how carefully people answered: signs, not verdicts.

    Answers must be as they were given, in the order of the questionnaire: name the items keyed - with --reversed.
    Items whose codes differ in their numbers only (A1, A2) count as one scale for the even-odd consistency.
    """
    people = table.read(data)
    items = people.others(ignored=ignore)
    x = people.answers(items)
    if len(x) < 2:
        raise AssessError(f"{data.name} has one person only, and the indices compare people.")
    apart = [code for code in reversed_items if code not in items]
    if apart:
        raise AssessError(f"{data.name} has no item {apart[0]}. Its items are {table.some(items)}.")
    names = [NUMBER.sub("", code) for code in items]
    scales = [list(dict.fromkeys(names)).index(name) for name in names]
    with naming(items, people):
        found = _indices(x, _keyed(x, items, reversed_items), scales, minimum)
        if pair_file is not None:
            found["pairs"] = _pairs(x, items, pair_file)
        if parameter_file is not None:
            found["l_z"] = _person_fit(people, parameter_file, reversed_items)
    rows = [dict(zip(found, row, strict=True)) for row in zip(*(each.tolist() for each in found.values()), strict=True)]
    show.as_json(json_file, {"n": len(rows), "n_items": len(items), "n_scales": len(set(scales)), "rows": rows})
    click.echo(f"{len(rows):,} people, {len(items)} items; scales by their codes: {len(set(scales))}")
    _show_quality(people, rows)


def _indices(x: Any, keyed: Any, scales: list[int], minimum: float) -> dict[str, Any]:
    from assess.psychometrics.quality import consistency  # noqa: PLC0415
    from assess.psychometrics.quality import runs as indices  # noqa: PLC0415

    distance = indices.mahalanobis(x)
    return {
        "n_answered": (~np.isnan(x)).sum(axis=1),
        "longest_run": indices.longest_run(x).astype(int),
        "average_run": indices.average_run(x),
        "irv": indices.response_variability(x),
        "even_odd": consistency.even_odd_consistency(keyed, scales),
        "mahalanobis_d2": distance.d2,
        "mahalanobis_p": distance.p,
        "synonyms": consistency.synonym_consistency(x, minimum=minimum),
        "antonyms": consistency.antonym_consistency(x, minimum=minimum),
    }


def _show_quality(people: table.Table, rows: list[dict[str, Any]]) -> None:
    show.note(
        "run: longest run of identical answers, and the average run; irv: the person's SD over all items; even-odd, "
        "synonyms, antonyms, pairs: higher is more consistent; D²: Mahalanobis distance, a small p is unusual; l_z: "
        "below −2 is unusual. – : not estimable. Each is a reason to look, none a verdict."
    )
    heads = ["line", *(HEADS.get(name, name) for name in rows[0])]
    show.table(heads, [[line, *row.values()] for line, row in zip(people.lines, rows, strict=True)], most=show.ROWS)


def _keyed(x: Any, items: list[str], reversed_items: Sequence[str]) -> Any:
    """Return the answers with some items turned round on the range of all."""
    if np.isnan(x).all():
        return x
    turned = np.isin(items, reversed_items)
    return np.where(turned, np.nanmin(x) + np.nanmax(x) - x, x)


def _pairs(x: Any, items: list[str], file: Path) -> Any:
    """Return the consistency over the marked pairs that `file` lists."""
    from assess.psychometrics.quality.marked_pairs import marked_pair_consistency  # noqa: PLC0415

    pairs, opposite = [], []
    for number, line in table.records(file):
        codes, word = line[:2], line[2].lower() if len(line) > 2 else ""
        unknown = [code for code in codes if code not in items]
        if number == 1 and len(unknown) == len(codes):
            continue  # names of columns
        if len(codes) < 2 or unknown:
            raise AssessError(f"Line {number} of {file.name} does not name two items of the data: {', '.join(line)}.")
        if codes[0] == codes[1]:
            raise AssessError(f"Line {number} of {file.name} pairs {codes[0]} with itself.")
        if word not in SAME | OPPOSITE:
            raise AssessError(f'Line {number} of {file.name}: "{word}" is neither "same" nor "opposite".')
        pairs.append([items.index(code) for code in codes])
        opposite.append(word in OPPOSITE)
    if not pairs:
        raise AssessError(f"{file.name} names no pair.")
    lowest, highest = float(np.nanmin(x)), float(np.nanmax(x))
    return marked_pair_consistency(x, pairs, lowest=lowest, highest=highest, opposite=opposite).consistency


def _person_fit(people: table.Table, file: Path, reversed_items: Sequence[str]) -> Any:
    """Return l_z at the posterior means."""
    from assess.psychometrics.estimation import eap_estimate  # noqa: PLC0415
    from assess.psychometrics.fit.person_fit import person_fit  # noqa: PLC0415

    known = parameter_files.read(file)
    if len(known.scales) > 1:
        raise AssessError(f"l_z is computed scale by scale, and these items measure {len(known.scales)}.")
    x, model = known.responses(people), known.model(unit=known.sd)
    x = np.where(np.isin(known.codes, reversed_items), model.n_categories - 1 - x, x)
    with naming(known.codes, people):
        return person_fit(model, x, theta=eap_estimate(model, x).theta).lz


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
