from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import report_people as people
from pypdf import PdfReader

from assess.scoring.flags import flags_of
from assess.scoring.result import Consistency, Flag, Quality, ScaleScore
from reports.document import to_html
from reports.kinds import KINDS, build
from reports.pdf import _layout, to_pdf
from reports.sections.behaviours import Behaviours
from reports.sections.interview import InterviewGuide
from reports.sections.next_steps import NextSteps
from reports.sections.opening import Opening
from reports.sections.scales import Scales
from reports.sections.section import Section
from reports.sections.summary import Summary
from reports.sections.technical import TechnicalNote

MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
SCALES = ("Trust", "Tact", "Empathy", "Conformity", "Focus", "Flexibility")
LONG_FIRM = "Acme Stores and Warehouses of the Northern Region Ltd"  # two lines
LONG_ADDRESS = "https://assessments.acme-stores-and-warehouses.example.org/genuine/R-7F3K-29QD/abcdefghijklmnop"
AVERAGE = {"position": 5.5, "sem": 0.8}
IN_ANOTHER_PROCESS = """
import hashlib, sys
from datetime import UTC, datetime
from reports.pdf import to_pdf
pdf = to_pdf(sys.stdin.read(), made_at=datetime(2026, 4, 3, 8, 0, tzinfo=UTC))
print(hashlib.sha256(pdf).hexdigest())
"""


def read(kind: str, context, *sections: type[Section]) -> PdfReader:
    """Return the report read back; of `sections` alone, where these suffice."""
    document = build(kind, context)
    if sections:
        document = replace(document, sections=tuple(section.build(context) for section in sections))
    return PdfReader(io.BytesIO(to_pdf(to_html(document), made_at=context.made_at)))


@cache
def whole(kind: str) -> PdfReader:
    """Return the whole report of simulated Cora, for all tests that only look at it."""
    return read(kind, people.context(simulated=True))


@cache
def texts(pdf: PdfReader) -> tuple[str, ...]:
    return tuple(" ".join(page.extract_text().split()) for page in pdf.pages)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_whose_which_and_of_what_standing_it_is(kind):
    pages = texts(whole(kind))
    assert all(name in " ".join(pages) for name in SCALES)
    for number, page in enumerate(pages, start=1):
        assert "SIMULATED PERSON" in page
        assert "Provisional" in page
        assert "R-7F3K-29QD" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Cora Candidate" in page


def test_real_people_are_not_called_simulated():
    assert "SIMULATED" not in " ".join(texts(read("individual", people.context(), Opening)))


def test_head_names_title_author_language_and_day():
    pdf = whole("hiring")
    assert pdf.metadata.title == "Hiring report: Cora Candidate (R-7F3K-29QD)"
    assert pdf.metadata.author == "Acme Stores"
    assert pdf.metadata.creation_date == MADE_AT
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert b"pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize(("paper", "points"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper_has_the_size_that_was_asked_for(paper, points):
    box = read("individual", people.context(paper=paper), NextSteps).pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


def test_only_the_bundled_fonts_are_used():
    assert fonts(whole("hiring")) == {"Fira-Sans", "Fira-Sans-Semi-Bold"}


def test_names_in_greek_cyrillic_and_arabic_come_from_the_bundled_fonts_and_others_are_boxes():
    name = "محمد الفارسي 王小明 ✓ Ελένη Пётр"
    pdf = read("individual", people.context(person=name, organization=name), Opening)
    assert fonts(pdf) == {"Fira-Sans", "Fira-Sans-Semi-Bold", "Noto-Sans-Arabic", "Noto-Sans-Arabic-Semi-Bold"}
    assert name in pdf.metadata.title


def test_machine_s_font_configuration_is_asked_for_nothing_and_left_alone(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/nowhere/fonts.conf")
    _layout.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fonts(read("individual", people.context(), Opening)) == {"Fira-Sans", "Fira-Sans-Semi-Bold"}
    assert os.environ["FONTCONFIG_FILE"] == "/nowhere/fonts.conf"


def fonts(pdf: PdfReader) -> set[str]:
    return {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    }


def test_person_s_report_holds_no_comparison_with_the_job_and_no_quality_signs():
    flags = (Flag("impression", "The person described themselves in an unusually favourable light."),)
    context = people.context(replace(people.result(), flags=flags))
    text = re.sub("<[^>]*>", " ", to_html(build("individual", context))).lower()
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
    last = texts(whole("individual"))[-1]
    for words in ("Correct it", "Erase it", "Have a person look", "people@acme.example", "Until 3 April 2027"):
        assert words in last


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_summary_stays_on_one_page_with_a_long_name_and_every_flag(paper):
    quality = Quality(108, 84, 84, 0.0, 84, 84, 0.4, 3, 3, Consistency(-0.5, 0.1, 6, -5.0, 400.0, 0.0))
    light = ScaleScore("impression", 12, 12, theta=2.0, sten=10)
    every = {flag.code: flag for flag in flags_of(quality, light)}
    longest = [every["directed"], *sorted(every.values(), key=lambda flag: len(flag.sentence))[-2:]]
    for flags in (every.values(), longest, [every["directed"], every["impression"]]):
        found = replace(people.result(), flags=tuple(flags))
        about = {"person": people.LONG_NAME, "organization": LONG_FIRM, "seal": LONG_ADDRESS}
        about |= {"further": people.further_parts()}
        context = people.context(found, paper=paper, **about)
        (page,) = texts(read("hiring", context, Summary))
        assert "give it no weight of its own" in page
        assert "This page decides nothing." in page
        assert "so the match may not either" in page
        assert every["directed"].sentence in page


@pytest.mark.parametrize("theta", [-2.2, -1.1, 0.0, 0.5, 1.1, 2.2])
def test_two_behaviours_stand_on_a_page(theta):
    context = people.context(people.result((theta,) * 6), paper="Letter")
    for kind, section in (("hiring", Scales), ("individual", Behaviours)):
        pages = texts(read(kind, context, section))
        for page, words in zip(pages, ("honourable", "feelings", "distraction"), strict=True):
            assert words in page, kind


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_technical_note_takes_two_pages(paper):
    first, second = texts(read("hiring", people.context(paper=paper), TechnicalNote))
    assert "What the position asks for" in first
    assert "Response quality" in second
    assert "Source of the parameters, in full" in second


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_three_questions_stand_on_a_page_even_below_the_introduction(paper):
    """Everybody's first scale may be any of the six, with the introduction above it."""
    found = people.incomplete_result()
    for scale in people.bank().scales:
        scores = tuple(
            ScaleScore(each.scale, 2, 15) if each.scale == scale.code else replace(each, theta=0.0, sten=6, **AVERAGE)
            for each in found.scales
        )
        asked = tuple(target.model_copy(update={"low": 1, "high": 10}) for target in people.targets())
        context = people.context(replace(found, scales=scores), targets=asked, paper=paper)
        pages = texts(read("hiring", context, InterviewGuide))
        assert len(pages) == 2, scale.code
        assert "Strengths to confirm" in pages[1]


def test_same_input_gives_the_same_bytes_twice_in_a_process():
    html = to_html(build("individual", people.context()))
    first = to_pdf(html, made_at=MADE_AT)
    to_pdf("<p>another report", made_at=MADE_AT)
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


def test_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        to_pdf("<p>a", made_at=MADE_AT.replace(tzinfo=None))


def test_web_fonts_are_small():
    for font in (people.ROOT / "reports" / "fonts").glob("*.woff2"):
        assert font.stat().st_size <= 30_000
    assert "Mozilla" in Path(people.ROOT, "reports", "fonts", "OFL.txt").read_text(encoding="utf-8")
