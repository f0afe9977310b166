"""The command that runs the studies of accuracy."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from assess.cli.workbench import show
from assess.cli.workbench.commands import SEED, with_json
from assess.errors import AssessError


@click.command("simulate-study")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--quick", is_flag=True, help="few people: a look in seconds; goals are then missed by chance, too")
@SEED
@with_json
def simulate_study(names: tuple[str, ...], *, quick: bool, seed: int, json_file: Path | None) -> None:
    """
    Simulate how accurate the measurement is, and compare that with what is asked of it.

    Each NAME is one of recovery, coverage, provisional, precision, adaptive, faking, change, match; without a name
    all are run, which takes some minutes.
    """
    from assess.psychometrics.studies.catalogue import STUDIES  # noqa: PLC0415
    from assess.psychometrics.studies.result import markdown  # noqa: PLC0415

    unknown = [name for name in names if name not in STUDIES]
    if unknown:
        raise AssessError(f"There is no study called {', '.join(unknown)}. There are: {', '.join(STUDIES)}.")
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise AssessError(f"{json_file} cannot be written: there is no folder {json_file.parent}.")
    found, described = [], []
    for name in dict.fromkeys(names or STUDIES):
        click.echo(f"{name} …", err=True)
        begun = time.perf_counter()
        study = STUDIES[name](seed=seed, quick=quick)
        found.append(study)
        described.append({**show.plain(study), "reached": study.reached, "seconds": time.perf_counter() - begun})
    click.echo(markdown(found))
    click.echo()
    for study in found:
        click.echo(f"{study.title}. {study.design}")
    missed = [f"{study.name}: {figure.name}" for study in found for figure in study.figures if figure.reached is False]
    of_goals = sum(figure.reached is not None for study in found for figure in study.figures)
    click.echo(f"\nSeed {seed}{', quick' if quick else ''}: {of_goals - len(missed)} of {of_goals} goals are reached.")
    everything: dict[str, Any] = {"seed": seed, "quick": quick, "missed": missed, "studies": described}
    show.as_json(json_file, everything)
