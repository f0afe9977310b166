"""How long talks and plans are kept: as long as everything else, each from its own time on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assess.models import CheckIn, CoachingGoal, CoachingPlan, Person
from assess.services import assignments, caseload, retention
from tests.services import coachees

OVER = datetime(2028, 6, 2, tzinfo=UTC)  # 24 months after 1 June 2026, that day being over
DAY = timedelta(days=1)


@pytest.fixture
def cora(session, cast, now):
    return coachees.person(session, cast.acme, now=now)


def left(session, kind):
    session.flush()
    session.expire_all()
    return list(session.query(kind).order_by(kind.id))


def test_somebody_known_from_coaching_alone_is_erased_when_its_time_is_over(session, cast, cora, now):
    caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    assert retention.enforce(session, now=OVER - DAY).people == 0
    assert retention.enforce(session, now=OVER).people == 1


@pytest.mark.parametrize("what", ["coaching", "plan", "talk"])
def test_what_is_new_in_coaching_keeps_the_person(session, cast, cora, now, what):
    caseload.assign(session, cast.hana, cora, cast.cole, now=OVER - 9 * DAY if what == "coaching" else now)
    if what == "plan":
        coachees.plan(session, cast.cole, cora, now=OVER - 9 * DAY)
    elif what == "talk":
        coachees.talk(session, cast.cole, cora, planned_for=OVER + DAY, now=OVER - 9 * DAY)
    assert retention.enforce(session, now=OVER).people == 0
    assert left(session, Person)[0].name == "Cora Candidate"


def test_old_talks_go_with_their_notes_and_newer_ones_stay(session, cast, cora, now):
    kept = assignments.kept_from(cast.acme, now=OVER)
    for days in (-400, -1, 1):
        notes = {"held_at": kept + days * DAY, "shared_notes": "Calm", "private_notes": "Tired"}
        coachees.talk(session, cast.cole, cora, planned_for=kept + days * DAY, now=kept, **notes)
    retention.enforce(session, now=OVER)
    assert [each.planned_for for each in left(session, CheckIn)] == [kept + DAY]


def test_old_plans_go_and_one_that_is_open_stays_until_its_days_are_long_over(session, cast, cora, now):
    kept = assignments.kept_from(cast.acme, now=OVER)
    caseload.assign(session, cast.hana, cora, cast.cole, now=OVER)
    for title, closed in (("Long ago", kept - DAY), ("Lately", kept + DAY), ("Open", None)):
        coachees.plan(session, cast.cole, cora, title, days=1000, now=now).closed_at = closed
    coachees.plan(session, cast.cole, cora, "Forgotten", days=-1, now=now).closed_at = None
    retention.enforce(session, now=OVER)
    assert [each.title for each in left(session, CoachingPlan)] == ["Lately", "Open"]
    assert len(left(session, CoachingGoal)) == 2


def test_each_organisation_keeps_them_as_long_as_it_says(session, cast, cora, now):
    cast.acme.retention_months = 120
    otto = coachees.person(session, cast.birch, "Olga Other", now=OVER)
    for person in (cora, otto):
        coachees.talk(session, cast.cole, person, planned_for=now - DAY, held_at=now, now=now)
    retention.enforce(session, now=OVER)
    assert [each.person for each in left(session, CheckIn)] == [cora]
