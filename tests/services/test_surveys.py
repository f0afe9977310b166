"""Surveys answered through links: who is asked, what is kept of the answers, and what is kept of nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assess.errors import AlreadySubmitted, InvalidValue, InvitationExpired, InvitationWithdrawn, LinkClosed, Refused
from assess.models import AccessLink, AuditEvent, Mail, Person, SurveyCount, SurveyKind
from assess.services import (
    attention,
    climate,
    jobs,
    mail,
    retention,
    survey_lists,
    survey_people,
    survey_places,
    surveys,
)
from assess.services.invitations import Invitee
from assess.services.people_rows import Entry
from assess.services.survey_lists import Progress, State
from tests import factories
from tests.services import experts
from tests.services.letterbox import queued, write

RITA = Invitee("Rita Rater", "rita@people.example")
HOUR = timedelta(hours=1)


@pytest.fixture
def new_round(session, registry, cast, now):
    """Return a function that makes a round of a kind with the people named, each asked."""

    def make(kind, *names, group="", rated=()):
        found = experts.of_kind(session, registry, cast.hana, kind, rated=rated, now=now)
        return found, [asked(session, cast, found, name, group=group, now=now) for name in names]

    return make


@pytest.fixture
def rater(new_round):
    """Rita's place in a round about the company's view."""
    return new_round(SurveyKind.PERSPECTIVE, "Rita")[1][0]


def asked(session, cast, survey, name, *, group="", now):
    invitee = Invitee(name, f"{name.lower()}@people.example")
    return survey_places.invite(session, cast.hana, survey, invitee, group=group, now=now)


def states(session, cast, survey):
    return [row.state for row in survey_lists.people_of(session, cast.hana, survey).rows]


def test_person_is_asked_once_and_is_the_one_known_from_assessments(session, registry, cast, rater, now):
    again = survey_places.invite(session, cast.hana, rater.round, Invitee("R.", "RITA@people.example"), now=now)
    assert again is rater
    factories.assignment(session, registry, cast.hana, name="Rita Rater", now=now)
    assert session.query(Person).count() == 1


def test_list_enters_everybody_once_with_their_group_in_few_queries(session, cast, new_round, count_queries, now):
    survey, (_anna, ben) = new_round(SurveyKind.CLIMATE, "Anna", "Ben", group="Lift")
    survey_places.withdraw(session, cast.hana, ben, now=now)
    names = ["Anna", "Ben", *(f"P{number}" for number in range(40))]
    entries = [Entry(n, name, f"{name.lower()}@people.example", group="Bar" * (n == 3)) for n, name in enumerate(names)]
    session.flush()
    with count_queries() as counted:
        done = survey_people.enter(session, cast.hana, survey, entries, group="Desk", now=now)
    assert (done.new, done.known) == (41, 1)  # Ben, who had been taken off, is asked again
    assert counted.count < 12
    groups = {row.place.person.name: row.place.group for row in survey_lists.people_of(session, cast.hana, survey).rows}
    assert [groups[name] for name in ("Anna", "Ben", "P0", "P1")] == ["Lift", "Lift", "Desk", "Bar"]


def test_states_follow_from_facts(session, cast, rater, now):
    assert states(session, cast, rater.round) == [State.CREATED]
    survey_places.send(session, cast.hana, rater, now=now)
    assert states(session, cast, rater.round) == [State.SENDING]
    token = survey_places.copy_link(session, cast.hana, rater, now=now)
    assert states(session, cast, rater.round) == [State.INVITED]
    survey_places.redeem(session, token, now=now)
    assert states(session, cast, rater.round) == [State.OPENED]
    surveys.submit(session, rater, now=now)
    assert states(session, cast, rater.round) == [State.ANSWERED]
    survey_places.withdraw(session, cast.hana, rater, now=now)
    assert states(session, cast, rater.round) == [State.WITHDRAWN]


def test_answers_are_kept_changed_taken_back_and_handed_in_once(session, rater, now):
    surveys.save(session, rater, {(None, "per-01"): 4, (None, "per-02"): 2}, now=now)
    surveys.save(session, rater, {(None, "per-01"): 5, (None, "per-02"): None}, now=now + HOUR)
    assert surveys.sheet_of(session, rater).values == {"per-01": 5}
    assert surveys.sheets_of(session, rater.round) == []
    surveys.submit(session, rater, now=now)
    surveys.submit(session, rater, now=now + HOUR)
    assert rater.submitted_at == now
    (sheet,) = surveys.sheets_of(session, rater.round)
    assert sheet.values == {"per-01": 5}
    with pytest.raises(AlreadySubmitted):
        surveys.save(session, rater, {(None, "per-01"): 1}, now=now)


def test_ratings_of_people_are_kept_by_person(session, registry, cast, new_round, now):
    cora, dora = (factories.assignment(session, registry, cast.hana, name=n, now=now).person for n in ("Cora", "Dora"))
    survey, (boss,) = new_round(SurveyKind.PERFORMANCE, "Boss", rated=[cora, dora])
    surveys.save(session, boss, {(cora.id, "per-01"): 5, (dora.id, "per-01"): 2}, now=now)
    surveys.submit(session, boss, now=now)
    (sheet,) = surveys.sheets_of(session, survey)
    assert sheet.about == {cora.id: {"per-01": 5}, dora.id: {"per-01": 2}}


@pytest.mark.parametrize("how", ["closed", "over", "withdrawn"])
def test_nothing_is_taken_once_it_is_over(session, cast, rater, now, how):
    later = rater.round.closes_at if how == "over" else now
    if how == "closed":
        surveys.close(session, cast.hana, rater.round, now=now)
    if how == "withdrawn":
        survey_places.withdraw(session, cast.hana, rater, now=now)
    why = InvitationWithdrawn if how == "withdrawn" else InvitationExpired
    with pytest.raises(why):
        surveys.save(session, rater, {(None, "per-01"): 4}, now=later)
    with pytest.raises(why):
        surveys.submit(session, rater, now=later)
    with pytest.raises(Refused):
        survey_places.send(session, cast.hana, rater, now=later)


def test_later_last_day_takes_answers_again_and_lengthens_links(session, cast, rater, now):
    token = survey_places.copy_link(session, cast.hana, rater, now=now)
    survey, over = rater.round, rater.round.closes_at
    with pytest.raises(Refused, match="later than the present"):
        surveys.extend(session, cast.hana, survey, now.date(), now=now)
    surveys.extend(session, cast.hana, survey, (over + timedelta(days=200)).date(), now=over)
    surveys.save(session, rater, {(None, "per-01"): 4}, now=over + HOUR)
    session.expire_all()
    assert survey_places.find_by_token(session, token, now=over + timedelta(days=199)) is rater
    surveys.close(session, cast.hana, survey, now=over)
    with pytest.raises(Refused, match="stays closed"):
        surveys.extend(session, cast.hana, survey, (over + timedelta(days=300)).date(), now=over)


def test_nobody_is_asked_for_answers_that_would_be_erased_before_the_last_day(session, cast, rater, now):
    cast.acme.retention_months = 1
    with pytest.raises(Refused, match="until 1 July 2026"):
        surveys.extend(session, cast.hana, rater.round, datetime(2026, 7, 2, tzinfo=UTC).date(), now=now)


def test_everybody_is_invited_once_and_reminded_once_a_day_until_they_have_answered(
    session, cast, new_round, do_jobs, now
):
    survey, (_rita, sam) = new_round(SurveyKind.JOB, "Rita", "Sam")
    assert survey_places.send_all(session, cast.hana, survey, now=now) == 2
    assert survey_places.send_all(session, cast.hana, survey, now=now) == 0
    assert survey_places.remind(session, cast.hana, survey, now=now) == 0  # no letter has gone out yet
    do_jobs()
    assert states(session, cast, survey) == [State.INVITED] * 2
    surveys.submit(session, sam, now=now)
    assert survey_places.remind(session, cast.hana, survey, now=now) == 1
    assert survey_places.remind(session, cast.hana, survey, now=now) == 0
    assert survey_places.remind(session, cast.hana, survey, now=now + timedelta(days=1)) == 1


def test_letter_says_what_it_is_and_its_link_opens_the_survey(session, cast, rater, now):
    row = survey_places.send(session, cast.hana, rater, now=now)
    message = write(session, row, now)
    words = message.get_body(("plain",)).get_content()
    assert message["To"] == "rita@people.example"
    assert "how good service should be here" in words
    assert "8 June 2026 (Europe/Berlin time)" in words
    token = words.partition("/survey/link/")[2].split()[0]
    session.flush()
    assert survey_places.redeem(session, token, now=now) is rater
    assert rater.opened_at == now


def test_letter_that_nobody_needs_any_more_is_not_sent(session, cast, rater, now):
    row = survey_places.send(session, cast.hana, rater, now=now)
    assert queued(session) == [row.id]
    surveys.submit(session, rater, now=now)
    assert write(session, row, now) is None
    assert row.failed_at == now


def test_letter_that_was_given_up_is_tried_again_unless_asked_for_anew(session, cast, rater, now):
    row = survey_places.send(session, cast.hana, rater, now=now)
    row.failed_at = now
    later = now + timedelta(hours=2)
    assert mail.retry_given_up(session, now=later) == 1
    row.failed_at = now
    survey_places.send(session, cast.hana, rater, now=now)
    assert mail.retry_given_up(session, now=later) == 0


def test_leader_s_report_is_made_when_the_self_check_is_handed_in(session, new_round, now):
    _survey, (leader,) = new_round(SurveyKind.LEADER, "Lena")
    surveys.submit(session, leader, now=now)
    surveys.submit(session, leader, now=now)
    assert [job.ids for job in jobs.waiting(session, surveys.LEADER_REPORT)] == [{"place_id": leader.id}]


class TestClimate:
    """Nothing that is kept leads from an answer to a person, and nothing that is shown from a person to answering."""

    def counts(self, session, code):
        rows = session.scalars(select(SurveyCount).where(SurveyCount.code == code))
        return {(row.group, row.value): row.n for row in rows}

    def test_sheets_are_counted_by_group_once(self, session, registry, new_round, now):
        content = registry.surveys.climate
        everything = {each.code: 4 for each in content.statement}
        _survey, (one, two, three) = new_round(SurveyKind.CLIMATE, "One", "Two", "Three", group="Desk")
        three.group = ""
        for place, values in ((one, everything), (two, {"cli-01": 4, "cli-02": 1}), (three, {"cli-01": 4})):
            assert climate.count_in(session, place, values, survey=content, now=now)
        assert not climate.count_in(session, one, everything, survey=content, now=now)
        session.expire_all()
        assert self.counts(session, "cli-01") == {("Desk", 4): 2, ("", 4): 1}
        assert self.counts(session, "cli-02") == {("Desk", 4): 1, ("Desk", 1): 1}

    def test_what_was_not_asked_is_not_counted(self, session, registry, new_round, now):
        _survey, (place,) = new_round(SurveyKind.CLIMATE, "One")
        for values in ({"cli-01": 6}, {"per-01": 3}):
            with pytest.raises(InvalidValue):
                climate.count_in(session, place, values, survey=registry.surveys.climate, now=now)
        assert session.query(SurveyCount).count() == 0

    def test_time_of_answering_is_a_day(self, session, registry, cast, new_round, now):
        _survey, (place,) = new_round(SurveyKind.CLIMATE, "One")
        token = survey_places.copy_link(session, cast.hana, place, now=now)
        before = session.query(AuditEvent).count()
        survey_places.redeem(session, token, now=now)
        climate.count_in(session, place, {"cli-01": 4}, survey=registry.surveys.climate, now=now)
        midnight = datetime(2026, 5, 31, 22, tzinfo=UTC)  # in Berlin
        assert {place.opened_at, place.submitted_at} == {midnight}
        assert session.query(AccessLink).one().first_used_at == midnight
        assert session.query(AuditEvent).count() == before

    def test_hr_sees_who_was_asked_and_how_many_of_five_or_more_answered(self, session, registry, cast, new_round, now):
        survey, places = new_round(SurveyKind.CLIMATE, *"ABCDEF")
        for number, place in enumerate(places[:5], start=1):
            token = survey_places.copy_link(session, cast.hana, place, now=now)
            survey_places.redeem(session, token, now=now)
            climate.count_in(session, place, {"cli-01": 4}, survey=registry.surveys.climate, now=now)
            progress = survey_lists.progress_of(session, cast.hana, survey)
            assert progress == (Progress(6, None, 5, at_least=True) if number == 5 else Progress(6, None, None))
            (under_way,) = attention.attention_of(session, cast.hana, now=now).surveys
            assert (under_way.n_people, under_way.n_done) == (6, progress.answered)
        assert states(session, cast, survey) == [State.INVITED] * 5 + [State.CREATED]

    def test_taking_somebody_off_or_making_a_link_does_not_tell_whether_they_answered(
        self, session, registry, cast, new_round, now
    ):
        survey, places = new_round(SurveyKind.CLIMATE, *"ABCDEF")
        for place in places:
            climate.count_in(session, place, {"cli-01": 4}, survey=registry.surveys.climate, now=now)
        before = survey_lists.progress_of(session, cast.hana, survey)
        assert survey_places.copy_link(session, cast.hana, places[0], now=now)
        assert survey_places.send(session, cast.hana, places[0], now=now)
        survey_places.withdraw(session, cast.hana, places[1], now=now)
        assert survey_lists.progress_of(session, cast.hana, survey) == before

    def test_invitation_goes_out_to_whoever_has_answered_too_and_reminders_do_not(
        self, session, registry, cast, new_round, now
    ):
        survey, (place,) = new_round(SurveyKind.CLIMATE, "One")
        survey_places.copy_link(session, cast.hana, place, now=now)
        survey_places.remind(session, cast.hana, survey, now=now)
        climate.count_in(session, place, {"cli-01": 4}, survey=registry.surveys.climate, now=now)
        assert survey_places.remind(session, cast.hana, survey, now=now + timedelta(days=2)) == 0
        again = survey_places.send(session, cast.hana, place, now=now)
        assert write(session, again, now) is not None
        reminder = session.scalars(select(Mail).where(Mail.kind == survey_places.REMINDER)).one()
        assert write(session, reminder, now) is None

    def test_answers_are_never_kept_by_person(self, session, new_round, now):
        _survey, (place,) = new_round(SurveyKind.CLIMATE, "One")
        with pytest.raises(ValueError, match="counted, not kept"):
            surveys.save(session, place, {(None, "cli-01"): 4}, now=now)


def test_lists_take_as_many_queries_for_many_as_for_one(session, cast, new_round, count_queries, now):
    survey, _places = new_round(SurveyKind.JOB, "Rita")

    def read():
        session.flush()
        session.expire_all()
        with count_queries() as counted:
            survey_lists.rounds_of(session, cast.hana)
            survey_lists.people_of(session, cast.hana, survey)
            survey_lists.progress_of(session, cast.hana, survey)
        return counted.count

    first = read()
    for number in range(12):
        asked(session, cast, survey, f"Person{number}", now=now)
        new_round(SurveyKind.LEADER, f"Leader{number}")
    assert read() == first


def test_other_organisations_see_no_round(session, cast, rater):
    assert [row.survey for row in survey_lists.rounds_of(session, cast.hana).rows] == [rater.round]
    assert survey_lists.rounds_of(session, cast.otto).rows == []


def test_who_is_asked_or_rated_is_kept_as_long_as_promised_and_then_erased(session, registry, cast, new_round, now):
    cora = Person(organization=cast.acme, name="Cora", email="cora@people.example", created_at=now)
    session.add(cora)
    survey, (boss,) = new_round(SurveyKind.PERFORMANCE, "Boss", group="Desk", rated=[cora])
    token = survey_places.copy_link(session, cast.hana, boss, now=now)
    survey_places.redeem(session, token, now=now)
    surveys.save(session, boss, {(cora.id, "per-01"): 5}, now=now)
    surveys.submit(session, boss, now=now)
    over = datetime(2028, 6, 2, tzinfo=UTC)
    assert retention.enforce(session, now=over - timedelta(seconds=1)).people == 0
    assert retention.enforce(session, now=over).people == 2
    assert {boss.person.erased_at, cora.erased_at} == {over}
    session.expire_all()
    assert (boss.group, boss.person.name) == ("", "Erased person")
    (sheet,) = surveys.sheets_of(session, survey)
    assert sheet.about == {cora.id: {"per-01": 5}}  # of nobody, by nobody: what rests on it stays
    with pytest.raises(LinkClosed):
        survey_places.find_by_token(session, token, now=now)


def test_self_check_is_erased_with_the_leader(session, new_round, now):
    _survey, (leader,) = new_round(SurveyKind.LEADER, "Lena")
    surveys.save(session, leader, {(None, "lea-01"): 5}, now=now)
    surveys.submit(session, leader, now=now)
    retention.enforce(session, now=datetime(2028, 6, 2, tzinfo=UTC))
    session.expire_all()
    assert surveys.sheet_of(session, leader).values == {}
