"""A person's page over the years: everything that was asked and what came of it, and which results can be compared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import (
    Basis,
    NormGroup,
    Outcome,
    ParameterSet,
    Result,
    RosterKind,
    ShortlistEntry,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
)
from assess.services import decisions, person_history, person_trends, readers, reporting, results, rosters
from assess.services.person_trends import trend_of
from tests import factories

YEAR = timedelta(days=365)
ZONE = "Europe/Berlin"


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's newest attempt."""
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def earlier(session, cora):
    """Return a function that gives Cora the same result some time ago, but for her position on the first scale."""

    def make(ago, by=0.0):
        attempt = factories.earlier(session, cora, ago)
        row = session.query(Result).filter_by(attempt_id=attempt.id).one()
        row.theta = [row.theta[0] + by, *row.theta[1:]]
        session.flush()
        return row

    return make


@pytest.fixture
def trend(session, registry, cast, cora):
    def trend():
        session.expire_all()
        rows = person_history.results_of(session, cast.hana, cora.assignment.person)
        return trend_of([results.read(row, registry) for row in rows], ZONE)

    return trend


def test_results_go_from_the_oldest_to_the_newest_each_with_the_change_since_the_one_before(cora, earlier, trend):
    earlier(2 * YEAR)
    earlier(YEAR, by=-2.0)
    found = trend()
    days = [(cora.submitted_at - ago).date() for ago in (2 * YEAR, YEAR, 0 * YEAR)]
    assert [step.day for step in found.steps] == days
    verdicts = [[change.verdict for change in step.changes] for step in found.steps]
    assert verdicts[0] == []
    assert verdicts[1] == ["reliably down"] + 5 * ["no reliable change"]
    assert verdicts[2] == ["reliably up"] + 5 * ["no reliable change"]
    assert found.refusals == ()


def test_what_is_measured_or_compared_otherwise_is_left_out_with_the_reason(session, earlier, trend, now):
    other, norm, same_day, kept = (earlier(ago) for ago in (3 * YEAR, 2 * YEAR, timedelta(minutes=1), YEAR))
    values = {each.key: getattr(other.parameter_set, each.key) for each in ParameterSet.__mapper__.column_attrs}
    content = {**values["content"], "version": "another"}
    other.parameter_set = ParameterSet(**values | {"id": None, "checksum": "other", "content": content})
    norm.norm_group = NormGroup(
        edition="general", name="Staff", version="1", source="Test", n=900, collected=now.date(), created_at=now,
        scales={each.scale: [0.0, 1.0] for each in norm.scales},
    )  # fmt: skip
    kept_day, refused = (
        kept.attempt.submitted_at.date(),
        {r.attempt.submitted_at.date() for r in (other, norm, same_day)},
    )
    session.flush()
    found = trend()
    assert [step.day for step in found.steps][:-1] == [kept_day]
    assert {day for day, _ in found.refusals} == refused
    assert {why for _, why in found.refusals} == {
        "it was scored with other parameters, so its scores are on another scale.",
        person_trends.WhyNot.OTHER_NORM,
        person_trends.WhyNot.SAME_DAY,
    }


def test_one_result_makes_no_change(cora, trend):
    assert [step.changes for step in trend().steps] == [()]
    assert trend_of([], ZONE) == person_trends.Trend((), ())


def test_history_holds_everything_but_answers(session, registry, cast, cora, now):
    assignment, person = cora.assignment, cora.assignment.person
    decisions.record(session, cast.hana, assignment, Outcome.RESERVE, "A good talk", bases=[Basis.INTERVIEW], now=now)
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    session.add(ShortlistEntry(assignment=assignment, user_id=cast.hana.id, added_at=now))
    team = rosters.create(session, cast.hana, RosterKind.TEAM, "Night", position=None, now=now)
    rosters.add(session, cast.hana, team, [person], now=now)
    for kind in (SurveyKind.PERSPECTIVE, SurveyKind.CLIMATE, SurveyKind.LEADER):
        asked = SurveyRound(
            organization_id=cast.acme.id, kind=kind, title=kind.value, closes_at=now, time_zone=ZONE, created_at=now
        )
        session.add(
            SurveyPlace(organization_id=cast.acme.id, round=asked, person=person, created_at=now, submitted_at=now)
        )
    ids = {"user_id": cast.hana.id, "assignment_id": assignment.id, "organization_id": cast.acme.id}
    readers.note(session, **ids, now=now)
    session.commit()
    found = person_history.history_of(session, cast.hana, person, now=now)
    assert [row.assignment for row in found.assessments] == [assignment]
    assert [(taken.by, taken.decision.reasons, taken.assignment) for taken in found.decisions] == [
        ("Hana", "A good talk", assignment)
    ]
    assert report in found.reports
    assert found.shortlisted == [assignment]
    assert [member.roster for member in found.rosters] == [team]
    answered = {each.place.round.kind: each.has_answered for each in found.surveys}
    assert answered == {SurveyKind.PERSPECTIVE: True, SurveyKind.CLIMATE: None, SurveyKind.LEADER: None}
    assert [reading.name for reading in found.readings] == ["Hana"]


def test_page_takes_a_constant_number_of_queries(session, registry, cast, cora, earlier, now, count_queries):
    counts = []
    for years in ([1], [2, 3, 4]):
        for year in years:
            row = earlier(year * YEAR)
            decisions.record(
                session,
                cast.hana,
                row.attempt.assignment,
                Outcome.RESERVE,
                f"In {year}",
                bases=[Basis.INTERVIEW],
                now=now,
            )
        session.commit()
        session.expire_all()
        person = cora.assignment.person
        cast.hana.roles, person.organization.name  # noqa: B018 -- read before, as a request does
        with count_queries() as counter:
            rows = person_history.results_of(session, cast.hana, person)
            assert all(results.read(row, registry).match for row in rows)
            history = person_history.history_of(session, cast.hana, person, now=now)
            assert all(taken.assignment.campaign.name for taken in history.decisions)
        counts.append(counter.count)
    assert (len(rows), len(history.decisions)) == (5, 4)
    assert counts[0] == counts[1]
