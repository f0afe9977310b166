"""Reports are asked for, made by a job, kept, and say why when they cannot be made."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import Feedback, ReportFile
from assess.services import attempts, database, invitations, jobs, reporting, workshop
from reports.rendering import RenderingFailed
from tests import factories


@pytest.fixture
def assignment(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


def test_report_is_queued_once_however_often_it_is_asked_for(session, registry, cast, assignment, now):
    first = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    later = now + timedelta(hours=1)
    assert reporting.request(session, cast.hana, assignment, "hiring", registry, now=later) is first
    session.flush()
    assert len(jobs.waiting(session, "make-report")) == 1


def test_changed_name_makes_a_new_report(session, registry, cast, assignment, now):
    first = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    assignment.person.name = "Cora Newname"
    assert reporting.request(session, cast.hana, assignment, "hiring", registry, now=now) is not first


def test_draft_is_the_same_each_time_and_dated_on_the_request(session, registry, cast, assignment, now):
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    html, dated = reporting.draft(report, registry, factories.SEALER)
    assert dated == now
    assert reporting.draft(report, registry, factories.SEALER)[0] == html
    assert report.reference in html


def test_stored_bytes_keep_their_hash_and_are_not_replaced(session, registry, cast, assignment, now):
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    with pytest.raises(Refused, match="still being made"):
        reporting.content(session, report, actor="user:1", now=now)
    reporting.store(session, report, b"%PDF first", now=now)
    reporting.store(session, report, b"%PDF second", now=now)
    assert reporting.content(session, report, actor="user:1", now=now) == b"%PDF first"
    assert report.sha256 == hashlib.sha256(b"%PDF first").hexdigest()


def test_unfinished_attempt_says_why_there_is_no_report(session, engine, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    with pytest.raises(Refused, match="has not begun yet"):
        reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    attempt = factories.attempt(session, registry, engine, cast.hana, assignment=assignment, now=now)
    with pytest.raises(Refused, match="has not handed the answers in"):
        reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    attempts.submit(session, attempt, registry.newest("general"), now=now)
    with pytest.raises(Refused, match="being scored"):
        reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)


def test_unscorable_attempt_says_why_there_is_no_report(session, engine, registry, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, values={"foc-cn4": 4}, now=now)
    with pytest.raises(Refused, match="too few statements"):
        reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    assert session.query(ReportFile).count() == 0


def test_unknown_kind_is_not_found(session, registry, cast, assignment, now):
    with pytest.raises(NotFound):
        reporting.request(session, cast.hana, assignment, "horoscope", registry, now=now)


def test_others_make_no_reports(session, registry, cast, assignment, now):
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            reporting.request(session, colleague, assignment, "hiring", registry, now=now)


def test_person_s_own_report_waits_for_its_release(session, engine, registry, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, feedback=Feedback.ON_RELEASE, now=now)
    with pytest.raises(NotFound):
        reporting.request_own(session, attempt.assignment, registry, now=now)
    invitations.release(session, cast.hana, attempt.assignment, now=now)
    assert reporting.request_own(session, attempt.assignment, registry, now=now).kind == "individual"


def test_person_s_own_report_is_in_the_language_that_they_chose_or_else_were_asked_in(
    session, engine, registry, cast, now
):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    attempt.language = "es"
    for chosen, language in (("", "es"), ("ar", "ar")):
        attempt.assignment.person.language = chosen
        report = reporting.request_own(session, attempt.assignment, registry, now=now)
        assert report.language == language
    assert reporting.own_report(session, attempt.assignment) is report


def test_own_report_is_the_newest_in_the_language_of_the_page_if_there_is_one(session, engine, registry, cast, now):
    assignment = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    spanish, english = (
        reporting.request_own(session, assignment, registry, language=language, now=now) for language in ("es", "en")
    )
    found = {each: reporting.own_report(session, assignment, language=each) for each in ("es", "en", "ar", "")}
    assert found == {"es": spanish, "en": english, "ar": english, "": english}


def test_hiring_report_is_never_the_person_s_own(session, registry, cast, assignment, now):
    reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    assert reporting.own_report(session, assignment) is None


def test_failed_report_is_tried_again_when_it_is_asked_for_again(session, registry, cast, assignment, now):
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    workshop.regret_report(session, report_id=report.id, error=RuntimeError(), now=now)
    assert "could not be made" in report.failure
    assert reporting.request(session, cast.hana, assignment, "hiring", registry, now=now) is report
    assert report.failure is None
    session.flush()
    assert len(jobs.waiting(session, "make-report")) == 2


def test_everything_that_a_report_says_decides_whether_it_is_a_new_one(session, registry, cast, assignment, now):
    first = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    assignment.organization.retention_months = 6
    second = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    assert second is not first
    assert second.expires_at < first.expires_at


def test_poison_report_is_given_up_after_three_tries_with_its_reason(session, engine, registry, cast, assignment, now):
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    session.commit()
    tried = []

    def poison(html, made_at):
        tried.append(made_at)
        raise RenderingFailed("Making this report took longer than 20 seconds, so it was stopped.")

    shop = factories.shop(registry, render=poison)
    sessions = sessionmaker(database.writing(engine))
    ours, theirs = ("jobs", "due_at"), ("procrastinate_jobs", "scheduled_at")
    table, column = ours if engine.dialect.name == "sqlite" else theirs
    for _ in range(5):
        jobs.drain(sessions, shop.kinds(), clock=lambda: datetime.now(UTC))
        with sessions.begin() as other:  # nobody waits for the next try
            other.execute(text(f"UPDATE {table} SET {column} = NULL"))  # noqa: S608
    assert tried.count(now) == 3  # the person's own report, which scoring asks for, bears another moment
    session.refresh(report)
    assert "took longer than 20 seconds" in report.failure
    assert not report.is_ready
    assert jobs.waiting(session, "make-report") == []
