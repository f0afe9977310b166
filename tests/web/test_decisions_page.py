"""The journal of decisions; and that nothing on the web decides on several people at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import Basis, Decision, Outcome
from assess.services import decisions, paging
from tests import factories

DATABASES = ["sqlite"]
URL = "/console/decisions"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def people(session, engine, registry, cast, now):
    """Cora and Dora, who have results."""
    first = factories.scored(session, registry, engine, cast.hana, now=now)
    second = factories.alike(session, first, "Dora Dunn")
    session.commit()
    return [first.assignment, second.assignment]


@pytest.fixture
def decided(session, cast, people, now):
    """Cora is kept in reserve, then hired."""
    for outcome, reasons in ((Outcome.RESERVE, "References to come"), (Outcome.HIRE, "They are <good>")):
        decisions.record(session, cast.hana, people[0], outcome, reasons, bases=[Basis.REFERENCES], now=now)
    session.commit()
    return people


def test_empty_journal_says_what_a_decision_is_and_where_it_is_taken(hana):
    page = hana.page(URL)
    assert "Nothing is decided yet" in page.text
    assert page.link("Go to the assignments") == "/console/assignments"


def test_every_decision_stands_there_with_its_reasons_and_whoever_took_it(hana, decided):
    page = hana.page(URL)
    assert page.text.index("They are <good>") < page.text.index("References to come")
    assert page.text.count("Rests on: references") == 2
    assert page.text.count("earlier") == 2  # once on the page's first lines
    assert page.link("Cora Candidate") == f"/console/assignments/{decided[0].public_id}"


def test_journal_is_narrowed_by_what_is_asked_and_keeps_it(hana, decided, cast, now):
    page = hana.page(f"{URL}?outcome=reserve&campaign={decided[0].campaign.public_id}&by={cast.hana.public_id}")
    assert "References to come" in page.text
    assert "They are <good>" not in page.text
    assert page.form("Until and with")[1]["outcome"] == "reserve"
    assert "Nothing of this kind" in hana.page(f"{URL}?since={(now + timedelta(days=2)).date()}").text
    assert "They are <good>" in hana.page(f"{URL}?until={(now + timedelta(days=2)).date()}").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("outcome=rank", "Please choose one of the options."),
        ("by=nobody", "Please choose one of the options."),
        ("since=soon", "Please write the day as a date"),
        ("since=0001-01-01", "Please write the day as a date"),
        ("until=9999-12-31", "Please write the day as a date"),
        ("since=2030-02-02&until=2030-01-01", "The last day comes before the first."),
    ],
)
def test_what_cannot_be_looked_for_is_explained(hana, decided, query, words):
    page = hana.page(f"{URL}?{query}", 422)
    assert words in page.text


def test_other_organisations_see_none_of_it(browser_of, decided):
    assert "Nothing is decided yet" in browser_of("otto").page(URL).text


def test_long_journal_has_pages(hana, session, cast, decided, now, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 4)
    for number in range(4):
        decisions.record(
            session, cast.hana, decided[number % 2], Outcome.HIRE, f"Talk {number}", bases=[Basis.INTERVIEW], now=now
        )
    session.commit()
    page = hana.page(f"{URL}?outcome=hire&by=")
    assert "Talk 0" in page.text
    first = hana.page(URL)
    assert "Talk 3" in first.text
    last = hana.page(first.link("Next page"))
    assert "Talk 3" not in last.text
    assert last.link("Previous page")


def test_no_address_takes_decisions_on_several_people(app):
    """What decides is one route, and its address names one assignment."""
    deciding = [rule for rule in app.url_map.iter_rules() if "decision" in rule.rule and "POST" in rule.methods]
    assert [rule.rule for rule in deciding] == ["/console/assignments/<uuid:public_id>/decisions"]


def test_no_page_has_a_form_that_decides_on_more_than_one_person(hana, app, session, decided):
    """Every page of the console that can be shown without asking for anything, and those of one person and campaign."""
    values = {"console.assignments": decided[1], "console.campaigns": decided[0].campaign}
    seen = []
    for rule in app.url_map.iter_rules():
        owner = values.get(rule.endpoint.rpartition(".")[0])
        if rule.rule.startswith("/console") and "GET" in rule.methods and (not rule.arguments or owner is not None):
            with app.test_request_context():
                found = {"public_id": owner.public_id} if "public_id" in rule.arguments else {}
                address = app.url_for(rule.endpoint, **found) if set(rule.arguments) <= set(found) else None
            response = hana.get(address) if address else None
            if response is not None and response.mimetype == "text/html":
                seen += [(address, form) for form in response.page.root.iter("form") if _decides(form)]
    assert [address for address, _ in seen] == [f"/console/assignments/{decided[1].public_id}"]
    ((_, form),) = seen
    assert form.get("action") == f"/console/assignments/{decided[1].public_id}/decisions"
    assert str(decided[0].public_id) not in "".join(str(each.attrib) for each in form.iter())


def _decides(form):
    """Whether something is sent by this form that is an outcome; a form that only narrows a list sends nothing."""
    return form.get("method", "get") == "post" and any(each.get("name") == "outcome" for each in form.iter())


def test_sending_several_people_with_one_decision_decides_on_the_one_of_the_page(hana, session, people):
    page = hana.page(f"/console/assignments/{people[0].public_id}")
    others = {name: str(people[1].public_id) for name in ("public_id", "assignment", "people", "ids")}
    sent = {"outcome": "reject", "bases": ["interview"], "reasons": "A talk", **others}
    hana.send(page, "Record the decision", **sent)
    session.rollback()
    assert [each.assignment_id for each in session.query(Decision)] == [people[0].id]


def test_who_decides_on_a_page_older_than_a_decision_reads_that_one_first(hana, session, cast, people, now):
    page = hana.page(f"/console/assignments/{people[0].public_id}")
    session.rollback()
    decisions.record(session, cast.hana, people[0], Outcome.HIRE, "Calm", bases=[Basis.REFERENCES], now=now)
    session.commit()
    mine = {"outcome": "reject", "bases": ["interview"], "reasons": "A talk"}
    refused = hana.send(page, "Record the decision", **mine)
    assert refused.status_code == 422
    assert "Something was decided on this person since you opened this page." in refused.page.text
    assert "Calm" in refused.page.text
    assert hana.send(refused.page, "Record the decision").status_code == 303  # what was typed stands there still
    session.rollback()
    assert [each.reasons for each in session.query(Decision).order_by(Decision.id)] == ["Calm", "A talk"]
