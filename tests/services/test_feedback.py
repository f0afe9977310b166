"""Rounds of feedback: prepared by a coach, agreed to by the person, answered by raters, hidden from the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assess.errors import InvitationExpired, NotAllowed, NotFound, Refused
from assess.models import Mail, Person, Role, SurveyAnswer, SurveyComment, SurveyKind, SurveyPlace
from assess.services import (
    access,
    attention,
    caseload,
    feedback,
    feedback_closing,
    feedback_consent,
    feedback_lines,
    finding,
    my_page,
    new_letters,
    person_history,
    survey_lists,
    survey_mail,
    survey_places,
    surveys,
)
from assess.services.access import Permission
from assess.services.feedback import Progress, Rater, State
from assess.services.invitations import Invitee
from tests import factories
from tests.services.feedback_rounds import agreed, answered, coached, hand_in, places, prepared, rater

THREE = ["colleagues"] * 3
LATER = timedelta(days=15)


@pytest.fixture
def coaching(session, cast, now):
    return coached(session, cast, now=now)


@pytest.fixture
def cora(coaching):
    return coaching.person


@pytest.fixture
def carl(session, cast, now):
    """The other coach of Acme."""
    return factories.user(session, cast.acme, "carl", Role.COACH, now=now)


def invitations(session):
    """Return to whom letters with a link to the questionnaire are on their way."""
    session.flush()
    mails = select(Person.name).join(Mail, Mail.person_id == Person.id).where(Mail.kind == "survey-invitation")
    return sorted(session.scalars(mails))


def on_the_list(session, survey):
    return {source: [each.name for each in asked] for source, asked in feedback.people_of(session, survey).items()}


def count(session, kind):
    return session.scalar(select(func.count()).select_from(kind))


def test_nobody_is_written_to_before_the_person_has_said_yes(session, cast, coaching, cora, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    assert feedback.own_rounds(session, cora) == []
    feedback.propose(session, cast.cole, survey, coaching, now=now)
    assert feedback.own_rounds(session, cora) == [survey]
    assert invitations(session) == []
    assert my_page.surveys_of(session, cora, now=now) == []
    with pytest.raises(InvitationExpired):
        surveys.require_open(places(session, survey)[1], now=now)
    feedback_consent.agree(session, survey, now=now)
    assert invitations(session) == ["Cora Candidate", "Ria", "Rob", "Rui"]


def test_states_follow_each_other(session, cast, coaching, registry, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    states = [feedback.state_of(survey, now=now)]
    feedback.propose(session, cast.cole, survey, coaching, now=now)
    states.append(feedback.state_of(survey, now=now))
    feedback_consent.agree(session, survey, now=now)
    states += [feedback.state_of(survey, now=now), feedback.state_of(survey, now=now + LATER)]
    feedback_closing.close(session, cast.cole, survey, registry, now=now)
    states.append(feedback.state_of(survey, now=now))
    assert states == [State.PREPARED, State.PROPOSED, State.OPEN, State.ENDING, State.CLOSED]


def test_saying_yes_twice_writes_to_nobody_twice(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    feedback_consent.agree(session, survey, now=now)
    assert len(invitations(session)) == 4


def test_fewer_than_three_are_not_proposed(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE[:2], now=now)
    with pytest.raises(Refused, match="three people"):
        feedback.propose(session, cast.cole, survey, coaching, now=now)


def test_one_round_at_a_time(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    with pytest.raises(Refused, match="not over"):
        prepared(session, cast.cole, coaching, THREE, now=now)
    feedback.drop(session, cast.cole, survey, now=now)
    assert prepared(session, cast.cole, coaching, THREE, now=now) is not survey


def test_last_day_must_be_ahead_and_answers_kept_until_then(session, cast, coaching, now):
    with pytest.raises(Refused, match="over already"):
        feedback.begin(session, cast.cole, coaching, until=(now - timedelta(days=1)).date(), now=now)
    with pytest.raises(Refused, match="at the longest"):
        feedback.begin(session, cast.cole, coaching, until=(now + timedelta(days=9999)).date(), now=now)


def test_rater_is_called_as_the_coach_typed_them_whoever_they_are(session, cast, coaching, now):
    """That somebody with this address is there already is nothing that a coach learns."""
    known = Person(organization=cast.acme, name="Dr. Rita Secret", email="ria@people.example", created_at=now)
    session.add(known)
    session.flush()
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    assert on_the_list(session, survey) == {"colleagues": ["Ria", "Rob", "Rui"]}
    with pytest.raises(Refused) as refusal:
        feedback.add(session, cast.cole, survey, rater("Ria"), now=now)
    assert "Secret" not in str(refusal.value)


def test_person_is_not_put_on_their_own_list(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, [], now=now)
    with pytest.raises(Refused, match="answers for themselves"):
        feedback.add(session, cast.cole, survey, rater("Cora"), now=now)


def test_who_is_added_later_is_invited_at_once_and_stands_on_the_list(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    feedback.add(session, cast.cole, survey, rater("Max", "manager"), now=now)
    assert "Max" in invitations(session)
    assert on_the_list(session, survey)["manager"] == ["Max"]


def test_who_is_taken_off_before_the_yes_leaves_no_trace_and_afterwards_no_answers(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, [*THREE, "led"], now=now)
    feedback.remove(session, cast.cole, places(session, survey)[-1], now=now)
    session.flush()
    assert len(places(session, survey)) == 4
    feedback.propose(session, cast.cole, survey, coaching, now=now)
    feedback_consent.agree(session, survey, now=now)
    hand_in(session, places(session, survey)[1], now=now)
    feedback.remove(session, cast.cole, places(session, survey)[1], now=now)
    assert on_the_list(session, survey) == {"colleagues": ["Rob", "Rui"]}
    assert [sheet.place for sheet in surveys.sheets_of(session, survey)] == []
    feedback.add(session, cast.cole, survey, rater("Ria", "customers"), now=now)
    assert on_the_list(session, survey)["customers"] == ["Ria"]


def test_number_of_answers_is_told_in_steps_and_nobody_by_name(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, ["colleagues"] * 4, now=now)
    told = [feedback.progress_of(session, survey)]
    for place in places(session, survey):
        hand_in(session, place, now=now)
        told.append(feedback.progress_of(session, survey))
    assert [each.at_least for each in told] == [0, 0, 0, 0, 3, 3]
    assert told[-1] == Progress(4, 3)
    assert not survey.tells_who_answered


def test_taking_somebody_off_does_not_tell_whether_they_had_answered(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, ["colleagues"] * 4, now=now)
    _own, *raters = places(session, survey)
    for place in raters[:3]:
        hand_in(session, place, now=now)
    told = set()
    for place in raters:  # one by one, and put back: were the number to fall, it would be of somebody who has answered
        feedback.remove(session, cast.cole, place, now=now)
        told.add(feedback.progress_of(session, survey))
        feedback.add(session, cast.cole, survey, rater(place.asked_as), now=now)
    assert told == {Progress(3, 3)}


def test_coach_is_not_among_the_raters(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    for address in (cast.cole.email, cast.cole.email.upper()):
        with pytest.raises(Refused, match="your own address"):
            feedback.add(session, cast.cole, survey, Rater(Invitee("Somebody", address), "colleagues"), now=now)


def test_list_has_an_end_also_for_whoever_takes_people_off_and_puts_others_on(
    session, cast, coaching, monkeypatch, now
):
    monkeypatch.setattr(feedback, "MOST", 4)
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    feedback.add(session, cast.cole, survey, rater("Max"), now=now)
    feedback.remove(session, cast.cole, places(session, survey)[-1], now=now)
    with pytest.raises(Refused, match="have been on the list"):
        feedback.add(session, cast.cole, survey, rater("Moe"), now=now)


@pytest.mark.parametrize("how", ["coach", "person", "left"])
def test_nobody_is_asked_in_the_name_of_a_coach_who_is_none_any_more(session, cast, coaching, how, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    feedback.propose(session, cast.cole, survey, coaching, now=now)
    if how == "coach":
        caseload.end(session, cast.cole, coaching, now=now)
    elif how == "person":
        caseload.end_by_person(session, coaching, now=now)
    else:
        cast.cole.deactivated_at = now
    session.flush()
    with pytest.raises(Refused):
        feedback_consent.agree(session, survey, now=now)
    assert invitations(session) == []
    if how != "left":
        assert feedback.state_of(survey, now=now) is State.DROPPED
        assert [place.group for place in places(session, survey)] == ["self"]


def test_round_that_the_person_has_said_yes_to_outlasts_the_coaching(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    caseload.end(session, cast.cole, coaching, now=now)
    assert feedback.state_of(survey, now=now) is State.OPEN


def test_reminders_go_to_those_who_have_not_answered(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    for place in places(session, survey):
        place.invited_at = now
    hand_in(session, places(session, survey)[1], now=now)
    assert survey_places.remind(session, cast.cole, survey, now=now) == 3
    assert survey_places.remind(session, cast.cole, survey, now=now) == 0
    with pytest.raises(NotAllowed):
        survey_places.remind(session, cast.hana, survey, now=now)


def test_last_day_is_put_off_until_the_round_is_closed(session, cast, coaching, registry, now):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    surveys.extend(session, cast.cole, survey, (now + timedelta(days=30)).date(), now=now + LATER)
    assert feedback.state_of(survey, now=now + LATER) is State.OPEN
    feedback_closing.close(session, cast.cole, survey, registry, now=now + LATER)
    with pytest.raises(Refused, match="closed"):
        surveys.extend(session, cast.cole, survey, (now + timedelta(days=60)).date(), now=now + LATER)


def test_job_closes_rounds_whose_last_day_is_over_and_those_without_a_yes_come_to_nothing(
    session, cast, coaching, registry, now
):
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    assert feedback_closing.close_due(session, registry, now=now) == 0
    assert feedback_closing.close_due(session, registry, now=now + LATER) == 1
    assert feedback_closing.close_due(session, registry, now=now + LATER) == 0
    assert survey.figures is not None
    unanswered = prepared(session, cast.cole, coaching, THREE, now=now)
    feedback_closing.close_due(session, registry, now=now + LATER)
    assert feedback.state_of(unanswered, now=now) is State.DROPPED
    assert unanswered.figures is None


def test_no_deletes_the_list_and_a_yes_taken_back_deletes_the_answers(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    feedback.propose(session, cast.cole, survey, coaching, now=now)
    feedback_consent.stop(session, survey, now=now)
    assert [place.group for place in places(session, survey)] == ["self"]
    survey = answered(session, cast.cole, coaching, THREE, now=now)
    feedback_consent.stop(session, survey, now=now)
    assert count(session, SurveyAnswer) == 0
    assert count(session, SurveyComment) == 0
    assert feedback.state_of(survey, now=now) is State.DROPPED
    assert session.scalars(select(Mail).where(survey_mail.is_wanted(now=now))).all() == []
    for again in (feedback_consent.agree, feedback_consent.stop):
        if again is feedback_consent.agree:
            survey.agreed_at = None
        with pytest.raises(Refused, match="over"):
            again(session, survey, now=now)


def test_yes_after_the_last_day_is_refused(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    feedback.propose(session, cast.cole, survey, coaching, now=now)
    with pytest.raises(Refused, match="last day"):
        feedback_consent.agree(session, survey, now=now + LATER)


def test_round_is_found_by_who_coaches_the_person_now_and_by_nobody_else(session, cast, coaching, cora, carl, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    place = places(session, survey)[1]
    for stranger in (carl, cast.hana, cast.otto, cast.ada):
        with pytest.raises(NotFound):
            feedback.get(session, stranger, survey.public_id, Permission.COACHING_READ)
        with pytest.raises(NotFound):
            feedback.get_place(session, stranger, place.public_id, Permission.COACHING_READ)
    assert feedback.get(session, cast.cole, survey.public_id, Permission.COACHING_WRITE) == (survey, coaching)
    other = caseload.assign(session, cast.hana, cora, carl, now=now)
    assert feedback.rounds_of(session, carl, other) == [survey]
    caseload.end(session, cast.cole, coaching, now=now)
    with pytest.raises(NotFound):
        feedback.get(session, cast.cole, survey.public_id, Permission.COACHING_READ)
    with pytest.raises(NotFound):
        feedback.rounds_of(session, cast.cole, coaching)


def test_persons_own_place_cannot_be_taken_off(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    with pytest.raises(NotFound):
        feedback.get_place(session, cast.cole, places(session, survey)[0].public_id, Permission.COACHING_WRITE)


def test_person_finds_no_round_about_somebody_else(session, cast, coaching, cora, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    ria = places(session, survey)[1].person
    with pytest.raises(NotFound):
        feedback.own_round(session, ria, survey.public_id)
    assert feedback.own_rounds(session, ria) == []
    assert feedback.own_round(session, cora, survey.public_id) is survey


def test_hr_finds_no_such_round_anywhere(session, cast, coaching, cora, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    hana, ria = cast.hana, places(session, survey)[1]
    with pytest.raises(NotFound):
        access.get_survey(session, hana, survey.public_id, Permission.SURVEY_READ)
    with pytest.raises(NotFound):
        access.get_place(session, hana, ria.public_id, Permission.SURVEY_READ)
    assert survey_lists.rounds_of(session, hana).rows == []
    assert finding.find(session, hana, "feedback").surveys == []
    assert attention.attention_of(session, hana, now=now).surveys == []
    for person in (cora, ria.person):
        assert person_history.history_of(session, hana, person, now=now).surveys == []
        assert not new_letters.unlinked(session, hana, person, now=now).places
    for use_case in (surveys.close, survey_places.send_all):
        with pytest.raises(NotAllowed):
            use_case(session, hana, survey, now=now)


def test_surveys_of_hr_are_not_feedback(session, cast, now):
    with pytest.raises(ValueError, match="begun by a coach"):
        surveys.create(session, cast.hana, SurveyKind.FEEDBACK, title="X", until=now.date(), now=now)


def test_rater_sees_on_their_own_page_that_they_are_asked(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    (mine,) = my_page.surveys_of(session, places(session, survey)[1].person, now=now)
    assert (mine.place.round, mine.has_answered) == (survey, False)


@pytest.mark.parametrize(("line", "wrong"), [
    ("Ria ria@people.example, colleague", "write the line as"),
    ("<ria@people.example>, colleague", "name is missing"),
    ("Ria <ria@people>, colleague", "no e-mail address"),
    ("Ria <ria@people.example>", "who they are"),
    ("Ria <ria@people.example>, friend", "who they are"),
    (f"{'R' * 121} <ria@people.example>, colleague", "120 characters"),
    ("Cora <cora@people.example>, colleague", "answers for themselves"),
    ("Rob <rob@people.example>, colleague", "on the list already"),
])  # fmt: skip
def test_pasted_line_is_refused_with_what_is_wrong_and_the_others_are_taken(session, cast, coaching, line, wrong, now):
    survey = prepared(session, cast.cole, coaching, [], now=now)
    text = f"Rob <rob@people.example>, Colleague\n\n{line}\nMia <mia@people.example>, internal customer."
    n, (problem,) = feedback_lines.enter(session, cast.cole, survey, text, now=now)
    assert (n, problem.number) == (2, 3)
    assert wrong in problem.sentence
    assert feedback_lines.left([problem]) == line
    assert on_the_list(session, survey) == {"colleagues": ["Rob"], "customers": ["Mia"]}


def test_list_is_as_long_as_it_may_be(session, cast, coaching, now, monkeypatch):
    monkeypatch.setattr(feedback, "MOST", 3)
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    people = count(session, Person)
    with pytest.raises(Refused, match="3 people"):
        feedback.add(session, cast.cole, survey, rater("Max"), now=now)
    assert count(session, Person) == people


def test_everything_is_for_coaches_alone(session, cast, coaching, now):
    survey = prepared(session, cast.cole, coaching, THREE, now=now)
    place = session.scalars(select(SurveyPlace)).first()
    with pytest.raises(NotAllowed):
        feedback.begin(session, cast.hana, coaching, until=now.date(), now=now)
    with pytest.raises(NotAllowed):
        feedback.add(session, cast.hana, survey, rater("Max"), now=now)
    with pytest.raises(NotAllowed):
        feedback.remove(session, cast.hana, place, now=now)
    for use_case in (feedback.propose, feedback.drop):
        with pytest.raises(NotAllowed):
            use_case(session, cast.hana, survey, *([coaching] if use_case is feedback.propose else []), now=now)
