"""
How long every list of the console takes with 100,000 attempts in PostgreSQL, and how many queries it sends.

With them the pages of a coach of 200 people over nine years, and of one of these. They are asked through Flask's test
client: everything but the socket is measured. First and last pages, filters that find much and little, and orders. On
two quiet cores the attempts are made in half a minute, and the pages take nine minutes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from assess.banks.registry import default_folder, read_all
from assess.config import Settings
from assess.services import database
from assess.web import create_app, freeze
from benchmarks import crowd, pages, processors, tables
from benchmarks.crowd import BEGUN, CAMPAIGNS

TURNS = 100
GOAL = 150  # milliseconds, of 95 requests in 100


@dataclass(frozen=True, slots=True)
class Timing:
    """A page of a list, the milliseconds of its requests, and how many queries one of them sent."""

    name: str  # of the list
    said: str  # what is special about the page
    milliseconds: list[float]
    worked: float  # milliseconds of processors for one of them, in the application and in PostgreSQL
    queries: int

    @property
    def p95(self) -> float:
        """The time within which 95 of 100 requests were answered."""
        return quantiles(self.milliseconds, n=20)[-1]


def main() -> None:
    """Measure; BENCH_TURNS sets how often a page is asked (default 100), BENCH_PAGES which, by a part of its name."""
    from tests.postgresql import Missing, Server  # noqa: PLC0415 -- a checkout has it, and only here is it needed

    try:
        server = Server(safe=True)
    except Missing as reason:
        print(f"Skipped: {reason}.")
        return
    try:
        with TemporaryDirectory(prefix="rapport-bench-") as folder:
            _measure(server.url(), Path(folder))
    finally:
        server.close()


def _measure(url: str, folder: Path) -> None:
    registry, engine = read_all(default_folder()), database.make_engine(url)
    began = time.perf_counter()
    found = crowd.gather(engine, registry)
    n = CAMPAIGNS * BEGUN
    print(f"{n:,} attempts of {CAMPAIGNS} campaigns, made in {time.perf_counter() - began:.0f} s.\n", flush=True)
    engine.dispose()
    app = create_app(Settings(data=folder, database_url=url, secret_key="k" * 32), registry=registry)
    freeze()  # as a server does
    client = app.test_client()
    client.set_cookie("rapport-session", found.token)
    client.set_cookie("rapport-coaching", found.link)
    turns = int(os.environ.get("BENCH_TURNS", TURNS))
    only = os.environ.get("BENCH_PAGES", "")
    asked = [each for each in pages.addresses(found) if only in ", ".join(each[:2])]
    timings = [_time(app, client, each, turns) for each in asked]
    app.extensions["engine"].dispose()
    _show(timings)


def _time(app: Flask, client: FlaskClient, page: tuple[str, str, str], turns: int) -> Timing:
    """Ask a page, once to warm up; whoever looks at results for the first time on a day leaves a trace."""
    name, said, address = page
    engine: Engine = app.extensions["engine"]
    taken, sent, server = [], 0, postmaster_of(engine)

    def note(*_: object) -> None:
        nonlocal sent
        sent += 1

    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} answered {client.get(address).status}.")
    event.listen(engine, "before_cursor_execute", note)
    spent = processors.spent(server)
    for _ in range(turns):
        began = time.perf_counter()
        client.get(address)
        taken.append(1000 * (time.perf_counter() - began))
    event.remove(engine, "before_cursor_execute", note)
    worked = 1000 * (processors.spent(server) - spent) / turns
    timing = Timing(name, said, taken, worked, sent // turns)
    print(f"{name}{said and f', {said}'}: {timing.p95:.0f} ms", flush=True)
    return timing


def postmaster_of(engine: Engine) -> int:
    """Return the id of PostgreSQL's first process, which runs on this machine."""
    with engine.connect() as connection:
        folder = connection.scalars(text("SHOW data_directory")).one()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def _show(timings: list[Timing]) -> None:
    """Print for each list its usual page, and the slowest one by what processors worked for it."""
    columns = ["list", "pages", "p50 ms", "p95 ms", "worst p95 ms", "processors ms", "worst", "of", "queries"]
    lists: dict[str, list[Timing]] = {}
    for each in timings:
        lists.setdefault(each.name, []).append(each)
    tables.show(columns, [_row(name, found) for name, found in lists.items()])
    slow = [f"{each.name} {each.said}".strip() for each in timings if each.p95 > GOAL]
    print(
        f"- goal: p95 ≤ {GOAL} ms on every page: {tables.verdict(not slow)}{': ' + ', '.join(slow) if slow else ''}\n"
    )


def _row(name: str, found: Sequence[Timing]) -> tuple[str | int, ...]:
    """Return the means of a list's pages, and the worst of them."""
    worst = max(found, key=lambda each: each.worked)
    queries = sorted({each.queries for each in found})
    return (
        name,
        len(found),
        f"{mean(median(each.milliseconds) for each in found):.0f}",
        f"{mean(each.p95 for each in found):.0f}",
        f"{max(each.p95 for each in found):.0f}",
        f"{mean(each.worked for each in found):.0f}",
        f"{worst.worked:.0f}",
        worst.said or "first page",
        f"{queries[0]}–{queries[-1]}" if len(queries) > 1 else f"{queries[0]}",
    )
