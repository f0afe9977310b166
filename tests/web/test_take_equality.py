"""The optional questions: reached from the receipt, answered or not, taken back; and seen by nobody else."""

from __future__ import annotations

import re

import pytest

from assess.models import EqualityAnswer
from assess.services import equality
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL, DONE = "/take/equality", "/take/done"


@pytest.fixture
def assignment(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


@pytest.fixture
def cora(client, session, assignment, now):
    """Cora's browser, after handing in."""
    client.set_cookie("rapport-take", factories.take_token(session, assignment, now=now))
    session.commit()
    return client


def kept(session):
    session.rollback()
    return [row.answers for row in session.query(EqualityAnswer)]


def test_receipt_offers_them_and_the_page_says_what_for_and_who_sees_them(cora):
    page = cora.page(DONE)
    assert "5 optional questions" in page.text
    page = cora.page(page.link("See the optional questions"))
    assert page.h1 == "Five optional questions"
    for said in ("makes no difference to your results", "Nobody who decides", "not to HR", "take your answers back"):
        assert said in page.text
    assert page.link("No, thanks") == DONE
    assert page.text.count("I would rather not say") == 5
    assert not [field for field in page.root.iter("input") if field.get("checked") is not None]


def test_what_was_said_is_kept_and_no_page_shows_it_again(cora, session):
    response = cora.send(cora.page(URL), "Send", gender="woman", age="from-40", disability="not-said")
    assert response.location == DONE
    page = cora.page(DONE)
    assert "Your answers are kept, apart from your results" in page.text
    assert kept(session) == [{"gender": "woman", "age": "from-40"}]
    page = cora.page(page.link("Take them back"))
    assert "Woman" not in page.text
    assert "40 to 54" not in page.text


def test_sending_the_page_empty_keeps_nothing(cora, session):
    assert cora.send(cora.page(URL), "Send").location == DONE
    assert "Nothing was kept" in cora.page(DONE).text
    assert kept(session) == []


def test_answers_sent_twice_are_those_of_the_first_time(cora, session):
    page = cora.page(URL)
    cora.send(page, "Send", gender="woman")
    assert cora.send(page, "Send", gender="man").status_code == 303
    assert kept(session) == [{"gender": "woman"}]


def test_answers_can_be_taken_back(cora, session):
    cora.send(cora.page(URL), "Send", gender="woman")
    assert cora.send(cora.page(URL), "Take my answers back").location == URL
    page = cora.page(URL)
    assert "have been deleted" in page.text
    assert page.form("Send")
    assert kept(session) == []


def test_what_was_not_offered_is_refused(cora, session):
    assert cora.send(cora.page(URL), "Send", gender="robot").status_code == 422
    assert kept(session) == []


def test_nobody_is_asked_before_handing_in(client, session, engine, registry, cast, now):
    begun = factories.attempt(session, registry, engine, cast.hana, now=now).assignment
    client.set_cookie("rapport-take", factories.take_token(session, begun, now=now))
    session.commit()
    assert client.get(URL).location == "/take/"
    csrf = client.page("/take/").form("Pause and leave")[1]
    assert client.post(URL, data={**csrf, "gender": "woman"}).status_code == 409
    assert kept(session) == []


def test_organisation_that_does_not_ask_shows_no_questions_but_lets_answers_be_taken_back(
    cora, session, assignment, cast, now
):
    cora.send(cora.page(URL), "Send", gender="woman")
    equality.choose(session, cast.acme, asks=False, now=now)
    session.commit()
    assert cora.send(cora.page(URL), "Take my answers back").status_code == 303
    assert "Acme does not ask these questions" in cora.page(URL, 404).text
    assert "optional question" not in cora.page(DONE).text


def test_no_page_of_the_staff_says_anything_of_them(cora, session, registry, browser_of, assignment, app):
    said = {question.code: question.choices[-1] for question in registry.surveys.equality["en"].question}
    cora.send(cora.page(URL), "Send", **said)
    assert kept(session) == [said]
    public_id = assignment.public_id
    session.rollback()  # pages of results note who looked
    survey = registry.surveys.equality["en"]
    texts = [survey.title, "optional question", *(question.stem.rstrip("?") for question in survey.question)]
    texts += [option.label for question in survey.question for option in question.option if len(option.label) > 3]
    secret = re.compile("|".join(rf"\b{re.escape(each)}\b" for each in texts))  # whole words: Whitehorse has a time
    seen = 0
    for name in ("hana", "cole", "paula", "ada", "otto"):
        browser = browser_of(name)
        for address in addresses(app, public_id):
            response = browser.get(address)
            if response.status_code == 200 and response.mimetype == "text/html":
                seen += 1
                assert secret.search(response.page.text) is None, f"{name}: {address}"
    assert seen > 10


def addresses(app, public_id):
    """Every page of the console and of admins that can be read, with the id of an assignment where one is named."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint.startswith(("console.", "admin.")):
            with app.test_request_context():
                values = dict.fromkeys(rule.arguments, public_id)
                yield app.url_for(rule.endpoint, **values)
