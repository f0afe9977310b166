"""Commands for item parameters and what follows from them: calibrate, theta, simulate."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from assess.cli.workbench import parameters as parameter_files
from assess.cli.workbench import show, table
from assess.cli.workbench.commands import DATA, IGNORE, METHOD, PARAMETERS, SEED, naming, require_members, with_json
from assess.errors import AssessError, UnusableData

if TYPE_CHECKING:
    from assess.psychometrics.calibration.graded import Calibration
    from assess.psychometrics.models import Floats

SLOPES = (0.262, 0.386)  # mean (ln 1.3) and SD of log slopes: the prior of an uncalibrated bank's statements
MOST_PEOPLE = 1_000_000
INTERCEPTS = (0.0, 3.0)  # hardly more than that nothing is infinite


@click.command()
@DATA
@click.option("--groups", metavar="COLUMN", help="groups with means and variances of their own")
@click.option("--reference", help="the group with mean 0 and SD 1; default the first in alphabetical order")
@click.option("--priors", "with_priors", is_flag=True, help="priors on slopes and intercepts: below 300 people")
@IGNORE
@with_json
def calibrate(
    *,
    data: Path,
    groups: str | None,
    reference: str | None,
    with_priors: bool,
    ignore: tuple[str, ...],
    json_file: Path | None,
) -> None:
    """Estimate the item parameters of the graded model (with two categories: the two-parameter model)."""
    from assess.psychometrics.calibration.graded import calibrate as estimate  # noqa: PLC0415
    from assess.psychometrics.calibration.priors import Priors  # noqa: PLC0415

    people = table.read(data)
    items = people.others(groups, ignored=ignore)
    x = people.answers(items)
    names, numbers = _groups(people, groups, reference)
    priors = Priors(slopes=SLOPES, intercepts=INTERCEPTS) if with_priors else None
    began = time.monotonic()
    with naming(items, people), _naming_groups(names, numbers):
        found = estimate(x, groups=numbers, priors=priors)
    seconds = time.monotonic() - began
    if not found.converged:
        way_out = "" if with_priors else ", or use --priors"
        steepest = int(abs(found.slopes).argmax())
        raise AssessError(
            f"{data.name}: no convergence in {found.iterations} iterations, so there are no parameters. "
            f"Look for items that repeat each other or that hardly anybody answers differently{way_out}. The steepest "
            f"so far is column {items[steepest]}, with a slope of {found.slopes[steepest]:.3g}."
        )
    notes = table.suspects(items, x)
    _report(items, found, names=names, seconds=seconds, json_file=json_file, notes=notes)


def _report(
    items: list[str],
    found: Calibration,
    *,
    names: list[str],
    seconds: float,
    json_file: Path | None,
    notes: Sequence[str],
) -> None:
    """Print a calibration, and write it where it is wanted."""
    rows = parameter_files.as_rows(
        items,
        found.slopes,
        found.intercepts,
        categories=found.categories,
        se_slopes=found.se_slopes,
        se_intercepts=found.se_intercepts,
    )
    figures = {
        "n": int(found.n),
        "log_likelihood": found.log_likelihood,
        "aic": found.aic,
        "bic": found.bic,
        "n_parameters": found.n_parameters,
        "iterations": found.iterations,
        "converged": found.converged,
        "seconds": seconds,
    }
    of_groups = _group_rows(names, found)
    extra = {"groups": of_groups} if of_groups else {}
    show.as_json(json_file, {**figures, "sigma": found.sigma, "scales": ["theta"], **extra, "items": rows})
    show.facts(*figures.items())
    for each in notes:
        show.note(each)
    _show_notes(items, found)
    if of_groups:
        click.echo()
        show.table(list(of_groups[0]), [list(row.values()) for row in of_groups])
    click.echo()
    _show_items(rows)


def _show_notes(items: list[str], found: Calibration) -> None:
    for item, (lowest, *higher) in enumerate(found.categories):
        for one, next_one in zip([lowest, *higher], higher, strict=False):
            if next_one - one > 1:
                unused = f"{one + 1}" if next_one - one == 2 else f"{one + 1} to {next_one - 1}"
                show.note(f"Note: nobody chose {unused} of {items[item]}: the categories above it move down.")
    for item in found.boundless:
        show.note(f"Note: the slope of {items[item]} has no bound: its answers follow the scale without any error.")
    against = [code for code, slope in zip(items, found.slopes.tolist(), strict=True) if slope < 0]
    if against:
        show.note(
            f"Note: the slope of {', '.join(against)} is negative. Reverse the answers if the content says so: the "
            "other commands take positive slopes only."
        )


def _group_rows(names: list[str], found: Calibration) -> list[dict[str, object]]:
    return [
        {
            "group": name,
            "mean": found.group_means[at],
            "sd": found.group_sds[at],
            "se_mean": found.se_group_means[at],
            "se_sd": found.se_group_sds[at],
        }
        for at, name in enumerate(names)
    ]


def _groups(people: table.Table, column: str | None, reference: str | None) -> tuple[list[str], list[int] | None]:
    """Return the groups' names, the reference first, and the group of each row."""
    if column is None:
        if reference is not None:
            raise AssessError("A reference is one of several groups; name their column with --groups.")
        return [], None
    of_rows = people.text(column)
    if "" in of_rows:
        line = people.lines[of_rows.index("")]
        raise AssessError(f"Line {line}, column {column}: everybody needs a group.")
    require_members(people, column, of_rows)
    names = sorted(set(of_rows))
    if reference is not None and reference not in names:
        raise AssessError(
            f"{people.file.name} has no group {reference} in {column}. Its groups are {table.some(names)}."
        )
    names.sort(key=lambda name: name != reference)
    return names, [names.index(name) for name in of_rows]


@contextmanager
def _naming_groups(names: Sequence[str], numbers: Sequence[int] | None) -> Iterator[None]:
    """Say of which group something is true by its name, not by its number."""
    try:
        yield
    except UnusableData as error:
        if numbers is None or error.person is None:
            raise
        number = numbers[error.person]
        reason = error.reason.replace(f"group {number} ", f"group {names[number]} ")
        raise UnusableData(reason, item=error.item, person=error.person) from None


def _show_items(rows: list[dict[str, object]]) -> None:
    widest = max(len(row["b"]) for row in rows)  # type: ignore[arg-type]
    head = ["item", "a", "se_a", *(f"b{k}" for k in range(1, widest + 1))]
    show.table(head, [[row["code"], row["a"], row["se_a"], *_padded(row["b"], widest)] for row in rows])


def _padded(values: object, width: int) -> list[object]:
    numbers: list[object] = list(values)  # type: ignore[call-overload]
    return numbers + [None] * (width - len(numbers))


@click.command()
@DATA
@PARAMETERS
@METHOD
@click.option("--groups", metavar="COLUMN", help="everybody's group, of those that the items were calibrated with")
@click.option(
    "--information",
    type=click.Choice(["expected", "observed"]),
    default="observed",
    show_default=True,
    help="what the errors of MAP are made of: the curvature at these answers, as in mirt, or what answers like these "
    "tell on average, as in the product's own scoring; EAP has its posterior's SD",
)
@with_json
def theta(
    *,
    data: Path,
    parameter_file: Path,
    method: str,
    groups: str | None,
    information: Literal["expected", "observed"],
    json_file: Path | None,
) -> None:
    """Estimate where people stand, with standard errors: EAP of one scale, MAP of any number."""
    import numpy as np  # noqa: PLC0415

    from assess.psychometrics.estimation import eap_estimate, map_estimate  # noqa: PLC0415

    known = parameter_files.read(parameter_file)
    people = table.read(data)
    x = known.responses(people)
    if method == "eap" and len(known.scales) > 1:
        raise AssessError(f"EAP is for one scale, and these items measure {len(known.scales)}. Use --method map.")
    values = np.full((len(x), 2 * len(known.scales)), np.nan)
    for population, chosen in _populations(known, people, groups):
        model, mean, sigma = known.model(), 0.0, np.array(known.sigma)
        if population is not None:
            mean, sigma = population.mean, np.array([[population.sd**2]])
            model = known.model(origin=mean)
        if method == "eap":
            found = eap_estimate(model, x[chosen], sd=float(np.sqrt(sigma[0, 0])))
        else:
            found = map_estimate([(model, x[chosen])], sigma=sigma, information=information)
        values[chosen] = np.hstack([found.theta + mean, found.se])
    values[np.isnan(x).all(axis=1)] = np.nan  # who answered nothing has no estimate
    names = _names("theta", known) + _names("se", known)
    rows = [dict(zip(names, row, strict=True)) for row in values.tolist()]
    single = {"n": len(rows), "method": method, "information": information if method == "map" else None}
    show.as_json(json_file, {**single, "scales": known.scales, "rows": rows})
    by = "MAP, errors from the " + information + " information" if method == "map" else "EAP"
    click.echo(f"{len(rows):,} people, {len(known.items)} items, {by}")
    show.lacking(known.lacking(people))
    for each in known.notes(people):
        show.note(each)
    if known.populations and groups is None:
        show.note(
            f"Note: these items were calibrated with groups, and everybody counts as of {known.populations[0].name}: "
            "estimates of the others are drawn towards it. With --groups COLUMN each counts as of their own."
        )
    show.table(["line", *names], [[line, *row.values()] for line, row in zip(people.lines, rows, strict=True)],
               most=show.ROWS)  # fmt: skip


def _populations(
    known: parameter_files.Parameters, people: table.Table, column: str | None
) -> list[tuple[parameter_files.Population | None, list[int]]]:
    """Return the groups with their rows; one of everybody where groups are not asked for."""
    if column is None:
        return [(None, list(range(len(people.rows))))]
    if not known.populations:
        raise AssessError("These items were calibrated without groups; leave --groups out.")
    of_rows = people.text(column)
    if "" in of_rows:
        raise AssessError(f"Line {people.lines[of_rows.index('')]}, column {column}: everybody needs a group.")
    return [
        (known.population(name), [row for row, each in enumerate(of_rows) if each == name])
        for name in sorted(set(of_rows))
    ]


@click.command()
@PARAMETERS
@click.option("--n", "n_people", required=True, type=click.IntRange(1, MOST_PEOPLE), help="number of people")
@SEED
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="write the answers there, do not print them"
)
@click.option(
    "--theta-out", type=click.Path(path_type=Path), metavar="FILE", help="write where they stand to this file"
)
@with_json
def simulate(
    *, parameter_file: Path, n_people: int, seed: int, out: Path | None, theta_out: Path | None, json_file: Path | None
) -> None:
    """Draw people from the population of the parameters and let them answer all items."""
    import numpy as np  # noqa: PLC0415

    known = parameter_files.read(parameter_file)
    rng = np.random.default_rng(seed)
    positions = rng.multivariate_normal(
        np.zeros(len(known.scales)), np.array(known.sigma), size=n_people, method="cholesky"
    )
    x = known.model().simulate(positions, rng).astype(int)
    values = [item.categories or tuple(range(len(item.intercepts) + 1)) for item in known.items]
    given = [[values[at][category] for at, category in enumerate(row)] for row in x.tolist()]
    answers = _csv(known.codes, given)
    texts = {out: answers, theta_out: _csv(known.scales, positions.tolist())}
    if json_file is not None:
        texts[json_file] = show.json_text({"n": n_people, "seed": seed, **_simulated(known, positions, values, given)})
    show.whole({file: text for file, text in texts.items() if file is not None})
    if out is None:
        click.echo(answers, nl=False)
    else:
        click.echo(f"{n_people:,} people's answers to {len(known.items)} items are in {out}.")
    if theta_out is not None:
        click.echo(f"Where they stand is in {theta_out}.", err=out is None)


def _simulated(
    known: parameter_files.Parameters, positions: Floats, values: list[tuple[int, ...]], given: list[list[int]]
) -> dict[str, object]:
    """Return simulated people as JSON has them: where each stands, and the answers in the order of the items."""
    names = _names("theta", known)
    return {
        "scales": known.scales,
        "sigma": known.sigma,
        "items": [
            {"code": item.code, "scale": item.scale, "categories": of_item}
            for item, of_item in zip(known.items, values, strict=True)
        ],
        "rows": [
            {**dict(zip(names, position, strict=True)), "responses": row}
            for position, row in zip(positions.tolist(), given, strict=True)
        ],
    }


def _names(figure: str, known: parameter_files.Parameters) -> list[str]:
    """Return what a figure of each scale is called: by the scale, too, where there are several."""
    return [figure] if len(known.scales) == 1 else [f"{figure}_{scale}" for scale in known.scales]


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
