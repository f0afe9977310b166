"""Lists that no other file asks: each takes as many queries for many rows as for few."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import Basis, BatchEntry, Outcome, RatedPerson, RequestKind, Role, SurveyKind
from assess.services import decisions, paging, privacy_requests, report_batches, reporting, survey_places, surveys
from tests import factories

DATABASES = ["sqlite"]  # pages; the services are tested on both

HR = ["/console", "/console/assignments", "/console/decisions", "/console/people", "/console/requests"]
HR += ["/console/rosters", "/console/search?q=an", "/console/people?q=an"]


@pytest.fixture
def scored(session, registry, engine, cast, now):
    """Cora's attempt, like which others are."""
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def batch(session, cast, scored, now):
    """A batch of reports, with Cora's to begin with."""
    return report_batches.request(session, cast.hana, [scored.assignment], "hiring", language="en", now=now)


@pytest.fixture
def rounds(session, registry, cast, scored, now):
    """A survey of each kind."""
    way = {"until": now.date() + timedelta(days=9), "now": now}
    kinds = {
        SurveyKind.PERSPECTIVE: {"bank": registry.newest("general")},
        SurveyKind.JOB: {"position": scored.assignment.campaign.position},
        SurveyKind.PERFORMANCE: {
            "position": scored.assignment.campaign.position,
            "rated": [scored.assignment.person],
        },
        SurveyKind.CLIMATE: {},
        SurveyKind.LEADER: {},
    }
    return [surveys.create(session, cast.hana, kind, title=kind, **more, **way) for kind, more in kinds.items()]


@pytest.fixture
def add(session, registry, cast, scored, batch, rounds, now):
    """A function that puts one more of everything on the desk."""

    def added(name):
        assignment = factories.alike(session, scored, f"Ana {name}").assignment
        person, position = assignment.person, assignment.campaign.position
        decisions.record(session, cast.hana, assignment, Outcome.HIRE, "Calm", bases=[Basis.INTERVIEW], now=now)
        factories.assignment(session, registry, cast.hana, name=f"{name} Anders", now=now)
        factories.roster(session, cast.hana, person, title=name, role=position, now=now)
        until = now.date() + timedelta(days=9)
        surveys.create(session, cast.hana, SurveyKind.JOB, title=name, position=position, until=until, now=now)
        person.email = f"ana.{name.lower()}@people.example"
        for survey in rounds:
            place = surveys.ask(session, cast.hana, survey, person, group=name, now=now)
            survey_places.send(session, cast.hana, place, now=now)
            if survey.kind is SurveyKind.PERFORMANCE:
                session.add(RatedPerson(round_id=survey.id, person=person))
        report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
        reporting.store(session, report, b"%PDF", now=now)
        session.add(BatchEntry(batch=batch, assignment=assignment, report=report))
        privacy_requests.ask(session, person, RequestKind.REVIEW, "Why?", now=now)
        factories.user(session, cast.hana.organization, f"user-{name.lower()}", Role.COACH, now=now)
        session.commit()

    return added


@pytest.mark.parametrize("who", ["hana", "ada"])
def test_lists_take_as_many_queries_for_many_rows_as_for_few(browser_of, add, batch, rounds, count_queries, who):
    of_batch = f"/console/reports/batches/{batch.public_id}"
    of_surveys = [f"/console/surveys/{survey.public_id}" for survey in rounds]
    addresses = {"hana": [*HR, of_batch, f"{of_batch}?state=made", *of_surveys], "ada": ["/admin/users"]}[who]
    browser, counts = browser_of(who), {address: [] for address in addresses}
    for names in (["Bea", "Cem"], ["Dora", "Emil", "Fay", "Gus"]):
        for name in names:
            add(name)
        for address in addresses:
            with count_queries() as counter:
                said = browser.page(address).text
            counts[address].append(counter.count)
            assert names[-1].lower() in said.lower() or address == "/console", address
    assert all(few == many > 0 for few, many in counts.values()), counts


def test_list_of_accounts_has_pages(browser_of, session, cast, monkeypatch, now):
    monkeypatch.setattr(paging, "PAGE", 3)
    for number in range(4):
        factories.user(session, cast.ada.organization, f"zoe{number}", Role.COACH, now=now)
    session.commit()
    ada, names = browser_of("ada"), []
    page = ada.page("/admin/users")
    while True:
        names += [text for number in range(4) if (text := f"Zoe{number}") in page.text]
        if "Next page" not in page.text:
            break
        page = ada.page(page.link("Next page"))
    assert names == ["Zoe0", "Zoe1", "Zoe2", "Zoe3"]
    assert "The list ends before this page" in ada.page("/admin/users?page=99").text
