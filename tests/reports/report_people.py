"""Contexts of reports for the tests: simulated people, from the best to the least complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assess.banks.model import Bank
from assess.banks.registry import Registry, read_all
from assess.banks.wording import Target
from assess.scoring.further import Further, further
from assess.scoring.interpret import match_pattern
from assess.scoring.kinds import measured_scale
from assess.scoring.parameters import ParameterSet, starting_parameters
from assess.scoring.perspective import CompanyKey
from assess.scoring.result import Norm, Result
from assess.scoring.score import score
from assess.scoring.simulated import statement_responses
from reports.context import FrameValues, ReportContext

ROOT = Path(__file__).resolve().parents[2]
LONG_NAME = "Maximiliane-Theodora Konstantinopoulou-Featherstonehaugh de la Santísima Trinidad y Villavicencio"


@cache
def registry() -> Registry:
    """Return the content on disk."""
    return read_all(ROOT / "item_banks")


def bank() -> Bank:
    """Return the newest general bank."""
    return registry().newest("general")


def responses(theta: tuple[float, ...], *, seed: int, bank: Bank, form: str = "standard") -> dict[str, int]:
    """Return what a simulated person at `theta` answers; directed lines are answered as asked."""
    return statement_responses(bank, theta, np.random.default_rng(seed), form=form)


@cache
def _scored(theta: tuple[float, ...]) -> Result:
    found = bank()
    answers = responses(theta, seed=7, bank=found)
    times = dict.fromkeys(answers, 4200)
    return score(found, "standard", starting_parameters(found), answers, milliseconds=times)


def result(theta: tuple[float, ...] = (0.6, 1.2, -0.4, 0.1, -1.3, 0.5), **changes: Any) -> Result:
    """Return the result of a simulated person, with `changes`."""
    return replace(_scored(theta), **changes)


def further_parts() -> Further:
    """Return the further parts of somebody who took them all, answered by chance but for most of the questions."""
    found, rng = bank(), np.random.default_rng(11)
    given = [item.code for item in (*found.perspective, *found.situations)]
    answers = {code: int(rng.choice(of)) for each in given for code, of in found.asked[each].choices.items()}
    questions = (*found.proficiency.vocabulary[::2], *found.proficiency.numerical[::2]) if found.proficiency else ()
    given += [item.code for item in questions]
    answers |= {item.code: item.key if rng.random() < 0.7 else item.key % 4 + 1 for item in questions}
    scored = further(found, starting_parameters(found), answers, given=given, key=CompanyKey.default(found), seed=1)
    assert scored is not None
    return scored


def incomplete_result() -> Result:
    """Return the result of somebody who answered only the first two scales."""
    found = bank()
    keep = {scale.code for scale in found.scales[:2]}
    answers = {
        code: value
        for code, value in responses((0.0,) * 6, seed=3, bank=found).items()
        if measured_scale(found, code) in keep
    }
    return score(found, "standard", starting_parameters(found), answers, milliseconds={})


def normed(base: Result) -> Result:
    """Return `base` with a made-up norm group."""
    norm = Norm("Made-up norm", "1", 412, date(2026, 5, 3), {each.scale: (0.0, 1.0) for each in base.scales})
    scales = tuple(replace(each, percentile=61.4) if each.scorable else each for each in base.scales)
    return replace(base, norm=norm, scales=scales)


def parameters(found: Result) -> ParameterSet:
    """Return the parameters that `found` was scored with, or made-up calibrated ones if it is not provisional."""
    starting = starting_parameters(bank())
    if found.provisional:
        return starting
    source = "Made up: marginal maximum likelihood from 2,140 people."
    return replace(starting, version="made-up-1", source=source, provisional=False, se_factor=1.0, se_factor_source="")


def targets(family: str = "retail-associate") -> tuple[Target, ...]:
    """Return the pattern of a role family."""
    return registry().families[family].target


def frame(made_at: datetime = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)) -> FrameValues:
    """Return what reports at Acme say around their subjects."""
    return {
        "organization": "Acme Stores",
        "contact": "people@acme.example",
        "made_at": made_at,
        "time_zone": "Europe/Berlin",
        "reference": "R-7F3K-29QD",
        "program_version": "0.2.0",
        "paper": "A4",
        "language": "en",
    }


def context(found: Result | None = None, **changes: Any) -> ReportContext:
    """Return the context of Cora's report at Acme, with `changes`."""
    found = found or result()
    asked = changes.pop("targets", targets())
    match = match_pattern(found, asked, seed=11) if asked else None
    base = ReportContext(
        **frame(),
        simulated=False,
        bank=bank(),
        wording=registry().wording,
        result=found,
        parameters=parameters(found),
        match=match,
        person="Cora Candidate",
        position="Retail associate" if asked else None,
        targets=asked,
        pattern_source="Retail associate: provisional, from author's judgement; version 1" if asked else None,
        purpose="hiring",
        started_at=datetime(2026, 4, 2, 22, 30, tzinfo=UTC),
        submitted_at=datetime(2026, 4, 2, 23, 5, tzinfo=UTC),
        retention_until=date(2027, 4, 3),
        scored_with="0.1.0",
    )
    return replace(base, **changes)
