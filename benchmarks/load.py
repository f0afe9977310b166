"""
Two kinds of load: the one to expect, and one that is too much.

200 candidates save every five seconds; BENCH_SECONDS says for how long (default 60, the goal's ten minutes are 600).
Then 1,000 connections save as fast as they are answered, and every acknowledged answer is looked for in the database.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from collections.abc import Sequence
from functools import partial

from sqlalchemy import func, select

from assess.models import ResponseEvent
from assess.services import database
from benchmarks import places, tables
from benchmarks.client import Candidate, Tally
from benchmarks.serving import serving
from benchmarks.visits import Visit, open_pages

N_CANDIDATES, PAUSE, SECONDS = 200, 5.0, 60
N_CROWD, CROWD_SECONDS = 1_000, 10.0
P95, P99 = 50, 150  # milliseconds: the goals of the load to expect


def main() -> None:
    """Measure both databases."""
    seconds = float(os.environ.get("BENCH_SECONDS", SECONDS))
    places.each(partial(_measure, seconds=seconds))


def _measure(place: places.Opener, seconds: float) -> None:
    with place(N_CANDIDATES) as here:
        with serving("assess.web:production()", here) as port:
            visits = open_pages(port, here.candidates)
            steady = asyncio.run(_steady(port, visits, seconds))
            crowd = asyncio.run(_crowd(port, visits))
        missing = [_missing(here.url, tally.acknowledged) for tally in (steady, crowd)]
    names = (f"{N_CANDIDATES} candidates, every {PAUSE:g} s for {seconds:g} s", f"{N_CROWD:,} connections at once")
    rows = [_row(*each) for each in zip(names, (steady, crowd), missing, strict=True)]
    columns = ["on " + here.name, "acknowledged", "not in the database", "5xx", "other", "unanswered", "p50 ms"]
    tables.show([*columns, "p95 ms", "p99 ms"], rows)
    good = steady.percentile(0.95) <= P95 and steady.percentile(0.99) <= P99 and _errors(steady, missing[0]) == 0
    print(f"- goal: {names[0]}: p95 ≤ {P95} ms, p99 ≤ {P99} ms, no error: {tables.verdict(good)}")
    print(f"- goal: {names[1]}: no 5xx, no lost save: {tables.verdict(_errors(crowd, missing[1]) == 0)}\n")


async def _steady(port: int, visits: Sequence[Visit], seconds: float) -> Tally:
    """Have everybody save, think, and save again, each in a time of their own."""
    tally, word = Tally(), f"steady-{secrets.token_hex(4)}"
    end = asyncio.get_running_loop().time() + seconds

    async def sit(number: int, visit: Visit) -> None:
        candidate = Candidate(port, visit, f"{word}-{number}", tally)
        due = asyncio.get_running_loop().time() + random.uniform(0, PAUSE)  # noqa: S311 -- people, not secrets
        while due < end:
            await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
            await candidate.save()
            candidate.close()  # the server keeps no line open for that long
            due += PAUSE

    await asyncio.gather(*(sit(number, visit) for number, visit in enumerate(visits)))
    return tally


async def _crowd(port: int, visits: Sequence[Visit]) -> Tally:
    """Have a thousand connections save without a pause."""
    tally, word = Tally(), f"crowd-{secrets.token_hex(4)}"
    end = asyncio.get_running_loop().time() + CROWD_SECONDS

    async def press(number: int) -> None:
        candidate = Candidate(port, visits[number % len(visits)], f"{word}-{number}", tally)
        while asyncio.get_running_loop().time() < end:
            await candidate.save()
        candidate.close()

    await asyncio.gather(*(press(number) for number in range(N_CROWD)))
    return tally


def _missing(url: str, keys: Sequence[str]) -> int:
    """Return how many of the acknowledged answers are not in the database exactly once."""
    engine = database.make_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(ResponseEvent.key, func.count()).group_by(ResponseEvent.key))
        found = dict(rows.tuples().all())
    engine.dispose()
    return sum(found.get(key) != 1 for key in keys)


def _errors(tally: Tally, missing: int) -> int:
    return sum(tally.statuses.values()) - tally.statuses[200] + tally.lost + missing


def _row(name: str, tally: Tally, missing: int) -> tuple[str, ...]:
    broken = sum(count for status, count in tally.statuses.items() if status >= 500)
    other = sum(tally.statuses.values()) - tally.statuses[200] - broken
    times = (f"{tally.percentile(share):.0f}" for share in (0.50, 0.95, 0.99))
    return (name, f"{len(tally.acknowledged):,}", str(missing), str(broken), str(other), str(tally.lost), *times)
