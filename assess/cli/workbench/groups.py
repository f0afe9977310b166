"""Commands that compare groups: dif, impact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
import numpy as np

from assess.cli.workbench import show, table
from assess.cli.workbench.commands import COLUMNS, DATA, IGNORE, naming, require_members, with_json
from assess.errors import AssessError
from assess.psychometrics.models import Floats

if TYPE_CHECKING:
    from assess.psychometrics.fairness.dif import LogisticDif

Matching = Literal["theta", "sum"]
FEW, SEPARATED = "too few to flag", "not converged"  # why an item is neither flagged nor cleared
DETECTED = 0.01  # lordif's level, unadjusted: purification leaves such items out of the matching


@click.command()
@DATA
@click.option("--group", required=True, metavar="COLUMN", help="whose members are compared")
@click.option("--reference", help="the group to compare with; default the first in alphabetical order")
@click.option(
    "--matching",
    type=click.Choice(["theta", "sum"]),
    default="theta",
    show_default=True,
    help="what people are matched on: theta purified of items with DIF, or the sum score",
)
@click.option(
    "--minimum",
    default=200,
    show_default=True,
    type=click.IntRange(min=2),
    metavar="N",
    help="people every group must have for items to be flagged",
)
@IGNORE
@with_json
def dif(
    *,
    data: Path,
    group: str,
    reference: str | None,
    matching: Matching,
    minimum: int,
    ignore: tuple[str, ...],
    json_file: Path | None,
) -> None:
    """Test items for differential functioning between groups, by ordinal logistic regression. Key the answers first."""
    people = table.read(data)
    items = people.others(group, ignored=ignore)
    x, _ = table.categories(people, items)
    labels = _require_groups(people, group, reference)
    with naming(items, people):
        found, detected, single = _dif(x, labels, reference, matching, minimum)
    sizes = dict(zip(found.groups, found.group_sizes.tolist(), strict=True))
    flagged = None if found.few else int(found.flagged.sum())
    single |= {"n": sum(sizes.values()), "n_unknown": labels.count(""), "minimum": minimum, "n_flagged": flagged}
    rows = [{"code": code, **_dif_row(found, at), "detected": detected[at]} for at, code in enumerate(items)]
    show.as_json(json_file, {**single, "groups": sizes, "items": rows})
    click.echo(f"{', '.join(f'{name} (n = {n:,})' for name, n in sizes.items())}; the first is the reference.")
    show.facts(*single.items())
    for each in table.suspects(items, people.answers(items)):
        show.note(each)
    _show_dif(rows, found.total.df)
    _show_unflagged(rows, minimum)


def _dif(
    x: Floats, labels: Sequence[str], reference: str | None, matching: Matching, minimum: int
) -> tuple[LogisticDif, list[bool], dict[str, Any]]:
    """Return the test, which items it detects, and how it went."""
    from assess.psychometrics.fairness.dif import logistic_dif  # noqa: PLC0415
    from assess.psychometrics.fairness.dif_purified import purified_dif  # noqa: PLC0415

    single: dict[str, Any] = {"matching": matching}
    if matching == "sum":
        found = logistic_dif(x, labels, reference=reference, minimum_group=minimum)
        return found, (found.total.p < DETECTED).tolist(), single
    purified = purified_dif(x, labels, reference=reference, minimum_group=minimum)
    return purified.dif, purified.detected.tolist(), single | {"rounds": purified.rounds, "stable": purified.stable}


def _dif_row(found: LogisticDif, at: int) -> dict[str, Any]:
    reason = FEW if found.few else None if found.converged[at] else SEPARATED
    return {
        "uniform_chi2": found.uniform.chi2[at],
        "uniform_p": found.uniform.p[at],
        "nonuniform_chi2": found.nonuniform.chi2[at],
        "nonuniform_p": found.nonuniform.p[at],
        "total_chi2": found.total.chi2[at],
        "total_df": found.total.df,
        "total_p": found.total.p[at],
        "p_adjusted": found.p_adjusted[at],
        "nagelkerke_change": found.nagelkerke[at, 2] - found.nagelkerke[at, 0],
        "effect": found.effect[at],
        "signed_effect": found.signed_effect[at],
        "class": found.classes[at],
        "converged": bool(found.converged[at]),
        "flagged": None if reason else bool(found.flagged[at]),
        "reason": reason,
    }


def _show_dif(rows: list[dict[str, Any]], df: int) -> None:
    show.note(
        f"chi², p: of uniform and non-uniform DIF together (df = {df}), p adjusted for several items; "
        "R²: what they add to Nagelkerke's; effect: mean difference in the expected answer, as a share of its range. "
        "Detected: p < .01 before adjustment. Flagged: adjusted p < .05 and an effect of at least .10."
    )
    click.echo()
    shown = {
        "code": "item", "total_chi2": "chi²", "p_adjusted": "p", "nagelkerke_change": "R²", "signed_effect": "signed",
        "effect": "effect", "class": "class", "detected": "detected", "flagged": "flagged",
    }  # fmt: skip
    show.table(list(shown.values()), [[row[name] for name in shown] for row in rows])


def _show_unflagged(rows: list[dict[str, Any]], minimum: int) -> None:
    """Say why items are neither flagged nor cleared, if any are."""
    if any(row["reason"] == FEW for row in rows):
        show.note(
            f"Too few to flag: a group has fewer than {minimum} people, so the figures stand for themselves and no "
            "item is flagged or cleared. --minimum N lowers the number."
        )
    separated = [row["code"] for row in rows if not row["converged"]]
    if separated:
        show.note(
            f"Not converged: {', '.join(separated)}. The groups or the matching separate the answers completely, "
            "so there are no figures. Look at the answers of each group yourself."
        )


def _require_groups(people: table.Table, column: str, reference: str | None = None) -> list[str]:
    """Return the group of each row, empty if unknown; refuse what cannot be compared."""
    labels = people.text(column)
    found = sorted(set(labels) - {""})
    if len(found) < 2:
        raise AssessError(f"Column {column} holds fewer than two groups.")
    require_members(people, column, labels)
    if reference is not None and reference not in found:
        raise AssessError(f"Column {column} has no group {reference}. Its groups are {table.some(found)}.")
    return labels


@click.command()
@DATA
@click.option("--groups", required=True, type=COLUMNS, help="each is looked at, and with several their intersections")
@click.option("--selected", metavar="COLUMN", help="1 for who was selected, 0 for who was not")
@click.option("--score", metavar="COLUMN", help="a continuous score: New York City's rates, and mean differences")
@with_json
def impact(
    data: Path, groups: tuple[str, ...], selected: str | None, score: str | None, json_file: Path | None
) -> None:
    """Show adverse impact: selection rates with the four-fifths rule and tests, or New York City's scoring rates."""
    from assess.psychometrics.fairness.groups import intersections  # noqa: PLC0415

    if (selected is None) == (score is None):
        raise click.UsageError("Name one column: --selected or --score.")
    people = table.read(data)
    outcome = selected or score or ""
    values = people.numbers(outcome)
    if selected is not None:
        wrong = np.flatnonzero(~np.isnan(values) & ~np.isin(values, (0, 1)))
        if wrong.size:
            raise AssessError(f"Line {people.lines[wrong[0]]}, column {selected}: only 1 and 0 say who was selected.")
    if outcome in groups:
        raise AssessError(f"Column {outcome} cannot be the outcome and a group, too.")
    labels = {name: _require_groups(people, name) for name in groups}
    if len(groups) > 1:
        labels[" × ".join(groups)] = [label or "" for label in intersections(*labels.values())]
    found = []
    for name, own in labels.items():
        crossed = name not in groups
        with naming([outcome], people, otherwise=f"columns {name} and {outcome}"):
            found.append((name, (_selection if selected else _scoring)(values, own, crossed)))
    show.as_json(json_file, {"n": len(people.rows), "outcome": outcome, "groups": [
        {"column": name, **figures} for name, figures in found
    ]})  # fmt: skip
    for name, figures in found:
        _show_impact(name, figures)


def _selection(values: Any, labels: Sequence[str], crossed: bool) -> dict[str, Any]:
    from assess.psychometrics.fairness.impact import adverse_impact  # noqa: PLC0415

    found = adverse_impact(values, labels, least=1 if crossed else 2, spare_few=crossed)
    return {
        "reference": found.reference,
        "reference_few": next(rate.few for rate in found.rates if rate.group == found.reference),
        "n_unknown": found.n_unknown,
        "n_undecided": found.n_undecided,
        "flagged": bool(found.flagged),
        "rates": [asdict(rate) for rate in found.rates],
    }


def _scoring(values: Any, labels: Sequence[str], crossed: bool) -> dict[str, Any]:
    from assess.psychometrics.fairness.mean_differences import mean_differences  # noqa: PLC0415
    from assess.psychometrics.fairness.new_york import scoring_rates  # noqa: PLC0415

    found = scoring_rates(values, labels, least=1 if crossed else 2)
    several = min((labels.count(label) for label in set(labels) - {""}), default=0) > 1
    return {
        "median": found.median,
        "n_unknown": found.n_unknown,
        "rates": [asdict(rate) for rate in found.rates],
        "mean_differences": [asdict(each) for each in mean_differences(values, labels)] if several else [],
    }


def _show_impact(name: str, figures: dict[str, Any]) -> None:
    rates = figures["rates"]
    if "median" in figures:
        click.echo(
            f"{name}: share above the whole sample's median ({figures['median']:g}); the ratio is to the highest."
        )
        show.table(["group", "n", "above", "rate", "ratio", "under 2 %"],
                   [[r["category"], r["n"], r["count"], r["rate"], r["ratio"], r["small"]] for r in rates])  # fmt: skip
        if figures["mean_differences"]:
            reference = figures["mean_differences"][0]["reference"]
            click.echo(f"\nd: mean difference from {reference} in standard deviations; low, high: its 95 % interval.")
            show.table(["group", "mean", "sd", "d", "low", "high"],
                       [[d[key] for key in ("group", "mean", "sd", "d", "low", "high")]
                        for d in figures["mean_differences"]])  # fmt: skip
    else:
        show.note(
            f"{name}: compared with {figures['reference']}; flagged: below four fifths. low, high: 95 % interval of "
            "the ratio; on one: moving one person sets the flag or takes it away; exact p: Fisher's; few: too few for "
            "firm conclusions."
        )
        keys = ("group", "n", "selected", "rate", "ratio", "ratio_low", "ratio_high", "flagged", "turns_on_one",
                "fisher_p", "z", "odds_ratio", "few")  # fmt: skip
        heads = ("group", "n", "selected", "rate", "ratio", "low", "high", "flagged", "on one",
                 "exact p", "z", "odds", "few")  # fmt: skip
        show.table(heads, [[rate[key] for key in keys] for rate in rates])
        _show_few(figures)
    left_out = {"of unknown group": figures["n_unknown"], "without an outcome": figures.get("n_undecided")}
    if any(left_out.values()):
        click.echo(f"In no rate: {', '.join(f'{n:,} {why}' for why, n in left_out.items() if n)}.")
    click.echo()


def _show_few(figures: dict[str, Any]) -> None:
    """Say what the few are to the reference group."""
    if figures["reference_few"]:
        show.note(
            f"Note: {figures['reference']} has the highest rate, but too few people (under 30) or selected (under 5) "
            "for firm conclusions, and all ratios are to it."
        )
    elif any(rate["ratio"] > 1 for rate in figures["rates"]):
        show.note(
            f"Note: the reference is {figures['reference']}, with the highest rate among those of 30 people and 5 "
            "selected or more; a ratio above 1 is of a smaller cell."
        )
