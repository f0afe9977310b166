"""Commands for what a set of items is worth: reliability, fit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from assess.cli.workbench import parameters as parameter_files
from assess.cli.workbench import show, table
from assess.cli.workbench.commands import DATA, IGNORE, PARAMETERS, naming, why_not, with_json
from assess.errors import AssessError, UnusableData
from assess.psychometrics.models import Floats, Graded

if TYPE_CHECKING:
    from assess.psychometrics.classical.reliability import ItemStatistics, Reliability
    from assess.psychometrics.fit.local_dependence import LocalDependence
    from assess.psychometrics.logistic import Logistic

OMEGA_ITEMS = 3  # that a factor needs


@click.command()
@DATA
@IGNORE
@with_json
def reliability(data: Path, ignore: tuple[str, ...], json_file: Path | None) -> None:
    """Show how reliable the sum of some items is, and what each contributes. Key the answers first."""
    from assess.psychometrics.classical.reliability import reliability as reliability_of  # noqa: PLC0415

    people = table.read(data)
    items = people.others(ignored=ignore)
    if len(items) < 2:
        raise AssessError(f"{data.name} has one item only; reliability needs two at least.")
    x, _ = table.categories(people, items)
    given = people.answers(items)
    with naming(items, people):
        found = reliability_of(given)
    omegas, why_no_omega = _omegas(x, items)
    single = _reliability_figures(found, omegas)
    rows = [{"code": code, **_item_figures(found.items, at)} for at, code in enumerate(items)]
    show.as_json(json_file, {**single, "items": rows})
    show.facts(*single.items())
    _show_reliability(rows, why_no_omega)
    for each in table.suspects(items, given):
        show.note(each)


def _reliability_figures(found: Reliability, omegas: dict[str, float | None]) -> dict[str, Any]:
    return {
        "n": found.n_persons,
        "alpha": found.alpha,
        "alpha_low": found.interval[0],
        "alpha_high": found.interval[1],
        "standardized_alpha": found.standardized_alpha,
        **omegas,
        "lambda2": found.lambda2,
        "lambda6": found.lambda6,
        "odd_even": found.odd_even,
        "sem": found.sem,
        "mean": found.mean,
        "sd": found.sd,
        "average_r": found.average_r,
    }


def _item_figures(items: ItemStatistics, at: int) -> dict[str, Any]:
    return {
        "n": int(items.n[at]),
        "mean": items.mean[at],
        "sd": items.sd[at],
        "r_corrected": items.r_corrected[at],
        "alpha_if_deleted": items.deleted.alpha[at],
    }


def _show_reliability(rows: list[dict[str, Any]], why_no_omega: str) -> None:
    show.note(
        "alpha_low, alpha_high: 95 % interval (Feldt). omega_total: of the normal variables behind the answers, from "
        "the one-factor solution of polychorics; omega_categorical: of the sum of the answers themselves (Green and "
        "Yang); omega_linear: from ordinary correlations. sem, mean, sd: of the sum."
    )
    if why_no_omega:
        show.note(f"Note: no omega. {why_no_omega}")
    click.echo()
    show.table(list(rows[0]), [list(row.values()) for row in rows])
    against = [row["code"] for row in rows if row["r_corrected"] < 0]
    if against:
        show.note(f"Note: negatively correlated with the rest: {', '.join(against)}. Are the answers keyed?")


def _omegas(x: Any, items: list[str]) -> tuple[dict[str, float | None], str]:
    """Return omega in its three meanings; or None, and why."""
    try:
        return _estimated_omegas(x), ""
    except UnusableData as error:
        return dict.fromkeys(("omega_total", "omega_categorical", "omega_linear")), why_not(items, error)


def _estimated_omegas(x: Any) -> dict[str, float | None]:
    from assess.psychometrics.classical.alpha import covariances  # noqa: PLC0415
    from assess.psychometrics.classical.one_factor import (  # noqa: PLC0415
        least_squares_factor,
        omega_categorical,
        omega_total,
        polychoric_factor,
    )
    from assess.psychometrics.classical.polychorics import polychoric_correlations  # noqa: PLC0415

    if x.shape[1] < OMEGA_ITEMS:
        raise UnusableData("A factor needs three items.")
    polychorics = polychoric_correlations(x)
    factor = polychoric_factor(polychorics)
    covariance = covariances(x)
    spread = covariance.diagonal() ** 0.5
    linear = least_squares_factor(covariance / (spread[:, None] * spread))
    return {
        "omega_total": omega_total(factor),
        "omega_categorical": omega_categorical(factor, polychorics.thresholds),
        "omega_linear": omega_total(linear),
    }


@click.command()
@DATA
@PARAMETERS
@with_json
def fit(data: Path, parameter_file: Path, json_file: Path | None) -> None:
    """Show how well calibrated items fit the answers: S-X² per item, M2* and C2, RMSEA, SRMSR, Q3."""
    from assess.psychometrics.fit.item_fit import item_fit  # noqa: PLC0415
    from assess.psychometrics.fit.local_dependence import local_dependence  # noqa: PLC0415

    known = parameter_files.read(parameter_file)
    if len(known.scales) > 1:
        raise AssessError(f"Fit is judged scale by scale, and these items measure {len(known.scales)}.")
    if known.populations:
        raise AssessError(
            f"{parameter_file.name} was calibrated with groups of different people, and fit is judged in one "
            "population. Calibrate each group without --groups, and judge its fit."
        )
    people = table.read(data)
    x, model = known.responses(people), known.model(unit=known.sd)
    unanswered = np.isnan(x).all(axis=0)
    if unanswered.any():
        code = known.codes[int(unanswered.argmax())]
        raise AssessError(f"{data.name}: nobody answered {code}, so its fit is unknown.")
    with naming(known.codes, people):
        each, pairs, whole = item_fit(model, x), local_dependence(model, x), _whole(model, x)
    q3 = {"q3_mean": pairs.mean, "q3_largest_above_mean": pairs.largest}
    single: dict[str, Any] = {"n": len(x), "n_complete": each.n, **whole, **q3}
    rows = [
        {"code": code, "s_x2": each.chi2[at], "df": int(each.df[at]), "p": each.p[at], "rmsea": each.rmsea[at]}
        for at, code in enumerate(known.codes)
    ]
    show.as_json(json_file, {**single, "items": rows, "q3": _without_diagonal(pairs.q3)})
    show.facts(*single.items())
    for note in known.notes(people):
        show.note(note)
    _show_fit(rows, known.codes, pairs, open_m2="m2" in whole and whole["m2"] is None)


def _whole(model: Graded | Logistic, x: Floats) -> dict[str, Any]:
    """Return the fit of all items together; nothing for items with guessing."""
    from assess.psychometrics.fit.limited_information import limited_information_fit  # noqa: PLC0415

    if not isinstance(model, Graded):
        return {}
    m2 = limited_information_fit(model, x, statistic="M2*")
    c2 = limited_information_fit(model, x, statistic="C2")
    found = {"m2": m2.statistic, "m2_df": m2.df, "m2_p": m2.p, "m2_rmsea": m2.rmsea}
    found |= {"c2": c2.statistic, "c2_df": c2.df, "c2_p": c2.p}
    found |= {"rmsea": c2.rmsea, "rmsea_low": c2.rmsea_low, "rmsea_high": c2.rmsea_high}
    return found | {"cfi": c2.cfi, "tli": c2.tli, "srmsr": c2.srmsr}


def _show_fit(rows: list[dict[str, Any]], codes: list[str], pairs: LocalDependence, *, open_m2: bool) -> None:
    if open_m2:
        click.echo("M2* has no degrees of freedom with so few items of so many categories; C2 is the one to report.")
    click.echo("rmsea (90 % interval), cfi, tli: of C2. S-X² counts people who answered every item.")
    click.echo()
    show.table(["item", "S-X²", "df", "p", "rmsea"], [list(row.values()) for row in rows])
    dependent = [(codes[a], codes[b], pairs.q3[a, b]) for a, b in pairs.pairs()]
    if dependent:
        click.echo("\nPairs whose Q3 lies more than 0.2 above the mean of all: they share more than the scale.")
        show.table(["item", "and", "Q3"], dependent)


def _without_diagonal(q3: Any) -> list[list[float | None]]:
    return [
        [None if at == other or not math.isfinite(value) else value for other, value in enumerate(row)]
        for at, row in enumerate(q3.tolist())
    ]
