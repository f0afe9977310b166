"""The questionnaire itself: one statement per page, saved, changed, left out, handed in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from assess.models import Attempt, Feedback, ResponseEvent
from assess.services import asking, database, jobs, minutes
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def cora(client, session, registry, cast, now):
    """Cora's browser, past the practice statement."""
    return begun(client, session, registry, cast, now)


def begun(client, session, registry, cast, now, **options):
    assignment = factories.assignment(session, registry, cast.hana, now=now, **options)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    client.token = token
    assert client.send(client.page("/take/"), consent="y").location == "/take/part"
    assert client.send(client.page("/take/part")).location == "/take/questions/1"
    return client


def answer(browser, position, value=4, **fields):
    page = browser.page(f"/take/questions/{position}")
    return browser.send(page, "Continue", value=value, **fields)


def saved(session):
    session.rollback()
    attempt = session.scalars(select(Attempt)).one()
    return asking.current_responses(session, attempt)


def test_nothing_begins_without_consent(client, session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    response = client.send(client.page("/take/"))
    assert response.status_code == 422
    assert "Please tick the box" in response.text
    assert session.query(Attempt).count() == 0


def test_start_page_says_minutes_readers_and_retention(client, session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    text = client.page("/take/").text
    assert "111 short statements" in text
    assert "Please allow about 19 minutes." in text  # 111 statements at 10 seconds
    assert "Who sees what" in text
    assert "Kept until" in text


def test_start_page_says_what_people_needed_once_enough_have_handed_in(
    client, session, engine, registry, cast, now, monkeypatch
):
    monkeypatch.setattr(minutes, "ENOUGH", 1)
    minutes.forget()
    factories.scored(session, registry, engine, cast.hana, name="Ann Before", now=now)
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    assert "Three of four people needed at most 3 minutes." in client.page("/take/").text
    minutes.forget()


def test_continue_saves_the_answer_and_shows_the_next_statement(cora, session):
    assert answer(cora, 1, 5).location == "/take/questions/2"
    assert list(saved(session).values()) == [5]


def test_changed_mind_replaces_the_answer(cora, session):
    answer(cora, 1, 5)
    page = cora.page("/take/questions/1")
    assert page.form("Continue")[1]["value"] == ["5"]
    answer(cora, 1, 2)
    assert list(saved(session).values()) == [2]


def test_continue_without_a_choice_explains_and_offers_to_leave_it_out(cora, session):
    response = answer(cora, 1, None)
    assert response.status_code == 422
    assert "Please choose an answer, or leave this one out." in response.text
    assert "Leave this one out" in response.text
    assert answer(cora, 1, None, go="skip").location == "/take/questions/2"
    assert saved(session) == {}


@pytest.mark.parametrize("value", ["6", "0", "x", "-1", "4.0", "99999999999"])
def test_value_that_was_not_offered_is_refused_and_nothing_is_stored(cora, session, value):
    assert answer(cora, 1, value).status_code == 422
    assert saved(session) == {}


def test_statement_that_was_not_shown_is_refused(cora, session):
    page = cora.page("/take/questions/1")
    response = cora.send(page, "Continue", value=4, code="tru-gf1")
    assert response.status_code == 409
    assert saved(session) == {}
    cora.page("/take/questions/50", 404)


def test_back_keeps_what_was_chosen(cora, session):
    answer(cora, 1, 5)
    response = answer(cora, 2, 3, go="back")
    assert response.location == "/take/questions/1"
    assert sorted(saved(session).values()) == [3, 5]


def test_script_saves_without_leaving_the_page(cora, session):
    page = cora.page("/take/questions/1")
    _, data = page.form("Continue", value=4, counter=1, milliseconds=2400)
    response = cora.post("/take/save", data=data)
    assert response.json == {"saved": True}
    assert cora.post("/take/save", data=data).json == {"saved": True}  # the same key again
    session.rollback()
    assert session.scalars(select(ResponseEvent.milliseconds)).all() == [2400]


def test_saved_answer_leaves_its_row_and_a_refused_one_a_line_in_the_log(cora, session, caplog):
    _, data = cora.page("/take/questions/1").form("Continue", value=4, counter=1)
    with caplog.at_level("INFO"):
        cora.post("/take/save", data=data)
        assert not [record for record in caplog.records if record.endpoint == "take.inside.save"]
        cora.post("/take/save", data={**data, "value": "9"})
    assert [record.status for record in caplog.records if record.endpoint == "take.inside.save"] == [422]
    assert list(saved(session).values()) == [4]


def test_continue_after_the_script_stores_the_choice_once(cora, session):
    page = cora.page("/take/questions/1")
    _, data = page.form("Continue", value=4, counter=1, key="page-key-1")
    cora.post("/take/save", data=data)
    assert cora.post(page.url, data=data).location == "/take/questions/2"
    session.rollback()
    assert session.query(ResponseEvent).count() == 1


def test_stale_tab_of_the_phone_does_not_overwrite_the_laptop(cora, app, session):
    stale = cora.page("/take/questions/1")
    laptop = app.test_client()
    laptop.send(laptop.page(f"/take/link/{cora.token}"))
    answer(laptop, 1, 5)
    _, data = stale.form("Continue", value=1, counter=9)
    assert cora.post("/take/save", data=data).status_code == 200
    assert list(saved(session).values()) == [5]


def test_page_left_open_saves_nothing_for_the_next_person_in_the_browser(cora, session, registry, cast, now):
    left_open = cora.page("/take/questions/1")
    begun(cora, session, registry, cast, now, name="Dora Next")
    dora = session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
    for address in ("/take/save", "/take/questions/1"):
        _, data = left_open.form("Continue", value=4, counter=1)
        response = cora.post(address, data=data)
        assert response.status_code == 409
        assert "Another questionnaire has been opened in this browser" in response.text
    session.rollback()
    assert asking.current_responses(session, dora) == {}
    assert session.query(ResponseEvent).count() == 0


def test_other_device_goes_on_where_the_first_one_stopped(cora, app):
    answer(cora, 1)
    answer(cora, 2)
    laptop = app.test_client()
    laptop.send(laptop.page(f"/take/link/{cora.token}"))
    page = laptop.page("/take/")
    assert "answered 2 of 111" in page.text
    assert laptop.get(page.link("Go on")).location == "/take/questions/3"


@pytest.fixture
def finished(cora, session, engine, registry, now):
    """Cora's browser, all statements answered but the third."""
    answer_the_rest(session, engine, registry, cora.token, now, leave_out=3)
    return cora


def answer_the_rest(session, engine, registry, token, now, leave_out=None):
    session.rollback()
    attempt = session.scalars(select(Attempt)).one()
    bank = registry.bank(attempt.edition, attempt.bank_version)
    codes = bank.form(attempt.form).items
    for position in range(1, len(codes)):
        asking.advance(session, asking.hold(session, attempt, bank, now=now), position)
    session.commit()
    values = {code: 4 for position, code in enumerate(codes, start=1) if position != leave_out}
    factories.answer_all(engine, token, bank, values, now=now)


def test_page_restored_from_the_browser_s_cache_can_change_the_answer(cora, session):
    page = cora.page("/take/questions/1")
    cora.send(page, "Continue", value=1)
    for value in (5, 1, 5, 1):  # the same page with the same key, after the browser's Back
        assert cora.send(page, "Continue", value=value).status_code == 303
        assert list(saved(session).values()) == [value]


@pytest.mark.parametrize("milliseconds", ["86400001", "99999999999999", "-5", "1e3", "soon"])
def test_absurd_time_is_dropped_and_the_answer_kept(cora, session, milliseconds):
    assert answer(cora, 1, 4, milliseconds=milliseconds).status_code == 303
    session.rollback()
    assert session.scalars(select(ResponseEvent.milliseconds)).all() == [None]


@pytest.mark.parametrize("position", ["0", "112", "99999999999999999999"])
def test_position_that_does_not_exist_is_not_found(cora, position):
    cora.page(f"/take/questions/{position}", 404)


def test_coming_back_leads_to_where_the_visitor_stopped_even_after_a_gap(cora):
    answer(cora, 1)
    answer(cora, 2, None, go="skip")
    answer(cora, 3)
    assert cora.get("/take/questions/resume").location == "/take/questions/4"


def test_gap_is_filled_from_the_check_page_and_leads_back_to_it(finished):
    page = finished.page(finished.page("/take/check").link("Question 3"))
    assert finished.send(page, "check all answers", value=2, go="check").location == "/take/check"
    assert "answered all 111" in finished.page("/take/check").text


def test_withdrawn_and_expired_pages_say_whom_to_ask(cora, session, cast, now):
    assignment = session.scalars(select(Attempt)).one().assignment
    assignment.withdrawn_at = now
    session.commit()
    for address in ("/take/", "/take/questions/1", "/take/check"):
        assert "people@acme.example" in cora.page(address, 410).text
    assignment.withdrawn_at, assignment.attempt.closes_at = None, now
    session.commit()
    for address in ("/take/questions/1", "/take/check", "/take/questions/resume", "/take/part"):
        assert "people@acme.example" in cora.page(address, 410).text


def test_invitation_that_ran_out_before_it_was_begun_says_so_on_every_page(client, session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    assignment.expires_at = now
    session.commit()
    for address in ("/take/", "/take/part", "/take/questions/1", "/take/check", "/take/done"):
        assert "people@acme.example" in client.page(address, 410).text


def test_check_lists_the_gaps_and_submit_gives_one_receipt(finished, session, registry):
    check = finished.page("/take/check")
    assert "answered 110 of 111" in check.text
    assert check.link("Question 3") == "/take/questions/3"
    assert finished.send(check, "Hand in with 1 question left out").location == "/take/done"
    first = finished.page("/take/done").text
    assert finished.send(check, "Hand in").location == "/take/done"
    assert finished.page("/take/done").text == first
    session.rollback()
    attempt = session.scalars(select(Attempt)).one()
    assert attempt.receipt in first


def test_handed_in_answers_no_longer_change(finished, session):
    page = finished.page("/take/questions/1")
    finished.send(finished.page("/take/check"))
    refused = finished.send(page, "Continue", value=1)
    assert refused.status_code == 409
    assert "See my receipt" in refused.text
    assert 1 not in saved(session).values()
    assert finished.get("/take/questions/1").location == "/take/done"


def test_submit_before_the_end_is_refused(cora):
    page = cora.page("/take/questions/1")
    _, data = page.form("Continue")
    assert cora.post("/take/submit", data=data).status_code == 409


def test_own_report_appears_once_the_worker_has_made_it(finished, engine, session, registry):
    finished.send(finished.page("/take/check"))
    assert "It is being made" in finished.page("/take/done").text
    finished.page("/take/report.pdf", 404)
    work(engine, registry, b"%PDF-made")
    page = finished.page("/take/done")
    response = finished.get(page.link("Open my report"))
    assert response.data == b"%PDF-made"
    assert response.mimetype == "application/pdf"


def test_own_report_waits_for_release_when_hr_wants_it_so(client, engine, session, registry, cast, now):
    cora = begun(client, session, registry, cast, now, feedback=Feedback.ON_RELEASE)
    answer_the_rest(session, engine, registry, cora.token, now)
    cora.send(cora.page("/take/check"))
    work(engine, registry, b"%PDF-made")
    assert "Acme will release your feedback" in cora.page("/take/done").text
    cora.page("/take/report.pdf", 404)


def work(engine, registry, pdf):
    """Do all jobs, with `pdf` for a rendered report: rendering has tests of its own."""
    shop = factories.shop(registry, render=lambda *_: pdf)
    sessions = sessionmaker(database.writing(engine))
    jobs.drain(sessions, shop.kinds(), clock=lambda: datetime.now(UTC))
