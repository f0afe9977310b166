"""Own words of raters for a coach who coaches the person no more: not asked for, read by nobody, then deleted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.errors import NotFound, Refused
from assess.models import CommentState, Mail, Role, SurveyAnswer, SurveyComment
from assess.models.surveys import INVITATION
from assess.services import (
    accounts,
    caseload,
    erasure,
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_moderation,
    held_data,
    retention,
    survey_mail,
    survey_questions,
    surveys,
)
from assess.services.access import Permission
from assess.services.feedback_moderation import BEGUN_ANEW, Fate
from tests import factories
from tests.services import feedback_rounds
from tests.services.feedback_rounds import agreed, answered, close_and_release, coached, hand_in, places

THREE = ["colleagues"] * 3
DAY = timedelta(days=1)


@pytest.fixture
def coaching(session, cast, now):
    return coached(session, cast, now=now)


@pytest.fixture
def closed(session, cast, coaching, registry, now):
    """A closed round that three have answered, each with a comment; Cole has decided about none."""
    return feedback_rounds.closed(session, cast.cole, coaching, THREE, registry, now=now)


def daily(session, now):
    """Do what is done once a day."""
    retention.enforce(session, now=now)
    session.commit()
    session.expire_all()


def end(session, coaching, now):
    caseload.end_by_person(session, coaching, now=now)
    session.commit()


def n_comments(session):
    return session.query(SurveyComment).count()


def asks_own_words(session, place, registry):
    return any(page.open for page in survey_questions.questionnaire(session, place, registry).pages)


def test_own_words_are_asked_for_as_long_as_the_coach_who_asked_coaches_the_person(
    session, cast, coaching, registry, now
):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    own, ria, *_others = places(session, survey)
    assert asks_own_words(session, ria, registry)
    assert not asks_own_words(session, own, registry)
    end(session, coaching, now)
    assert not asks_own_words(session, ria, registry)
    caseload.assign(session, cast.hana, coaching.person, cast.cole, now=now)
    assert asks_own_words(session, ria, registry)


def test_another_coach_of_the_person_changes_nothing(session, cast, coaching, registry, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    caseload.assign(session, cast.hana, coaching.person, carl, now=now)
    end(session, coaching, now)
    assert not asks_own_words(session, places(session, survey)[1], registry)


def test_coach_who_has_left_is_asked_nothing_for(session, cast, coaching, registry, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    cast.cole.deactivated_at = now
    session.flush()
    assert not asks_own_words(session, places(session, survey)[1], registry)


def test_words_that_nobody_would_read_are_refused_and_places_are_kept(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    ria = places(session, survey)[1]
    end(session, coaching, now)
    with pytest.raises(Refused, match="not asked for any more"):
        feedback_comments.write(session, ria, {"keep": "You listen well"}, now=now)
    surveys.save(session, ria, {(None, "fee-01"): 4}, now=now)
    feedback_comments.write(session, ria, {}, now=now)
    surveys.submit(session, ria, now=now)
    assert session.scalars(select(SurveyAnswer.place_id)).all() == [ria.id]


@pytest.mark.parametrize("is_over", [False, True], ids=["coached", "over"])
def test_letters_say_what_is_asked(session, cast, coaching, now, is_over):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    place = places(session, survey)[1]
    if is_over:
        end(session, coaching, now)
    mail = session.scalars(select(Mail).where(Mail.survey_place_id == place.id, Mail.kind == INVITATION)).one()
    letter, _address = survey_mail.compose(session, mail, place, "https://rapport.example", now=now)
    assert ("two open questions" in letter.text()) is not is_over
    assert ("who coaches Cora Candidate" in letter.text()) is not is_over


def test_closed_round_says_what_becomes_of_what_was_written(session, cast, coaching, closed, now):
    assert feedback_moderation.fate_of(session, closed) is Fate.WAITING
    end(session, coaching, now)
    assert feedback_moderation.fate_of(session, closed) is Fate.UNREAD
    daily(session, now + BEGUN_ANEW)
    assert feedback_moderation.fate_of(session, closed) is Fate.DELETED
    assert feedback_moderation.deleted_at(session, closed) == now + BEGUN_ANEW


def test_where_nothing_was_written_nothing_waits_and_nothing_is_said_to_be_unread(
    session, cast, coaching, registry, now
):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    for place in places(session, survey):
        surveys.save(session, place, {(None, "fee-01"): 4}, now=now)
        surveys.submit(session, place, now=now)
    feedback_closing.close(session, cast.cole, survey, registry, now=now)
    assert feedback_moderation.fate_of(session, survey) is Fate.NOTHING
    end(session, coaching, now)
    daily(session, now + BEGUN_ANEW)
    assert feedback_moderation.fate_of(session, survey) is Fate.NOTHING


def test_words_of_fewer_than_three_are_deleted_all_the_same(session, cast, coaching, registry, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    hand_in(session, places(session, survey)[1], now=now)
    feedback_closing.close(session, cast.cole, survey, registry, now=now)
    end(session, coaching, now)
    daily(session, now + BEGUN_ANEW)
    assert n_comments(session) == 0
    assert feedback_moderation.fate_of(session, survey) is Fate.TOO_FEW


def test_words_are_deleted_30_days_after_the_end_and_answers_stay(session, cast, coaching, closed, now):
    end(session, coaching, now)
    daily(session, now + BEGUN_ANEW - timedelta(seconds=1))
    assert n_comments(session) == 3
    n_answers = session.query(SurveyAnswer).count()
    daily(session, now + BEGUN_ANEW)
    daily(session, now + BEGUN_ANEW + DAY)
    assert n_comments(session) == 0
    assert session.query(SurveyAnswer).count() == n_answers
    assert closed.figures


def test_words_written_into_an_open_round_are_deleted_too(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    survey.closes_at = now + 60 * DAY
    feedback_comments.write(session, places(session, survey)[1], {"keep": "A draft"}, now=now)
    end(session, coaching, now)
    daily(session, now + BEGUN_ANEW)
    assert n_comments(session) == 0


def test_coaching_begun_anew_gives_the_coach_their_moderation_back(session, cast, coaching, closed, now):
    end(session, coaching, now)
    with pytest.raises(NotFound):
        feedback.get(session, cast.cole, closed.public_id, Permission.COACHING_WRITE)
    caseload.assign(session, cast.hana, coaching.person, cast.cole, now=now + 29 * DAY)
    session.commit()
    daily(session, now + BEGUN_ANEW + DAY)
    survey, _anew = feedback.get(session, cast.cole, closed.public_id, Permission.COACHING_WRITE)
    assert len(feedback_moderation.to_moderate(session, cast.cole, survey)) == 3
    assert feedback_moderation.fate_of(session, survey) is Fate.WAITING


def test_coach_who_has_only_asked_again_is_no_coach(session, cast, coaching, closed, now):
    end(session, coaching, now)
    person = coaching.person
    caseload.ask(session, cast.cole, caseload.Invitee(person.name, person.email), now=now + 20 * DAY)
    session.commit()
    assert feedback_moderation.fate_of(session, closed) is Fate.UNREAD
    daily(session, now + BEGUN_ANEW)
    assert n_comments(session) == 0


def test_words_for_a_coach_whose_account_is_closed_go_30_days_after(session, cast, coaching, closed, now):
    cast.cole.deactivated_at = now
    session.commit()
    daily(session, now + BEGUN_ANEW - DAY)
    assert n_comments(session) == 3
    daily(session, now + BEGUN_ANEW)
    assert n_comments(session) == 0


def test_words_for_a_coach_who_is_none_any_more_go_30_days_after(session, cast, coaching, closed, now):
    accounts.change_roles(session, cast.cole, frozenset({Role.HR}), by=cast.ada, now=now)
    session.commit()
    daily(session, now + BEGUN_ANEW - timedelta(seconds=1))
    assert n_comments(session) == 3
    daily(session, now + BEGUN_ANEW)
    assert n_comments(session) == 0


def test_coach_who_is_one_again_goes_on_where_they_were(session, cast, coaching, closed, now):
    accounts.change_roles(session, cast.cole, frozenset({Role.HR}), by=cast.ada, now=now)
    accounts.change_roles(session, cast.cole, frozenset({Role.COACH}), by=cast.ada, now=now + DAY)
    session.commit()
    daily(session, now + 2 * BEGUN_ANEW)
    assert feedback_moderation.fate_of(session, closed) is Fate.WAITING


@pytest.mark.parametrize("decided", [CommentState.SHOWN, CommentState.WITHHELD])
def test_rater_who_is_erased_before_words_are_released_takes_them_along(session, cast, closed, registry, now, decided):
    found = feedback_moderation.to_moderate(session, cast.cole, closed)
    feedback_moderation.decide(session, cast.cole, closed, {each.public_id: (decided, "") for each in found}, now=now)
    session.commit()
    erasure.erase(session, [places(session, closed)[1].person], actor="worker", now=now)
    session.commit()
    session.expire_all()
    left = feedback_moderation.to_moderate(session, cast.cole, closed)
    assert sorted(each.words for each in left) == ["Signed, Rob", "Signed, Rui"]


def test_released_words_stay(session, cast, coaching, registry, now):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    close_and_release(session, cast.cole, survey, registry, now=now)
    end(session, coaching, now)
    daily(session, now + BEGUN_ANEW)
    assert feedback_moderation.fate_of(session, survey) is Fate.RELEASED
    assert [each.words for each in feedback_moderation.released(session, survey, registry)] == ["You listen well."]


def test_copies_say_that_words_were_deleted_and_hold_none(session, cast, coaching, closed, registry, now):
    person, ria = coaching.person, places(session, closed)[1].person
    end(session, coaching, now)
    before = held_data.held_about(session, person, registry, now=now)
    assert before["feedback"][0]["words_deleted_at"] is None
    assert "Signed" not in json.dumps(before)
    daily(session, now + BEGUN_ANEW)
    held = held_data.held_about(session, person, registry, now=now + BEGUN_ANEW)
    assert held["feedback"][0]["words_deleted_at"].startswith((now + BEGUN_ANEW).date().isoformat())
    (event,) = (each for each in held["events"] if each["action"] == feedback_moderation.DELETED)
    assert "had let nothing of it through" in event["explanation"]
    (asked,) = held_data.held_about(session, ria, registry, now=now + BEGUN_ANEW)["surveys"]
    assert asked["own_words"] == []
    assert len(asked["answers"]) == 18


def test_erased_person_leaves_nothing_to_delete(session, cast, coaching, closed, now):
    end(session, coaching, now)
    erasure.erase(session, [coaching.person], actor="worker", now=now)
    session.commit()
    daily(session, now + BEGUN_ANEW)
    assert n_comments(session) == 0
    assert feedback_moderation.deleted_at(session, closed) is None
