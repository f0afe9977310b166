"""What a coach does at the very moment at which the coaching ends, or the person is erased, comes to nothing."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from assess.errors import InvitationExpired, InvitationWithdrawn, NotFound
from assess.models import (
    Assignment,
    CheckIn,
    Coaching,
    CoachingPlan,
    CommentState,
    Mail,
    Person,
    ReportFile,
    SurveyAnswer,
    SurveyComment,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import (
    attempts,
    caseload,
    check_ins,
    coaching_plans,
    coaching_reports,
    erasure,
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_consent,
    feedback_moderation,
    reassessments,
    surveys,
)
from assess.services.check_ins import Notes, Slot
from assess.services.invitations import Invitee
from tests import factories
from tests.services import feedback_rounds

DATABASES = ["postgresql"]  # on SQLite whoever writes is alone
DAY = timedelta(days=1)


@pytest.fixture
def coaching(session, engine, registry, cast, now):
    cora = factories.scored(session, registry, engine, cast.hana, now=now).assignment.person
    return caseload.assign(session, cast.hana, cora, cast.cole, now=now)


@pytest.mark.parametrize("end", ["ended", "erased"])
@pytest.mark.parametrize("what", ["talk", "talk held", "notes", "plan", "feedback", "again", "report"])
def test_it_comes_to_nothing(session, registry, cast, coaching, meanwhile, end, what, now):
    talk = check_ins.write_down(
        session, cast.cole, coaching, Slot((now - DAY).date(), time(9), 45), Notes("Calm", ""), now=now
    )
    session.flush()
    coaching_id, talk_id = coaching.id, talk.id
    before, until = counts(session), (now + 9 * DAY).date()

    def over(other):
        found = other.get_one(Coaching, coaching_id)
        if end == "ended":
            caseload.end_by_person(other, found, now=now)
        else:
            erasure.erase(other, [found.person], actor="command", now=now)

    def do(other):
        found, talk = other.get_one(Coaching, coaching_id), other.get_one(CheckIn, talk_id)
        cole, slot = found.coach, Slot(until, time(9), 45)
        held, notes = Slot((now - DAY).date(), time(12), 45), Notes("After the end", "Private")
        terms = coaching_plans.Terms("My spring", now.date(), until)
        return {
            "talk": lambda: check_ins.plan(other, cole, found, slot, now=now),
            "talk held": lambda: check_ins.write_down(other, cole, found, held, notes, now=now),
            "notes": lambda: check_ins.note(other, cole, found, talk, notes, now=now),
            "plan": lambda: coaching_plans.begin(other, cole, found, terms, (), now=now),
            "feedback": lambda: feedback.begin(other, cole, found, until=until, now=now),
            "again": lambda: reassessments.ask(other, cole, found, registry, form="short", until=until, now=now),
            "report": lambda: coaching_reports.request(other, cole, found, registry, now=now),
        }[what]()

    assert isinstance(meanwhile(over, do), NotFound)
    after = counts(session)
    assert after == (before if end == "ended" else before | {CheckIn: 0})


@pytest.mark.parametrize("end", ["closed", "stopped"])
@pytest.mark.parametrize("what", ["answer", "comment"])
def test_draft_that_is_saved_while_a_round_of_feedback_ends_is_not_kept(
    session, registry, cast, coaching, meanwhile, end, what, now
):
    survey = feedback_rounds.agreed(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    survey_id, place_id = survey.id, feedback_rounds.places(session, survey)[1].id

    def over(other):
        found = other.get_one(SurveyRound, survey_id)
        if end == "closed":
            feedback_closing.end(other, found, registry, now=now)
        else:
            feedback_consent.stop(other, found, now=now)

    def do(other):
        place = other.get_one(SurveyPlace, place_id)
        assert place.round.closed_at is None
        if what == "answer":
            surveys.save(other, place, {(None, feedback_rounds.CODES[0]): 4}, now=now)
        else:
            feedback_comments.write(other, place, {"keep": "You listen well"}, now=now)

    assert isinstance(meanwhile(over, do), InvitationExpired)
    assert session.query(SurveyAnswer).count() == session.query(SurveyComment).count() == 0


@pytest.mark.parametrize("who", ["person", "rater"])
@pytest.mark.parametrize("is_first", [True, False], ids=["saved first", "erased first"])
def test_draft_that_is_saved_while_somebody_is_erased_goes_with_them(
    session, cast, coaching, meanwhile, who, is_first, now
):
    survey = feedback_rounds.agreed(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    place_id = feedback_rounds.places(session, survey)[1].id

    def save(other):
        place = other.get_one(SurveyPlace, place_id)
        assert (place.person.erased_at, place.round.closed_at) == (None, None)
        surveys.save(other, place, {(None, feedback_rounds.CODES[0]): 4}, now=now)

    def erase(other):
        place = other.get_one(SurveyPlace, place_id)
        erasure.erase(other, [place.person if who == "rater" else place.round.about], actor="command", now=now)

    outcome = meanwhile(save, erase) if is_first else meanwhile(erase, save)
    assert is_first or isinstance(outcome, InvitationExpired | InvitationWithdrawn)
    assert session.query(SurveyAnswer).count() == 0


def counts(session):
    return {
        kind: session.query(kind).count() for kind in (CheckIn, CoachingPlan, Mail, Person, ReportFile, SurveyRound)
    }


def test_coach_whom_hr_names_while_another_coaching_of_theirs_ends_coaches_the_person(
    session, cast, coaching, meanwhile, now
):
    coaching_id = coaching.id

    def end(other):
        caseload.end_by_person(other, other.get_one(Coaching, coaching_id), now=now)

    def assign(other):
        found = other.get_one(Coaching, coaching_id)
        hana = other.get_one(User, cast.hana.id)
        assert caseload.assign(other, hana, found.person, found.coach, now=now).is_active

    meanwhile(end, assign)
    assert [each.is_active for each in session.query(Coaching).order_by(Coaching.id)] == [False, True]


def test_coach_whom_hr_names_while_they_take_their_question_back_coaches_the_person(session, cast, meanwhile, now):
    asked = caseload.ask(session, cast.cole, Invitee("Dora", "dora@people.example"), now=now)
    session.commit()
    coaching_id, public_id = asked.id, asked.public_id
    cole_id, hana_id = cast.cole.id, cast.hana.id

    def back(other):
        caseload.take_back(other, other.get_one(User, cole_id), public_id, now=now)

    def assign(other):
        found = other.get_one(Coaching, coaching_id)
        assert caseload.assign(other, other.get_one(User, hana_id), found.person, found.coach, now=now).is_active

    meanwhile(back, assign)
    assert [each.is_active for each in session.query(Coaching).order_by(Coaching.id)] == [False, True]


def test_words_of_a_rater_who_is_erased_meanwhile_are_not_found(session, registry, cast, coaching, meanwhile, now):
    survey = feedback_rounds.closed(session, cast.cole, coaching, ["colleagues"] * 4, registry, now=now)
    survey_id, place_id, cole_id = survey.id, feedback_rounds.places(session, survey)[1].id, cast.cole.id

    def erase(other):
        erasure.erase(other, [other.get_one(SurveyPlace, place_id).person], actor="command", now=now)

    def decide(other):
        cole, found = other.get_one(User, cole_id), other.get_one(SurveyRound, survey_id)
        comments = feedback_moderation.to_moderate(other, cole, found)
        decisions = {each.public_id: (CommentState.SHOWN, "") for each in comments}
        feedback_moderation.decide(other, cole, found, decisions, now=now)

    assert isinstance(meanwhile(erase, decide), NotFound)


def test_what_is_begun_while_the_coaching_ends_is_not_taken_back(session, registry, cast, coaching, meanwhile, now):
    until = (now + 9 * DAY).date()
    asked = reassessments.ask(session, cast.cole, coaching, registry, form="short", until=until, now=now)
    session.flush()
    asked_id, coaching_id = asked.id, coaching.id

    def start(other):
        attempts.start(other, other.get_one(Assignment, asked_id), registry, now=now)

    def end(other):
        caseload.end_by_person(other, other.get_one(Coaching, coaching_id), now=now)

    meanwhile(start, end)
    assert (asked.withdrawn_at, coaching.is_active) == (None, False)
