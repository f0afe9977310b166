"""HR's pages about surveys: made by kind, people asked one by one and as lists, and what no page tells."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from assess.models import Mail, Person, SurveyKind, SurveyPlace, SurveyRound
from assess.services import climate, survey_people, survey_places, surveys
from assess.services.invitations import Invitee
from tests import factories
from tests.services import experts

DATABASES = ["sqlite"]


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def new_round(session, registry, cast, now):
    """Return a function that makes a round and asks the people named."""

    def make(kind, *names):
        survey = experts.of_kind(session, registry, cast.hana, kind, now=now)
        places = [
            survey_places.invite(session, cast.hana, survey, Invitee(name, f"{name.lower()}@people.example"), now=now)
            for name in names
        ]
        session.commit()
        return f"/console/surveys/{survey.public_id}", places

    return make


def only_round(session):
    session.rollback()
    session.expire_all()
    return session.query(SurveyRound).one()


def test_survey_is_made_from_the_empty_list_on(session, hana):
    empty = hana.page("/console/surveys")
    kinds = hana.page(empty.link("Make a survey"))
    form = hana.page(kinds.link("Company perspective"))
    made = hana.send(form, title="How we serve", edition="finance")
    survey = only_round(session)
    assert (survey.kind, survey.edition, survey.title) == (SurveyKind.PERSPECTIVE, "finance", "How we serve")
    shown = hana.page(made.location)
    assert "Nobody is asked yet" in shown.text
    assert "nobody asked yet" in hana.page("/console/surveys").text


def test_survey_and_campaign_offer_the_edition_that_the_organisation_uses(session, registry, cast, hana, now):
    survey, campaign = "/console/surveys/new?kind=perspective", "/console/campaigns/new"
    assert hana.page(survey).form()[1]["edition"] == "general"
    assert hana.page(campaign).form()[1]["questionnaire"].startswith("general/")
    for edition in ("general", "retail"):  # the newest counts
        factories.assignment(session, registry, cast.hana, name=edition, now=now).campaign.edition = edition
    session.commit()
    assert hana.page(survey).form()[1]["edition"] == "retail"
    assert hana.page(campaign).form()[1]["questionnaire"].startswith("retail/")


@pytest.mark.parametrize("kind", [SurveyKind.LEADER, SurveyKind.CLIMATE])
def test_kinds_without_a_position_ask_for_a_name_and_a_day(session, hana, kind):
    form = hana.page(f"/console/surveys/new?kind={kind}")
    wrong = hana.send(form, title="", until="2020-01-01")
    assert wrong.status_code == 422
    assert "Please give the survey a name" in wrong.page.text
    assert hana.send(form, title="All", until="2020-01-01").status_code == 422  # the use case refuses what is over
    hana.send(form, title="All")
    assert only_round(session).kind is kind


def test_job_analysis_needs_a_position(session, registry, cast, hana, now):
    page = hana.page("/console/surveys/new?kind=job")
    assert "There is no position yet" in page.text
    position = factories.position(session, registry, cast.hana, now=now)
    session.commit()
    form = hana.page("/console/surveys/new?kind=job")
    assert hana.send(form, title="The desk").status_code == 422
    hana.send(form, title="The desk", position=str(position.public_id))
    assert only_round(session).position.title == "Front desk"
    begun_there = hana.page(hana.page(f"/console/positions/{position.public_id}").link("Ask experts"))
    assert begun_there.form()[1]["position"] == str(position.public_id)


def test_more_people_than_one_survey_can_ask_about_are_not_left_out_in_silence(
    session, engine, registry, cast, hana, now
):
    first = factories.scored(session, registry, engine, cast.hana, now=now)
    url = f"/console/surveys/new?kind=performance&position={first.assignment.campaign.position.public_id}"
    session.commit()
    assert "by name." not in hana.page(url).text
    factories.crowd(session, first, [f"Person {n}" for n in range(survey_people.MOST_RATED)])
    session.commit()
    assert "These are the first 200 by name." in hana.page(url).text


def test_people_with_a_result_for_the_position_can_be_rated(session, engine, registry, cast, hana, now):
    assert "There is no position yet" in hana.page("/console/surveys/new?kind=performance").text
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    unscored = factories.assignment(session, registry, cast.hana, name="Una Unscored", now=now)
    unscored.campaign.position = attempt.assignment.campaign.position
    session.commit()
    choose = hana.page("/console/surveys/new?kind=performance")
    position = attempt.assignment.campaign.position
    form = hana.page(f"/console/surveys/new?kind=performance&position={position.public_id}")
    assert "Una Unscored" not in form.text
    assert choose.h1 == form.h1
    assert "choose at least one person" in hana.send(form, title="Work").page.text
    nobody = hana.send(form, title="Work", rated=str(unscored.person.public_id))
    assert "Please choose one of the options." in nobody.page.text
    made = hana.send(form, title="Work", rated=str(attempt.assignment.person.public_id))
    assert "Rated Cora Candidate" in hana.page(made.location).text


def test_one_person_is_asked_by_mail_or_only_entered(session, hana, new_round):
    url, _places = new_round(SurveyKind.LEADER)
    form = hana.page(url)
    hana.send(form, "How does the letter", name="Lena", email="lena@people.example", delivery="mail")
    session.rollback()
    assert [mail.kind for mail in session.query(Mail)] == ["survey-invitation"]
    session.rollback()
    hana.send(hana.page(url), "How does the letter", name="Leo", email="leo@people.example", delivery="hand")
    page = hana.page(url)
    assert "Lena – being sent" in page.text
    assert "Leo – not sent yet" in page.text
    wrong = hana.send(page, "How does the letter", name="X", email="nobody")
    assert wrong.status_code == 422
    assert "looks like name@example.org" in wrong.page.text
    known = hana.send(hana.page(url), "How does the letter", name="Leonie", email="leo@people.example", delivery="hand")
    assert "This address belongs to Leo, whom you know already" in hana.page(known.location).text


def test_list_is_entered_but_for_rows_that_are_wrong_and_these_can_be_mended(session, hana, new_round):
    url, _places = new_round(SurveyKind.CLIMATE, "Anna")
    lines = "Anna <anna@people.example>\nBen, ben@people.example\nCleo, cleo at people\nBen, ben@people.example"
    sent = hana.send(hana.page(url), "Enter them", lines=lines, common_group="Desk")
    assert sent.status_code == 422
    assert "1 person is entered. 1 was there before." in sent.page.text
    assert "Row 3:" in sent.page.text
    assert "Row 4: Row 2 has the same e-mail address." in sent.page.text
    mended = hana.send(sent.page, "Enter them", lines="Cleo, cleo@people.example", common_group="Lift")
    assert mended.status_code == 303
    session.rollback()
    groups = {place.person.name: place.group for place in session.query(SurveyPlace)}
    assert groups == {"Anna": "", "Ben": "Desk", "Cleo": "Lift"}
    assert session.query(Mail).count() == 0


def test_list_of_nobody_is_refused_with_the_way_to_it(hana, new_round):
    url, _places = new_round(SurveyKind.CLIMATE)
    sent = hana.send(hana.page(url), "Enter them")
    assert sent.status_code == 422
    assert sent.page.link("Please paste lines, or choose a file.") == "#lines"


def test_csv_file_names_groups_of_its_own(session, hana, new_round):
    url, _places = new_round(SurveyKind.CLIMATE)
    target, data = hana.page(url).form("Enter them", common_group="Rest")
    content = "Name;E-Mail;Department\nAnna;anna@people.example;Lift\nBen;ben@people.example;\n"
    data["file"] = (io.BytesIO(content.encode()), "staff.csv")
    assert hana.post(target, data=data, content_type="multipart/form-data").status_code == 303
    session.rollback()
    assert {p.person.name: p.group for p in session.query(SurveyPlace)} == {"Anna": "Lift", "Ben": "Rest"}
    assert hana.post(target, data={**data, "file": (io.BytesIO(b""), "")}).status_code == 422


def test_letters_reminders_links_and_taking_off(session, hana, new_round, now):
    url, (anna, ben) = new_round(SurveyKind.JOB, "Anna", "Ben")
    assert "2 letters are on their way" in hana.get(hana.send(hana.page(url), "Send letters").location).text
    assert "Everybody has been invited already" in hana.get(hana.send(hana.page(url), "Send letters").location).text
    link = hana.send(hana.page(url), "Make a link")
    assert link.page.h1 == "Link for Anna"
    assert "http" in link.page.root.find(".//input[@id='link']").attrib["value"]
    assert hana.send(hana.page(url), "Remind").status_code == 303
    session.rollback()
    assert session.query(Mail).filter_by(kind="survey-reminder").one().person_id == anna.person_id
    surveys.submit(session, session.merge(anna), now=now)
    session.commit()
    page = hana.page(url)
    assert "1 of 2" in page.text
    refused = hana.post(f"/console/surveys/places/{anna.public_id}/mails", data=page.form("Take off")[1])
    assert "Anna has answered already" in refused.page.text
    hana.post(f"/console/surveys/places/{ben.public_id}/withdrawal", data=page.form("Take off")[1])
    assert "Ben – taken off" in hana.page(url).text


def test_time_is_given_and_ended(hana, new_round, now):
    url, _places = new_round(SurveyKind.LEADER, "Anna")
    assert "not sent yet" in hana.page(url).text
    early = hana.send(hana.page(url), "Take answers for longer", until=now.date().isoformat())
    assert "later than the present last day" in early.page.text
    later = (now + timedelta(days=30)).date().isoformat()
    assert hana.send(hana.page(url), "Take answers for longer", until=later).status_code == 303
    hana.send(hana.page(url), "Close it")
    closed = hana.page(url)
    assert "closed" in closed.text
    assert "Ask one more" not in closed.text
    assert "no letter sent" in closed.text


def test_nothing_on_the_page_of_an_anonymous_survey_changes_when_somebody_answers(
    session, registry, cast, hana, new_round, now
):
    url, places = new_round(SurveyKind.CLIMATE, *"ABCDE")
    for place in places:
        survey_places.copy_link(session, cast.hana, place, now=now)
    session.commit()
    before = hana.page(url).text
    for place in places[:4]:
        assert climate.count_in(session, place, {"cli-01": 4}, survey=registry.surveys.climate, now=now)
    session.commit()
    assert hana.page(url).text == before
    reminded = hana.get(hana.send(hana.page(url), "Remind").location)
    assert "Who they are, and how many, stays untold" in reminded.text
    climate.count_in(session, places[4], {"cli-01": 4}, survey=registry.surveys.climate, now=now)
    session.commit()
    assert "Answered at least 5 of 5" in hana.page(url).text


def test_long_lists_go_by_pages(session, cast, hana, new_round, now):
    url, places = new_round(SurveyKind.LEADER)
    survey = only_round(session)
    for number in range(51):
        person = Person(organization_id=cast.acme.id, name=f"Person {number:02}", created_at=now)
        session.add(person)
        surveys.ask(session, cast.hana, survey, person, now=now)
    session.commit()
    assert places == []
    first = hana.page(url)
    assert "Person 49" in first.text
    assert "Person 50" not in first.text
    assert "Person 50" in hana.page(first.link("Next page")).text
    assert "The list ends before this page" in hana.page(f"{url}?page=9").text


def test_stranger_other_roles_and_other_organisations_find_nothing(client, browser_of, new_round):
    url, _places = new_round(SurveyKind.LEADER)
    assert client.get(url).status_code == 302
    for name in ("cole", "ada", "otto"):
        assert browser_of(name).get(url).status_code == 404
