"""Comparisons for the tests: simulated candidates for one position, as many as are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import report_people as people

from assess.scoring.interpret import Match, match_pattern
from assess.scoring.result import Flag, Result
from reports.context import Candidate, ComparisonContext

NAMES = (
    "Cora Candidate", "Ana Ruiz", "Ben Okoye", "Ελένη Παπαδοπούλου", "Пётр Чайковский", people.LONG_NAME,
    "Dilek Yılmaz", "Erik Sørensen", "Fatou Diallo", "Grace O'Neill", "Håkon Lie", "Ivana Horvat", "محمد الفارسي",
)  # fmt: skip
FLAGS = (
    Flag("impression", "The person described themselves in an unusually favourable light."),
    Flag("fast", "31 of 84 statements were answered in under a second."),
    Flag("unanswered", "12 of 84 statements were left unanswered."),
)


@cache
def results(n: int) -> tuple[Result, ...]:
    """Return the results of `n` people who differ."""
    rng = np.random.default_rng(21)
    return tuple(people.result(tuple(np.round(rng.normal(0, 1, 6), 1))) for _ in range(n))


def candidate(name: str, found: Result, number: int = 0, **changes: Any) -> Candidate:
    """Return a candidate with the match of `found`, with `changes`."""
    match = match_pattern(found, people.targets(), seed=number)
    base = Candidate(
        name=name,
        result=found,
        match=match,
        seed=number,
        further=None,
        submitted_at=datetime(2026, 4, 2, 9, 0, tzinfo=UTC) + timedelta(days=number),
        answered_in="en",
        simulated=False,
    )
    return replace(base, **changes)


def with_interval(name: str, low: float, high: float, *, flags: tuple[Flag, ...] = ()) -> Candidate:
    """Return a candidate whose match has this interval, with the median in its middle."""
    found = replace(people.result(), flags=flags)
    match = Match((low + high) / 2, low, high, population=(0.66, 0.75, 0.83), readings=())
    return candidate(name, found, match=match)


def context(*candidates: Candidate, **changes: Any) -> ComparisonContext:
    """Return a comparison of `candidates` at Acme, with `changes`."""
    base = ComparisonContext(
        **people.frame(datetime(2026, 4, 20, 8, 0, tzinfo=UTC)),
        simulated=False,
        bank=people.bank(),
        parameters=people.parameters(candidates[0].result),
        position="Retail associate",
        targets=people.targets(),
        pattern_source="Retail associate: provisional, from author's judgement; version 1",
        candidates=candidates,
        retention_until=date(2027, 4, 3),
        scored_with=("0.1.0", "0.2.0"),
    )
    return replace(base, **changes)


def crowd(n: int, **changes: Any) -> ComparisonContext:
    """
    Return a comparison of `n` people, some of whom have reasons for care; the sixth answered too little.

    From the thirteenth on there is a name in letters that the bundled fonts may lack.
    """
    found = []
    for number, result in enumerate(results(n)):
        name = NAMES[number % len(NAMES)] + (f" {number // len(NAMES) + 1}" if number >= len(NAMES) else "")
        flagged = replace(result, flags=FLAGS[: number % 4] if number % 3 == 0 else ())
        given = people.incomplete_result() if number == 5 else flagged
        further = people.further_parts() if changes.get("with_alignment") and number != 2 else None
        found.append(candidate(name, given, number, further=further))
    changes.pop("with_alignment", None)
    return context(*found, **changes)
