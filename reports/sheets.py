"""Style sheets: for paper in both directions of writing, and for the same sections on a page of the web."""

from __future__ import annotations

import re
from pathlib import Path

STYLES = Path(__file__).resolve().parent / "styles"
SIDE = re.compile(r"\b(left|right)\b")
FOUR_SIDES = re.compile(r"((?:margin|padding): *[^\s;}]+) ([^\s;}]+) ([^\s;}]+) ([^\s;}]+)")


def paper_sheet(*, from_the_right: bool) -> str:
    """Return what stands where on paper; without colours and fonts."""
    page = read("page")
    return (mirrored(page) if from_the_right else page) + read("languages")


def screen_sheet(*, from_the_right: bool) -> str:
    """Return what is different on screens after a layer that holds the sheet of paper, so that it always counts."""
    return f"@layer paper {{\n{paper_sheet(from_the_right=from_the_right)}}}\n{read('screen')}"


def mirrored(css: str) -> str:
    """Return a style sheet for languages that are written from right to left."""
    swapped = SIDE.sub(lambda side: "right" if side[0] == "left" else "left", css)
    return FOUR_SIDES.sub(r"\1 \4 \3 \2", swapped) + "@page { direction: rtl }"


def read(name: str) -> str:
    """Return a style sheet as it was written."""
    return (STYLES / f"{name}.css").read_text(encoding="utf-8")
