"""A page left open in a browser in which somebody else's link has been opened since does nothing in their name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.banks.parts import Part
from assess.models import Attempt, EqualityAnswer, LinkPurpose, PresentedItem, PrivacyRequest
from assess.services import asking, links
from tests import factories

DATABASES = ("sqlite",)  # pages; what they rest on is tested on both


@pytest.fixture
def sit(client, session, registry, cast, now):
    """A function that opens the link of somebody new in the one browser and returns it."""

    def sit(name, **options):
        assignment = factories.assignment(session, registry, cast.hana, name=name, now=now, **options)
        token = factories.take_token(session, assignment, now=now)
        session.commit()
        client.send(client.page(f"/take/link/{token}"))
        return client

    return sit


@pytest.fixture
def settle(client, session, registry, engine, cast, now):
    """A function that opens the link of somebody who has handed in."""

    def settle(name):
        assignment = factories.scored(session, registry, engine, cast.hana, name=name, now=now).assignment
        client.set_cookie("rapport-take", factories.take_token(session, assignment, now=now))
        session.commit()
        return client

    return settle


def begin(browser):
    browser.send(browser.page("/take/"), consent="y")
    return browser


def is_refused(response):
    return response.status_code == 409 and response.page.h1 == "Another link is open in this browser"


def test_consent_of_one_begins_nothing_for_the_other(sit, session):
    left_open = sit("Cora").page("/take/")
    browser = sit("Dora")
    assert is_refused(browser.send(left_open, consent="y"))
    assert session.query(Attempt).count() == 0


def test_next_part_is_not_opened_for_the_other(sit, session):
    left_open = begin(sit("Cora", parts=[Part.VOCABULARY])).page("/take/part")
    browser = begin(sit("Dora", parts=[Part.VOCABULARY]))
    assert is_refused(browser.send(left_open))
    assert session.query(PresentedItem).count() == 0  # so no clock runs


def test_page_without_a_choice_leads_the_other_nowhere(sit, session):
    browser = begin(sit("Cora"))
    left_open = browser.page(browser.send(browser.page("/take/part")).location)
    browser = begin(sit("Dora"))
    browser.send(browser.page("/take/part"))
    assert is_refused(browser.send(left_open, "Continue", go="skip"))
    assert session.query(PresentedItem).count() == 2


def test_clock_of_the_other_is_not_started(sit):
    def stop(name):
        browser = begin(sit(name, parts=[Part.VOCABULARY], accommodations={"pauses": True}))
        browser.send(browser.page(browser.send(browser.page("/take/part")).location), "Continue", go="stop")
        return browser

    left_open = stop("Cora").page("/take/clock")
    browser = stop("Dora")
    assert is_refused(browser.send(left_open))
    assert browser.page("/take/clock").h1


def test_check_page_of_one_does_not_hand_in_for_the_other(sit, session, registry):
    def finish(name):
        browser = begin(sit(name))
        attempt = session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
        bank = registry.bank(attempt.edition, attempt.bank_version)
        asking.open_part(session, asking.hold(session, attempt, bank, now=attempt.started_at))
        for position in range(1, len(bank.form(attempt.form).items)):
            asking.advance(session, asking.hold(session, attempt, bank, now=attempt.started_at), position)
        session.commit()
        return browser

    left_open = finish("Cora").page("/take/check")
    browser = finish("Dora")
    assert is_refused(browser.send(left_open, "Hand in"))
    session.rollback()
    assert session.scalars(select(Attempt.submitted_at)).all() == [None, None]
    assert browser.send(browser.page("/take/check"), "Hand in").location == "/take/done"


def test_answers_about_oneself_are_not_kept_as_the_other_s(settle, session):
    left_open = settle("Cora").page("/take/equality")
    browser = settle("Dora")
    assert is_refused(browser.send(left_open, "Send", gender="woman"))
    assert session.query(EqualityAnswer).count() == 0


def test_answers_of_the_other_are_not_taken_back(settle, session):
    def answered(name):
        browser = settle(name)
        browser.send(browser.page("/take/equality"), "Send", gender="woman")
        return browser

    left_open = answered("Cora").page("/take/equality")
    assert is_refused(answered("Dora").send(left_open, "Take my answers back"))
    assert session.query(EqualityAnswer).count() == 2


def test_nobody_asks_for_the_erasure_of_the_other(client, session, registry, cast, now):
    def enter(name):
        person = factories.assignment(session, registry, cast.hana, name=name, now=now).person
        ends = now + timedelta(hours=1)
        token = links.issue(session, LinkPurpose.MY_PAGE, person=person, expires_at=ends, now=now)
        session.commit()
        client.send(client.page(f"/my-page/link/{token}"))
        return client

    left_open = enter("Cora").page("/my-page/ask")
    assert is_refused(enter("Dora").send(left_open, "Send", kind="erasure"))
    assert session.query(PrivacyRequest).count() == 0
