"""How much memory the rendering process keeps over 500 reports, and what it costs beside rendering in one's own."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import tables
from reports.document import to_html
from reports.kinds import build
from reports.pdf import to_pdf
from reports.rendering import Renderer
from tests.reports import report_people as people

N_PEOPLE = 40  # each with both reports, over and over
N_RENDERS = 500
N_TIMED = 15  # of each kind
SHOWN = (2, 50, 100, 101, 200, 201, 500)  # reports after which the memory is shown
MOST_MIB = 100
MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
KINDS = ("hiring", "individual")

Page = tuple[str, str]  # the kind and the HTML


def main() -> None:
    """Measure and print."""
    pages = _pages()
    rows: list[Sequence[object]] = [("start of the process", f"{_start_seconds(pages[0][1]):.2f} s", "", "")]
    rows += _times(pages)
    rows += _memory(pages)
    tables.show(("of the rendering process", "measured", "beside", "goal"), rows)


def _pages() -> list[Page]:
    draw = random.Random(11)  # noqa: S311 -- simulated people
    found = []
    for number in range(N_PEOPLE):
        result = people.result(tuple(round(draw.gauss(0, 1), 2) for _ in range(6)))
        name = f"Person {draw.randrange(10**9)}"
        context = people.context(result, person=name, organization=f"Firm {number}", reference=f"R-{number:04}")
        found += [(kind, to_html(build(kind, context))) for kind in KINDS]
    return found


def _start_seconds(html: str) -> float:
    """Return the median of what a first report takes more than a second one, in a new process each time."""

    def more() -> float:
        with Renderer() as renderer:
            first, second = (_seconds(partial(renderer.render, html, MADE_AT)) for _ in range(2))
            return first - second

    return statistics.median(more() for _ in range(5))


def _times(pages: Sequence[Page]) -> list[Sequence[object]]:
    """Render the same pages there and here, in turns, so that both meet the same machine."""
    here, there = defaultdict(list), defaultdict(list)
    with Renderer() as renderer:
        for kind, html in [*pages[: len(KINDS)], *pages[: N_TIMED * len(KINDS)]]:
            there[kind].append(_seconds(partial(renderer.render, html, MADE_AT)))
            here[kind].append(_seconds(partial(to_pdf, html, made_at=MADE_AT)))
        same = all(renderer.render(html, MADE_AT) == to_pdf(html, made_at=MADE_AT) for _, html in pages[: len(KINDS)])
    rows: list[Sequence[object]] = [("bytes like those of our own process", same, "", tables.verdict(same))]
    for kind in KINDS:
        our, their = statistics.median(here[kind][1:]), statistics.median(there[kind][1:])
        rows.append((f"{kind} report", f"{their:.3f} s", f"{our:.3f} s here: ratio {their / our:.2f}", ""))
    return rows


def _memory(pages: Sequence[Page]) -> list[Sequence[object]]:
    after, most, pids = {}, 0.0, set()
    with Renderer() as renderer:
        for number in range(1, N_RENDERS + 1):
            renderer.render(pages[number % len(pages)][1], MADE_AT)
            after[number] = _mib(renderer.pid, "VmRSS")
            most = max(most, _mib(renderer.pid, "VmHWM"))
            pids.add(renderer.pid)
    steps = ", ".join(f"{after[number]:.0f}" for number in SHOWN)
    worst = max(after.values())
    goal = f"{MOST_MIB} MiB: {tables.verdict(worst <= MOST_MIB)}"
    return [
        (f"memory after each of {N_RENDERS} reports", f"at most {worst:.1f} MiB", f"{most:.1f} MiB amid one", goal),
        (f"memory after report {', '.join(map(str, SHOWN))}", f"{steps} MiB", f"{len(pids)} processes", ""),
    ]


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _mib(pid: int | None, figure: str) -> float:
    """Return a figure of a process's memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition(f"{figure}:")[2].split()[0]) / 1024
