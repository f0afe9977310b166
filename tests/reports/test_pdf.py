from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import report_people as people
from pypdf import PdfReader

from assess.scoring.result import Flag
from reports.document import to_html
from reports.kinds import KINDS, build
from reports.pdf import to_pdf

MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
SCALES = ("Trust", "Tact", "Empathy", "Conformity", "Focus", "Flexibility")
IN_ANOTHER_PROCESS = """
import hashlib, sys
from datetime import UTC, datetime
from reports.pdf import to_pdf
pdf = to_pdf(sys.stdin.read(), made_at=datetime(2026, 4, 3, 8, 0, tzinfo=UTC))
print(hashlib.sha256(pdf).hexdigest())
"""


def read(kind: str, context) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(to_html(build(kind, context)), made_at=context.made_at)))


def texts(pdf: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_whose_which_and_of_what_standing_it_is(kind):
    pages = texts(read(kind, people.context(simulated=True)))
    assert all(name in " ".join(pages) for name in SCALES)
    for number, page in enumerate(pages, start=1):
        assert "SIMULATED PERSON" in page
        assert "Provisional" in page
        assert "R-7F3K-29QD" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Cora Candidate" in page


def test_real_people_are_not_called_simulated():
    assert "SIMULATED" not in " ".join(texts(read("individual", people.context())))


def test_head_names_title_author_language_and_day():
    pdf = read("hiring", people.context())
    assert pdf.metadata.title == "Hiring report: Cora Candidate (R-7F3K-29QD)"
    assert pdf.metadata.author == "Acme Stores"
    assert pdf.metadata.creation_date == MADE_AT
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert b"pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize(("paper", "points"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper_has_the_size_that_was_asked_for(paper, points):
    box = read("individual", people.context(paper=paper)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


def test_only_the_bundled_fonts_are_used():
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in read("hiring", people.context()).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"Fira-Sans", "Fira-Sans-Semi-Bold"}


def test_person_s_report_holds_no_comparison_with_the_job_and_no_quality_signs():
    flags = (Flag("impression", "The person described themselves in an unusually favourable light."),)
    context = people.context(replace(people.result(), flags=flags))
    text = " ".join(texts(read("individual", context))).lower()
    for word in (
        "match",
        "target",
        "asked for",
        "asks for",
        "impression management",
        "favourable light",
        "distort",
        "flag",
        "pass/fail",
    ):
        assert word not in text, word


def test_person_s_report_says_their_rights_and_whom_to_ask():
    last = texts(read("individual", people.context()))[-1]
    for words in ("Correct it", "Erase it", "Have a person look", "people@acme.example", "Until 3 April 2027"):
        assert words in last


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_summary_stays_on_one_page_with_a_long_name_and_every_flag(paper):
    sentences = (
        "12 of 108 statements were left unanswered.",
        "The person described themselves in an unusually favourable light. That is common when much depends on the "
        "result; explore real examples in the interview.",
        "3 of 3 lines that asked for one particular choice were answered otherwise.",
        "The choices hardly differ from statement to statement.",
    )
    flags = tuple(Flag("any", sentence) for sentence in sentences)
    context = people.context(replace(people.result(), flags=flags), person=people.LONG_NAME, paper=paper)
    pages = texts(read("hiring", context))
    assert "This page decides nothing." in pages[0]
    assert "give it no weight of its own" in pages[0]
    assert "Behaviour by behaviour" in pages[1]


@pytest.mark.slow
@pytest.mark.parametrize("theta", [-2.2, -1.1, 0.0, 0.5, 1.1, 2.2])
def test_two_behaviours_stand_on_a_page(theta):
    for kind in KINDS:
        pages = texts(read(kind, people.context(people.result((theta,) * 6), paper="Letter")))
        for page, words in zip(pages[1:4], ("honourable", "feelings", "distraction"), strict=True):
            assert words in page, kind


def test_same_input_gives_the_same_bytes_twice_in_a_process():
    html = to_html(build("hiring", people.context()))
    first = to_pdf(html, made_at=MADE_AT)
    to_pdf(to_html(build("individual", people.context())), made_at=MADE_AT)
    assert to_pdf(html, made_at=MADE_AT) == first


def test_same_input_gives_the_same_bytes_in_two_processes():
    html = to_html(build("individual", people.context()))
    found = {hashlib.sha256(to_pdf(html, made_at=MADE_AT)).hexdigest()}
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            input=html,
            capture_output=True,
            check=True,
            cwd=people.ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(people.ROOT)},
            text=True,
        )
        found.add(done.stdout.strip())
    assert len(found) == 1


def test_day_of_the_report_is_part_of_its_bytes_and_the_environment_is_left_alone(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert to_pdf("<p>a", made_at=MADE_AT) != to_pdf("<p>a", made_at=MADE_AT.replace(year=2027))
    assert os.environ["SOURCE_DATE_EPOCH"] == "1"


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/passwd">',
        '<img src="https://example.org/pixel.png">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<object data="file:///etc/passwd"></object>',
        '<p style="background: url(https://example.org/a.png)">text',
        "<style>@import url(https://example.org/a.css)</style>",
        '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    ],
)
def test_nothing_is_fetched(html):
    with pytest.raises(ValueError, match="fetch nothing"):
        to_pdf(html, made_at=MADE_AT)


def test_not_even_a_bundled_font_is_fetched_for_a_document():
    font = next((people.ROOT / "reports" / "fonts").glob("*.ttf"))
    with pytest.raises(ValueError, match="fetch nothing"):
        to_pdf(f'<link rel="attachment" href="{font.as_uri()}">', made_at=MADE_AT)


@pytest.mark.parametrize(
    "name", ['<img src="file:///etc/passwd">', '<link rel="attachment" href="file:///etc/passwd">', "{{ 7 * 7 }} %(x)s"]
)
def test_hostile_names_are_printed_as_they_are(name):
    for kind in KINDS:
        pdf = read(kind, people.context(person=name, organization=name))
        assert pdf.attachments == {}
        assert name in texts(pdf)[0]


def test_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        to_pdf("<p>a", made_at=MADE_AT.replace(tzinfo=None))


def test_web_fonts_are_small():
    for font in (people.ROOT / "reports" / "fonts").glob("*.woff2"):
        assert font.stat().st_size <= 30_000
    assert "Mozilla" in Path(people.ROOT, "reports", "fonts", "OFL.txt").read_text(encoding="utf-8")


def test_every_drawing_has_a_text_alternative():
    pdf = read("hiring", people.context())
    found = [each for each in elements(pdf.trailer["/Root"]["/StructTreeRoot"]) if each.get("/S") == "/Figure"]
    assert len(found) == 13  # the match and six strips on the first page, then a strip for each behaviour
    assert all(figure["/Alt"] for figure in found)
    assert str(found[1]["/Alt"]).startswith("Trust: ")


def elements(element):
    """Return the element of the structure tree and all below it."""
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    below = kids if isinstance(kids, list) else [kids]
    return [element, *(each for kid in below if hasattr(kid, "get_object") for each in elements(kid))]
