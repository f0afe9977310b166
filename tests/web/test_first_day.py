"""Before a campaign's first day: what its people's links say and refuse, and what HR is told."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assess.models import Assignment, Attempt
from tests import factories
from tests.web.pages import Page

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def early(session, registry, cast, now):
    """Return Cora's assignment of a campaign that opens in three days, and her link."""
    assignment = factories.assignment(session, registry, cast.hana, opens=(now + timedelta(days=3)).date(), now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    return assignment, f"/take/link/{token}"


def test_link_that_is_opened_early_says_from_when_on_it_can_be_used(client, session, early):
    assignment, url = early
    page = client.page(url)
    assert page.h1 == "This questionnaire is not open yet"
    first = assignment.campaign.opens_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"You can begin on {first.day} {first:%B %Y} and have until the end of" in page.text
    assert [form.get("action") for form in page.root.iter("form")] == ["/language"]  # nothing to open


def test_nothing_is_opened_or_begun_before_the_first_day_whatever_is_sent(client, session, early, now):
    assignment, url = early
    opens_at = assignment.campaign.opens_at
    assignment.campaign.opens_at = now
    session.commit()
    page = client.page(url)
    client.send(page)
    start = client.page("/take/")
    assignment.campaign.opens_at, assignment.opened_at = opens_at, None
    session.commit()
    for answer in (client.send(page), client.send(start, consent="y")):
        assert answer.status_code == 409
        assert "not open yet" in Page(answer).h1
    assert "not open yet" in client.page("/take/").h1
    assert "not open yet" in client.page("/take/questions/1").h1
    session.rollback()
    assert session.get_one(Assignment, assignment.id).opened_at is None
    assert session.query(Attempt).count() == 0


def test_hr_sees_the_first_day_where_a_link_is_handed_over(hana, early):
    url = f"/console/assignments/{early[0].public_id}"
    assert "First day" in hana.page(url).text
    assert "Nobody can begin before the first day" in hana.send(hana.page(url), "Make a link").text


def test_open_campaign_names_no_first_day_with_its_people(hana, session, registry, cast, now):
    url = f"/console/assignments/{factories.assignment(session, registry, cast.hana, now=now).public_id}"
    session.commit()
    assert "First day" not in hana.page(url).text
