"""What is kept, for how long, and what is left of a person afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from assess.errors import LinkClosed, NotScorable, Refused
from assess.models import (
    AccessLink,
    Assignment,
    AuditEvent,
    Base,
    Basis,
    Job,
    LinkPurpose,
    Mail,
    Organization,
    Outcome,
    Person,
    RateLimit,
    ReportFile,
    Result,
    UserSession,
)
from assess.services import (
    accounts,
    asking,
    assignments,
    audit,
    decisions,
    invitations,
    limits,
    links,
    mail,
    reporting,
    results,
    retention,
    sent_forms,
)
from assess.services.assignments import State
from assess.services.retention import Counts
from tests import factories

SECOND = timedelta(seconds=1)
OVER = datetime(2028, 6, 2, tzinfo=UTC)  # 24 months after 1 June 2026, that day being over


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's assignment, handed in and scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


@pytest.fixture
def report(session, registry, cast, cora, now):
    """The hiring report on Cora."""
    found = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    reporting.store(session, found, b"%PDF", now=now)
    return found


@pytest.mark.parametrize("months", [1, 6, 12, 24, 120])
def test_data_are_kept_through_the_day_that_people_are_told(months):
    organization = Organization(retention_months=months)
    for number in range(3 * 366):
        day = date(2023, 12, 1) + timedelta(days=number)
        last = assignments.retention_until(Assignment(created_at=midnight(day)), organization)
        is_over = midnight(last) + timedelta(days=1)
        for made in (midnight(day), midnight(day) + timedelta(days=1) - SECOND):
            assert made >= assignments.kept_from(organization, now=is_over - SECOND), day
            assert made < assignments.kept_from(organization, now=is_over), day


def midnight(day):
    return datetime.combine(day, time.min, UTC)


def test_person_is_erased_when_the_last_day_is_over(session, cora):
    assert retention.enforce(session, now=OVER - SECOND).people == 0
    assert cora.person.name == "Cora Candidate"
    assert retention.enforce(session, now=OVER).people == 1
    assert assignments.row_of(session, cora, now=OVER).state is State.ERASED


def test_nothing_that_says_who_they_were_is_left_in_the_database(session, cast, registry, cora, report, now):
    person = cora.person
    person.phone, person.employee_number, person.language = "+49 30 1234567", "E-4711", "cy"
    person.accommodations = {"note": "uses a Braille display"}
    decisions.record(session, cast.hana, cora, Outcome.HIRE, "Ms Candidate did well", bases=[Basis.INTERVIEW], now=now)
    sent = Mail(kind="invitation", person=person, assignment=cora, created_at=now, sent_at=now)
    sent.last_reply = "250 cora@people.example is fine"
    session.add(sent)
    secret = ("Candidate", "cora@", "+49 30 1234567", "E-4711", "Braille", "%PDF")
    session.commit()
    assert all(word in everything(session) for word in secret)
    retention.enforce(session, now=OVER)
    session.commit()
    said = everything(session)
    assert [word for word in secret if word in said] == ["Candidate"]
    assert said.count("Candidate") == said.count("Job of Cora Candidate")  # a position that this test has named so
    assert (person.language, person.accommodations, person.erased_at) == ("", {}, OVER)


def everything(session):
    tables = [table.name for table in Base.metadata.sorted_tables]
    return "\n".join(str(session.execute(text(f"SELECT * FROM {name}")).all()) for name in tables)  # noqa: S608


def test_answers_and_results_stay_as_they_were(session, registry, cora):
    session.commit()
    row = results.newest_result(session, cora.attempt)
    before = [list(row.theta), asking.current_responses(session, cora.attempt)]
    retention.enforce(session, now=OVER)
    session.commit()
    assert session.scalars(select(Result)).one() is row
    assert [list(row.theta), asking.current_responses(session, cora.attempt)] == before
    assert list(results.differences(session, registry)) == []


def test_links_lead_to_the_answers_no_more(session, cora, now):
    token = factories.take_token(session, cora, now=now)
    cora.expires_at = OVER
    session.execute(AccessLink.__table__.update().values(expires_at=OVER + timedelta(days=1)))
    mine = links.issue(session, LinkPurpose.MY_PAGE, person=cora.person, expires_at=OVER + timedelta(days=1), now=OVER)
    retention.enforce(session, now=OVER)
    with pytest.raises(LinkClosed):
        invitations.find_by_take_token(session, token, now=OVER)
    with pytest.raises(LinkClosed):
        links.find(session, mine, LinkPurpose.MY_PAGE, now=OVER)
    assert invitations.whose_link(session, token) is cora


def test_newer_assignment_keeps_the_person(session, registry, cast, cora):
    later = datetime(2027, 3, 1, tzinfo=UTC)
    newer = factories.assignment(session, registry, cast.hana, with_position=False, now=later)
    assert newer.person is cora.person
    assert retention.enforce(session, now=OVER).people == 0
    assert retention.enforce(session, now=datetime(2029, 3, 2, tzinfo=UTC)).people == 1


def test_assignment_counts_from_the_first_moment_of_its_day(session, registry, cast, cora):
    kept = assignments.kept_from(cast.acme, now=OVER)
    factories.assignment(session, registry, cast.hana, with_position=False, now=kept)
    assert retention.enforce(session, now=OVER).people == 0


def test_each_organisation_keeps_as_long_as_it_says(session, registry, cast, now):
    theirs = factories.assignment(session, registry, cast.otto, now=now)
    ours = factories.assignment(session, registry, cast.hana, now=now)
    cast.birch.retention_months = 6
    assert retention.enforce(session, now=datetime(2026, 12, 2, tzinfo=UTC)).people == 1
    assert theirs.person.erased_at is not None
    assert ours.person.erased_at is None


def test_erasing_is_noted_by_ids_and_the_chain_holds(session, cora):
    retention.enforce(session, now=OVER)
    session.commit()
    (event,) = session.query(AuditEvent).filter_by(action="person.erased")
    assert (event.subject, event.organization_id) == (f"person:{cora.person_id}", cora.organization_id)
    assert event.details == {}
    assert audit.first_broken(session) is None


def test_doing_it_again_does_nothing(session, cora, report):
    assert retention.enforce(session, now=OVER) == Counts(people=1, reports=1, limits=0, sessions=0, links=1, jobs=0)
    assert retention.enforce(session, now=OVER + timedelta(hours=1)) == Counts(0, 0, 0, 0, 0, 0)
    assert cora.person.erased_at == OVER


def test_many_people_are_erased_in_several_calls(session, registry, cast, now, monkeypatch):
    for name, user in (("Ann", cast.hana), ("Ben", cast.hana), ("Cy", cast.hana), ("Di", cast.otto)):
        factories.assignment(session, registry, user, name=name, now=now)
    monkeypatch.setattr(retention, "MOST", 2)
    found = [retention.enforce(session, now=OVER) for _ in range(3)]
    assert [(counts.people, counts.is_complete) for counts in found] == [(2, False), (2, False), (0, True)]


def test_mail_that_waits_is_settled_and_written_to_nobody(session, cast, registry, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    row = invitations.send(session, cast.hana, assignment, now=now)
    assignment.expires_at = OVER + timedelta(days=30)
    retention.enforce(session, now=OVER)
    session.refresh(row)
    assert row.failed_at == OVER
    assert mail.write(session, row, base_url="http://x.example", sender="r@x.example", now=OVER) is None


def test_report_is_deleted_when_its_time_is_over(session, registry, cast, cora, report):
    factories.assignment(session, registry, cast.hana, with_position=False, now=OVER - timedelta(days=300))
    assert report.expires_at == OVER
    assert retention.enforce(session, now=OVER - SECOND).reports == 0
    assert retention.enforce(session, now=OVER).reports == 1
    session.commit()
    assert session.query(ReportFile).count() == 0
    assert session.query(AuditEvent).filter_by(action="report.deleted").one().subject.startswith("report:")
    assert cora.person.erased_at is None


def test_reports_of_an_erased_person_go_with_them_whenever_they_would_expire(session, report):
    report.expires_at = OVER + timedelta(days=300)
    assert retention.enforce(session, now=OVER).reports == 1


def test_report_that_is_being_made_comes_to_nothing(session, registry, cast, cora, now):
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    assert retention.enforce(session, now=OVER).reports == 0
    with pytest.raises(NotScorable, match="have been erased"):
        reporting.draft(report, registry, factories.SEALER)
    reporting.store(session, report, b"%PDF", now=OVER)
    assert (report.content, report.finished_at) == (None, OVER)
    assert "have been erased" in report.failure
    assert retention.enforce(session, now=OVER).reports == 1


def test_nothing_more_is_done_about_an_erased_person(session, registry, cast, cora, report, now):
    other = factories.assignment(session, registry, cast.hana, name="Ann One", now=now)
    other.expires_at = OVER + timedelta(days=30)
    retention.enforce(session, now=OVER)
    for act in (
        lambda: invitations.send(session, cast.hana, other, now=OVER),
        lambda: invitations.copy_link(session, cast.hana, other, now=OVER),
        lambda: invitations.withdraw(session, cast.hana, other, now=OVER),
        lambda: invitations.extend(session, cast.hana, other, date(2030, 1, 1), now=OVER),
        lambda: invitations.release(session, cast.hana, cora, now=OVER),
        lambda: reporting.request(session, cast.hana, cora, "hiring", registry, now=OVER),
        lambda: decisions.record(session, cast.hana, cora, Outcome.HIRE, "Good", bases=[Basis.INTERVIEW], now=OVER),
    ):
        with pytest.raises(Refused, match="have been erased"):
            act()


def test_same_address_is_somebody_new_afterwards(session, registry, cast, cora):
    retention.enforce(session, now=OVER)
    again = factories.assignment(session, registry, cast.hana, with_position=False, now=OVER)
    assert again.person is not cora.person
    assert again.person.name == "Cora Candidate"


def test_somebody_who_was_never_assigned_anything_is_erased_after_the_same_time(session, cast, now):
    session.add(Person(organization=cast.acme, name="Nora Nothing", created_at=now))
    session.flush()
    assert retention.enforce(session, now=OVER - SECOND).people == 0
    assert retention.enforce(session, now=OVER).people == 1


def test_old_limits_are_forgotten(session, cast, now):
    limits.count(session, limits.RESETS, "somebody", now=now)
    assert retention.enforce(session, now=now + timedelta(days=1) - SECOND).limits == 0
    assert retention.enforce(session, now=now + timedelta(days=1)).limits == 1
    assert session.query(RateLimit).count() == 0


def test_forms_that_were_sent_are_forgotten_after_a_day(session, now):
    sent_forms.note(session, "a form", "/console/somewhere", now=now)
    assert retention.enforce(session, now=now + timedelta(days=1) - SECOND).forms == 0
    assert sent_forms.made_by(session, "a form") == "/console/somewhere"
    assert retention.enforce(session, now=now + timedelta(days=1)).forms == 1
    assert sent_forms.made_by(session, "a form") is None


def test_old_sign_ins_are_forgotten(session, cast, now):
    accounts.open_session(session, cast.hana, now=now)
    session.flush()
    later = now + timedelta(days=30, hours=12)
    assert retention.enforce(session, now=later - SECOND).sessions == 0
    assert retention.enforce(session, now=later).sessions == 1
    assert session.query(UserSession).count() == 0


def password_link(session, cast, now):
    accounts.password_link(session, cast.hana, lives=timedelta(days=1), now=now - timedelta(days=1))
    session.flush()
    return session.query(AccessLink).one()


def test_links_are_forgotten_a_year_after_their_end(session, cast, now):
    password_link(session, cast, now)
    later = now + timedelta(days=365)
    assert retention.enforce(session, now=later - SECOND).links == 0
    assert retention.enforce(session, now=later).links == 1


def test_link_that_was_revoked_has_ended_then(session, cast, now):
    link = password_link(session, cast, now + timedelta(days=100))
    link.revoked_at = now
    assert retention.enforce(session, now=now + timedelta(days=365)).links == 1


def test_link_that_was_used_is_kept(session, cast, now):
    link, later = password_link(session, cast, now), now + timedelta(days=500)
    link.first_used_at = now  # the audit log may name it
    assert retention.enforce(session, now=later).links == 0
    link.first_used_at = None
    assert retention.enforce(session, now=later).links == 1


def test_finished_jobs_are_forgotten_after_a_month(session, cast, now):
    session.add(Job(name="done", arguments={}, finished_at=now))
    session.add(Job(name="given-up", arguments={}, failed_at=now))
    session.add(Job(name="waiting", arguments={}))
    session.flush()
    assert retention.enforce(session, now=now + timedelta(days=30) - SECOND).jobs == 0
    assert retention.enforce(session, now=now + timedelta(days=30)).jobs == 1
    assert sorted(session.scalars(select(Job.name))) == ["given-up", "waiting"]
