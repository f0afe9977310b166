"""Chromium as a maker of PDFs: running, with the processor time of all its processes, or started for one page."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reports.pdf import FONTS
from reports.sheets import paper_sheet, read

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PRINTED = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}
TICKS = os.sysconf("SC_CLK_TCK")
COLD = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline")


def path() -> str | None:
    """Return where Chromium is, if it is there and can be driven."""
    try:
        import playwright.sync_api  # noqa: F401, PLC0415 -- only here
    except ImportError:
        return None
    return shutil.which("chromium")


def with_style(html: str) -> str:
    """Return a report with its style sheet and the fonts of its letters inside, as a browser needs it."""
    css = read("tokens").partition("@media")[0] + read("fonts") + paper_sheet(from_the_right=False)
    for font in FONTS.glob("Fira*.ttf"):
        data = base64.b64encode(font.read_bytes()).decode()
        css = css.replace(f'url("{font.name}")', f"url(data:font/ttf;base64,{data})")
    return html.replace("</head>", f"<style>{css}</style></head>")


class Chromium:
    """A running browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._tab: Page = browser.new_page()
        self._pid = _only_browser_below(os.getpid())

    def in_a_new_tab(self, html: str) -> bytes:
        """Return a PDF, made in a tab of its own."""
        tab = self._browser.new_page()
        try:
            tab.set_content(html)
            return tab.pdf(**PRINTED)
        finally:
            tab.close()

    def in_the_same_tab(self, html: str) -> bytes:
        """Return a PDF, made in the tab of those before."""
        self._tab.set_content(html)
        return self._tab.pdf(**PRINTED)

    def seconds(self) -> float:
        """Return the processor time of the browser and all its processes, also of those that ended."""
        return seconds_of(self._pid)


@contextmanager
def running() -> Iterator[Chromium]:
    """Start the browser and end it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is one

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=["--no-sandbox"])
        try:
            yield Chromium(browser)
        finally:
            browser.close()


def seconds_of(pid: int) -> float:
    """Return the processor time of a process and all below it, also of those that ended."""
    return sum(_ticks(each) for each in _with_descendants(pid, _children())) / TICKS


def cold(html: str) -> bytes:
    """Return a PDF by a browser that is started for it and ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, pdf = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        command = [path() or "chromium", *COLD, f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}"]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True)
        return pdf.read_bytes()


def _only_browser_below(pid: int) -> int:
    """Return the process of the browser, which Playwright's driver has started."""
    children = _children()
    (browser,) = (
        each
        for each in _with_descendants(pid, children)
        if "--user-data-dir" in (line := _command(each)) and "--type=" not in line
    )
    return browser


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _children() -> dict[int, list[int]]:
    found = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            found[int(fields[1])].append(int(entry.name))
    return found


def _with_descendants(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    yield pid
    for child in children.get(pid, []):
        yield from _with_descendants(child, children)


def _ticks(pid: int) -> int:
    """Return the processor time of a process and of its children that have ended."""
    fields = _fields(pid)
    return sum(map(int, fields[11:15])) if fields else 0


def _fields(pid: int) -> list[str]:
    """Return what the system says of a process, after its name; empty when it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
