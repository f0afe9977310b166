"""What WeasyPrint's tags lack for PDF/UA-1, put right before the file is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint import Document
from weasyprint.pdf import tags as theirs

from reports.letters import name_letters

HOLLOW = {"/Div", "/NonStruct", "/Span"}  # elements that say nothing when they are empty: lines and boxes to write in

Elements = dict[bytes, pydyf.Dictionary]  # by the reference to each


_tags_of = theirs._build_box_tree  # noqa: SLF001 -- it has no public way


def _tags_with_language(box: Any, *rest: Any) -> Iterator[pydyf.Dictionary]:
    """Yield the tags of a box, which say its language where that is another than its document's."""
    for tag in _tags_of(box, *rest):
        if box.element is not None and box.element_tag != "html" and (language := box.element.get("lang")):
            tag["Lang"] = pydyf.String(language)
        yield tag


theirs._build_box_tree = _tags_with_language  # noqa: SLF001


def finish(_document: Document, pdf: pydyf.PDF) -> None:
    """Make running heads artefacts, take out what is empty, say of headers which cells they are for, name letters."""
    name_letters(pdf)
    found = [each for each in pdf.objects if isinstance(each, pydyf.Dictionary) and each.get("Type") == "/StructElem"]
    elements = {each.reference: each for each in found}
    (whole,) = (each for each in found if each["S"] == "/Document")
    _take_out_running_heads(pdf, elements, whole)
    _take_out_hollow(elements)
    _scope_headers(elements)
    root = pdf.objects[_number(whole["P"])]
    ids = sorted((each["ID"].string, reference) for reference, each in elements.items() if "ID" in each)
    if ids:
        names = pydyf.Array([part for code, reference in ids for part in (pydyf.String(code), reference)])
        root["IDTree"] = pydyf.Dictionary({"Names": names})


def _take_out_running_heads(pdf: pydyf.PDF, elements: Elements, whole: pydyf.Dictionary) -> None:
    """Make artefacts of what stands in the margins: its tags lead to the document, and none leads from there to it."""
    known = set(whole["K"])
    heads = [each for each in elements.values() if each["P"] == whole.reference and each.reference not in known]
    marks: dict[bytes, set[int]] = defaultdict(set)
    for head in heads:
        for element in _with_descendants(head, elements):
            marks[element["Pg"]] |= {kid for kid in element["K"] if isinstance(kid, int)}
            del elements[element.reference]
            element.clear()
    parents = pdf.objects[_number(pdf.objects[_number(whole["P"])]["ParentTree"])]["Nums"]
    for reference, page_marks in marks.items():
        page = pdf.objects[_number(reference)]
        for mark in page_marks:
            parents[2 * page["StructParents"] + 1][mark] = b"null"
        _mark_as_running(pdf.objects[_number(page["Contents"])].stream, page_marks)


def _with_descendants(element: pydyf.Dictionary, elements: Elements) -> list[pydyf.Dictionary]:
    below = [elements[kid] for kid in element["K"] if isinstance(kid, bytes)]
    return [element, *(each for kid in below for each in _with_descendants(kid, elements))]


def _mark_as_running(stream: list[object], marks: set[int]) -> None:
    """Rename the marked contents of a page that are numbered `marks`; margins are drawn last."""
    left = len(marks)
    for place in range(len(stream) - 1, 0, -1):
        properties = stream[place]
        if isinstance(properties, pydyf.Dictionary) and properties.get("MCID") in marks:
            stream[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
            left -= 1
            if not left:
                return


def _take_out_hollow(elements: Elements) -> None:
    for reference, element in reversed(elements.copy().items()):  # an element's children come after it
        if element["S"] in HOLLOW and not element["K"]:
            elements[element["P"]]["K"].remove(reference)
            del elements[reference]
            element.clear()


def _scope_headers(elements: Elements) -> None:
    for element in elements.values():
        if element["S"] == "/TH":
            group = elements[elements[element["P"]]["P"]]
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
