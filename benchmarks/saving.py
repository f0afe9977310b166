"""
How many answers a second are saved, beside bare Flask and beside the same POST without a database.

All three servers run at once, and wrk asks one after the other in short turns: what else the machine does meanwhile
befalls all of them alike. Ratios are medians of the turns.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import partial
from statistics import median

from benchmarks import loader, places, tables
from benchmarks.loader import Run
from benchmarks.serving import serving
from benchmarks.visits import open_pages

TURNS, SECONDS = 9, 3
N_CANDIDATES = 200
GOALS = {"SQLite": ("bare Flask", 0.50), "PostgreSQL": ("POST without a database", 0.28)}
APPS = {
    "bare Flask": "benchmarks.apps:bare()",
    "POST without a database": "benchmarks.apps:without_database()",
    "save": "assess.web:production()",
}


def main() -> None:
    """Measure both databases; BENCH_TURNS sets how often (default 9)."""
    why_not = loader.missing()
    if why_not:
        print(f"Skipped: {why_not}.")
        return
    turns = int(os.environ.get("BENCH_TURNS", TURNS))
    places.each(partial(_measure, turns=turns))


def _measure(place: places.Opener, turns: int) -> None:
    with place(N_CANDIDATES) as here, ExitStack() as stack:
        ports = {name: stack.enter_context(serving(app, here)) for name, app in APPS.items()}
        visits = open_pages(ports["save"], here.candidates)
        loader.save(ports["save"], visits, here.folder, seconds=1)  # warms up
        runs: dict[str, list[Run]] = {name: [] for name in APPS}
        for _ in range(turns):
            runs["bare Flask"].append(loader.get(ports["bare Flask"], seconds=SECONDS))
            for name in ("POST without a database", "save"):
                runs[name].append(loader.save(ports[name], visits, here.folder, seconds=SECONDS))
    _show(here.name, runs)


def _show(database: str, runs: dict[str, list[Run]]) -> None:
    """Print the table of one database, and whether its goals are reached."""
    columns = ["on " + database, "a second", "to bare Flask", "to POST without", "p50 ms", "p99 ms", "refused, broken"]
    tables.show(columns, [_row(name, runs) for name in APPS])
    name, goal = GOALS[database]
    found = _ratio(runs, "save", name)
    print(f"- goal: a save ≥ {goal} × {name}: {found:.2f}, {tables.verdict(found >= goal)}")
    spread = median(run.p99 / run.p50 for run in runs["save"])
    print(f"- goal: p99 ≤ 3 × p50 at {loader.CONNECTIONS} connections: {spread:.1f}, {tables.verdict(spread <= 3)}\n")


def _row(name: str, runs: dict[str, list[Run]]) -> tuple[str, ...]:
    mine = runs[name]
    return (
        name,
        f"{median(run.per_second for run in mine):,.0f}",
        f"{_ratio(runs, name, 'bare Flask'):.2f}",
        f"{_ratio(runs, name, 'POST without a database'):.2f}",
        f"{median(run.p50 for run in mine):.0f}",
        f"{median(run.p99 for run in mine):.0f}",
        str(sum(run.n_refused + run.n_broken for run in mine)),
    )


def _ratio(runs: dict[str, list[Run]], name: str, other: str) -> float:
    """Return the median over the turns of how `name` did beside `other`."""
    return median(mine.per_second / theirs.per_second for mine, theirs in zip(runs[name], runs[other], strict=True))
