"""Everything that is held about a person is in their copy, with explanations, and nothing of anybody else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import String, inspect, text

from assess.banks.parts import Part
from assess.models import (
    Basis,
    CheckIn,
    Coaching,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    Outcome,
    PresentedItem,
    ResponseEvent,
    SurveyKind,
    SurveyRound,
)
from assess.scoring.flags import SIGNS
from assess.services import (
    decisions,
    erasure,
    held_words,
    surveys,
)
from assess.services.held_data import held_about
from assess.services.question_words import question
from tests import factories
from tests.conftest import ROOT
from tests.services.everything import everything

ABOUT_LISTS = {"roster.added", "roster.changed", "roster.deleted"}  # which are about nobody
DATABASES = ["sqlite"]  # gathering is reading, which other tests do on both


@pytest.fixture
def cora(session, engine, registry, cast, now):
    return everything(session, engine, registry, cast, now=now)


@pytest.fixture
def held(session, registry, cora, now):
    return held_about(session, cora.person, registry, now=now)


def test_it_is_plain_json(held):
    assert json.loads(json.dumps(held)) == held


def test_person_stands_in_it(held):
    assert (held["person"]["name"], held["person"]["email"]) == ("Cora Candidate", "cora@people.example")
    assert held["organization"]["contact"] == "people@acme.example"


def test_every_question_is_there_with_its_words_and_when_it_was_shown(session, registry, held, cora):
    items = held["assessments"][0]["items"]
    shown = session.query(PresentedItem).filter_by(attempt_id=cora.attempt.id).count()
    bank = registry.newest("general")
    assert [item["position"] for item in items] == list(range(1, shown + 1))
    assert all(item["text"] == bank.item(item["code"]).stem and item["shown_at"] for item in items)
    assert items[0]["answers"][0]["answer"] == "Agree"


def test_every_event_of_every_answer_is_there(session, held, cora):
    events = [e for item in held["assessments"][0]["items"] for a in item["answers"] for e in a["events"]]
    assert len(events) == session.query(ResponseEvent).filter_by(attempt_id=cora.attempt.id).count()
    assert all(event["received_at"] and event["milliseconds"] == 6_000 and event["words"] for event in events)


def test_scores_come_with_errors_match_and_flags_each_explained(held):
    (result,) = held["assessments"][0]["results"]
    assert len(result["scales"]) == 6
    assert all(row["se"] > 0 and row["sem"] > 0 and row["name"] for row in result["scales"])
    assert 0 <= result["match"]["low"] <= result["match"]["median"] <= 1
    assert result["match"]["explanation"] == held_words.MATCH
    assert "long-run" in [flag["code"] for flag in result["flags"]]  # the same answer everywhere
    assert all(flag["sentence"] and held_words.ANY_FLAG in flag["explanation"] for flag in result["flags"])
    assert result["is_provisional"] is True
    assert "ask for it on your own page" in result["human_review"]


def test_further_parts_stand_in_it_with_words(session, registry, engine, cast, now):
    parts = (Part.STATEMENTS, Part.PERSPECTIVE, Part.SITUATIONS, Part.VOCABULARY)
    attempt = factories.scored(session, registry, engine, cast.hana, parts=parts, now=now)
    (assessment,) = held_about(session, attempt.assignment.person, registry, now=now)["assessments"]
    further = assessment["results"][0]["further"]
    said = " ".join(further["in_words"])
    assert all(words in said for words in ("Company perspective", "Situations at work", "Words in letters", "raters"))
    assert further["alignment"]["n_answered"] == 48
    assert {item["part"] for item in assessment["items"]} == {str(part) for part in parts}


def test_every_flag_that_can_be_raised_is_explained():
    assert set(held_words.FLAGS) == set(SIGNS)


def test_decisions_mails_readers_requests_and_equality_answers_are_there(held):
    (assessment,) = held["assessments"]
    (decision,) = assessment["decisions"]
    assert (decision["outcome"], decision["reasons"], decision["by"]) == ("reserve", "A good talk", "Hana (hr)")
    assert assessment["equality"]["answers"] == {"age": "under-25", "gone": "x"}
    assert assessment["equality"]["in_words"] == {"How old are you?": "Under 25", "gone": "x"}
    assert {mail["kind"] for mail in held["mails"]} == {
        "receipt", "invitation", "coaching-asked", "feedback-proposed", "survey-invitation", "privacy-request",
    }  # fmt: skip
    assert [(each["by"], each["looked_at"]) for each in held["seen_by"]] == [("Hana (hr)", "result")]
    assert [(each["kind"], each["words"]) for each in held["requests"]] == [("review", "Please look again")]


def test_surveys_are_there_with_what_was_said_by_and_about_the_person(held):
    ratings, anonymous, own_view = held["surveys"]
    assert (ratings["title"], ratings["group"], ratings["handed_in_at"] is not None) == (
        "Service at the counter", "Desk", True,
    )  # fmt: skip
    (answer,) = ratings["answers"]
    assert (answer["about"], answer["value"]) == ("colleague 1", 5)
    assert answer["words"].startswith("Customers leave with the problem settled")
    (about,) = held["ratings"]
    assert (about["title"], about["lines"]) == ("Service at the counter", [])
    assert about["not_before"] == ratings["ends_at"]
    assert "Rita" not in json.dumps(held)
    assert (anonymous["kind"], anonymous["answers"]) == ("climate", [])
    assert (own_view["kind"], own_view["group"], len(own_view["answers"])) == ("feedback", "self", 18)


def test_coaching_is_there_with_plans_and_all_notes(held):
    coaching, plan, talk = held["coachings"][0], held["plans"][0], held["talks"][0]
    said = [coaching[each] for each in ("coach", "rests_on", "asked_as")]
    assert said == ["Cole (coach)", "agreed", "Cora"]
    assert (plan["goals"][0]["evidence"], plan["goals"][0]["own_evidence"]) == ("A calm week", "Nobody shouted")
    assert plan["goals"][0]["actions"][0]["title"] == "Sum up first"
    assert (talk["shared_notes"], talk["private_notes"]) == ("We agreed on one thing", "Seems tired")


def test_plans_talks_and_typed_names_go_with_the_person(session, cora, now):
    erasure.erase(session, [cora.person], actor="command", now=now)
    session.commit()
    for kind in (CoachingPlan, CoachingGoal, CoachingAction, CheckIn):
        assert session.query(kind).count() == 0
    assert session.query(Coaching).one().asked_as == ""


def test_ratings_are_in_the_copy_once_nobody_can_add_one(session, registry, cast, cora, now):
    ratings = session.query(SurveyRound).filter_by(kind=SurveyKind.PERFORMANCE).one()
    day_after = now + timedelta(days=8)  # when HR can still put the last day off
    (about,) = held_about(session, cora.person, registry, now=day_after)["ratings"]
    assert about["lines"] == []
    surveys.close(session, cast.hana, ratings, now=day_after)
    (about,) = held_about(session, cora.person, registry, now=day_after)["ratings"]
    assert [line["ratings"] for line in about["lines"]] == [[2]]
    assert about["not_before"] is None


def test_log_says_in_words_who_did_what(held):
    said = {event["action"]: (event["by"], event["explanation"]) for event in held["events"]}
    assert said["decision.recorded"] == ("Hana (hr)", "A decision was written down.")
    assert said["attempt.submitted"] == ("you", "You handed in.")
    assert said["attempt.scored"][0] == "the program"


def test_every_action_that_is_noted_about_people_is_explained(held):
    kinds = "accommodations|assignment|attempt|clock|data|decision|equality|erasure|invitation|link|my-page|person"
    kinds += "|roster|shortlist|coaching|coaching-[a-z]+|check-in"
    action = re.compile(rf'"((?:{kinds}|report|request|result|survey-[a-z]+)\.[a-z-]+)"')
    files = [file for file in (ROOT / "assess/services").glob("*.py") if file.name != "held_words.py"]
    noted = {name for file in files for name in action.findall(file.read_text(encoding="utf-8"))} - ABOUT_LISTS
    assert len(noted) > 15
    assert noted <= set(held_words.EVENTS)
    assert {event["action"] for event in held["events"]} <= set(held_words.EVENTS)


def test_every_documented_key_leads_to_something(held):
    for path in held["explanation"]:
        places = [held]
        for step in path.split("."):
            name, is_list = step.removesuffix("[]"), step.endswith("[]")
            found = [place[name] for place in places]
            places = [each for several in found for each in several] if is_list else found
        assert places, path


def test_no_column_about_the_person_is_forgotten(session, registry, cast, cora, now):
    """Put a mark into every text that a row about Cora may hold, and find it in the copy."""
    person = cora.person
    person.phone, person.employee_number, person.accommodations = "mark-1", "mark-2", {"extra_time": "mark-3"}
    said = json.dumps(held_about(session, person, registry, now=now))
    columns = [column.key for column in inspect(type(person)).columns if isinstance(column.type, String)]
    columns.remove("sought")  # made of others
    values = [getattr(person, name) for name in columns]
    assert [value for value in (*values, "mark-3") if value not in said] == []


def test_copy_of_one_holds_nothing_of_another(session, registry, engine, cast, cora, now):
    dora = factories.scored(session, registry, engine, cast.hana, name="Dora Other", now=now).assignment
    theirs = factories.assignment(session, registry, cast.otto, now=now)  # Birch knows Cora's address, too
    decisions.record(session, cast.hana, dora, Outcome.REJECT, "Dora said no", bases=[Basis.INTERVIEW], now=now)
    session.commit()
    said = json.dumps(held_about(session, cora.person, registry, now=now))
    assert not re.search(r"Dora|Birch|Otto", said)
    assert str(theirs.public_id) not in said
    assert dora.attempt.receipt not in said


def test_secrets_are_not_in_it(session, held, cora):
    hashes = [row[0] for row in session.execute(text("SELECT token_hash FROM access_links"))]
    assert hashes
    assert not [each for each in hashes if each in json.dumps(held)]


@pytest.mark.parametrize("part", Part)
def test_each_part_s_questions_have_words_for_every_answer(registry, part):
    bank = registry.newest("general")
    code = next(code for code, asked in bank.asked.items() if asked.part is part)
    found = question(bank, code)
    assert found.text
    assert set(found.choices) == set(bank.asked[code].choices)
    for answer, choice in found.choices.items():
        assert set(choice.labels) == set(bank.asked[code].choices[answer])
        assert all(choice.labels.values())


def test_person_who_was_only_invited_has_a_copy_too(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    session.commit()
    (found,) = held_about(session, assignment.person, registry, now=now)["assessments"]
    assert (found["state"], found["invited_at"], found["decisions"]) == ("created", None, [])
