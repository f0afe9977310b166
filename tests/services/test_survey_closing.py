"""What is kept of a survey that is shown in common: nothing about fewer than five, and nothing of who answered."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, literal_column, select, text

from assess.errors import InvitationExpired, NotFound, Refused
from assess.models import AuditEvent, SurveyCount, SurveyKind, SurveyPlace, SurveyRound, User
from assess.services import climate, climate_results, survey_closing, survey_lists, survey_places, surveys
from assess.services.invitations import Invitee
from assess.services.survey_closing import kept
from assess.services.survey_lists import Progress
from tests import factories
from tests.services.conftest import N

WEEK = timedelta(days=7)
SHEETS = st.lists(
    st.tuples(st.sampled_from(["", "A", "B", "C"]), st.dictionaries(st.sampled_from("xyz"), st.integers(1, 5))),
    max_size=40,
)


@pytest.fixture
def climate_round(session, registry, cast, now):
    """Return a function that makes a round and has so many people of each group answer; `silent` more do not."""

    def make(groups, *, chosen=4, silent=0, at=now, leave_out=()):
        until = (at + WEEK).date()
        survey = surveys.create(session, cast.hana, SurveyKind.CLIMATE, title="Climate", until=until, now=at)
        content = registry.surveys.climate
        number = session.query(SurveyPlace).count()
        for group, n in groups.items():
            for answers in [True] * n + [False] * silent:
                number += 1
                place = asked(session, cast, survey, f"P{number}", group=group, now=at)
                values = {each.code: chosen for each in content.statement if each.code not in leave_out}
                if answers:
                    assert climate.count_in(session, place, values, survey=content, now=at)
        return survey

    return make


def asked(session, cast, survey, name, *, group="", now):
    invitee = Invitee(name, f"{name.lower()}@people.example")
    return survey_places.invite(session, cast.hana, survey, invitee, group=group, now=now)


def groups_in(session, survey):
    session.flush()
    rows = session.execute(
        select(SurveyCount.group, SurveyCount.n).where(SurveyCount.round_id == survey.id, SurveyCount.code == "cli-01")
    )
    return {row.group: row.n for row in rows}


@given(SHEETS)
def test_no_sum_and_no_difference_of_what_is_kept_is_about_fewer_than_five(sheets):
    cells: dict[tuple[str, str], Counter[int]] = {}
    for group, values in sheets:
        for code, value in values.items():
            cells.setdefault((group, code), Counter())[value] += 1
    found = kept(cells)
    for code in "xyz":
        sizes = [sum(values.values()) for (_group, each), values in found.items() if each == code]
        assert all(size >= 5 for size in sizes)  # disjoint parts: whatever is added up or taken away is made of these
        everybody = sum(code in values for _group, values in sheets)
        assert everybody - sum(sizes) < 5  # and nothing is thrown away that might be kept
    assert {group for group, _code in found} <= {group for group, _values in sheets} | {""}


def test_small_groups_are_put_together_or_thrown_away(session, cast, climate_round, now):
    together = climate_round({"Desk": 6, "Bar": 3, "Spa": 2})
    too_few = climate_round({"Desk": 6, "Bar": 3})
    for survey in (together, too_few):
        surveys.close(session, cast.hana, survey, now=now)
    assert groups_in(session, together) == {"Desk": 6, "": 5}
    assert groups_in(session, too_few) == {"Desk": 6}


def test_after_closing_nothing_says_who_has_answered_nor_in_which_order(session, registry, cast, climate_round, now):
    survey = climate_round({"Desk": 6}, silent=2)
    places = select(SurveyPlace.submitted_at).where(SurveyPlace.round_id == survey.id)
    assert len([day for day in session.scalars(places) if day]) == 6
    surveys.close(session, cast.hana, survey, now=now)
    assert set(session.scalars(places)) == {None}
    place = "rowid" if session.get_bind().dialect.name == "sqlite" else "ctid"  # of a row in the file
    rows = select(SurveyCount.group, SurveyCount.code, SurveyCount.value).order_by(literal_column(place))
    found = session.execute(rows).all()
    assert len(found) == len(registry.surveys.climate.statement)
    assert found == sorted(found)


def test_nothing_in_the_whole_database_differs_by_who_gave_which_answers(session, registry, cast, climate_round, now):
    """Two people swap their answers: every table says the same afterwards, ids included."""
    content = registry.surveys.climate
    high, low = ({each.code: value for each in content.statement} for value in (5, 1))
    session.commit()

    def everything_after(first, second):
        count_from(session, 10_000)
        survey = climate_round({"Desk": 5})
        ada, ben = (asked(session, cast, survey, name, group="Desk", now=now) for name in ("Ada", "Ben"))
        for place, values in ((ada, first), (ben, second)):
            token = survey_places.copy_link(session, cast.hana, place, now=now)
            survey_places.redeem(session, token, now=now)
            assert climate.count_in(session, place, values, survey=content, now=now)
        session.flush()
        found = contents(session)
        session.rollback()
        return found

    one, other = everything_after(high, low), everything_after(low, high)
    assert len(one) > 40  # tables
    assert len(one["survey_counts"]) == 3 * len(content.statement)
    assert one == other


def count_from(session, number):
    """Have PostgreSQL give the same ids again: unlike on SQLite, what is rolled back has used them up."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval(sequencename::regclass, :number) FROM pg_sequences"), {"number": number})


@pytest.fixture
def at_the_desk(session, cast, climate_round, now):
    """The ids of a climate survey that five have answered, and of the places of those who have not yet."""
    survey = climate_round({"Desk": 5})
    late = [asked(session, cast, survey, f"Late{number}", group="Desk", now=now).id for number in range(N)]
    return survey.id, late


@pytest.fixture
def count_in(registry, at_the_desk, now):
    """Return a function that counts the sheet of one of them in."""

    def count_in(session, number=0):
        content = registry.surveys.climate
        values = {each.code: 1 + number % 5 for each in content.statement}
        place = session.get_one(SurveyPlace, at_the_desk[1][number])
        return climate.count_in(session, place, values, survey=content, now=now)

    return count_in


@pytest.fixture
def close(at_the_desk, cast, now):
    """Return a function that closes the survey."""
    hana = cast.hana.id

    def close(session):
        surveys.close(session, session.get_one(User, hana), session.get_one(SurveyRound, at_the_desk[0]), now=now)

    return close


def figures(session, survey_id):
    """How many of the desk have answered each statement."""
    cells = survey_closing.cells_of(session, session.get_one(SurveyRound, survey_id))
    return {(group, code): sum(values.values()) for (group, code), values in cells.items()}


def test_sheet_that_is_being_counted_when_a_survey_is_closed_is_counted_whole(
    session, at_the_desk, count_in, close, meanwhile
):
    assert meanwhile(count_in, close) is None
    assert set(figures(session, at_the_desk[0]).values()) == {6}


def test_sheet_that_comes_while_a_survey_is_closed_is_late_and_changes_no_figure(
    session, at_the_desk, count_in, close, meanwhile
):
    assert isinstance(meanwhile(close, count_in), InvitationExpired)
    assert set(figures(session, at_the_desk[0]).values()) == {5}
    assert set(session.scalars(select(SurveyPlace.submitted_at))) == {None}


def test_however_sheets_and_closing_fall_together_none_is_counted_by_half(
    session, registry, at_the_desk, count_in, close, at_once
):
    survey = at_the_desk[0]

    def do(session, number):
        close(session) if number == N // 2 else count_in(session, number)
        return figures(session, survey) if number == N // 2 else number

    found = at_once(do)
    (at_closing,) = [each for each in found if isinstance(each, dict)]
    counted = [each for each in found if isinstance(each, int)]
    assert all(isinstance(each, (dict, int, InvitationExpired)) for each in found)
    assert len(at_closing) == len(registry.surveys.climate.statement)
    assert set(at_closing.values()) == {5 + len(counted)}
    assert figures(session, survey) == at_closing
    assert session.query(AuditEvent).filter_by(action="survey.closed").count() == 1


def test_survey_whose_last_day_is_put_off_is_not_closed_by_a_worker_that_saw_it_over(
    session, cast, climate_round, meanwhile, now
):
    survey = climate_round({"Desk": 4})
    over, hana, survey_id = survey.closes_at, cast.hana.id, survey.id

    def extend(session):
        user, found = session.get_one(User, hana), session.get_one(SurveyRound, survey_id)
        surveys.extend(session, user, found, (over + WEEK).date(), now=over)

    meanwhile(extend, lambda session: survey_closing.end_due(session, now=over))
    assert (survey.closed_at, survey.closes_at > over) == (None, True)


def test_survey_that_hr_and_a_worker_close_at_once_is_closed_once(session, at_the_desk, close, meanwhile, now):
    survey = session.get_one(SurveyRound, at_the_desk[0])
    survey.closes_at = now
    meanwhile(close, lambda session: survey_closing.end_due(session, now=now + WEEK))
    assert survey.closed_at == now
    assert session.query(AuditEvent).filter_by(action="survey.closed").count() == 1


def contents(session):
    """Return the rows of every table but for what is drawn by lot, in no order."""
    connection, metadata = session.connection(), MetaData()
    metadata.reflect(connection)
    found = {}
    for name, table in metadata.tables.items():
        columns = [column for column in table.c if column.name not in ("public_id", "token_hash")]
        found[name] = sorted(map(repr, connection.execute(select(*columns))))
    return found


def test_what_is_closed_takes_no_sheet_and_is_never_opened_again(session, registry, cast, climate_round, now):
    survey = climate_round({"Desk": 5})
    late = asked(session, cast, survey, "Late", group="Desk", now=now)
    surveys.close(session, cast.hana, survey, now=now)
    with pytest.raises(InvitationExpired):
        climate.count_in(session, late, {"cli-01": 1}, survey=registry.surveys.climate, now=now)
    with pytest.raises(Refused, match="stays closed"):
        surveys.extend(session, cast.hana, survey, (now + 2 * WEEK).date(), now=now)
    before = groups_in(session, survey)
    survey_closing.end(session, survey, now=now + WEEK)
    assert groups_in(session, survey) == before


def test_surveys_shown_in_common_are_closed_once_their_last_day_is_over(session, cast, climate_round, now):
    survey = climate_round({"Desk": 5})
    until = (now + WEEK).date()
    job = surveys.create(session, cast.hana, SurveyKind.LEADER, title="Later", until=until + WEEK, now=now)
    assert survey_closing.end_due(session, now=survey.closes_at - timedelta(seconds=1)) == 0
    with pytest.raises(NotFound):
        climate_results.climate_of(session, cast.hana, survey, None)
    assert survey_closing.end_due(session, now=survey.closes_at) == 1
    assert (survey.closed_at, job.closed_at) == (survey.closes_at, None)
    assert survey_closing.end_due(session, now=survey.closes_at) == 0


def test_ratings_of_somebody_s_work_are_closed_two_weeks_after_their_last_day(session, registry, cast, now):
    position, until = factories.position(session, registry, cast.hana, now=now), (now + WEEK).date()
    way = {"position": position, "until": until, "now": now}
    rita = factories.assignment(session, registry, cast.hana, name="Rita", now=now).person
    rated = surveys.create(session, cast.hana, SurveyKind.PERFORMANCE, title="Work", rated=[rita], **way)
    job = surveys.create(session, cast.hana, SurveyKind.JOB, title="Job", **way)
    due = rated.closes_at + timedelta(days=14)
    assert survey_closing.end_due(session, now=due - timedelta(seconds=1)) == 0
    assert survey_closing.end_due(session, now=due) == 1
    assert (rated.closed_at, job.closed_at) == (due, None)


def test_how_many_have_answered_is_told_in_steps_until_it_is_closed(session, cast, climate_round, now):
    survey = climate_round({"Desk": 8}, silent=1)
    assert survey_lists.progress_of(session, cast.hana, survey) == Progress(9, None, 5, at_least=True)
    surveys.close(session, cast.hana, survey, now=now)
    assert survey_lists.progress_of(session, cast.hana, survey) == Progress(9, None, 8)
    few = climate_round({"Desk": 4})
    surveys.close(session, cast.hana, few, now=now)
    assert survey_lists.progress_of(session, cast.hana, few) == Progress(4, None, None)
