"""The copy of everything that is held about a person, on paper."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from reports.access import access_document
from reports.document import to_html
from reports.pdf import to_pdf

MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
MOMENT = "2026-04-03T08:00:00+00:00"
ANSWER = {"code": "tru-1", "legend": None, "choices": {}, "answer": "Agree", "events": []}
ITEM = {"position": 1, "code": "tru-1", "part": "statements", "text": "I trust people.", "answers": [ANSWER]}
SCALE = {"name": "Trust", "n_answered": 15, "n_items": 15, "theta": 0.5, "se": 0.4, "sten": 6, "sem": 0.8}
RESULT = {
    "scored_at": MOMENT,
    "program_version": "0.2.0",
    "is_provisional": True,
    "parameters": {"version": "1", "source": "judgement"},
    "norm": None,
    "scales": [{**SCALE, "percentile": None}],
    "flags": [{"code": "fast", "sentence": "Answered fast.", "explanation": "It is no accusation."}],
    "further": {"in_words": ["Working with numbers: 7 of 9."]},
    "match": {"median": 0.712, "low": 0.5, "high": 0.9, "explanation": "It is no mark."},
}
ASSESSMENT = {
    "title": "General",
    "position": "Front desk",
    "purpose": "hiring",
    "state": "in_progress",
    "invited_at": MOMENT,
    "opened_at": None,
    "withdrawn_at": None,
    "kept_until": "2028-04-03",
    "attempt": {"consented_at": MOMENT, "submitted_at": MOMENT, "receipt": "A-1"},
    "results": [RESULT],
    "decisions": [{"decided_at": MOMENT, "outcome": "hire", "by": "Hana (hr)", "reasons": "A good talk"}],
    "reports": [],
    "equality": None,
    "items": [ITEM],
}
PERSON = {"name": "Cora <b> Candidate", "email": None, "phone": None, "employee_number": "E-1", "language": "en"}
HELD = {
    "format": {"made_at": MOMENT},
    "organization": {"name": "Acme", "contact": "people@acme.example", "time_zone": "Europe/Berlin"},
    "human_review": {"explanation": "You may have a person look again."},
    "person": {**PERSON, "accommodations": {}, "entered_at": MOMENT, "is_simulated": False},
    "assessments": [ASSESSMENT],
    "seen_by": [{"at": MOMENT, "by": "Hana (hr)", "looked_at": "result"}],
    "requests": [],
    "mails": [],
}


@pytest.fixture(scope="module")
def pdf():
    return to_pdf(to_html(access_document(HELD, reference="D-7F3K-29QD")), made_at=MADE_AT)


def test_it_holds_match_flags_and_decisions_with_what_they_mean(pdf):
    said = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)
    for words in (
        "Cora <b> Candidate", "D-7F3K-29QD", "71 %, 90 % interval 50 to 90 %", "It is no mark.", "It is no accusation.",
        "A good talk", "Hana (hr)", "You may have a person look again.", "I trust people.", "3 April 2026, 10:00 CEST",
        "The scores are provisional.", "in progress", "Working with numbers: 7 of 9.",
    ):  # fmt: skip
        assert words in said, words


def test_it_is_tagged_and_the_same_bytes_each_time(pdf):
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert to_pdf(to_html(access_document(HELD, reference="D-7F3K-29QD")), made_at=MADE_AT) == pdf


def test_somebody_of_whom_little_is_held_has_a_short_copy():
    held = {**HELD, "assessments": [], "seen_by": []}
    assert to_html(access_document(held, reference="D-1")).count("Nothing.") == 3
