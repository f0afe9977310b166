"""What a coach does at the very moment at which the coaching ends, or the person is erased, comes to nothing."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from assess.errors import InvitationExpired, InvitationWithdrawn, NotFound
from assess.models import (
    CheckIn,
    Coaching,
    CoachingPlan,
    Mail,
    Person,
    ReportFile,
    SurveyAnswer,
    SurveyComment,
    SurveyPlace,
    SurveyRound,
)
from assess.services import (
    caseload,
    check_ins,
    coaching_plans,
    coaching_reports,
    erasure,
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_consent,
    reassessments,
    surveys,
)
from assess.services.check_ins import Notes, Slot
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
