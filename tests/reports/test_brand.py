"""Reports in an organisation's colour and with its logo; and what else a document may not bring along."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from dataclasses import replace

import pytest
import report_people as people
from PIL import Image
from pypdf import PdfReader

from reports.charts.colours import PRINT, contrast_on_white, tint
from reports.context import Brand
from reports.document import to_html
from reports.kinds import build
from reports.logos import HEIGHT, MOST, WIDTH, logo_at
from reports.pdf import to_pdf
from reports.sections.decision import DecisionRecord
from reports.sections.summary import Summary

ACCENT = "#9b1c5a"


def png(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), ACCENT).save(written, "PNG")
    return written.getvalue()


def url_of(image: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"


def claiming(width: int, height: int) -> bytes:
    """Return a PNG of one pixel whose header says that it has many."""
    head = b"IHDR" + struct.pack("!2I", width, height) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\r" + head + zlib.crc32(head).to_bytes(4, "big")


def html_of(brand: Brand, **changes: object) -> str:
    context = people.context(brand=brand, **changes)
    sections = (Summary.build(context), DecisionRecord.build(context))
    return to_html(replace(build("hiring", context), sections=sections))


@pytest.fixture(scope="module")
def branded():
    """The first and another page of a report with colour and logo, read back."""
    html = html_of(Brand(accent=ACCENT, logo=base64.b64encode(png(400, 120)).decode()))
    made_at = people.context().made_at
    pdf = to_pdf(html, made_at=made_at)
    assert to_pdf(html, made_at=made_at) == pdf
    return PdfReader(io.BytesIO(pdf))


def test_headings_rules_and_drawings_are_in_the_organisation_s_colour(branded):
    drawn = branded.pages[0].get_contents().get_data().decode("latin-1")
    fills = {
        bytes(round(255 * float(part)) for part in line.split()[:3])
        for line in drawn.splitlines()
        if line.endswith(" rg")
    }
    assert bytes.fromhex(ACCENT[1:]) in fills
    assert bytes.fromhex(PRINT["petrol"][1:]) not in fills


def test_house_s_colour_stays_where_there_is_no_accent():
    html = html_of(Brand())
    assert PRINT["petrol"] in html
    assert "<style>" not in html


def test_logo_stands_on_the_first_page_in_place_of_the_name(branded):
    first, second = branded.pages
    (logo,) = [name for name, each in first["/Resources"]["/XObject"].items() if each["/Subtype"] == "/Image"]
    assert [f"{logo} Do".encode() in page.get_contents().get_data() for page in branded.pages] == [True, False]
    assert first.extract_text().count("Acme Stores") == 1  # among the facts
    assert second.extract_text().count("Acme Stores") == 1  # above the text
    figures = [each for each in map(branded.get_object, range(1, branded.trailer["/Size"])) if isinstance(each, dict)]
    assert "Acme Stores" in {str(each["/Alt"]) for each in figures if each.get("/S") == "/Figure"}


@pytest.mark.parametrize(
    "address",
    [
        "data:text/html;base64,PGI+",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png,%89PNG",
        "data:image/png;base64,not base64!",
        "https://example.org/logo.png",
        url_of(b"GIF89a" + bytes(40)),
        url_of(claiming(WIDTH + 1, 1)),
        url_of(claiming(1, HEIGHT + 1)),
        url_of(claiming(0, 1)),
        url_of(png(8, 8) + bytes(MOST)),
    ],
    ids=range(10),
)
def test_no_other_address_is_answered(address):
    assert logo_at(address) is None
    with pytest.raises(ValueError, match="fetch nothing"):
        to_pdf(f'<img src="{address}">', made_at=people.context().made_at)


def test_largest_logo_is_answered():
    image = png(WIDTH, HEIGHT)
    assert logo_at(url_of(image)) == image


def test_band_is_a_tint_of_the_accent_as_the_house_s_is_of_its_own():
    assert tint("#000000", 0.5) == "#808080"
    assert (tint(ACCENT, 0.0), tint(ACCENT, 1.0)) == (ACCENT, "#ffffff")


@pytest.mark.parametrize(
    ("colour", "ratio"),  # WebAIM's contrast checker
    [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#0000ff", 8.59)],
)
def test_contrast_is_that_of_wcag(colour, ratio):
    assert contrast_on_white(colour) == pytest.approx(ratio, abs=0.005)
