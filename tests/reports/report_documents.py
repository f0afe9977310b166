"""One document of every kind that there is, each made once for all tests that only look at it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache

import coachees
import company_views
import comparisons
import leaders
import report_people as people
import rosters
from PIL import Image

from reports.access import access_document
from reports.context import Brand
from reports.document import Document, to_html
from reports.kinds import build, build_coaching, build_company, build_comparison, build_promotion, build_team
from reports.leader_document import build_leader
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
    "shortlisted": {"since": MOMENT, "by": "Hana (hr)"},
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
    "rosters": [{"kind": "bench", "title": "Tomorrow", "role": "Team leader", "present_role": None, "since": MOMENT}],
    "requests": [],
    "surveys": [
        {
            "kind": "performance",
            "title": "Service at the counter",
            "position": "Front desk",
            "group": "Desk",
            "entered_at": "2026-04-01T08:00:00+00:00",
            "invited_at": "2026-04-01T08:00:00+00:00",
            "opened_at": None,
            "handed_in_at": None,
            "withdrawn_at": None,
            "answers": [
                {
                    "code": "wrk-01",
                    "question": "When a customer brings a problem",
                    "about": "colleague 1",
                    "value": 4,
                    "words": "Nearer to the last line",
                }
            ],
            "own_words": [{"question": "What helps?", "words": "A <b>calm</b> voice"}],
        },
        {
            "kind": "climate",
            "title": "Our climate",
            "position": None,
            "group": None,
            "entered_at": "2026-04-01T08:00:00+00:00",
            "invited_at": None,
            "opened_at": None,
            "handed_in_at": None,
            "withdrawn_at": None,
            "answers": [],
            "own_words": [],
        },
    ],
    "ratings": [
        {
            "title": "Service at the counter",
            "position": "Front desk",
            "lines": [{"line": "What was agreed with a customer", "ratings": [2, 5, 5]}],
            "not_before": None,
        },
        {"title": "Service by telephone", "position": None, "lines": [], "not_before": None},
        {"title": "Service by mail", "position": None, "lines": [], "not_before": "2026-05-02T22:00:00+00:00"},
    ],
    "feedback": [
        {
            "prepared_at": "2026-04-01T08:00:00+00:00",
            "proposed_at": "2026-04-01T08:00:00+00:00",
            "agreed_at": "2026-04-02T08:00:00+00:00",
            "closed_at": "2026-04-22T08:00:00+00:00",
            "figures": [
                {"scale": "Tact", "who": "you", "n": 1, "mean": 3.3},
                {"scale": "Tact", "who": "colleagues", "n": 3, "mean": 2.75},
            ],
            "comments": [{"question": "What would help?", "words": "Say it sooner"}],
            "withheld": 2,
        },
    ],
    "coachings": [
        {"coach": "Cole (coach)", "begun_at": "2026-04-01T08:00:00+00:00", "agreed_at": None, "ended_at": None},
    ],
    "plans": [
        {
            "title": "My spring",
            "begins_on": "2026-04-01",
            "ends_on": "2026-06-30",
            "goals": [
                {
                    "title": "Bad news, kindly",
                    "sign": "Callers thank me",
                    "due_on": "2026-05-31",
                    "evidence": "A calm week",
                    "own_evidence": "Nobody shouted",
                    "actions": [
                        {
                            "title": "Sum up first",
                            "what": "Say <b>what</b> you heard",
                            "due_on": "2026-05-01",
                            "remark": "",
                        }
                    ],
                }
            ],
        },
        {"title": "Empty", "begins_on": "2026-07-01", "ends_on": "2026-09-30", "goals": []},
    ],
    "talks": [
        {
            "planned_for": "2026-04-08T08:00:00+00:00",
            "coach": "Cole (coach)",
            "shared_notes": "We agreed on one thing",
            "private_notes": "Seems tired",
        }
    ],
    "mails": [],
}


SEAL = "https://rapport.example.org/genuine/R-7F3K-29QD/abcdefghijklmnop"


def _brand() -> Brand:
    written = io.BytesIO()
    Image.new("RGB", (240, 80), "#9b1c5a").save(written, "PNG")
    return Brand(accent="#9b1c5a", logo=base64.b64encode(written.getvalue()).decode())


def _on_cora(kind: str) -> Document:
    return build(kind, people.context(simulated=True, further=people.further_parts(), seal=SEAL, brand=_brand()))


DOCUMENTS: Mapping[str, Callable[[], Document]] = {
    "hiring": lambda: _on_cora("hiring"),
    "individual": lambda: _on_cora("individual"),
    "comparison": lambda: build_comparison(
        comparisons.crowd(6, simulated=True, with_alignment=True, seal=SEAL, brand=_brand())
    ),
    "company-perspective": lambda: build_company(
        company_views.context(simulated=True, climate=company_views.CLIMATE, seal=SEAL, brand=_brand())
    ),
    "promotion": lambda: build_promotion(
        rosters.promotion(earlier=(rosters.earlier(rosters.BEFORE, 200),), simulated=True, seal=SEAL, brand=_brand())
    ),
    "coaching": lambda: build_coaching(coachees.full(simulated=True, seal=SEAL, brand=_brand())),
    "team": lambda: build_team(rosters.team(7, simulated=True, seal=SEAL, brand=_brand())),
    "leader": lambda: build_leader(leaders.context(simulated=True, seal=SEAL, brand=_brand())),
    "access": lambda: access_document(HELD, reference="D-7F3K-29QD"),
}


@cache
def html(kind: str) -> str:
    """Return the document of `kind` as HTML."""
    return to_html(DOCUMENTS[kind]())


@cache
def pdf(kind: str) -> bytes:
    """Return the document of `kind` as a PDF."""
    return to_pdf(html(kind), made_at=MADE_AT)
