"""The climate as HR reads it, what HR is told of leaders, and the leader's own report behind the leader's link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.models import SurveyKind
from assess.services import climate, database, erasure, jobs, leader_reports, survey_places, surveys
from assess.services.invitations import Invitee
from tests import factories

DATABASES = ["sqlite"]


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def new_round(session, registry, cast, now):
    """Return a function that makes a round of a kind and hands in a sheet for each (group, choice)."""

    def make(kind, *sheets):
        until = (now + timedelta(days=7)).date()
        survey = surveys.create(session, cast.hana, kind, title=f"Our {kind}", until=until, now=now)
        content = registry.surveys.climate if kind is SurveyKind.CLIMATE else registry.surveys.leader
        places = []
        for number, (group, choice) in enumerate(sheets):
            invitee = Invitee(f"P{number}", f"p{number}@people.example")
            place = survey_places.invite(session, cast.hana, survey, invitee, group=group, now=now)
            values = {each.code: choice for each in content.statement}
            if kind is SurveyKind.CLIMATE:
                climate.count_in(session, place, values, survey=content, now=now)
            else:
                surveys.save(session, place, {(None, code): value for code, value in values.items()}, now=now)
                surveys.submit(session, place, now=now)
            places.append(place)
        session.commit()
        return f"/console/surveys/{survey.public_id}", places

    return make


def rows_of(page):
    return [" ".join("".join(row.itertext()).split()) for row in page.root.iter("tr")]


def test_nothing_is_shown_before_the_survey_is_closed_for_good(hana, new_round):
    url, _places = new_round(SurveyKind.CLIMATE, *[("Desk", 5)] * 7)
    page = hana.page(hana.page(url).link("When results can be read"))
    assert "They can be read once the survey is closed" in page.text
    assert "at least 5 of 7" in page.text
    assert "Agree" not in page.text
    hana.send(page, "Close it for good")
    assert "7 of 7 people asked are in these figures" in hana.page(f"{url}/climate").text


@pytest.mark.parametrize(("kind", "page"), [(SurveyKind.CLIMATE, "climate"), (SurveyKind.LEADER, "self-checks")])
def test_answers_that_were_made_up_are_labelled_simulated(hana, session, new_round, kind, page):
    url, places = new_round(kind, *[("Desk", 5)] * 6)
    assert "simulated" not in hana.page(f"{url}/{page}").text
    places[0].person.is_simulated = True
    session.commit()
    closing = hana.page(f"{url}/{page}")
    assert "simulated" in closing.text
    hana.send(closing, "Close it for good")
    assert "simulated" in hana.page(f"{url}/{page}").text


def test_areas_groups_and_statements_stand_with_how_many_said_so(hana, new_round):
    url, _places = new_round(SurveyKind.CLIMATE, *[("Desk", 5)] * 6, *[("Spa", 2)] * 5, *[("Bar", 1)] * 2)
    hana.send(hana.page(f"{url}/climate"), "Close it for good")
    page = hana.page(f"{url}/climate")
    rows = rows_of(page)
    assert "11 of 13 people asked" in page.text
    assert any(row.startswith("Culture") and row.endswith("55 % 0 % 45 % 3.6 88") for row in rows)
    assert "Desk 6 of 6 100 % 100 % 100 %" in rows
    assert not any(row.startswith("Bar") for row in rows)
    spa = hana.page(page.link("Spa"))
    assert "Statements: Spa beside all" in spa.text
    assert "Spa 0 % 0 % 100 % 2.0 5" in rows_of(spa)
    hana.page(f"{url}/climate?group=Bar", 404)


def test_too_few_answers_are_said_to_be_gone(hana, new_round):
    url, _places = new_round(SurveyKind.CLIMATE, *[("", 5)] * 4)
    hana.send(hana.page(f"{url}/climate"), "Close it for good")
    page = hana.page(f"{url}/climate")
    assert "There is nothing to show" in page.text
    assert "fewer than 5" in hana.page(url).text


def test_pages_are_of_their_kind_and_of_their_organisation(hana, browser_of, new_round):
    url, _places = new_round(SurveyKind.CLIMATE)
    leaders, _places = new_round(SurveyKind.LEADER)
    for address in (f"{url}/self-checks", f"{leaders}/climate"):
        hana.page(address, 404)
    for address in (f"{url}/climate", f"{leaders}/self-checks"):
        hana.page(address)
        browser_of("otto").page(address, 404)


def test_hr_is_told_how_many_leaders_handed_in_and_means_of_five(hana, new_round):
    url, _places = new_round(SurveyKind.LEADER, *[("", choice) for choice in (1, 2, 3, 4, 5, 5)])
    shown = hana.page(url)
    assert "6 of 6" in shown.text
    assert not any("P1" in row and "answered" in row for row in rows_of(shown))
    hana.send(hana.page(f"{url}/self-checks"), "Close it for good")
    page = hana.page(f"{url}/self-checks")
    assert any(row.startswith("Thanks given") and row.endswith("3.3 6") for row in rows_of(page))


def test_fewer_leaders_are_shown_nowhere(hana, new_round):
    few, _places = new_round(SurveyKind.LEADER, *[("", 1)] * 4)
    hana.send(hana.page(f"{few}/self-checks"), "Close it for good")
    assert "Means need 5 leaders" in hana.page(f"{few}/self-checks").text


class TestLeaderSReport:
    """It is read behind the leader's link from when it is made until it is erased, and nowhere else."""

    @pytest.fixture
    def lena(self, client, session, new_round, now):
        _url, (place,) = new_round(SurveyKind.LEADER, ("", 4))
        token = survey_places.new_link(session, place, now=now)
        session.commit()
        client.send(client.page(f"/survey/link/{token}"))
        return place

    @pytest.fixture
    def made(self, engine, session, registry, lena, now):
        ids = {"place_id": lena.id}
        session.commit()
        kind = factories.shop(registry, render=lambda *_: b"%PDF of Lena").kinds()[surveys.LEADER_REPORT]
        jobs.perform(sessionmaker(database.writing(engine)), kind, ids, clock=lambda: now)
        session.expire_all()
        reference = leader_reports.report_of(session, lena).reference
        session.rollback()
        return reference

    @pytest.mark.usefixtures("lena")
    def test_page_says_that_it_is_being_made(self, client):
        page = client.page("/survey/done")
        assert "Your report is being made" in page.text
        assert page.link("Look again") == "/survey/done"
        assert client.get("/survey/report.pdf").status_code == 409

    def test_then_it_is_read_and_kept(self, client, made):
        page = client.page("/survey/done")
        pdf = client.get(page.link("Read my report (PDF)"))
        assert (pdf.status_code, pdf.mimetype, pdf.data) == (200, "application/pdf", b"%PDF of Lena")
        assert pdf.headers["Content-Disposition"] == f'inline; filename="rapport-{made}.pdf"'
        assert page.link("Keep it on this device") == "/survey/report.pdf"

    def test_nobody_of_the_house_finds_it(self, browser_of, made, lena):
        person = f"/console/people/{lena.person.public_id}"
        pages = [("hana", each) for each in ("/console/reports", f"/console/search?q={made}", "/console", person)]
        pages += [("otto", f"/console/search?q={made}")]
        for who, address in pages:
            response = browser_of(who).get(address)
            assert response.status_code == 200, address
            assert "rapport-" not in response.text
            assert response.text.count(made) <= 2  # what was typed
            assert "self-check: Lena" not in response.text
            assert browser_of(who).get("/survey/report.pdf").status_code == 404

    @pytest.mark.usefixtures("made")
    def test_it_goes_with_the_leader(self, client, session, lena, now):
        erasure.erase(session, [lena.person], actor="worker", now=now)
        session.commit()
        assert client.get("/survey/report.pdf").status_code == 410

    @pytest.mark.usefixtures("lena")
    def test_other_surveys_have_none(self, client, session, new_round, now):
        _url, (place,) = new_round(SurveyKind.CLIMATE, ("", 4))
        token = survey_places.new_link(session, place, now=now)
        session.commit()
        client.send(client.page(f"/survey/link/{token}"))
        assert client.get("/survey/report.pdf").status_code == 404
