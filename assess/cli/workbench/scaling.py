"""Commands for item parameters and what follows from them: calibrate, theta, simulate."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.workbench import parameters as parameter_files
from assess.cli.workbench import show, table
from assess.cli.workbench.commands import DATA, IGNORE, PARAMETERS, SEED, naming, with_json
from assess.errors import AssessError

if TYPE_CHECKING:
    from assess.psychometrics.calibration import Calibration

SLOPES = (0.262, 0.386)  # mean (ln 1.3) and SD of log slopes: the prior of an uncalibrated bank's statements
INTERCEPTS = (0.0, 3.0)  # hardly more than that nothing is infinite


@click.command()
@DATA
@click.option("--groups", metavar="COLUMN", help="groups with means and variances of their own; the first has 0 and 1")
@click.option("--priors", "with_priors", is_flag=True, help="priors on slopes and intercepts: below 300 people")
@IGNORE
@with_json
def calibrate(
    data: Path, groups: str | None, with_priors: bool, ignore: tuple[str, ...], json_file: Path | None
) -> None:
    """Estimate the item parameters of the graded model (with two categories: the two-parameter model)."""
    from assess.psychometrics.calibration import calibrate as estimate  # noqa: PLC0415
    from assess.psychometrics.item_priors import Priors  # noqa: PLC0415

    people = table.read(data)
    items = people.others(groups, ignored=ignore)
    x = people.whole_numbers(items)
    names, numbers = _groups(people, groups)
    began = time.monotonic()
    with naming(items, people):
        found = estimate(
            x, groups=numbers, priors=Priors(slopes=SLOPES, intercepts=INTERCEPTS) if with_priors else None
        )
    seconds = time.monotonic() - began
    if not found.converged:
        raise AssessError(
            f"No convergence in {found.iterations} iterations: the answers do not determine the parameters. "
            "Look for items that hardly anybody answers differently, or use --priors."
        )
    _report(items, found, names, seconds, json_file)


def _report(items: list[str], found: Calibration, names: list[str], seconds: float, json_file: Path | None) -> None:
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
    for item, category in found.collapsed:
        click.echo(f"Note: nobody chose category {category + 1} of {items[item]}; those above it have moved down.")
    for item in found.boundless:
        click.echo(f"Note: the slope of {items[item]} has no bound: its answers follow the scale without any error.")
    if of_groups:
        click.echo()
        show.table(list(of_groups[0]), [list(row.values()) for row in of_groups])
    click.echo()
    _show_items(rows)


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


def _groups(people: table.Table, column: str | None) -> tuple[list[str], list[int] | None]:
    """Return the groups' names in the order in which they come, and the group of each row."""
    if column is None:
        return [], None
    of_rows = people.text(column)
    if "" in of_rows:
        line = people.lines[of_rows.index("")]
        raise AssessError(f"Line {line}, column {column}: everybody needs a group.")
    names = list(dict.fromkeys(of_rows))
    small = next((name for name in names if of_rows.count(name) < 2), None)
    if small is not None:
        raise AssessError(f"Column {column}: group {small} has one member only.")
    return names, [names.index(name) for name in of_rows]


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
@click.option("--method", type=click.Choice(["eap", "map"]), default="eap", show_default=True)
@with_json
def theta(data: Path, parameter_file: Path, method: str, json_file: Path | None) -> None:
    """Estimate where people stand, with standard errors: EAP of one scale, MAP of any number."""
    import numpy as np  # noqa: PLC0415

    from assess.psychometrics.estimation import eap_estimate, map_estimate  # noqa: PLC0415

    known = parameter_files.read(parameter_file)
    people = table.read(data)
    x = known.responses(people)
    model = known.model()
    if method == "eap" and len(known.scales) > 1:
        raise AssessError(f"EAP is for one scale, and these items measure {len(known.scales)}. Use --method map.")
    if method == "eap":
        found = eap_estimate(model, x, sd=known.sigma[0][0] ** 0.5)
    else:
        found = map_estimate([(model, x)], sigma=np.array(known.sigma), information="observed")
    values = np.hstack([found.theta, found.se])
    values[np.isnan(x).all(axis=1)] = np.nan  # who answered nothing has no estimate
    names = ["theta", "se"] if len(known.scales) == 1 else [
        *(f"theta_{scale}" for scale in known.scales), *(f"se_{scale}" for scale in known.scales)
    ]  # fmt: skip
    rows = [dict(zip(names, row, strict=True)) for row in values.tolist()]
    show.as_json(json_file, {"n": len(rows), "method": method, "scales": known.scales, "rows": rows})
    click.echo(f"{len(rows):,} people, {len(known.items)} items, {method.upper()}")
    show.table(["line", *names], [[line, *row.values()] for line, row in zip(people.lines, rows, strict=True)],
               most=show.ROWS)  # fmt: skip


@click.command()
@PARAMETERS
@click.option("--n", "n_people", required=True, type=click.IntRange(min=1), help="number of people")
@SEED
@click.option("--out", type=click.Path(path_type=Path), help="write the answers to this file instead of printing them")
@click.option("--theta-out", type=click.Path(path_type=Path), help="write where they stand to this file")
def simulate(parameter_file: Path, n_people: int, seed: int, out: Path | None, theta_out: Path | None) -> None:
    """Draw people from the population of the parameters and let them answer all items."""
    import numpy as np  # noqa: PLC0415

    known = parameter_files.read(parameter_file)
    rng = np.random.default_rng(seed)
    positions = rng.multivariate_normal(
        np.zeros(len(known.scales)), np.array(known.sigma), size=n_people, method="cholesky"
    )
    x = known.model().simulate(positions, rng).astype(int)
    values = [item.categories or tuple(range(len(item.intercepts) + 1)) for item in known.items]
    lines = [",".join(known.codes)]
    lines += [",".join(str(values[at][category]) for at, category in enumerate(row)) for row in x.tolist()]
    if out is None:
        click.echo("\n".join(lines))
    else:
        show.whole(out, "\n".join(lines) + "\n")
        click.echo(f"{n_people:,} people's answers to {len(known.items)} items are in {out}.")
    if theta_out is not None:
        truth = [",".join(known.scales), *(",".join(repr(value) for value in row) for row in positions.tolist())]
        show.whole(theta_out, "\n".join(truth) + "\n")
        click.echo(f"Where they stand is in {theta_out}.", err=out is None)
