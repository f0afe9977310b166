"""Every kind of document is PDF/UA-1, as far as programs can tell."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree as ET

import pdfua
import pikepdf
import pytest
from report_documents import DOCUMENTS, html, pdf
from tagged import Tagged

from reports.kinds import TITLES
from reports.shortcut import well_formed

SVG = "{http://www.w3.org/2000/svg}"
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
IN_THE_OUTLINE = HEADINGS[:3]
CRASHES = {"UA-14-001"}  # of pdfua 0.1.3 with pikepdf 10; the test of headings below asks the same

pytestmark = pytest.mark.parametrize("kind", DOCUMENTS)


@cache
def tagged(kind: str) -> Tagged:
    return Tagged(pdf(kind))


def squeezed(text: str) -> str:
    """Return `text` without white space, whose place in a PDF is layout, in capitals, into which style sheets turn."""
    return re.sub(r"\s", "", text).upper()


def spoken(element: ET.Element) -> str:
    """Return the text of a page in its order, without drawings."""
    if element.tag == f"{SVG}svg":
        return element.tail or ""
    return "".join([element.text or "", *map(spoken, element), element.tail or ""])


def test_every_kind_of_report_is_checked(kind):
    assert set(TITLES) <= set(DOCUMENTS)


def test_checker_finds_nothing(kind, tmp_path):
    file = tmp_path / f"{kind}.pdf"
    file.write_bytes(pdf(kind))
    report = pdfua.validate(str(file))
    assert [finding.message for finding in report.findings] == []
    assert {outcome.rule_id for outcome in report.skipped} <= CRASHES


def test_head_says_what_it_is_and_that_it_is_accessible(kind):
    file = tagged(kind).pdf
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == str(file.docinfo.Title)
    assert re.search(r"\([RD]-7F3K-29QD\)$", str(file.docinfo.Title))
    assert file.Root.ViewerPreferences.DisplayDocTitle is True
    assert file.Root.MarkInfo.Marked is True
    assert str(file.Root.Lang) == "en"
    assert all(page.Tabs == "/S" for page in file.pages)


def test_every_letter_is_in_the_tags_once_or_part_of_the_page_s_frame(kind):
    found = tagged(kind)
    assert "".join(found.unmarked) == ""
    assert len(found.claimed) == len(set(found.claimed))
    assert set(found.claimed) == found.marked
    numbers = list(found.root.ParentTree.Nums)
    for page, parents in zip(found.pdf.pages, numbers[1::2], strict=True):
        for mark, parent in enumerate(parents):
            assert (parent is None) == ((page.objgen, mark) not in found.marked)


def test_heads_and_feet_of_pages_are_not_read_with_the_text(kind):
    found = tagged(kind)
    for number, running in enumerate(found.running, start=1):
        assert f"Page {number} of {len(found.running)}" in running
    assert not re.search(r"Page \d+ of \d+", found.text())


def test_tags_lead_through_the_text_in_its_own_order(kind):
    body = well_formed(html(kind)).find("body")
    assert squeezed(tagged(kind).text(without=("Figure", "Lbl"))) == squeezed(spoken(body))


def test_every_drawing_says_what_it_shows(kind):
    titles = [title.text for title in well_formed(html(kind)).iter(f"{SVG}title")]
    figures = tagged(kind).all("Figure")
    assert [str(figure.raw.Alt) for figure in figures] == titles
    assert all(titles)
    assert all(figure.raw.A.BBox for figure in figures)


def test_headings_go_down_one_level_at_a_time_and_lead_the_outline(kind):
    headings = tagged(kind).all(*HEADINGS)
    levels = [int(each.tag[1]) for each in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(each.text.strip() for each in headings)
    with tagged(kind).pdf.open_outline() as outline:
        entries = [entry for top in outline.root for entry in opened(top, 1)]
    shown = [(int(each.tag[1]), squeezed(each.text)) for each in headings if each.tag in IN_THE_OUTLINE]
    assert [(level, squeezed(title)) for level, title in entries] == shown


def opened(entry: pikepdf.OutlineItem, level: int) -> list[tuple[int, str]]:
    """Return an entry of an outline and all below it, with their levels."""
    return [(level, entry.title), *(each for below in entry.children for each in opened(below, level + 1))]


def test_every_cell_of_a_table_names_its_headers(kind):
    found = tagged(kind)
    headers = {str(each.raw.ID): each for each in found.all("TH")}
    assert len(headers) == len(found.all("TH"))
    assert found.all("Table")
    names = list(found.root.IDTree.Names) if headers else []
    assert [str(name) for name in names[::2]] == sorted(headers)
    for header in headers.values():
        assert header.raw.A.Scope == ("/Column" if "THead" in header.path else "/Row")
        assert header.text.strip()
    for cell in found.all("TD"):
        assert cell.raw.A.Headers
        assert {str(name) for name in cell.raw.A.Headers} <= set(headers)


def test_lists_hold_items_and_nothing_is_empty_but_cells(kind):
    for each in tagged(kind).elements:
        assert (each.tag == "LI") == (each.path[-1:] == ("L",)), each
        assert len(each.raw.get("/K", [])) or each.tag in ("TD", "TH"), each


def test_fonts_are_embedded_in_part_and_every_letter_can_be_copied(kind):
    fonts = {str(font.BaseFont): font for page in tagged(kind).pdf.pages for font in page.Resources.Font.values()}
    assert fonts
    for name, font in fonts.items():
        assert re.match(r"/[A-Z]{6}\+", name)
        assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()) < 60_000
        assert "/ToUnicode" in font
