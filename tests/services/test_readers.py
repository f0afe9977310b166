"""Who has looked at somebody's results: noted when it happens, told as it happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AuditEvent, Role
from assess.services import audit, readers, reporting
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's assignment, handed in and scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


def look(session, user, assignment, now):
    """Do what a page does on which a result stands."""
    if readers.not_noted(session, user, [assignment], now=now):
        ids = {"user_id": user.id, "assignment_id": assignment.id, "organization_id": user.organization_id}
        readers.note(session, **ids, now=now)
    session.commit()


def test_nobody_has_looked_before_somebody_did(session, cora):
    assert readers.readings_of(session, cora.person) == []


def test_reader_is_named_once_a_day(session, cast, cora, now):
    for moment in (now, now + timedelta(hours=3), now + DAY):
        look(session, cast.hana, cora, moment)
    found = readers.readings_of(session, cora.person)
    assert [(each.at, each.name, each.roles, each.report) for each in found] == [
        (now + DAY, "Hana", frozenset({Role.HR}), None),
        (now, "Hana", frozenset({Role.HR}), None),
    ]
    assert session.query(AuditEvent).filter_by(action="result.read").count() == 2


def test_day_is_that_of_the_organisation(session, cast, cora, now):
    late = now.replace(hour=21, minute=59)  # a minute before midnight in Berlin
    look(session, cast.hana, cora, late)
    assert not readers.not_noted(session, cast.hana, [cora], now=late)
    assert readers.not_noted(session, cast.hana, [cora], now=late + timedelta(minutes=2))


def test_each_reader_is_named(session, registry, cast, cora, now):
    hugo = factories.user(session, cast.acme, "hugo", Role.HR, now=now)
    look(session, cast.hana, cora, now)
    look(session, hugo, cora, now)
    assert {each.name for each in readers.readings_of(session, cora.person)} == {"Hana", "Hugo"}


def test_taken_reports_are_told_but_not_one_s_own(session, registry, cast, cora, now):
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    for actor in (f"user:{cast.hana.id}", "person", f"user:{cast.hana.id}"):
        reporting.content(session, report, actor=actor, now=now)
    session.commit()
    assert [(each.name, each.report) for each in readers.readings_of(session, cora.person)] == [("Hana", "hiring")]
    assert session.query(AuditEvent).filter_by(action="report.read").count() == 3


def test_deleted_report_is_still_told_of(session, registry, cast, cora, now):
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    reporting.content(session, report, actor=f"user:{cast.hana.id}", now=now)
    session.delete(report)
    session.commit()
    assert [each.report for each in readers.readings_of(session, cora.person)] == ["hiring"]


def test_what_release_0_1_0_noted_counts_too(session, registry, cast, cora, now):
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    subject, mine = f"report:{report.id}", cora.organization_id
    audit.record(session, f"user:{cast.hana.id}", "report.read", subject, organization_id=mine, now=now)
    session.commit()
    assert [each.report for each in readers.readings_of(session, cora.person)] == ["hiring"]


def test_what_was_read_about_others_is_not_told(session, registry, engine, cast, cora, now):
    dora = factories.scored(session, registry, engine, cast.hana, name="Dora Other", now=now).assignment
    look(session, cast.hana, dora, now)
    assert readers.readings_of(session, cora.person) == []
