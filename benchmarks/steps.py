"""
How long going on takes in an adaptive test: from Continue until the next statement is there.

That is the POST that saves the answer, chooses the next statement from the whole bank and notes that it is shown, and
the GET of its page, through gunicorn with one process on one core, database included. Each person is a run; figures
are medians of the runs. Then the same in this process by the processor's time, which other work on the machine does
not lengthen (PostgreSQL's own is not in it), and the template of the page alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPConnection
from shutil import which
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask, template_rendered
from jinja2 import Template

from assess.config import Settings
from assess.web import create_app
from benchmarks import places, tables
from benchmarks.places import SHOWN, Candidate
from benchmarks.serving import serving

N_PEOPLE, N_RENDERED = 7, 200
P95, RENDERED = 50.0, 1.0  # milliseconds
FIELD = re.compile(r'name="(csrf_token|code|revision|attempt|counter|key|milliseconds)" value="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
KEY = "of this benchmark alone, and long enough"
Ask = Callable[[str, str, str | None], tuple[int, str]]  # method, address, form: status, and the page or where it leads


def main() -> None:
    """Measure both databases; BENCH_TURNS sets how many people take the test (default 7)."""
    if which("taskset") is None:
        print("Skipped: there is no taskset (Debian: util-linux).")
        return
    places.each(partial(_measure, n_people=int(os.environ.get("BENCH_TURNS", N_PEOPLE))))


def _measure(place: places.Opener, n_people: int) -> None:
    with place(2 * n_people + 1, "adaptive") as here:
        first, served, alone = here.candidates[0], here.candidates[1 : n_people + 1], here.candidates[n_people + 1 :]
        with serving("assess.web:production()", here, on_one_core=True) as port:
            first_step = _take(_by_http(port, first), time.perf_counter)[0]
            runs = [_take(_by_http(port, each), time.perf_counter) for each in served]
        app = create_app(Settings(data=here.folder, database_url=here.url, secret_key=KEY))
        cpu = [_take(_by_wsgi(app, each), time.process_time) for each in alone]
        rendered = _rendered(app, alone[-1])
    columns = [f"on {here.name}, {n_people} people", "steps", "median ms", "p95 ms", "slowest ms"]
    tables.show(columns, [_row("through gunicorn on one core", runs), _row("processor's time alone", cpu)])
    slow = median(_percentile(run, 0.95) for run in runs)
    print(f"- goal: p95 ≤ {P95:g} ms: {slow:.1f} ms, {tables.verdict(slow <= P95)}")
    print(f"- the first step of a process, which makes the test: {first_step:.0f} ms")
    print(f"- goal: template ≤ {RENDERED:g} ms: {rendered:.2f} ms, {tables.verdict(rendered <= RENDERED)}\n")


def _take(ask: Ask, clock: Callable[[], float]) -> list[float]:
    """Answer until the part ends; return the milliseconds of every step but the last, which shows nothing."""
    address, times = f"/take/questions/{SHOWN}", []
    page = ask("GET", address, None)[1]
    while "/questions/" in address:
        form = urlencode({**dict(FIELD.findall(page)), "value": len(times) * 7 % 5 + 1, "go": "on"})
        began = clock()
        status, address = ask("POST", address, form)
        if status != 303:
            raise RuntimeError(f"Continue answered {status}.")
        page = ask("GET", address, None)[1]
        times.append((clock() - began) * 1e3)
    return times[:-1]


def _by_http(port: int, candidate: Candidate) -> Ask:
    line, cookies = HTTPConnection("127.0.0.1", port, timeout=30), [f"rapport-take={candidate.token}"]

    def ask(method: str, address: str, form: str | None) -> tuple[int, str]:
        line.request(method, address, form, {"Cookie": "; ".join(cookies)} | (FORM if form else {}))
        answer = line.getresponse()
        page, new = answer.read().decode(), answer.getheader("Set-Cookie")
        cookies[1:] = [new.partition(";")[0]] if new else cookies[1:]
        return answer.status, answer.getheader("Location") or page

    return ask


def _by_wsgi(app: Flask, candidate: Candidate) -> Ask:
    client = app.test_client()
    client.set_cookie("rapport-take", candidate.token)

    def ask(method: str, address: str, form: str | None) -> tuple[int, str]:
        answer = client.open(address, method=method, data=form, headers=FORM if form else {})
        return answer.status_code, answer.location or answer.text

    return ask


def _rendered(app: Flask, candidate: Candidate) -> float:
    """Return the milliseconds of processor time that filling in the page of a question takes."""
    found: list[tuple[Template, dict[str, Any]]] = []

    def keep(_app: Flask, template: Template, context: dict[str, Any], **_: object) -> None:
        found.append((template, context))

    times = []
    with app.test_client() as client, template_rendered.connected_to(keep, app):
        client.set_cookie("rapport-take", candidate.token)
        client.get(f"/take/questions/{SHOWN}")  # what the template asks of the request is there until the block ends
        template, context = found[-1]
        for _ in range(N_RENDERED):
            began = time.process_time()
            template.render(context)
            times.append((time.process_time() - began) * 1e3)
    return median(times)


def _row(name: str, runs: Sequence[list[float]]) -> tuple[str, ...]:
    figures = median(map(median, runs)), median(_percentile(run, 0.95) for run in runs), median(map(max, runs))
    return name, f"{sum(map(len, runs)):,}", *(f"{figure:.1f}" for figure in figures)


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


if __name__ == "__main__":
    main()
