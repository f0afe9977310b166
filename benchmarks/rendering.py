"""Reports beside Chromium's printing of the same pages, two processes beside one, and the memory that one keeps."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import chromium, tables
from reports.document import to_html
from reports.kinds import build
from reports.pdf import to_pdf
from reports.rendering import Renderer
from reports.sections.scales import Scales
from reports.sections.summary import Summary
from tests.reports import report_people as people

N_PEOPLE = 40  # each with both reports, over and over
N_RENDERS = 500
N_TIMED = 15  # of each kind
SHOWN = (2, 50, 100, 101, 200, 201, 500)  # reports after which the memory is shown
MOST_MIB = 100
MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
KINDS = ("hiring", "individual")

N_ROUNDS = 15  # of all makers in turns
N_COLD = 5
N_ABREAST = 12  # reports for each process, when two work beside each other
N_ABREAST_ROUNDS = 7
MOST_OF_WARM, MOST_OF_COLD, LEAST_OF_TWO = 1.0, 0.30, 1.9  # ratios

Page = tuple[str, str]  # the kind and the HTML


@dataclass
class Maker:
    """A way to a PDF, and the seconds that each has taken: by the clock, and of processors in all its processes."""

    make: Callable[[], object]
    used: Callable[[], float]
    wall: list[float] = field(default_factory=list)
    marks: list[float] = field(default_factory=list)  # processor time before each, so that tidying up counts, too

    def turn(self) -> None:
        """Make one more."""
        self.marks.append(self.used())
        self.wall.append(_seconds(self.make))

    @property
    def milliseconds(self) -> tuple[float, float]:
        """The medians of both, the first turn left out."""
        used = [later - earlier for earlier, later in zip(self.marks[1:], self.marks[2:], strict=False)]
        return 1000 * statistics.median(self.wall[1:]), 1000 * statistics.median(used)


def main() -> None:
    """Measure and print."""
    pages = _pages()
    if chromium.path() is None:
        print("Chromium or Playwright is not here, so reports do not stand beside them.\n")
    else:
        _beside_chromium()
    _abreast(pages)
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


def _documents() -> Mapping[str, str]:
    """Return what is made beside Chromium, as HTML: four pages with all that reports consist of, and whole reports."""
    context = people.context(further=people.further_parts())
    hiring = build("hiring", context)
    four = replace(hiring, sections=tuple(section.build(context) for section in (Summary, Scales)))
    return {
        "four pages": to_html(four),
        "individual report": to_html(build("individual", context)),
        "hiring report": to_html(hiring),
    }


def _beside_chromium() -> None:
    documents, rows = _documents(), []
    with Renderer() as renderer, chromium.running() as browser:
        for name, html in documents.items():
            renderer.render(html, MADE_AT)
            styled = chromium.with_style(html)
            makers = {
                "ours": Maker(partial(renderer.render, html, MADE_AT), partial(_processor_seconds, renderer)),
                "new tab": Maker(partial(browser.in_a_new_tab, styled), browser.seconds),
                "same tab": Maker(partial(browser.in_the_same_tab, styled), browser.seconds),
            }
            for number in range(N_ROUNDS + 2):
                for maker in list(makers.values())[:: 1 if number % 2 else -1]:
                    maker.turn()
            rows.append(_row(name, makers))
    columns = ("document", "ours, ms", "Chromium, a new tab each", "ratio, goal 1.0", "the same tab", "ratio")
    tables.show(columns, rows)
    _beside_cold_chromium(documents["four pages"])


def _row(name: str, makers: Mapping[str, Maker]) -> Sequence[object]:
    shown = {key: "{:.0f} (processors {:.0f})".format(*maker.milliseconds) for key, maker in makers.items()}
    ours, new, same = (maker.milliseconds for maker in makers.values())
    ratio, reached = ours[0] / new[0], tables.verdict(ours[0] / new[0] <= MOST_OF_WARM)
    of_new = f"{ratio:.2f} ({ours[1] / new[1]:.2f}): {reached}"
    return name, shown["ours"], shown["new tab"], of_new, shown["same tab"], f"{ours[0] / same[0]:.2f}"


def _beside_cold_chromium(html: str) -> None:
    styled = chromium.with_style(html)
    warm, cold, theirs = [], [], []
    with Renderer() as renderer:
        renderer.render(html, MADE_AT)
        for _ in range(N_COLD):
            theirs.append(_seconds(partial(chromium.cold, styled)))
            warm.append(_seconds(partial(renderer.render, html, MADE_AT)))
            cold.append(_seconds(partial(_cold, html)))
    ours, started, other = (1000 * statistics.median(times) for times in (warm, cold, theirs))
    reached = tables.verdict(ours / other <= MOST_OF_COLD)
    row = ("four pages", f"{ours:.0f}", f"{started:.0f}", f"{other:.0f}", f"{ours / other:.2f}: {reached}")
    tables.show(("document", "ours, ms", "ours, started for it", "Chromium, started for it", "ratio, goal 0.30"), [row])


def _cold(html: str) -> bytes:
    with Renderer() as renderer:
        return renderer.render(html, MADE_AT)


def _abreast(pages: Sequence[Page]) -> None:
    """Give one process a pile of reports, then each of two, over and over."""
    pile = [html for _, html in pages[:N_ABREAST]]

    def work(renderer: Renderer) -> None:
        for html in pile:
            renderer.render(html, MADE_AT)

    alone, together = [], []
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        two = [stack.enter_context(Renderer()) for _ in range(2)]
        for renderer in two:
            work(renderer)
        for _ in range(N_ABREAST_ROUNDS):
            alone.append(_seconds(partial(work, two[0])))
            together.append(_seconds(lambda: list(threads.map(work, two))))
    ratio = statistics.median(2 * one / both for one, both in zip(alone, together, strict=True))
    rates = f"{N_ABREAST / statistics.median(alone):.1f}", f"{2 * N_ABREAST / statistics.median(together):.1f}"
    row = (*rates, f"{ratio:.2f}: {tables.verdict(ratio >= LEAST_OF_TWO)}")
    tables.show(("one process, reports a second", "two processes", "ratio, goal 1.9"), [row])


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


def _processor_seconds(renderer: Renderer) -> float:
    return chromium.seconds_of(renderer.pid or 0)


def _mib(pid: int | None, figure: str) -> float:
    """Return a figure of a process's memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition(f"{figure}:")[2].split()[0]) / 1024
