"""How a reader of a report on paper finds out that it is genuine: a QR code and its address on the first page."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
import report_people as people
import segno
from pypdf import PdfReader

from assess.languages import LANGUAGES
from assess.scoring.flags import flags_of
from assess.scoring.result import Consistency, Quality, ScaleScore
from reports.charts.qr import QUIET, qr_code
from reports.document import to_html
from reports.kinds import KINDS, build
from reports.pdf import to_pdf

SEAL = "https://rapport.example.org/genuine/R-7F3K-29QD/abcdefghijklmnop"
LONG_SEAL = "https://assessments.acme-stores-and-warehouses.example.org/genuine/R-7F3K-29QD/abcdefghijklmnop"
LONG_FIRM = "Acme Stores and Warehouses of the Northern Region Ltd"  # two lines
CARELESS = Quality(108, 84, 84, 0.0, 84, 84, 0.4, 3, 3, Consistency(-0.5, 0.1, 6, -5.0, 400.0, 0.0))
SVG = "{http://www.w3.org/2000/svg}"


def modules(path: str) -> set[tuple[int, int]]:
    """Return column and row of every module that `path` blackens."""
    lines = re.findall(r"M(\d+) (\d+)\.5h(\d+)", path)
    assert "".join(f"M{x} {y}.5h{n}" for x, y, n in lines) == path
    return {(x, int(y)) for start, y, n in lines for x in range(int(start), int(start) + int(n))}


def first_page(kind: str, **changes: object) -> PdfReader:
    """Return the first section of a report, read back."""
    context = people.context(**changes)
    document = build(kind, context)
    html = to_html(replace(document, sections=document.sections[:1]))
    return PdfReader(io.BytesIO(to_pdf(html, made_at=context.made_at)))


@pytest.mark.parametrize("address", [SEAL, "http://localhost:8000/genuine/R-2222-2222/aaaaaaaaaaaaaaaa"])
def test_code_blackens_what_the_standard_says_inside_a_white_margin_of_four(address):
    svg = ET.fromstring(qr_code(address, title="An address"))  # noqa: S314 -- our own
    matrix = segno.make_qr(address, error="m").matrix
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark}
    title, path = svg
    assert modules(path.get("d")) == dark
    assert svg.get("viewBox") == f"0 0 {len(matrix) + 8} {len(matrix) + 8}"
    assert (title.tag, title.text, path.tag, path.get("stroke")) == (f"{SVG}title", "An address", f"{SVG}path", "#000")


def test_alternative_is_written_as_text():
    assert "<title>a &lt;b&gt; &amp; c</title>" in qr_code(SEAL, title="a <b> & c")


@pytest.mark.parametrize("kind", KINDS)
def test_first_page_says_in_words_as_a_link_and_as_a_code_where_to_check(kind):
    pdf = first_page(kind, seal=SEAL)
    words = pdf.pages[0].extract_text().replace("\u200b", "")
    assert "Check that this report is genuine:" in " ".join(words.split())
    assert SEAL in "".join(words.split())
    assert {link.get_object()["/A"]["/URI"] for link in pdf.pages[0]["/Annots"]} == {SEAL}
    assert f"QR code with the address that confirms this report: {SEAL}" in alternatives(pdf)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_first_section_stays_on_one_page_with_the_longest_names_in_every_language(language, paper):
    light = ScaleScore("impression", 12, 12, theta=2.0, sten=10)
    found = replace(people.result(), flags=tuple(flags_of(CARELESS, light)))
    about = {"person": people.LONG_NAME, "organization": LONG_FIRM, "further": people.further_parts()}
    for kind in KINDS:
        pdf = first_page(kind, found=found, seal=LONG_SEAL, language=language, paper=paper, **about)
        assert len(pdf.pages) == 1, kind


@pytest.mark.parametrize("kind", KINDS)
def test_report_that_is_not_kept_promises_no_check(kind):
    html = to_html(build(kind, people.context(seal="")))
    assert "genuine" not in html
    assert 'class="qr"' not in html


def alternatives(pdf: PdfReader) -> list[str]:
    """Return the text alternatives of all drawings."""
    everything = (pdf.get_object(number) for number in range(1, pdf.trailer["/Size"]))
    return [str(each["/Alt"]) for each in everything if isinstance(each, dict) and each.get("/S") == "/Figure"]
