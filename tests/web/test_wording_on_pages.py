"""The library's actions, narratives and the form of feedback on the pages of those who read another language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.models import CoachingAction, SurveyAnswer, SurveyPlace
from assess.services import coaching_actions, survey_places
from tests import factories
from tests.services import coachees, feedback_rounds
from tests.translated import translated, with_translations

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

ENGLISH = {"lang": "en", "dir": "ltr"}
NAMES_ALONE = (
    "Los nombres de las conductas y las breves descripciones que los acompañan están por ahora solo en inglés."
)
ALL_OF_IT = "Las descripciones de las conductas están por ahora solo en inglés."


@pytest.fixture
def spanish(app, registry):
    """The content with its wording in Spanish by exchanging capitals and small letters, as the pages have it."""
    app.extensions["registry"] = translated(registry)
    return app.extensions["registry"]


@pytest.fixture
def english(app, registry):
    """The content without any translation of its wording, as the pages have it."""
    app.extensions["registry"] = with_translations(registry)
    return app.extensions["registry"]


@pytest.fixture
def coaching(session, cast, now):
    """Cora, who reads Spanish, is coached by Cole."""
    found = feedback_rounds.coached(session, cast, now=now)
    found.person.language = "es"
    session.commit()
    return found


@pytest.fixture
def cora(coachee_of, coaching):
    """The browser of Cora, who has opened the link to her coaching."""
    return coachee_of(coaching)


@pytest.fixture
def agreed(session, cast, registry, coaching, now):
    """The library's first action towards more tact, in Cora's plan beside two that Cole has typed."""
    goal = coachees.plan(session, cast.cole, coaching.person, now=now).goals[0]
    [offer, *_] = coaching_actions.offers(registry, "tact", goal.towards)
    due_on = (now + timedelta(days=3)).date()
    [action] = coaching_actions.choose(session, cast.cole, goal, [offer], due_on=due_on, now=now)
    session.commit()
    return action


def attributes(page, text):
    """Return what the innermost elements with exactly this text say of their language."""
    own = [each for each in page.root.iter() if " ".join("".join(each.itertext()).split()) == text]
    innermost = [each for each in own if not any(child in own for child in each)]
    assert innermost, text
    return [{name: each.get(name) for name in ("lang", "dir") if each.get(name)} for each in innermost]


def of_the_library(action):
    return action.title, action.what, action.how_often, action.sign, action.time_needed


def test_plan_shows_the_library_s_actions_in_the_language_of_the_page(cora, spanish, agreed):
    page = cora.page("/my-coaching")
    assert page.root.get("lang") == "es"
    for text in of_the_library(agreed):
        assert all(each == {} for each in attributes(page, text.swapcase()))
        assert text not in page.text
    scale = spanish.newest("general").scale("tact")
    assert attributes(page, f"{scale.name}: {scale.high}".swapcase()) == [{}]
    assert attributes(page, "Say what you heard") == [{}]  # typed: nobody knows in which language


def test_what_is_next_names_it_in_the_language_too(cora, spanish, agreed):
    page = cora.page("/my-coaching")
    assert page.link(agreed.title.swapcase()) == f"#action-{agreed.public_id}"


def test_action_that_is_not_translated_is_marked_as_english(cora, english, agreed):
    page = cora.page("/my-coaching")
    scale = english.newest("general").scale("tact")
    for text in (*of_the_library(agreed), f"{scale.name}: {scale.high}"):
        assert all(each == ENGLISH for each in attributes(page, text))


def test_action_that_was_changed_is_shown_as_it_was_typed(cora, session, cast, spanish, agreed, now):
    terms = coaching_actions.Terms(agreed.title, "Write them in German.", "Often", "", "", agreed.due_on)
    coaching_actions.change(session, cast.cole, agreed, terms, now=now)
    session.commit()
    page = cora.page("/my-coaching")
    assert attributes(page, "Write them in German.") == [{}]
    assert agreed.title in page.text
    assert agreed.title.swapcase() not in page.text


def test_other_day_makes_it_nobody_s_words(cora, session, cast, spanish, agreed, now):
    terms = coaching_actions.Terms(*of_the_library(agreed), due_on=(now + timedelta(days=9)).date())
    coaching_actions.change(session, cast.cole, agreed, terms, now=now)
    session.commit()
    assert agreed.title.swapcase() in cora.page("/my-coaching").text


def test_plan_keeps_the_english_words(cora, session, spanish, agreed):
    page = cora.page("/my-coaching")
    cora.send(page, f"Lo he hecho: {agreed.title.swapcase()}")
    session.rollback()
    kept = session.scalars(select(CoachingAction).where(CoachingAction.library != "")).one()
    assert of_the_library(kept) == spanish.wording.action(kept.library).words
    assert kept.done_at


def test_staff_and_whoever_reads_english_read_the_original(app, session, browser_of, coaching, cora, spanish, agreed):
    cole = browser_of("cole")
    plan = cole.page(f"/coaching/{coaching.public_id}/plan").text
    assert agreed.title in plan
    assert spanish.newest("general").scale("tact").high in plan
    coaching.person.language = "en"
    session.commit()
    page = cora.page("/my-coaching")
    assert page.root.get("lang") == "en"
    assert all(each == {} for each in attributes(page, agreed.title))


def rater(app, session, cast, coaching, now, language):
    """The browser of a rater, who has begun to answer."""
    survey = feedback_rounds.agreed(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    place = feedback_rounds.places(session, survey)[1]
    place.person.language = language
    token = survey_places.new_link(session, place, now=now)
    session.commit()
    client = app.test_client()
    client.send(client.page(f"/survey/link/{token}"))
    return client


def test_rater_is_asked_in_the_language_of_the_page(app, session, cast, coaching, spanish, now):
    client = rater(app, session, cast, coaching, now, "es")
    assert "Las preguntas están en este idioma" not in client.page("/survey/").text
    asked = spanish.surveys.feedback
    page = client.page("/survey/pages/1")
    assert attributes(page, asked.statement[0].stem.swapcase()) == [{}]
    assert attributes(page, asked.not_seen.swapcase())[0] == {}
    assert not [each for each in page.root.find("body").iter("div") if each.get("lang") == "en"]
    last = client.page("/survey/pages/3")
    for text in (asked.own_words, *(each.stem for each in asked.question)):
        assert attributes(last, text.swapcase()) == [{}]


def test_answer_in_another_language_is_the_same_answer(app, session, cast, coaching, spanish, now):
    client = rater(app, session, cast, coaching, now, "es")
    sent = client.send(client.page("/survey/pages/1"), **{"fee-01": "4", "fee-02": "0"})
    assert sent.status_code == 303
    session.rollback()
    rows = session.scalars(select(SurveyAnswer).join(SurveyPlace).order_by(SurveyAnswer.code)).all()
    assert [(row.code, row.value) for row in rows] == [("fee-01", 4), ("fee-02", 0)]


def test_form_that_is_not_whole_is_asked_in_english_and_says_so(app, session, cast, coaching, registry, now):
    app.extensions["registry"] = translated(registry, leaving=["feedback:fee-18"])
    client = rater(app, session, cast, coaching, now, "es")
    assert "Las preguntas están en este idioma: English." in client.page("/survey/").text
    page = client.page("/survey/pages/1")
    first = registry.surveys.feedback.statement[0].stem
    assert first in page.text
    assert first.swapcase() not in page.text
    fieldsets = [each for each in page.root.iter("div") if "question" in each.get("class", "").split()]
    assert all((each.get("lang"), each.get("dir")) == ("en", "ltr") for each in fieldsets)


def test_person_reads_the_question_of_a_comment_in_their_language(cora, session, cast, coaching, spanish, now):
    survey = feedback_rounds.answered(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    feedback_rounds.close_and_release(session, cast.cole, survey, spanish, now=now)
    session.commit()
    page = cora.page(f"/my-coaching/feedback/{survey.public_id}")
    question = spanish.surveys.feedback.question[0].stem
    assert attributes(page, question.swapcase()) == [{}]
    assert "You listen well." in page.text
    scale = spanish.newest("general").scale("tact")
    assert attributes(page, scale.name.swapcase()) == [{}]
    assert f"1: {scale.low.swapcase()} 5: {scale.high.swapcase()}" in page.text
    assert f"1 es «{scale.low.swapcase()}», 5 es «{scale.high.swapcase()}»." in "".join(page.root.itertext())
    assert scale.low not in page.text


def test_coach_reads_the_same_question_in_english(browser_of, session, cast, coaching, spanish, now):
    survey = feedback_rounds.answered(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    feedback_rounds.close_and_release(session, cast.cole, survey, spanish, now=now)
    session.commit()
    page = browser_of("cole").page(f"/coaching/feedback/{survey.public_id}")
    assert attributes(page, spanish.surveys.feedback.question[0].stem) == [{}]


@pytest.fixture
def handed_in(client, session, registry, engine, cast, now):
    """The browser of somebody who reads Spanish and whose answers are scored."""
    found = factories.scored(session, registry, engine, cast.hana, now=now - timedelta(hours=1)).assignment
    found.person.language = "es"
    client.set_cookie("rapport-take", factories.take_token(session, found, now=now))
    session.commit()
    return client


def told(page, registry):
    """Return the paragraphs of the page that are narratives of the person, as they were written."""
    texts = [each.text for found in registry.wording.narratives.values() for each in found.person]
    return [text for text in texts if text in page.text or text.swapcase() in page.text]


def test_what_answers_suggest_is_told_in_the_language_of_the_page(handed_in, spanish):
    page = handed_in.page("/take/feedback")
    found = told(page, spanish)
    assert len(found) >= 6
    for text in found:
        assert attributes(page, text.swapcase()) == [{}]
    assert NAMES_ALONE not in page.text
    assert ALL_OF_IT not in page.text
    for scale in spanish.newest("general").scales:
        assert set(map(str, attributes(page, scale.measures.swapcase()))) == {"{}"}
        assert f"{scale.low.swapcase()} {scale.high.swapcase()}" in page.text
        assert scale.measures not in page.text


def test_names_that_are_not_there_are_marked_as_english(app, handed_in, registry):
    app.extensions["registry"] = translated(registry, leaving=["scale.focus.persistence:name"])
    page = handed_in.page("/take/feedback")
    assert NAMES_ALONE in page.text
    assert ALL_OF_IT not in page.text
    assert ENGLISH in attributes(page, registry.newest("general").scale("tact").measures)


def test_what_is_not_translated_there_is_marked_as_english(handed_in, english):
    page = handed_in.page("/take/feedback")
    found = told(page, english)
    assert len(found) >= 6
    for text in found:
        assert attributes(page, text) == [ENGLISH]
    assert ALL_OF_IT in page.text
