"""A round of feedback on pages: the coach's, the person's and the raters'; what none of them says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.models import CommentState, LinkPurpose, Person, Role, SurveyComment, SurveyRound
from assess.services import caseload, feedback_comments, links, survey_places
from tests import factories
from tests.services import feedback_rounds
from tests.services.feedback_rounds import CODES, agreed, answered, coached, places, prepared

DATABASES = ["sqlite"]
THREE = ["colleagues"] * 3


@pytest.fixture
def coaching(session, cast, now):
    found = coached(session, cast, now=now)
    session.commit()
    return found


@pytest.fixture
def cole(browser_of, coaching):
    return browser_of("cole")


@pytest.fixture
def cora(coachee_of, coaching):
    """The browser of the person, who has opened the link to their coaching."""
    return coachee_of(coaching)


@pytest.fixture
def closed(session, cast, coaching, registry, now):
    return feedback_rounds.closed(session, cast.cole, coaching, ["manager", *THREE], registry, now=now)


@pytest.fixture
def rater(app, session, cast, coaching, now):
    """The browser of Ria, who has opened her letter's link."""
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    token = survey_places.new_link(session, places(session, survey)[1], now=now)
    session.commit()
    client = app.test_client()
    client.send(client.page(f"/survey/link/{token}"))
    return client


def address(survey):
    return f"/coaching/feedback/{survey.public_id}"


def own(survey):
    return f"/my-coaching/feedback/{survey.public_id}"


def the_round(session):
    session.rollback()
    session.expire_all()
    return session.scalars(select(SurveyRound).order_by(SurveyRound.id.desc())).first()


def test_coach_prepares_a_round_and_asks_the_person(session, cole, coaching, cora):
    new = cole.page(f"/coaching/{coaching.public_id}/feedback/new")
    shown = cole.page(cole.send(new).location)
    assert "Nobody has been written to yet" in shown.text
    for name, source in (("Ria", "colleagues"), ("Rob", "colleagues"), ("Max", "manager")):
        sent = cole.send(shown, "Put on the list", name=name, email=f"{name}@people.example", source=source)
        shown = cole.page(sent.location)
    assert "Max" in shown.text
    assert "Fewer than three: what they say is only shown together" in shown.text
    assert "Feedback from colleagues" not in cora.page("/my-coaching").text
    cole.send(shown, "Ask Cora Candidate for a yes")
    said = cora.page("/my-coaching").text
    assert "waits for your yes or no" in said
    assert said.index("Feedback from colleagues") < said.index("My plan")
    assert cole.page(f"/coaching/{coaching.public_id}/feedback").link("Begun on") == address(the_round(session))


def test_form_sent_twice_makes_one_round(session, cole, coaching):
    page = cole.page(f"/coaching/{coaching.public_id}/feedback/new")
    first, second = cole.send(page), cole.send(page)
    assert first.location == second.location
    session.rollback()
    assert len(session.scalars(select(SurveyRound)).all()) == 1


def test_last_day_that_is_over_is_refused_and_stays_in_the_field(cole, coaching, now):
    gone = (now - timedelta(days=3)).date().isoformat()
    sent = cole.send(cole.page(f"/coaching/{coaching.public_id}/feedback/new"), until=gone)
    assert sent.status_code == 422
    assert "over already" in sent.page.text
    assert gone in sent.text


def test_pasted_lines_that_are_not_sound_stay_with_what_is_wrong(session, cast, cole, coaching, now):
    survey = prepared(session, cast.cole, coaching, [], now=now)
    session.commit()
    lines = "Ria <ria@people.example>, colleague\r\nRob rob@people.example"
    sent = cole.send(cole.page(address(survey)), "Put them on the list", lines=lines)
    assert sent.status_code == 422
    assert "1 person is on the list now." in sent.page.text
    assert "Please write the line as" in sent.page.text
    assert sent.page.form("Put them on the list")[1]["lines"].strip() == "Rob rob@people.example"
    assert [place.asked_as for place in places(session, the_round(session))] == ["", "Ria"]


def test_what_is_missing_of_a_rater_is_said_and_nothing_typed_is_lost(session, cast, cole, coaching, now):
    survey = prepared(session, cast.cole, coaching, [], now=now)
    session.commit()
    sent = cole.send(cole.page(address(survey)), "Put on the list", name="Ria", email="ria")
    assert sent.status_code == 422
    assert "Please choose who they are." in sent.page.text
    assert sent.page.form("Put on the list")[1]["name"] == "Ria"
    sent = cole.send(cole.page(address(survey)), "Put on the list", name="C", email="cora@people.example", source="led")
    assert "answers for themselves" in sent.page.text


def test_rater_is_taken_off(session, cast, cole, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    session.commit()
    page = cole.page(cole.send(cole.page(address(survey)), "Take off the list").location)
    assert "Ria is taken off the list." in page.text
    assert [place.asked_as for place in places(session, the_round(session))] == ["", "Rob", "Rui"]


def test_person_says_yes_and_answers_for_themselves(session, cast, coaching, cora, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    survey.proposed_at = now
    session.commit()
    page = cora.page(own(survey))
    assert {"Ria", "Rob", "Rui"} <= set(page.text.split())
    assert "never shown" in page.text
    page = cora.page(cora.send(page, "Yes, ask these people").location)
    assert "You have said yes" in page.text
    assert cora.send(page, "Answer for myself").location == "/survey/"
    start = cora.page("/survey/")
    assert "how often you do it" in start.text
    first = cora.page("/survey/pages/1")
    assert "How often do you do this" in first.text
    assert "Hands a task to a colleague" in first.text
    assert "In own words" not in cora.page("/survey/pages/2").text
    assert cora.get("/survey/pages/3").status_code == 404


def test_person_says_no_and_sees_that_nothing_came_of_it(session, cast, cole, coaching, cora, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    survey.proposed_at = now
    session.commit()
    asked = cora.page(own(survey) + "/stop")
    assert "nobody is told why" in asked.text
    sent = cora.send(asked, "Say no to asking colleagues")
    assert "You have said no" in cora.page(sent.location).text
    assert "not held" in cora.page(own(survey)).text
    assert "was not held" in cole.page(address(survey)).text
    again = cora.post(own(survey) + "/stop", data=asked.form("Say no to asking colleagues")[1])
    assert again.status_code == 422
    assert "over already" in again.page.text


def test_rater_reads_who_sees_what_answers_and_writes(session, rater):
    start = rater.page("/survey/")
    assert start.h1 == "What colleagues see at work"
    for promise in ("Cora Candidate", "Cole", "never shown", "HR", "is not told of it", "told to nobody"):
        assert promise in start.text
    for number in (1, 2):
        page = rater.page(f"/survey/pages/{number}")
        names = {field.attrib["name"] for field in page.root.iter("input") if field.get("type") == "radio"}
        assert "I have had no occasion to see this" in page.text
        rater.send(page, **dict.fromkeys(names & set(CODES), "0" if number == 1 else "5"), go="on")
    words = rater.page("/survey/pages/3")
    assert "nothing that names you" in words.text
    sent = rater.send(words, keep="You help.", go="on")
    assert sent.location == "/survey/check"
    assert rater.page("/survey/pages/3").form("Save and go on")[1]["keep"].strip() == "You help."
    assert "all 18 questions" in rater.page("/survey/check").text
    done = rater.page(rater.send(rater.page("/survey/check"), "Hand in").location)
    assert "Thank you for helping Cora Candidate" in done.text
    session.rollback()
    (said,) = session.scalars(select(SurveyComment)).all()
    assert (said.words, said.state) == ("You help.", CommentState.WAITING)


def test_too_long_a_comment_is_refused_and_not_lost(rater):
    words = rater.page("/survey/pages/3")
    sent = rater.send(words, keep="x" * 1001, go="on")
    assert sent.status_code == 422
    assert "1000 characters at most" in sent.page.text
    assert sent.page.form("Save and go on")[1]["keep"].strip() == "x" * 1001


def test_coach_and_person_read_the_same_means_and_no_word_on_the_manager(cole, cora, closed):
    said = cora.page("/my-coaching").text
    assert said.index("My plan") < said.index("Feedback from colleagues")  # which asks her nothing any more
    for page in (cole.page(address(closed)), cora.page(own(closed))):
        assert "4 people were asked. At least 3 of them have answered." in page.text
        tables = [table for table in page.root.iter("table") if "seen-table" in table.get("class", "")]
        assert len(tables) == 6
        for table in tables:
            text = " ".join(" ".join(table.itertext()).split())
            assert "Colleagues 3" in text
            assert "Manager" not in text
            assert "together" not in text
    assert "Cora Candidate" not in cora.page(own(closed)).root.find(".//main").findtext(".//table")


def test_comments_are_moderated_and_then_read(session, cole, cora, closed):
    assert "Signed, " not in cole.page(address(closed)).text
    assert "Signed, " not in cora.page(own(closed)).text
    page = cole.page(address(closed) + "/comments")
    assert page.text.count("Signed, ") == 4
    found = session.scalars(select(SurveyComment).order_by(SurveyComment.public_id)).all()
    send = "Save, and let Cora Candidate read what is shown"
    refused = cole.send(page, send, go="release")
    assert refused.status_code == 422
    assert "4 are waiting" in refused.page.text
    values = {f"state-{each.public_id}": "withheld" for each in found}
    values |= {f"state-{found[0].public_id}": "shown", f"words-{found[0].public_id}": "You listen."}
    sent = cole.send(page, send, go="release", **values)
    assert "can read them now" in cole.page(sent.location).text
    text = cora.page(own(closed)).text
    assert "You listen." in text
    assert "3 comments are not shown." in text
    assert "Signed, " not in text


def test_every_comment_can_be_put_into_other_words_as_long_as_itself(session, cole, closed):
    for each in session.scalars(select(SurveyComment)).all():
        session.add(SurveyComment(place=each.place, code="try", words="🌱" * feedback_comments.LONGEST))
    session.commit()
    page = cole.page(address(closed) + "/comments")
    found = session.scalars(select(SurveyComment)).all()
    values = {f"state-{each.public_id}": "shown" for each in found}
    values |= {f"words-{each.public_id}": "🌱" * feedback_comments.LONGEST for each in found}
    assert cole.send(page, "Save", go="save", **values).status_code == 303


def test_comment_on_a_question_that_is_asked_no_more_is_decided_about_like_others(session, cole, closed):
    first = session.scalars(select(SurveyComment)).first()
    first.code = "asked-before"
    session.commit()
    page = cole.page(address(closed) + "/comments")
    assert page.text.count("Signed, ") == 4
    values = {f"state-{each.public_id}": "withheld" for each in session.scalars(select(SurveyComment))}
    sent = cole.send(page, "Save, and let Cora Candidate read what is shown", go="release", **values)
    assert "can read them now" in cole.page(sent.location).text


def test_open_round_tells_nobody_who_has_answered(session, cast, cole, coaching, cora, now):
    survey = agreed(session, cast.cole, coaching, [*THREE, "manager"], now=now)
    session.commit()
    before = [page.text for page in (cole.page(address(survey)), cora.page(own(survey)))]
    feedback_rounds.hand_in(session, places(session, survey)[4], now=now)
    session.commit()
    assert [page.text for page in (cole.page(address(survey)), cora.page(own(survey)))] == before


def test_round_is_closed_reminded_and_put_off(session, cast, cole, coaching, now):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    session.commit()
    page = cole.page(cole.send(cole.page(address(survey)), "Remind those who have not answered").location)
    assert "stays untold" in page.text
    page = cole.page(cole.send(page, "Put the last day off").location)
    assert "The last day is put off." in page.text
    page = cole.page(cole.send(page, "Close it").location)
    assert "What was seen" in page.text
    late = cole.post(address(survey) + "/reminders", data=page.form("Sign out")[1])
    assert late.status_code == 422


def test_prepared_round_is_thrown_away(session, cast, cole, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    session.commit()
    page = cole.page(cole.send(cole.page(address(survey)), "Throw it away").location)
    assert "was not held" in page.text


def test_other_coaches_and_other_people_find_nothing(session, app, cast, browser_of, closed, coaching, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    vars(cast)["carl"] = carl
    dora = Person(organization=cast.acme, name="Dora", email="dora@people.example", created_at=now)
    session.add(dora)
    session.flush()
    hers = caseload.assign(session, cast.hana, dora, carl, now=now)
    token = links.issue(session, LinkPurpose.COACHING, coaching=hers, expires_at=now + timedelta(days=9), now=now)
    session.commit()
    for name in ("carl", "hana", "otto"):
        browser_of(name).page(address(closed), 404)
        browser_of(name).page(address(closed) + "/comments", 404)
    visitor = app.test_client()
    visitor.send(visitor.page(f"/my-coaching/link/{token}"))
    visitor.page(own(closed), 404)
    visitor.page(own(closed) + "/stop", 404)


def test_later_coach_reads_the_means_and_not_the_comments(session, cast, browser_of, closed, coaching, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    vars(cast)["carl"] = carl
    caseload.assign(session, cast.hana, coaching.person, carl, now=now)
    session.commit()
    page = browser_of("carl").page(address(closed))
    assert "What was seen" in page.text
    assert "read by the coach who asked for them alone" in page.text
    browser_of("carl").page(address(closed) + "/comments", 403)


def test_hr_sees_no_trace(session, browser_of, closed, coaching):
    hana, ria = browser_of("hana"), places(session, closed)[1]
    for url in (
        "/console/surveys",
        f"/console/people/{coaching.person.public_id}",
        f"/console/people/{ria.person.public_id}",
        "/console/search?q=feedback",
        "/console/surveys/new",
    ):
        text = hana.page(url).text
        assert "Feedback from colleagues" not in text
        assert "colleagues see" not in text
    hana.page(f"/console/surveys/{closed.public_id}", 404)
    kinds = hana.page("/console/surveys/new?kind=feedback")
    assert kinds.h1 == "Make a survey"
