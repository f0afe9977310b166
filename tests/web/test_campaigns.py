"""HR's campaigns: the list, making and changing one, its page, and inviting people into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assess.banks.parts import Part
from assess.models import Assignment, Campaign, Mail, Person, Position
from assess.services import campaigns, days, invitations
from assess.services.invitations import Invitee
from tests import factories
from tests.web.pages import Page

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/console/campaigns"


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
def campaign(session, registry, cast, now):
    """Return a function that adds a campaign and returns its address."""

    def add(user=cast.hana, **values):
        usual = {"name": "Summer", "bank": registry.newest("general"), "form": "standard", "position": None}
        usual |= {"purpose": "hiring", "feedback": "at-once", "until": (now + timedelta(days=14)).date(), "now": now}
        url = f"{URL}/{campaigns.create_campaign(session, user, **usual | values).public_id}"
        session.commit()
        return url

    return add


def make(hana, **values):
    """Fill in the page and send it."""
    sent = {"title": "Summer at the desk", "position": "none", "questionnaire": "general/standard", **values}
    return hana.send(hana.page(f"{URL}/new"), **sent)


def invite(hana, url, **values):
    return hana.send(hana.page(url), "Invite", **{"name": "Anna Able", "email": "anna@people.example", **values})


def in_days(now, number):
    return (now + timedelta(days=number)).date()


def test_empty_list_says_what_a_campaign_is_and_offers_to_make_one(hana):
    page = hana.page(URL)
    assert "No campaign yet" in page.text
    assert page.link("Make a campaign") == f"{URL}/new"
    assert hana.page("/console/assignments").link("Campaigns") == URL


def test_campaign_is_made_as_hr_ordered_it(hana, session, desk, now):
    first, last = in_days(now, 5), in_days(now, 20)
    response = make(
        hana,
        position=desk,
        purpose="promotion",
        feedback="on-release",
        questionnaire="general/adaptive",
        triplets="1",
        statements="2",
        vocabulary="6",
        situations="4",
        opens=first.isoformat(),
        until=last.isoformat(),
        zone="America/New_York",
        remind=["14", "1"],
        remind_begun=[],
    )
    assert response.status_code == 303
    made = session.query(Campaign).one()
    assert made.parts == ["triplets", "statements", "situations", "vocabulary"]
    assert (made.form, made.purpose, made.feedback) == ("adaptive", "promotion", "on-release")
    assert (made.reminders, made.reminders_begun) == ([14, 1], [])
    assert made.opens_at == days.start_of_day(first, "America/New_York")
    assert made.closes_at == days.end_of_day(last, "America/New_York")
    page = hana.page(response.location)
    assert page.h1 == "Summer at the desk"
    for words in (
        "Now invite the first person",
        "Best-worst triplets Statements Situations at work Vocabulary",
        "Takes about 55 minutes",
        "not open yet",
        "America/New_York",
        "Nobody has been invited yet",
        "General 1.0, Adaptive",
        "statements are chosen for each person",
        "pattern version 1, for those who begin now",
        "not begun: 14 and 1 days before the last day begun: none",
    ):
        assert words in page.text
    assert page.link("Front desk").startswith("/console/positions/")
    assert "Summer at the desk not open yet Front desk 0" in hana.page(URL).text


def test_page_offers_statements_alone_two_weeks_and_the_organisation_s_zone(hana, session, now):
    page = hana.page(f"{URL}/new")
    data = page.form()[1]
    assert (data["statements"], data["triplets"], data["opens"], data["zone"]) == ("1", "", "", "Europe/Berlin")
    assert data["until"] >= in_days(now, 13).isoformat()
    assert "(about 12 minutes)" in page.text
    assert "(about 25 minutes, with a clock)" in page.text
    assert make(hana).status_code == 303
    made = session.query(Campaign).one()
    assert made.parts == ["statements"]
    assert timedelta() <= datetime.now(UTC) - made.opens_at < timedelta(minutes=5)
    assert "open" in hana.page(URL).text


TYPED = {"title": "Kept", "triplets": "3", "until": "2030-06-30", "opens": "2030-06-01", "zone": "Asia/Tokyo"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "Please give the campaign a name."),
        ({"position": ""}, "Please choose a position, or say that there is none."),
        ({"questionnaire": "general/none"}, "Please choose one of the options."),
        ({"triplets": "1"}, "Statements and Best-worst triplets cannot both come first."),
        ({"situations": "3", "triplets": "3"}, "Best-worst triplets and Situations at work cannot both come third."),
        ({"statements": ""}, "Please choose one of the options."),
        ({"numerical": "7"}, "Please choose one of the options."),
        ({"until": "2020-01-01"}, "The last day is over already"),
        ({"until": "9999-12-31"}, "within a year"),
        ({"until": "soon"}, "as a date"),
        ({"until": ""}, "Please choose the last day."),
        ({"opens": "2020-01-01"}, "The first day is over already"),
        ({"opens": "9999-12-31"}, "The first day comes after the last day"),
        ({"opens": "soon"}, "or leave it empty"),
        ({"zone": "Mars/Olympus"}, "Please choose one of the options."),
        ({"remind": ["5"]}, "Please choose one of the options."),
    ],
)
def test_what_is_wrong_is_explained_and_what_was_typed_is_kept(hana, session, now, values, words):
    usual = {**TYPED, "opens": "", "until": in_days(now, 20).isoformat()}
    response = make(hana, **{**usual, **values})
    assert response.status_code == 422
    page = Page(response)
    assert words in page.text
    assert page.text.count("There is a problem") == 1
    sent, again = usual | values, page.form()[1]
    for name in ("title", "triplets", "until", "opens"):
        if sent[name] and (name != "title" or sent[name].strip()):
            assert again[name] == sent[name]
    if "zone" not in values:
        assert again["zone"] == "Asia/Tokyo"
    assert session.query(Campaign).count() == 0


def test_position_of_another_organisation_cannot_be_chosen(hana, session, registry, cast, now):
    other = str(factories.position(session, registry, cast.otto, "Birch desk", now=now).public_id)
    session.commit()
    assert make(hana, position=other).status_code == 422
    assert "Birch desk" not in hana.page(f"{URL}/new").text


def test_address_of_somebody_with_another_name_is_told(hana, registry, campaign):
    invite(hana, campaign())
    autumn = campaign(name="Autumn", bank=registry.newest("retail"))
    assert invite(hana, autumn, name="Anna-Lena Able").location == autumn
    assert "This address belongs to Anna Able, whom you know already" in hana.page(autumn).text


def test_people_are_invited_one_by_one_and_stand_on_the_page(hana, session, campaign):
    url = campaign()
    assert "Invite the first person" in hana.page(url).text
    assert invite(hana, url).location == url
    page = hana.page(url)
    assert "The invitation to Anna Able is on its way." in page.text
    assert "Invite one more person" in page.text
    assert invite(hana, url, name="Ben Best", email="ben@people.example").location == url
    page = hana.page(hana.page(url).link("All people"))
    assert hana.page(page.link("Ben Best")).h1 == "Ben Best"
    assert hana.page(page.link("Anna Able")).link("Summer") == url
    assert "2 2 waiting to be sent" in hana.page(URL).text
    assert session.query(Campaign).count() == 1
    assert session.query(Mail).count() == 2


def test_link_can_be_handed_over_instead(hana, session, campaign):
    response = invite(hana, campaign(), delivery="hand")
    assert "Make a link below and hand it over" in hana.page(response.location).text
    assert session.query(Mail).count() == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "Please enter the person's name."),
        ({"email": "anna"}, "An e-mail address looks like name@example.org."),
        ({"delivery": "pigeon"}, "Please choose one of the options."),
    ],
)
def test_person_who_cannot_be_invited_is_explained_and_what_was_typed_is_kept(hana, session, campaign, values, words):
    response = invite(hana, campaign(), **values)
    assert response.status_code == 422
    page = Page(response)
    assert words in page.text
    again = page.form("Invite")[1]
    typed = {"name": "Anna Able", "email": "anna@people.example"} | values
    assert (again["name"].strip(), again["email"]) == (typed["name"].strip(), typed["email"])
    assert session.query(Person).count() == 0


def test_nobody_is_invited_twice_into_a_campaign(hana, session, campaign):
    url = campaign()
    invite(hana, url)
    response = invite(hana, url, name="Anna A.")
    assert response.status_code == 422
    assert "Anna Able is invited to this already" in Page(response).text
    assert Page(response).form("Invite")[1]["name"] == "Anna A."
    assert session.query(Assignment).count() == 1


def test_campaign_that_is_over_invites_nobody_and_leads_to_a_new_one(hana, session, campaign, now):
    url = campaign()
    page = hana.page(url)
    session.query(Campaign).one().closes_at = now - timedelta(minutes=1)
    session.commit()
    refused = hana.send(page, "Invite", name="Anna Able", email="anna@people.example")
    assert refused.status_code == 422
    assert "The last day of this campaign is over" in Page(refused).text
    page = hana.page(url)
    assert page.link("make a new one").startswith(f"{URL}/new?like=")
    assert "E-mail address" not in page.text
    assert "Summer over" in hana.page(URL).text


def test_long_list_has_pages(hana, campaign, monkeypatch):
    monkeypatch.setattr(campaigns, "PAGE", 2)
    for number in range(3):
        campaign(name=f"No {number}")
    page = hana.page(URL)
    assert "No 0" not in page.text
    older = hana.page(page.link("Next page"))
    assert "No 0" in older.text
    assert older.link("Previous page") == f"{URL}?page=1"
    assert "The list ends before this page" in hana.page(f"{URL}?page=99999999999999999999").text
    for odd in ("0", "-3", "x"):
        assert "No 2" in hana.page(f"{URL}?page={odd}").text


def test_names_are_text_and_nothing_else(hana):
    response = make(hana, title="<script>alert(1)</script>")
    for url in (response.location, URL):
        assert "<script>alert" not in hana.get(url).text


def test_another_organisation_sees_nothing_of_it(browser_of, session, campaign):
    url, otto = campaign(), browser_of("otto")
    assert "Summer" not in otto.page(URL).text
    otto.page(url, 404)
    token = otto.page(f"{URL}/new").form()[1]["csrf_token"]
    sent = {"csrf_token": token, "name": "Anna", "email": "anna@people.example", "delivery": "mail"}
    assert otto.post(f"{url}/people", data=sent).status_code == 404
    assert session.query(Assignment).count() == 0


@pytest.mark.parametrize("name", ["cole", "paula", "ada"])
def test_other_roles_find_nothing(browser_of, campaign, name):
    url, browser = campaign(), browser_of(name)
    for address in (URL, f"{URL}/new", url):
        browser.page(address, 404)
    assert "Campaigns" not in browser.page("/auth/account").text


def test_invite_page_orders_parts_as_a_campaign_does(hana, session):
    page = hana.page("/console/assignments/new")
    sent = {"name": "Anna Able", "email": "anna@people.example", "position": "none"}
    response = hana.send(page, **sent, triplets="1")
    assert response.status_code == 422
    assert "cannot both come first" in Page(response).text
    hana.send(page, **sent, triplets="1", statements="2", numerical="6")
    made = session.query(Campaign).one()
    assert made.parts == ["triplets", "statements", "numerical"]


def test_part_that_no_edition_has_is_not_offered(hana, session, monkeypatch):
    monkeypatch.setattr(campaigns, "parts_of", lambda _bank: frozenset({"statements", "triplets"}))
    page = hana.page(f"{URL}/new")
    assert "Best-worst triplets" in page.text
    assert "Vocabulary" not in page.text
    assert make(hana, triplets="2", vocabulary="3").status_code == 303  # what was not offered is not listened to
    assert session.query(Campaign).one().parts == ["statements", "triplets"]


def test_campaign_like_another_asks_the_same_with_days_of_its_own(hana, session, campaign, desk, registry):
    position = session.query(Position).one()
    parts = [Part.TRIPLETS, Part.STATEMENTS]
    options = {"form": "short", "purpose": "promotion", "feedback": "on-release", "time_zone": "Asia/Tokyo"}
    url = campaign(position=position, parts=parts, reminders=[3], reminders_begun=[], **options)
    page = hana.page(hana.page(url).link("Make one like it"))
    assert hana.send(page).status_code == 303
    first, second = session.query(Campaign).order_by(Campaign.id)
    alike = ("position_id", "edition", "form", "parts", "purpose", "feedback", "time_zone", "reminders")
    for name in (*alike, "reminders_begun"):
        assert getattr(second, name) == getattr(first, name), name
    assert second.name == "Summer (2)"


def test_campaign_of_another_organisation_cannot_be_copied(hana, cast, campaign):
    hana.page(f"{URL}/new?like={campaign(user=cast.otto).rpartition('/')[2]}", 404)
    assert hana.page(f"{URL}/new?like=nonsense").h1 == "Make a campaign"


def test_progress_is_said_in_words_and_numbers_and_told_to_the_script(hana, session, registry, engine, cast, now):
    done = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    for name, change in (("Ben", {}), ("Cy", {"withdrawn_at": now}), ("Di", {"invited_at": now})):
        each = invitations.assign(session, cast.hana, done.campaign, Invitee(name, f"{name}@people.example"), now=now)
        for column, value in change.items():
            setattr(each, column, value)
    session.commit()
    url = f"{URL}/{done.campaign.public_id}"
    page = hana.page(url)
    for words in ("1 of 3 people have handed in.", "scored 1", "withdrawn 1", "not sent yet 1", "Results"):
        assert words in page.text
    told = hana.get(f"{url}/progress").json
    assert (told["said"], told["n"], told["all"]) == ("1 of 3 people have handed in.", 1, 3)
    assert "state=withdrawn" in told["states"]
    assert [script.get("src", "") for script in page.root.iter("script") if "progress" in script.get("src", "")]
    done.campaign.closes_at = now
    session.commit()
    over = hana.page(url)
    assert not [script for script in over.root.iter("script") if "progress" in script.get("src", "")]


def test_what_may_change_is_changed_and_what_is_wrong_is_explained(hana, session, campaign, now):
    url = campaign()
    page = hana.page(hana.page(url).link("Change or close"))
    data = page.form("Change the campaign")[1]
    assert (data["title"], data["until"], data["feedback"]) == ("Summer", in_days(now, 14).isoformat(), ["at-once"])
    later = in_days(now, 20).isoformat()
    sent = {"title": "Autumn", "until": later, "remind": ["3"], "remind_begun": ["1"], "feedback": "on-release"}
    for wrong, words in (
        ({"title": " "}, "Please give the campaign a name."),
        ({"until": "2020-01-01"}, "That last day is over already"),
        ({"until": "soon"}, "as a date"),
        ({"feedback": "never"}, "Please choose one of the options."),
    ):
        refused = hana.send(page, "Change the campaign", **sent | wrong)
        assert refused.status_code == 422
        assert words in Page(refused).text
        assert Page(refused).form("Change the campaign")[1]["remind"] == ["3"]
    assert hana.send(page, "Change the campaign", **sent).location == url
    changed = session.query(Campaign).one()
    assert (changed.name, changed.reminders, changed.reminders_begun) == ("Autumn", [3], [1])
    assert changed.closes_at == days.end_of_day(in_days(now, 20), "Europe/Berlin")
    assert "The campaign is changed." in hana.page(url).text


def test_campaign_is_closed_early_and_opened_again_by_a_later_last_day(hana, session, campaign, now):
    url = campaign()
    assert hana.send(hana.page(f"{url}/edit"), "Close the campaign now").location == url
    page = hana.page(url)
    assert "The campaign is closed." in page.text
    assert "The last day is over, so nobody can be invited" in page.text
    again = hana.page(page.link("Give it a later last day"))
    assert "Close it early" not in again.text
    hana.send(again, "Change the campaign", until=in_days(now, 3).isoformat())
    assert "Invite many" in hana.page(url).text
