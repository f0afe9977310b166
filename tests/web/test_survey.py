"""Answering a survey by its link: what is said before, what is kept page by page, and what is told to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AccessLink, Person, RatedPerson, SurveyAnswer, SurveyCount, SurveyKind, SurveyPlace
from assess.services import retention, survey_places, surveys
from assess.services.invitations import Invitee
from tests.services import experts

DATABASES = ["sqlite"]


@pytest.fixture
def asked(session, registry, cast, now):
    """Return a function that asks Rita in a survey of a kind; it gives her place and the address of her link."""

    def ask(kind, *, rated=(), group=""):
        survey = experts.of_kind(session, registry, cast.hana, kind, rated=rated, now=now)
        rita = Invitee("Rita Rater", "rita@people.example")
        place = survey_places.invite(session, cast.hana, survey, rita, group=group, now=now)
        token = survey_places.copy_link(session, cast.hana, place, now=now)
        session.commit()
        return place, f"/survey/link/{token}"

    return ask


@pytest.fixture
def rater(asked):
    return asked(SurveyKind.PERSPECTIVE)


@pytest.fixture
def colleagues(session, cast, now):
    found = [
        Person(organization=cast.acme, name=name, email=f"{name}@people.example", created_at=now)
        for name in ("Cora", "Dora")
    ]
    session.add_all(found)
    session.flush()
    return found


def opened(client, url):
    return client.send(client.page(url))


def kept(session, place):
    session.rollback()
    session.expire_all()
    return surveys.sheet_of(session, session.get_one(SurveyPlace, place.id))


def test_scanners_change_nothing_and_the_button_opens_a_clean_address(client, session, rater):
    place, url = rater
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(url, method=method).status_code == 200
    session.rollback()
    assert session.get_one(SurveyPlace, place.id).opened_at is None
    session.rollback()
    response = opened(client, url)
    assert (response.status_code, response.location) == (303, "/survey/")
    page = client.page("/survey/")
    assert page.h1 == "How good service should be here"
    assert "48 statements" in page.text
    assert "No page shows what one person answered" in page.text


def test_pages_are_kept_one_by_one_and_gone_on_with_elsewhere(client, app, session, rater):
    place, url = rater
    opened(client, url)
    first = client.page("/survey/pages/1")
    codes = [field.attrib["name"] for field in first.root.iter("input") if field.get("type") == "radio"]
    assert len(set(codes)) == 10
    sent = client.send(first, **dict.fromkeys(codes, "4"), go="on")
    assert sent.location == "/survey/pages/2"
    second = client.page("/survey/pages/2")
    client.send(second, **{"per-11": "2"}, go="back")
    assert kept(session, place).values == dict.fromkeys(codes, 4) | {"per-11": 2}
    elsewhere = app.test_client()
    opened(elsewhere, url)
    again = elsewhere.page("/survey/")
    assert "You have answered 11 of 48" in again.text
    assert again.link("Go on") == "/survey/pages/2"
    assert elsewhere.page("/survey/pages/2").form(0)[1]["per-11"] == ["2"]


def test_what_is_left_out_is_named_before_handing_in_and_nothing_changes_afterwards(client, session, rater):
    place, url = rater
    opened(client, url)
    client.send(client.page("/survey/pages/5"), **{"gen-per-01": "5"}, go="on")
    check = client.page("/survey/check")
    assert "You have answered 1 of 48" in check.text
    assert "Page 5 7 left out" in check.text
    stale = client.page("/survey/pages/1")
    assert client.send(check, "Hand in").location == "/survey/done"
    assert "put together with those of others" in client.page("/survey/done").text
    assert client.send(stale, **{"per-01": "1"}, go="on").status_code == 409
    assert kept(session, place).values == {"gen-per-01": 5}
    assert client.get("/survey/pages/1").location == "/survey/done"
    assert client.get("/survey/").location == "/survey/done"


def test_choice_that_was_not_offered_is_refused(client, session, rater):
    opened(client, rater[1])
    assert client.send(client.page("/survey/pages/1"), **{"per-01": "6"}).status_code == 422
    session.rollback()
    assert session.query(SurveyAnswer).count() == 0


def test_perspective_is_read_in_the_person_s_language_where_it_is_there(client, session, rater):
    place, url = rater
    place.person.language = "es"
    session.commit()
    opened(client, url)
    page = client.page("/survey/pages/1")
    assert page.root.attrib["lang"] == "es"
    assert "Calls go to a person" not in page.text


def test_ranges_are_chosen_scale_by_scale_and_may_not_be_upside_down(client, session, asked):
    place, url = asked(SurveyKind.JOB)
    opened(client, url)
    page = client.page("/survey/pages/1")
    assert page.h1 == "Trust"
    assert "10: gives the benefit of the doubt" in page.text
    wrong = client.send(page, **{"trust.low": "8", "trust.high": "4", "trust.weight": "2"}, go="on")
    assert wrong.status_code == 422
    assert "begins above its end" in wrong.page.text
    typed = wrong.page.form(0)[1]
    assert (typed["trust.low"], typed["trust.high"], typed["trust.weight"]) == ("8", "4", ["2"])
    assert client.send(wrong.page, **{"trust.low": "4", "trust.high": "8"}, go="on").location == "/survey/pages/2"
    assert kept(session, place).values == {"trust.low": 4, "trust.high": 8, "trust.weight": 2}
    client.send(client.page("/survey/pages/1"), **{"trust.low": ""}, go="on")
    assert kept(session, place).values == {"trust.high": 8, "trust.weight": 2}


def test_people_are_rated_one_by_one_or_said_to_be_unknown_and_nobody_rates_themselves(
    client, session, asked, colleagues
):
    cora, dora = colleagues
    place, url = asked(SurveyKind.PERFORMANCE, rated=[cora, dora])
    session.add(RatedPerson(round_id=place.round_id, person_id=place.person_id))
    session.commit()
    opened(client, url)
    assert "2 people in the job" in client.page("/survey/").text
    first = client.page("/survey/pages/1")
    assert first.h1 == "Cora"
    client.send(first, **{f"wrk-01@{cora.public_id}": "5"}, go="on")
    client.send(client.page("/survey/pages/2"), **{f"wrk-01@{dora.public_id}": "2"}, go="on")
    client.send(client.page("/survey/pages/2"), go="unknown")
    assert kept(session, place).about == {cora.id: {"wrk-01": 5}}
    assert "Dora 3 left out" in client.page("/survey/check").text
    client.page("/survey/pages/3", 404)


def test_rater_of_nobody_else_is_told_so(client, session, asked, colleagues):
    place, url = asked(SurveyKind.PERFORMANCE, rated=colleagues[:1])
    session.query(RatedPerson).update({"person_id": place.person_id})
    session.commit()
    opened(client, url)
    assert client.page("/survey/").h1 == "There is nobody for you to rate"


class TestAnonymousClimate:
    """One page that keeps nothing before it is handed in, and that looks alike whether its link was used or not."""

    @pytest.fixture
    def climate(self, client, asked):
        place, url = asked(SurveyKind.CLIMATE, group="Desk")
        opened(client, url)
        return place, url

    def counts(self, session):
        session.rollback()
        return {(row.code, row.value): row.n for row in session.query(SurveyCount)}

    @pytest.mark.usefixtures("climate")
    def test_what_is_missing_is_said_once_and_what_was_chosen_stands_in_the_page(self, client, session):
        page = client.page("/survey/pages/1")
        first = client.send(page, **{"cli-01": "4", "cli-24": "2"}, go="on")
        assert first.status_code == 422
        assert "22 statements have no answer yet" in first.page.text
        assert self.counts(session) == {}
        assert first.page.form(0)[1]["cli-24"] == ["2"]
        assert client.send(first.page, go="anyway").location == "/survey/done"
        assert self.counts(session) == {("cli-01", 4): 1, ("cli-24", 2): 1}
        session.rollback()
        assert session.query(SurveyAnswer).count() == 0

    @pytest.mark.usefixtures("climate")
    def test_nothing_at_all_cannot_be_handed_in(self, client, session):
        sent = client.send(client.page("/survey/pages/1"), go="anyway")
        assert sent.status_code == 422
        assert "There is nothing to hand in yet" in sent.page.text
        assert self.counts(session) == {}

    def test_whoever_holds_the_link_cannot_tell_whether_it_was_used(self, client, session, climate):
        _place, url = climate
        addresses = (url, "/survey/", "/survey/pages/1", "/survey/done")
        before = [client.page(address).text for address in addresses]
        values = {f"cli-{number:02}": "4" for number in range(1, 25)}
        assert client.send(client.page("/survey/pages/1"), **values, go="on").location == "/survey/done"
        assert [client.page(address).text for address in addresses] == before
        counted = self.counts(session)
        assert client.send(client.page("/survey/pages/1"), **values, go="on").location == "/survey/done"
        assert self.counts(session) == counted
        assert len(counted) == len(values)


def test_self_check_says_that_it_is_the_leader_s_alone(client, asked):
    opened(client, asked(SurveyKind.LEADER)[1])
    assert "It is yours alone" in client.page("/survey/").text


@pytest.mark.parametrize(
    ("how", "title"),
    [
        ("over", "This survey is over"),
        ("withdrawn", "You are no longer asked to answer this survey"),
        ("erased", "Your data have been erased"),
    ],
)
def test_closed_survey_says_why_and_whom_to_ask(client, session, cast, rater, now, how, title):
    place, url = rater
    opened(client, url)
    stale = client.page("/survey/pages/1")
    if how == "over":
        surveys.close(session, cast.hana, place.round, now=now)
    elif how == "withdrawn":
        survey_places.withdraw(session, cast.hana, place, now=now)
    else:
        place.created_at = place.person.created_at = now - timedelta(days=3 * 366)
        retention.enforce(session, now=now)
    session.commit()
    for address in (url, "/survey/", "/survey/pages/1", "/survey/check"):
        page = client.page(address, 410)
        assert page.h1 == title
        assert "people@acme.example" in page.text
    sent = client.send(stale, **{"per-01": "4"}, go="on")
    assert (sent.status_code, sent.page.h1) == (410, title)
    session.rollback()
    assert session.query(SurveyAnswer).count() == 0


def test_link_that_has_run_out_says_whom_to_ask(client, session, rater, now):
    session.query(AccessLink).one().expires_at = now - timedelta(minutes=1)
    session.commit()
    assert "people@acme.example" in client.page(rater[1], 410).text


def test_unknown_link_and_pages_without_one_say_nothing(client):
    assert "Acme" not in client.page("/survey/link/no-such-token", 404).text
    assert client.page("/survey/pages/1", 404).h1 == "Please open your personal link again"


def test_redeeming_is_limited_per_address(client, app):
    app.config["WTF_CSRF_ENABLED"] = False
    statuses = [client.post(f"/survey/link/guess-{number}").status_code for number in range(21)]
    assert statuses == [404] * 20 + [429]


def test_page_of_somebody_else_s_link_changes_nothing(client, session, cast, rater, now):
    place, url = rater
    opened(client, url)
    stale = client.page("/survey/pages/1")
    other = survey_places.invite(session, cast.hana, place.round, Invitee("Sam", "sam@people.example"), now=now)
    token = survey_places.copy_link(session, cast.hana, other, now=now)
    session.commit()
    opened(client, f"/survey/link/{token}")
    assert client.send(stale, **{"per-01": "4"}, go="on").status_code == 409
    session.rollback()
    assert session.query(SurveyAnswer).count() == 0


def test_leaving_keeps_the_page_and_forgets_the_visitor(client, session, rater):
    place, url = rater
    opened(client, url)
    assert client.send(client.page("/survey/pages/1"), **{"per-01": "4"}, go="leave").page.h1 == "See you later"
    assert kept(session, place).values == {"per-01": 4}
    client.page("/survey/", 404)
