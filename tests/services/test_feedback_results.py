"""What came of a round of feedback: fixed when it is closed; comments as far as the coach lets them through."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.errors import AlreadySubmitted, InvitationExpired, NotAllowed, NotFound, Refused
from assess.models import CommentState, Role, SurveyAnswer, SurveyComment
from assess.services import (
    caseload,
    erasure,
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_moderation,
    feedback_results,
    held_data,
    retention,
    survey_places,
    surveys,
)
from tests import factories
from tests.services import feedback_rounds
from tests.services.feedback_rounds import agreed, answered, close_and_release, coached, hand_in, places

THREE = ["colleagues"] * 3
SHOWN, WITHHELD = CommentState.SHOWN, CommentState.WITHHELD


@pytest.fixture
def coaching(session, cast, now):
    return coached(session, cast, now=now)


@pytest.fixture
def cora(coaching):
    return coaching.person


@pytest.fixture
def closed(session, cast, coaching, registry, now):
    """A closed round: a manager, three colleagues and Cora herself have answered, and nothing is decided yet."""
    return feedback_rounds.closed(session, cast.cole, coaching, ["manager", *THREE], registry, now=now)


def summary(session, survey, registry):
    return feedback_results.summary_of(session, survey, registry)


def words(session, coach, survey):
    return [each.words for each in feedback_moderation.to_moderate(session, coach, survey)]


def test_nothing_is_shown_before_the_round_is_closed(session, cast, coaching, cora, registry, now):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    assert summary(session, survey, registry) is None
    assert feedback_results.of(session, cora, registry, now) is None
    with pytest.raises(NotAllowed):
        feedback_moderation.to_moderate(session, cast.cole, survey)


def test_closed_round_shows_three_colleagues_and_not_the_manager(session, cora, closed, registry, now):
    found = feedback_results.of(session, cora, registry, now)
    assert (found.n_asked, found.at_least) == (4, 3)
    assert [view.scale for view in found.scales] == [scale.code for scale in registry.editions[0].scales]
    for view in found.scales:
        assert [(seen.source, seen.n) for seen in view.groups] == [("colleagues", 3)]
        # everybody chose 4: two behaviours of one pole and one of the other, 4 + 4 + 2 or 4 + 2 + 2, of three
        assert view.own in {3.3, 2.7}
    json.dumps(asdict(found))  # a report keeps it


def test_newest_closed_round_counts(session, cast, coaching, cora, closed, registry, now):
    later = now + timedelta(days=3)
    second = answered(session, cast.cole, coaching, THREE, now=later)
    assert feedback_results.of(session, cora, registry, later).n_asked == 4
    feedback_closing.close(session, cast.cole, second, registry, now=later)
    assert feedback_results.of(session, cora, registry, later).n_asked == 3


def test_what_is_not_handed_in_or_taken_off_counts_nowhere_and_is_deleted(session, cast, coaching, registry, now):
    survey = agreed(session, cast.cole, coaching, [*THREE, "colleagues", "colleagues"], now=now)
    _own, *raters = places(session, survey)
    for place in raters[:4]:
        hand_in(session, place, now=now)
    surveys.save(session, raters[4], {(None, "fee-01"): 1}, now=now)
    feedback_comments.write(session, raters[4], {"try": "Not handed in"}, now=now)
    survey_places.withdraw(session, cast.cole, raters[0], now=now)
    feedback_closing.close(session, cast.cole, survey, registry, now=now)
    assert {seen.n for view in summary(session, survey, registry).scales for seen in view.groups} == {3}
    kept = {place.id for place in raters[1:4]}
    assert set(session.scalars(select(SurveyAnswer.place_id))) == kept
    assert set(session.scalars(select(SurveyComment.place_id))) == kept


def test_too_few_answers_show_nothing_and_their_words_to_nobody(session, cast, coaching, registry, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    for place in places(session, survey)[:3]:
        hand_in(session, place, now=now)
    feedback_closing.close(session, cast.cole, survey, registry, now=now)
    found = summary(session, survey, registry)
    assert found.is_empty
    assert found.at_least == 0
    with pytest.raises(NotAllowed):
        feedback_moderation.to_moderate(session, cast.cole, survey)


def test_figures_stand_whatever_happens_afterwards(session, closed, registry, cast, now):
    before = summary(session, closed, registry)
    for place in places(session, closed)[1:3]:
        erasure.erase(session, [place.person], actor="worker", now=now)
    with pytest.raises(Refused, match="over"):
        survey_places.withdraw(session, cast.cole, places(session, closed)[3], now=now)
    assert not feedback_closing.end(session, closed, registry, now=now)
    assert summary(session, closed, registry).scales == before.scales


def test_comments_come_without_names_in_an_order_that_tells_nothing(session, cast, closed):
    found = feedback_moderation.to_moderate(session, cast.cole, closed)
    assert [each.public_id for each in found] == sorted(each.public_id for each in found)
    assert len(found) == 4


def test_coach_who_did_not_ask_reads_no_comments(session, cast, cora, closed, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    caseload.assign(session, cast.hana, cora, carl, now=now)
    for stranger in (carl, cast.hana):
        with pytest.raises(NotAllowed):
            feedback_moderation.to_moderate(session, stranger, closed)


def test_person_reads_what_is_let_through_and_only_once_it_is_released(session, cast, closed, registry, now):
    first, second, *others = feedback_moderation.to_moderate(session, cast.cole, closed)
    decisions = {first.public_id: (SHOWN, ""), second.public_id: (SHOWN, "In other words")}
    feedback_moderation.decide(session, cast.cole, closed, decisions, now=now)
    assert feedback_moderation.released(session, closed, registry) == ()
    with pytest.raises(Refused, match="2 are waiting"):
        feedback_moderation.release(session, cast.cole, closed, now=now)
    rest = {each.public_id: (WITHHELD, "Never to be read") for each in others}
    feedback_moderation.decide(session, cast.cole, closed, rest, now=now)
    feedback_moderation.release(session, cast.cole, closed, now=now)
    session.flush()
    said = {each.words for each in summary(session, closed, registry).comments}
    assert said == {first.words, "In other words"}
    assert feedback_moderation.n_withheld(session, closed) == 2
    with pytest.raises(Refused, match="reads these"):
        feedback_moderation.decide(session, cast.cole, closed, rest, now=now)


def test_comment_of_another_round_is_not_found(session, cast, coaching, closed, registry, now):
    other = answered(session, cast.cole, coaching, THREE, now=now)
    feedback_closing.close(session, cast.cole, other, registry, now=now)
    session.flush()
    foreign = feedback_moderation.to_moderate(session, cast.cole, other)[0]
    with pytest.raises(NotFound):
        feedback_moderation.decide(session, cast.cole, closed, {foreign.public_id: (SHOWN, "")}, now=now)


def test_rater_changes_their_words_until_they_hand_in(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    place = places(session, survey)[1]
    feedback_comments.write(session, place, {"keep": " One \x00\n two ", "try": "Three"}, now=now)
    feedback_comments.write(session, place, {"keep": "Four", "try": ""}, now=now)
    assert feedback_comments.written(session, place) == {"keep": "Four"}
    with pytest.raises(Refused, match="1000 characters"):
        feedback_comments.write(session, place, {"keep": "x" * 1001}, now=now)
    surveys.submit(session, place, now=now)
    with pytest.raises(AlreadySubmitted):
        feedback_comments.write(session, place, {"keep": "Five"}, now=now)
    with pytest.raises(InvitationExpired):
        feedback_comments.write(session, places(session, survey)[2], {"keep": "x"}, now=now + timedelta(days=15))


def test_copy_of_the_person_holds_what_pages_show_and_no_word_of_what_was_withheld(
    session, cast, coaching, cora, registry, now
):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    raw = {place.asked_as for place in places(session, survey)[1:]}
    close_and_release(session, cast.cole, survey, registry, now=now)
    session.commit()
    held = held_data.held_about(session, cora, registry, now=now)
    (found,) = held["feedback"]
    assert [each["words"] for each in found["comments"]] == ["You listen well."]
    assert found["withheld"] == 2
    assert {line["who"] for line in found["figures"]} == {"you", "colleagues"}
    assert not any(f"Signed, {name}" in json.dumps(held) for name in raw)
    assert {"feedback.proposed", "feedback.agreed", "feedback.released"} <= {each["action"] for each in held["events"]}


def test_copy_of_a_rater_holds_what_they_said_and_wrote(session, closed, registry, now):
    ria = places(session, closed)[1]
    (asked,) = held_data.held_about(session, ria.person, registry, now=now)["surveys"]
    assert len(asked["answers"]) == 18
    assert [each["words"] for each in asked["own_words"]] == [f"Signed, {ria.asked_as}"]
    assert (asked["group"], asked["asked_as"]) == ("manager", "Ria")


def test_erased_rater_leaves_what_was_let_through_and_nothing_else(session, cast, coaching, registry, now):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    close_and_release(session, cast.cole, survey, registry, now=now)
    raters = places(session, survey)[1:]
    for place in raters:
        erasure.erase(session, [place.person], actor="worker", now=now)
    session.expire_all()
    assert [each.words for each in summary(session, survey, registry).comments] == ["You listen well."]
    assert set(session.scalars(select(SurveyComment.words))) == {""}
    assert set(session.scalars(select(SurveyAnswer.place_id))) == {places(session, survey)[0].id}
    assert {(place.asked_as, place.group) for place in raters} == {("", "")}
    assert feedback.people_of(session, survey) == {}


def test_words_of_an_erased_rater_that_nobody_has_decided_about_are_deleted(session, cast, closed, now):
    gone = places(session, closed)[1]
    assert f"Signed, {gone.asked_as}" in words(session, cast.cole, closed)
    erasure.erase(session, [gone.person], actor="worker", now=now)
    session.expire_all()
    assert len(words(session, cast.cole, closed)) == 3


def test_erasing_the_person_deletes_what_was_said_of_them_and_ends_an_open_round(
    session, cast, coaching, cora, closed, registry, now
):
    second = answered(session, cast.cole, coaching, THREE, now=now)
    erasure.erase(session, [cora], actor="worker", now=now)
    session.expire_all()
    assert session.scalars(select(SurveyAnswer)).all() == []
    assert session.scalars(select(SurveyComment)).all() == []
    assert (closed.figures, second.figures) == (None, None)
    assert second.closed_at == now
    assert summary(session, closed, registry) is None


def test_what_raters_said_is_deleted_when_its_time_is_over_and_the_means_stay(
    session, cast, coaching, closed, registry, now
):
    cast.acme.retention_months = 12
    before = summary(session, closed, registry)
    second = answered(session, cast.cole, coaching, ["manager", *THREE], now=now + timedelta(days=300))
    session.commit()
    retention.enforce(session, now=now + timedelta(days=400))
    session.expire_all()
    assert summary(session, closed, registry).scales == before.scales
    kept = {place.id for place in places(session, second)}
    assert set(session.scalars(select(SurveyAnswer.place_id))) == kept
    assert set(session.scalars(select(SurveyComment.place_id))) < kept
