"""How often people who have not changed are told that they have, on every edition, with the forms taken as in life."""

from __future__ import annotations

from assess.banks.registry import default_folder, read_all
from assess.scoring.change_studies import COURSES, change_figures
from benchmarks import tables

N_PEOPLE, SEED = 10_000, 1
LOWEST, HIGHEST = 0.04, 0.06  # share told of a change on any of six scales


def main() -> None:
    """Measure and print: with true parameters on every edition, with wrong ones on the general edition."""
    registry = read_all(default_folder())
    runs = [(bank, course, True) for bank in registry.editions for course in COURSES]
    runs += [(registry.newest("general"), course, False) for course in COURSES]
    rows = []
    for bank, course, known in runs:
        found = change_figures(bank, course, n_people=N_PEOPLE, seed=SEED, known=known)
        reached = LOWEST <= found.any_alarm <= HIGHEST
        rows.append(
            (
                bank.edition,
                course,
                "true" if known else "as wrong as an author's",
                f"{found.any_alarm:.1%}",
                f"{found.beyond:.0%}",
                f"{found.error:.3f}",
                f"{found.seen:.0%}",
                tables.verdict(reached),
            )
        )
    columns = (
        "edition",
        "taken",
        "parameters",
        "told of a change",
        "without Holm",
        "SD / SE",
        "1 SD is seen",
        "4 to 6 %",
    )
    tables.show(columns, rows)
