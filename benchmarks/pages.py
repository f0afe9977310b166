"""The addresses of the lists: first and last pages, filters that find much and little, every order; a coach's pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from assess.services.assignments import State
from assess.services.campaign_people import Order
from benchmarks.caseload import PEOPLE as COACHEES
from benchmarks.crowd import BATCHES, CAMPAIGNS, LARGE, PEOPLE, Crowd
from benchmarks.desk import ASKED, EXPORTS, ROSTERS, ROUNDS, USERS, VERSIONS

LAST = 200  # page that can be turned to
SORTS = ("name", "date", "match", "alignment", "tact")

Queries = Mapping[str, Mapping[str, object]]  # each by what is said of it


def addresses(found: Crowd) -> list[tuple[str, str, str]]:
    """Return the list, what is special and the address of each page."""
    lists = {**_whole(), **_of_one(found)}
    pages = [
        (name, said, f"/console{path}?{urlencode(query, doseq=True)}" if query else f"/console{path}")
        for name, (path, queries) in lists.items()
        for said, query in queries.items()
    ]
    users = [("users", "", "/admin/users"), ("users", "last page", f"/admin/users?page={1 + USERS // 50}")]
    return [*pages, *users, *_of_a_coach(found.coaching)]


def _of_a_coach(public_id: str) -> list[tuple[str, str, str]]:
    """Return the same of a coach's pages, and of a coachee's own."""
    coaching = f"/coaching/{public_id}"
    parts = ("assessments", "plan", "check-ins", "feedback", "reports")
    return [
        ("caseload", "", "/coaching"),
        ("caseload", "last page", f"/coaching?page={COACHEES // 50}"),
        ("caseload", "by name", "/coaching?q=Rosa"),
        ("coachees together", "", "/coaching/team"),
        ("coachee", "", coaching),
        ("coachee", "oldest events", f"{coaching}?page=6"),
        *(("coachee", part, f"{coaching}/{part}") for part in parts),
        ("own coaching", "", "/my-coaching"),
        ("own coaching", "progress", "/my-coaching/progress"),
    ]


def _whole() -> dict[str, tuple[str, Queries]]:
    """Return the path and the queries of each list of the organisation's."""
    return {
        "overview": ("", {"": {}}),
        "assignments": ("/assignments", _assignments()),
        "search": ("/search", {"many people": {"q": "Rosa"}, "nobody": {"q": "Zacharias"}, "one": {"q": "p77777@"}}),
        "campaigns": ("/campaigns", _ends(CAMPAIGNS // 50)),
        "people": ("/people", _ends(LAST) | _named() | {each: {"only": each} for each in ("internal", "result")}),
        "positions": ("/positions", {"": {}}),
        "surveys": ("/surveys", _ends(1 + ROUNDS // 50)),
        "company view": ("/perspective", _ends(VERSIONS // 50)),
        "rosters": ("/rosters", _ends(1 + ROSTERS // 50)),
        "decisions": (
            "/decisions",
            _ends(800) | {"one outcome": {"outcome": "reject"}, "none": {"outcome": "promote"}},
        ),
        "reports": ("/reports", _ends(BATCHES // 20)),
        "exports": ("/exports", _ends(1 + EXPORTS // 50)),
        "requests": ("/requests", _ends(40)),
    }


def _of_one(found: Crowd) -> dict[str, tuple[str, Queries]]:
    """Return the path and the queries of what belongs to one campaign, person, survey."""
    people = {order.value: {"sort": order.value} for order in Order}
    return {
        "campaign": (f"/campaigns/{found.campaign}", {"": {}}),
        "campaign of 5,000": (f"/campaigns/{found.large}", {"": {}}),
        "its progress": (f"/campaigns/{found.large}/progress", {"": {}}),
        "its people": (f"/campaigns/{found.large}/people", people | _ends(LARGE // 50) | _named() | _states()),
        "results of a campaign": (f"/campaigns/{found.campaign}/results", _results(PEOPLE // 50)),
        "results of a position": (f"/positions/{found.position}/results", _results(94)),
        "side by side": ("/compare", {"": {"who": found.people}}),
        "position": (f"/positions/{found.position}", {"": {}}),
        "person": (f"/people/{found.person}", {"": {}}),
        "assignment": (f"/assignments/{found.people[0]}", {"": {}}),
        "survey": (f"/surveys/{found.survey}", _ends(ASKED // 50)),
        "bench": (f"/rosters/{found.bench}", {"": {}, "by match": {"order": "match"}}),
        "team": (f"/rosters/{found.team}", {"": {}}),
        "company view, one version": (f"/perspective/{found.key}", {"": {}}),
        "batch of reports": (f"/reports/batches/{found.batch}", {"": {}}),
        "export": (f"/exports/{found.export}", {"": {}}),
        "new export": ("/exports/new", {"": {}, "of a campaign": {"campaign": found.campaign}}),
    }


def _ends(last: int) -> Queries:
    return {"": {}, "last page": {"page": last}}


def _named() -> Queries:
    return {"by name": {"q": "Rosa Nowak"}, "a name that nobody has": {"q": "Zacharias"}}


def _states() -> Queries:
    return {state.value: {"state": state.value} for state in State}


def _assignments() -> Queries:
    far = {"scored, last page": {"state": "scored", "page": LAST}, "undecided": {"decision": "undecided"}}
    return {**_ends(LAST), **_named(), **_states(), **far}


def _results(last: int) -> Queries:
    sorts = {f"by {sort}": {"sort": sort, "order": "down"} for sort in SORTS}
    return {
        **sorts,
        "by match, last page": {"sort": "match", "page": last},
        **_named(),
        "undecided": {"decision": "undecided"},
        "decided": {"decision": "hire", "care": "yes"},
        "shortlist": {"shortlisted": "yes"},
        "of a time": {"since": "2026-01-01", "until": "2026-02-01"},
    }
