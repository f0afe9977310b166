"""The figures of a climate survey and of leaders together: what they add up, and of whom they say nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotFound
from assess.models import SurveyKind, SurveyPlace
from assess.services import climate, climate_results, climate_summaries, erasure, survey_places, surveys
from assess.services.climate_results import Tally
from assess.services.invitations import Invitee

WEEK = timedelta(days=7)


@pytest.fixture
def closed(session, registry, cast, now):
    """Return a function that makes a closed climate round of sheets, each with its group and its choices."""

    def make(sheets, *, title="Climate", at=now):
        survey = surveys.create(session, cast.hana, SurveyKind.CLIMATE, title=title, until=(at + WEEK).date(), now=at)
        for number, (group, values) in enumerate(sheets):
            place = asked(session, cast, survey, number, group=group, now=at)
            if values:
                climate.count_in(session, place, values, survey=registry.surveys.climate, now=at)
        surveys.close(session, cast.hana, survey, now=at + timedelta(days=1))
        return survey

    return make


@pytest.fixture
def self_checks(session, registry, cast, now):
    """Return a function that makes a closed round in which leaders have chosen the same for every statement."""

    def make(*choices, left_out=()):
        survey = surveys.create(
            session, cast.hana, SurveyKind.LEADER, title="Leaders", until=(now + WEEK).date(), now=now
        )
        for number, choice in enumerate(choices):
            place = asked(session, cast, survey, number, now=now)
            codes = [each.code for each in registry.surveys.leader.statement if each.code not in left_out]
            surveys.save(session, place, {(None, code): choice for code in codes}, now=now)
            surveys.submit(session, place, now=now)
        surveys.close(session, cast.hana, survey, now=now)
        return survey

    return make


def asked(session, cast, survey, number, *, group="", now):
    invitee = Invitee(f"P{number}", f"p{number}@people.example")
    return survey_places.invite(session, cast.hana, survey, invitee, group=group, now=now)


@pytest.fixture
def read(session, registry, cast):
    def result(survey, **chosen):
        return climate_results.climate_of(session, cast.hana, survey, registry.surveys.climate, **chosen)

    return result


def line(found, code):
    return next(each for area in found.areas for each in area.lines if each.code == code)


def test_answers_are_spread_by_statement_area_and_group(closed, read):
    desk = [{"cli-01": 5, "cli-02": 1}] * 4 + [{"cli-01": 3, "cli-02": 4}]
    spa = [{"cli-01": 4, "cli-02": 4}] * 5
    found = read(closed([("Desk", each) for each in desk] + [("Spa", each) for each in spa] + [("Spa", None)]))
    assert (found.asked, found.n) == (11, 10)
    assert line(found, "cli-01").whole == Tally(9, 1, 0, pytest.approx(4.3))
    assert line(found, "cli-03").whole is None
    assert found.areas[0].whole == Tally(15, 1, 4, pytest.approx((43 + 28) / 20))
    assert [(group.name, group.n, group.asked) for group in found.groups] == [("Desk", 5, 5), ("Spa", 5, 6)]
    assert found.groups[0].areas["culture"].agree == 5
    assert "systems" not in found.groups[0].areas


def test_one_group_stands_beside_the_whole_and_small_ones_nowhere(closed, read):
    sheets = [("Desk", {"cli-01": 5, "cli-02": 5})] * 4 + [("Desk", {"cli-01": 5})]
    survey = closed([*sheets, *[("Bar", {"cli-01": 1, "cli-02": 1})] * 3])
    found = read(survey, group="Desk")
    assert line(found, "cli-01").group == line(found, "cli-01").whole == Tally(5, 0, 0, 5.0)  # the bar is not in it
    assert line(found, "cli-02").group is None  # four of the desk
    assert line(found, "cli-02").whole.n == 7  # four and three
    for hidden in ("Bar", "Elsewhere"):
        with pytest.raises(NotFound):
            read(survey, group=hidden)


def test_round_is_compared_with_the_one_closed_before_where_statements_are_the_same(closed, read, now):
    closed([("", {"cli-01": 2, "cli-09": 2})] * 5, title="First")
    closed([("", {"cli-01": 1, "cli-09": 1})] * 6, title="Second", at=now + WEEK)
    found = read(closed([("", {"cli-01": 4, "cli-09": 4, "cli-10": 4})] * 5, at=now + 2 * WEEK))
    assert found.before.title == "Second"
    assert line(found, "cli-01").before == Tally(0, 0, 6, 1.0)
    assert line(found, "cli-10").before is None
    culture, systems, _skills = found.areas
    assert culture.before == Tally(0, 0, 6, 1.0)
    assert systems.before is None  # now of two statements, then of one


def test_erasing_somebody_changes_no_figure(session, closed, read, cast, now):
    survey = closed([("Desk", {"cli-01": 4})] * 6)
    before = read(survey)
    person = session.query(SurveyPlace).filter_by(round_id=survey.id).first().person
    erasure.erase(session, [person], actor="worker", now=now)
    after = read(survey)
    assert after.areas == before.areas
    assert (after.asked, after.n, after.groups[0].asked) == (6, 6, None)


def test_leaders_are_shown_from_five_on_and_only_together(session, registry, cast, self_checks, now):
    content = registry.surveys.leader

    def themes(survey, user=cast.hana):
        return climate_results.themes_of(session, user, survey, content)

    assert themes(self_checks(1, 2, 3, 4)) == []
    five = self_checks(1, 2, 3, 4, 5, left_out=["lea-20"])
    found = themes(five)
    assert [(each.code, each.mean, each.n) for each in found] == [
        (code, 3.0, 5) for code in ("example", "thanks", "time", "rewards")
    ]
    person = session.query(SurveyPlace).filter_by(round_id=five.id).first().person
    erasure.erase(session, [person], actor="worker", now=now)
    assert themes(five) == found


def test_queries_are_as_many_for_many_groups_as_for_one(closed, read, count_queries, session):
    def queries(survey):
        session.flush()
        session.expire_all()
        with count_queries() as counted:
            read(survey)
        return counted.count

    one = closed([("Desk", {"cli-01": 4})] * 5)
    many = closed([(f"G{number // 5}", {"cli-01": 4}) for number in range(40)])
    assert queries(one) == queries(many)


def test_company_s_report_has_the_newest_of_both_or_what_there_is(session, registry, cast, closed, self_checks, now):
    def newest(user=cast.hana):
        return climate_summaries.newest(session, user, registry)

    assert newest() is None
    self_checks(1, 2)
    assert newest() is None
    closed([("Desk", {"cli-01": 4})] * 4 + [("Desk", {"cli-01": 1})] + [("", {"cli-01": 1})] * 5)
    found = newest()
    assert [(each.code, each.share, each.n_groups, each.n_people) for each in found.areas] == [("culture", 0.4, 1, 10)]
    assert (found.leaders, found.leaders_closed) == ((), "")
    self_checks(4, 4, 4, 4, 4)
    closed([("Desk", {"cli-01": 4})] * 2, at=now + WEEK)  # newer, with nothing to show
    found = newest()
    assert found.leaders[0].mean == 4.0
    assert (found.areas[0].n_people, found.climate_closed, found.simulated) == (10, "2026-06-02", False)
    session.query(SurveyPlace).first().person.is_simulated = True  # a leader, or of the desk: the same people
    assert newest().simulated
    assert newest(cast.otto) is None
