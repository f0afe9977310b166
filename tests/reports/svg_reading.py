"""Reads drawings back: where their shapes and their words lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "reports" / "fonts"
SVG = "{http://www.w3.org/2000/svg}"
TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?")
Point = tuple[float, float]


def read(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 -- our own text


def shapes(drawing: ET.Element, *, css: str = "", fill: str = "", stroke: str = "") -> list[list[Point]]:
    """Return the corners of every part of the paths that have this class, fill or stroke."""
    asked = {name: value for name, value in (("class", css), ("fill", fill), ("stroke", stroke)) if value}
    found = [path for path in drawing.iter(f"{SVG}path") if all(path.get(name) == asked[name] for name in asked)]
    return [part for path in found for part in corners(path)]


def corners(path: ET.Element) -> Iterator[list[Point]]:
    """Follow a path; of an arc and of a curve only the end counts."""
    shift = [float(each) for each in re.findall(r"-?[\d.]+", path.get("transform", ""))] or [0.0, 0.0]
    assert path.get("transform", "translate").startswith("translate")
    tokens = TOKEN.findall(path.attrib["d"])
    x = y = 0.0
    command, part = "", []
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        if command in "Zz":
            continue
        size = {"H": 1, "V": 1, "C": 6, "A": 7}.get(command.upper(), 2)
        numbers, tokens = [float(each) for each in tokens[:size]], tokens[size:]
        end = {"H": (numbers[0], y), "V": (x, numbers[0])}.get(command, tuple(numbers[-2:]))
        if command.islower():
            end = (
                (x + (numbers[-1] if command != "v" else 0), y + numbers[-1]) if size == 1 else (x + end[0], y + end[1])
            )
            end = (end[0], y) if command == "h" else end
        if command == "M" and part:
            yield part
            part = []
        x, y = end
        part.append((x + shift[0], y + shift[1]))
    yield part


def words(drawing: ET.Element) -> list[str]:
    return [each.text or "" for each in drawing.iter(f"{SVG}text")]


def extents(text: ET.Element) -> tuple[float, float]:
    """Return where a line of words begins and ends, in the metrics of the house's font."""
    width = advance(text.text or "", "SemiBold" if text.get("font-weight") == "600" else "Regular")
    width *= float(text.attrib["font-size"])
    start = float(text.attrib["x"]) - width * {"middle": 0.5, "end": 1}.get(text.get("text-anchor", ""), 0)
    return start, start + width


def advance(line: str, cut: str) -> float:
    """Return how many ems a line takes."""
    widths, units = metrics(cut)
    return sum(widths[ord(each)] for each in line) / units


@cache
def metrics(cut: str) -> tuple[dict[int, int], int]:
    font = TTFont(FONTS / f"FiraSans-{cut}.ttf")
    return {code: font["hmtx"][name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm
