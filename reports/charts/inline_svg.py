"""
What Matplotlib draws, as SVG that may stand inside a page.

Matplotlib writes a file: with a prolog, a style element, style attributes, and identifiers that shapes refer to. Pages
forbid the styles, and identifiers of two drawings could meet. So shapes are written out where they are used, styles
become presentation attributes, and colours must be the house's. Charts draw nothing that would have to be clipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from markupsafe import Markup

from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import FAMILY, head

SVG, HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
GEOMETRY = ("d", "x", "y", "transform")
STYLES = frozenset({
    "fill", "font-family", "font-size", "font-weight", "stroke", "stroke-dasharray", "stroke-dashoffset",
    "stroke-linecap", "stroke-linejoin", "stroke-width", "text-anchor",
})  # fmt: skip

_NUMBER = re.compile(r"-?\d+\.\d+")
_NO_TURN = re.compile(r"rotate\(-?0 ")


def inline(svg: str, *, css: str, title: str, colours: Colours) -> Markup:
    """
    Return Matplotlib's `svg` as an element for the middle of a page, with `title` as its text alternative.

    Raises `ValueError` for what would be lost: an element, a style or a colour that is not known here.
    """
    root = ET.fromstring(svg)  # noqa: S314 -- Matplotlib's own
    _x, _y, width, height = map(float, root.attrib["viewBox"].split())
    defined = {each.attrib["id"]: each for each in root.iter(f"{SVG}path") if "id" in each.attrib}
    literals = {PRINT[name]: colours[name] for name in PRINT} | {"none": "none"}
    shapes = Markup().join(_shapes(root, defined, literals))
    return head(css, width, height, title) + Markup('<g stroke-linejoin="round">{}</g></svg>').format(shapes)


def _shapes(parent: ET.Element, defined: Mapping[str, ET.Element], colours: Mapping[str, str]) -> Iterator[Markup]:
    for each in parent:
        tag = each.tag.removeprefix(SVG)
        if tag == "g" and not {"style", "transform"} & set(each.attrib):
            yield from _shapes(each, defined, colours)
        elif tag == "use":
            shape = defined[each.attrib[HREF].removeprefix("#")]
            where = {"transform": f"translate({each.attrib['x']} {each.attrib['y']})", "d": shape.attrib["d"]}
            yield _element("path", where | _styles(shape, colours) | _styles(each, colours))
        elif tag == "path" and "d" in each.attrib:
            yield _element("path", _geometry(each) | _styles(each, colours))
        elif tag == "text":
            yield _element("text", _geometry(each) | _styles(each, colours), each.text or "")
        elif tag not in {"defs", "metadata", "path"}:  # a path without commands draws nothing
            raise ValueError(f"charts draw no {tag} {each.attrib}")


def _geometry(element: ET.Element) -> dict[str, str]:
    found = {name: element.attrib[name] for name in GEOMETRY if name in element.attrib}
    if _NO_TURN.match(found.get("transform", "")):
        del found["transform"]
    return found


def _styles(element: ET.Element, colours: Mapping[str, str]) -> dict[str, str]:
    """Return the style attribute as presentation attributes."""
    pairs = (each.partition(":") for each in element.get("style", "").split(";") if each.strip())
    found = {name.strip(): value.strip() for name, _colon, value in pairs}
    if unknown := set(found) - STYLES:
        raise ValueError(f"no attribute says {', '.join(sorted(unknown))}")
    for paint in {"fill", "stroke"} & set(found):
        if found[paint] not in colours:
            raise ValueError(f"{found[paint]} is not one of the house's colours")
        found[paint] = colours[found[paint]]
    if "font-family" in found:
        found["font-family"] = FAMILY
    if "font-size" in found:
        found["font-size"] = found["font-size"].removesuffix("px")  # the units of the drawing
    return found


def _element(tag: str, attributes: Mapping[str, str], words: str = "") -> Markup:
    written = Markup().join(Markup(' {}="{}"').format(name, _short(value)) for name, value in attributes.items())
    return Markup("<{0}{1}>{2}</{0}>").format(tag, written, words) if words else Markup("<{}{}/>").format(tag, written)


def _short(value: str) -> str:
    """Return `value` on one line with its numbers to a hundredth of a point, which every machine agrees on."""
    return _NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), " ".join(value.split()))
