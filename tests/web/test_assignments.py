"""HR's assignments: the list, inviting, and what can be done until the answers are handed in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from assess.models import Assignment, Campaign, Feedback, Mail, Person, Purpose
from assess.services import days
from tests import factories
from tests.web.pages import Page

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/console/assignments"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def desk(session, registry, cast, now):
    """Add the front desk and return its value in the select."""
    value = str(factories.position(session, registry, cast.hana, "Front desk", now=now).public_id)
    session.commit()
    return value


@pytest.fixture
def cora(session, registry, cast, now):
    """Return the address of Cora's assignment, not sent yet."""
    url = f"{URL}/{factories.assignment(session, registry, cast.hana, now=now).public_id}"
    session.commit()
    return url


@pytest.fixture
def change(session):
    """Return a function that changes Cora's assignment behind the page's back."""

    def to(**values):
        assignment = session.query(Assignment).one()
        for name, value in values.items():
            setattr(assignment, name, value)
        session.commit()

    return to


def invite(hana, **values):
    sent = {"name": "Cora Candidate", "email": "Cora@people.example", "position": "none", **values}
    return hana.send(hana.page(f"{URL}/new"), **sent)


def test_empty_list_says_what_to_do_first(hana, session, registry, cast, now):
    assert "Begin with a position" in hana.page(URL).text
    factories.position(session, registry, cast.hana, now=now)
    session.commit()
    page = hana.page(URL)
    assert "Nobody has been invited yet" in page.text
    assert page.link("Invite a person") == f"{URL}/new"


def test_address_of_somebody_with_another_name_is_told(hana, session):
    assert "belongs to" not in hana.page(invite(hana).location).text
    page = hana.page(invite(hana, name="Clara Other", questionnaire="retail/short").location)
    assert page.h1 == "Cora Candidate"
    assert "This address belongs to Cora Candidate, whom you know already" in page.text
    assert "If Clara Other is somebody else" in page.text


def test_invited_person_is_mailed_and_stands_in_the_list(hana, session, desk):
    response = invite(hana, position=desk, purpose="promotion", feedback="on-release")
    assert response.status_code == 303
    page = hana.page(response.location)
    assert page.h1 == "Cora Candidate"
    assert "The invitation to Cora Candidate is on its way" in page.text
    assert "Front desk" in hana.page(URL).text
    campaign, mail = session.query(Campaign).one(), session.query(Mail).one()
    assert (campaign.purpose, campaign.feedback) == (Purpose.PROMOTION, Feedback.ON_RELEASE)
    assert campaign.position.title == "Front desk"
    assert (mail.kind, mail.person.email) == ("invitation", "cora@people.example")


def test_adaptive_form_with_triplets_can_be_given(hana, session, desk):
    words = hana.page(f"{URL}/new").text
    assert "General 1.0, Adaptive (at most 87 statements, about 15 minutes)" in words
    assert invite(hana, position=desk, questionnaire="general/adaptive", triplets="2").status_code == 303
    campaign = session.query(Campaign).one()
    assert (campaign.form, campaign.parts) == ("adaptive", ["statements", "triplets"])


def test_name_stands_nowhere_but_with_the_person(hana, session):
    invite(hana)
    assert "Cora" not in session.query(Campaign).one().name


def test_link_can_be_handed_over_instead(hana, session):
    response = invite(hana, delivery="hand")
    page = hana.page(response.location)
    assert "Make a link below and hand it over" in page.text
    assert session.query(Mail).count() == 0


def test_form_offers_two_weeks_hiring_and_feedback_at_once(hana, now):
    page = hana.page(f"{URL}/new")
    data = page.form()[1]
    assert (data["purpose"], data["feedback"], data["delivery"]) == ("hiring", ["at-once"], ["mail"])
    assert data["until"] >= (now + timedelta(days=13)).date().isoformat()
    assert "Europe/Berlin time" in page.text


def test_reminders_are_offered_and_kept_for_the_campaign(hana, session):
    page = hana.page(f"{URL}/new")
    assert "Remind them by mail 7 and 2 days before the last day, unless they have finished" in page.text
    assert page.form()[1]["remind"] == ["y"]
    response = invite(hana)
    assert session.query(Campaign).one().reminders == [7, 2]
    assert "Reminders 7 and 2 days before the last day" in hana.page(response.location).text


def test_reminders_can_be_left_out_and_stay_out_when_the_page_comes_back(hana, session):
    page = hana.page(f"{URL}/new")
    url, data = page.form(name="Cora Candidate", email="cora", position="none")
    del data["remind"]  # as a browser sends a box without its tick
    again = Page(hana.post(url, data=data))
    assert "remind" not in again.form()[1]
    response = hana.send(again, email="cora@people.example")
    assert session.query(Campaign).one().reminders == []
    assert "Reminders none" in hana.page(response.location).text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "Please enter the person&#39;s name."),
        ({"email": "cora"}, "An e-mail address looks like name@example.org."),
        ({"position": ""}, "Please choose a position, or say that there is none."),
        ({"position": "00000000-0000-0000-0000-000000000000"}, "Please choose one of the options."),
        ({"questionnaire": "general/none"}, "Please choose one of the options."),
        ({"purpose": "revenge"}, "Please choose one of the options."),
        ({"until": "2020-01-01"}, "The last day is over already"),
        ({"until": "9999-12-31"}, "within a year"),
        ({"until": "soon"}, "as a date"),
        ({"until": ""}, "Please choose the last day."),
        ({"delivery": "pigeon"}, "Please choose one of the options."),
    ],
)
def test_wrong_input_is_explained_and_nothing_typed_is_lost(hana, session, values, words):
    response = invite(hana, **values)
    assert response.status_code == 422
    assert words in response.text
    assert 'class="problems"' in response.text
    typed = {"name": "Cora Candidate", "email": "Cora@people.example"} | values
    assert f'value="{typed["email"]}"' in response.text
    assert session.query(Person).count() == 0


def test_position_of_another_organisation_cannot_be_chosen(hana, session, registry, cast, now):
    other = str(factories.position(session, registry, cast.otto, "Birch desk", now=now).public_id)
    session.commit()
    assert invite(hana, position=other).status_code == 422
    assert "Birch desk" not in hana.page(f"{URL}/new").text


def test_made_link_is_shown_once_and_opens_the_assessment(hana, client, cora):
    response = hana.send(hana.page(cora), "Make a link")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "shown this once" in response.text
    path = re.search(r'value="http://[^/"]+(/take/link/[^"]+)"', response.text)[1]
    assert client.page(path)
    page = hana.page(cora)
    assert "invited" in page.text
    assert path not in page.response.text


def test_invitation_can_be_sent_again(hana, session, cora):
    hana.send(hana.page(cora), "Send the invitation by mail")
    assert session.query(Mail).count() == 1


def test_more_time_is_given_until_the_end_of_the_day(hana, session, cora, now):
    day = (now + timedelta(days=30)).date()
    response = hana.send(hana.page(cora), "Give more time", until=day.isoformat())
    assert response.status_code == 303
    assert session.query(Assignment).one().expires_at == days.end_of_day(day, "Europe/Berlin")


@pytest.mark.parametrize(
    ("until", "words"), [("2020-01-01", "later than the present last day"), ("x", "as a date"), ("", "choose the last")]
)
def test_wrong_last_day_is_explained(hana, cora, until, words):
    response = hana.send(hana.page(cora), "Give more time", until=until)
    assert response.status_code == 422
    assert words in response.text


def test_expired_invitation_is_not_sent_but_comes_back_with_more_time(hana, cora, change, now):
    page = hana.page(cora)
    change(expires_at=now - timedelta(minutes=1))
    response = hana.send(page, "Send the invitation")
    assert response.status_code == 422
    assert "Give it a later last day first" in response.text
    page = hana.page(cora)
    assert "The time is over" in page.text
    assert "Send the invitation" not in page.text
    hana.send(page, "Give more time")
    assert "Send the invitation" in hana.page(cora).text


def test_withdrawn_invitation_says_so_and_offers_nothing_more(hana, cora):
    page = hana.page(cora)
    hana.send(page, "Withdraw")
    after = hana.page(cora)
    assert "withdrawn" in after.text
    assert "Give more time" not in after.text
    assert hana.send(page, "Make a link").status_code == 422
    assert hana.send(page, "Withdraw").status_code == 422


@pytest.fixture
def mail_of_cora(session, cora, now):
    """Return a function that adds a mail to Cora, as it stands."""

    def add(kind="invitation", **values):
        assignment = session.query(Assignment).one()
        row = Mail(kind=kind, assignment=assignment, person=assignment.person, **{"created_at": now} | values)
        session.add(row)
        session.commit()

    return add


def test_invitation_that_was_given_up_for_now_is_said_to_be_tried_again(hana, cora, mail_of_cora, now):
    mail_of_cora(failed_at=now, created_at=now - timedelta(hours=47))
    text = hana.page(cora).text
    assert "it is tried again every hour, for two days" in text
    assert "could not be sent" not in text


def test_invitation_that_was_given_up_for_good_is_said_to_be(hana, cora, mail_of_cora, now):
    mail_of_cora(failed_at=now, created_at=now - timedelta(hours=48))
    text = hana.page(cora).text
    assert "could not be sent" in text
    assert "tried again" not in text


def test_reminders_and_receipts_are_not_taken_for_the_invitation(hana, cora, mail_of_cora, now):
    mail_of_cora()
    mail_of_cora("reminder", failed_at=now, created_at=now - timedelta(hours=50))
    mail_of_cora("receipt", bounced_at=now)
    assert "The invitation waits to be sent" in hana.page(cora).text


def test_address_that_mail_came_back_from_is_corrected_and_used(hana, session, cora, mail_of_cora, now):
    mail_of_cora(sent_at=now, bounced_at=now)
    facts = hana.page(hana.page(cora).link("Correct the address"))
    person = hana.send(facts, "Keep these facts", email="cora@right.example").location
    assert hana.page(cora).link("over the years") == person
    assert "waits to be sent" in hana.page(hana.send(hana.page(cora), "Send the invitation").location).text
    newest = session.query(Mail).order_by(Mail.id.desc()).first()
    assert newest.person.email == "cora@right.example"
    assert newest.bounced_at is None


def test_page_says_what_became_of_the_last_reminder(hana, cora, mail_of_cora, now):
    mail_of_cora("reminder", sent_at=now)
    assert "Last sent" in hana.page(cora).text
    mail_of_cora("reminder", bounced_at=now)
    text = hana.page(cora).text
    assert "The last one came back" in text
    assert "Last sent" not in text


@pytest.fixture
def begun(session, engine, registry, cast, now):
    """Answer the first twelve of Cora's statements."""
    codes = registry.newest("general").form("standard").items[:12]
    factories.attempt(session, registry, engine, cast.hana, values=dict.fromkeys(codes, 3), now=now)
    session.commit()


@pytest.mark.usefixtures("begun")
def test_progress_is_shown_as_a_count(hana):
    for page in (hana.page(URL), hana.page(hana.page(URL).link("Cora"))):
        assert "12 of 1" in page.text
        assert "in progress" in page.text


def test_simulated_people_are_marked(hana, session, cora):
    session.query(Person).one().is_simulated = True
    session.commit()
    assert "simulated" in hana.page(URL).text
    assert "This person is simulated" in hana.page(cora).text


def test_names_are_text_and_nothing_else(hana):
    response = invite(hana, name="<script>alert(1)</script>")
    assert "<script>alert" not in hana.get(response.location).text


def test_list_shows_nobody_of_another_organisation(browser_of, cora):
    assert "Cora" not in browser_of("otto").page(URL).text


def test_another_organisation_does_not_find_the_assignment(browser_of, cora):
    otto = browser_of("otto")
    otto.page(cora, 404)
    token = otto.page(f"{URL}/new").form()[1]["csrf_token"]
    for action in ("mails", "links", "deadlines", "withdrawal", "release", "reports", "decisions"):
        assert otto.post(f"{cora}/{action}", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("name", ["cole", "paula", "ada"])
def test_other_roles_find_nothing(browser_of, cora, name):
    browser = browser_of(name)
    for url in (URL, f"{URL}/new", cora):
        browser.page(url, 404)


def test_strangers_are_sent_to_sign_in(client, cora):
    for url in (URL, f"{URL}/new", cora):
        assert client.get(url).location == f"/auth/sign-in?next={url}"


@pytest.mark.parametrize("action", ["mails", "links", "deadlines", "withdrawal"])
def test_reading_never_changes_anything(hana, cora, action):
    assert hana.get(f"{cora}/{action}").status_code == 405
