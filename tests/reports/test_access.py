"""The copy of everything that is held about a person, on paper."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from report_documents import HELD

from reports.access import access_document
from reports.document import to_html
from reports.pdf import to_pdf

MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pdf():
    return to_pdf(to_html(access_document(HELD, reference="D-7F3K-29QD")), made_at=MADE_AT)


def test_it_holds_match_flags_and_decisions_with_what_they_mean(pdf):
    said = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)
    for words in (
        "Cora <b> Candidate", "D-7F3K-29QD", "71 %, 90 % interval 50 to 90 %", "It is no mark.", "It is no accusation.",
        "A good talk", "Hana (hr)", "You may have a person look again.", "I trust people.", "3 April 2026, 10:00 CEST",
        "The scores are provisional.", "in progress", "Working with numbers: 7 of 9.", "Survey: Service at the counter",
        "colleague 1 Nearer to the last line", "nothing is kept that leads to you", "2, 5, 5", "Nobody has rated",
        "its time is over at 3 May 2026, 00:00 CEST. The ratings are in a copy that you make once it is closed",
        "Who coaches you Coach Begun", "Plan: My spring", "Callers thank me 31 May 2026 A calm week",
        "<b>what</b>", "Seems tired",
        "A <b>calm</b> voice", "Feedback prepared on 1 April 2026", "Tact Colleagues 3 2.8", "Say it sooner",
        "On a shortlist since 3 April 2026, 10:00 CEST, by Hana",
    ):  # fmt: skip
        assert words in said, words


def test_it_is_tagged_and_the_same_bytes_each_time(pdf):
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert to_pdf(to_html(access_document(HELD, reference="D-7F3K-29QD")), made_at=MADE_AT) == pdf


def test_somebody_of_whom_little_is_held_has_a_short_copy():
    held = {**HELD, "assessments": [], "surveys": [], "ratings": [], "feedback": [], "seen_by": []}
    held |= {"coachings": [], "plans": [], "talks": []}
    assert to_html(access_document(held, reference="D-1")).count("Nothing.") == 3
