"""Two people, or one person on two devices, do the same thing at the same moment: it happens once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.errors import InvitationExpired, Refused, TooManyTries
from assess.models import (
    Assignment,
    Attempt,
    AuditEvent,
    BatchEntry,
    Feedback,
    ParameterSet,
    Position,
    PresentedItem,
    RateLimit,
    ReportBatch,
    ReportFile,
    Result,
    Role,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import (
    accounts,
    asking,
    attempts,
    audit,
    job_analyses,
    jobs,
    limits,
    positions,
    proposals,
    report_batches,
    reporting,
    results,
    sent_forms,
    surveys,
)
from tests import factories
from tests.services import experts
from tests.services.conftest import N


@pytest.fixture
def assignment(session, registry, cast, now):
    return factories.assignment(session, registry, cast.hana, now=now).id


@pytest.fixture
def submitted(session, engine, registry, cast, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, feedback=Feedback.ON_RELEASE, now=now)
    bank = registry.bank(attempt.edition, attempt.bank_version)
    attempts.submit(session, attempt, bank, now=now)
    return attempt.id


def test_one_attempt_begins(session, registry, assignment, at_once, now):
    def start(session, _):
        return attempts.start(session, session.get_one(Assignment, assignment), registry, now=now).id

    assert len(set(at_once(start))) == 1
    assert session.query(Attempt).count() == session.query(ParameterSet).count() == 1
    assert session.query(PresentedItem).count() == 0


def test_two_tabs_that_open_a_part_are_shown_its_first_question(session, registry, cast, assignment, at_once, now):
    begun = attempts.start(session, session.get_one(Assignment, assignment), registry, now=now)
    bank, attempt = registry.bank(begun.edition, begun.bank_version), begun.id

    def open_part(session, _):
        return asking.open_part(
            session, asking.hold(session, session.get_one(Attempt, attempt), bank, now=now)
        ).position

    assert set(at_once(open_part)) == {1}
    assert session.query(PresentedItem).count() == 1


def test_two_tabs_that_go_on_are_shown_the_same_statement(session, registry, cast, assignment, at_once, now):
    begun = attempts.start(session, session.get_one(Assignment, assignment), registry, now=now)
    bank, attempt = registry.bank(begun.edition, begun.bank_version), begun.id
    asking.open_part(session, asking.hold(session, begun, bank, now=now))
    session.commit()

    def go_on(session, _):
        shown = asking.advance(session, asking.hold(session, session.get_one(Attempt, attempt), bank, now=now), 1)
        return shown.position

    assert set(at_once(go_on)) == {2}
    assert session.query(PresentedItem).count() == 2


def test_handing_in_gives_one_receipt_and_one_score(session, engine, registry, cast, at_once, now):
    begun = factories.attempt(session, registry, engine, cast.hana, now=now)
    bank, attempt = registry.bank(begun.edition, begun.bank_version), begun.id

    def submit(session, _):
        return attempts.submit(session, session.get_one(Attempt, attempt), bank, now=now)

    assert len(set(at_once(submit))) == 1
    assert len(jobs.waiting(session, "score")) == 1
    assert session.query(AuditEvent).filter_by(action="attempt.submitted").count() == 1


def test_attempt_is_scored_once(session, registry, submitted, at_once, now):
    def score(session, _):
        return results.score_attempt(session, session.get_one(Attempt, submitted), registry, now=now).id

    assert len(set(at_once(score))) == 1
    assert session.query(Result).count() == 1


def test_report_is_asked_for_once(session, registry, cast, submitted, at_once, now):
    results.score_attempt(session, session.get_one(Attempt, submitted), registry, now=now)
    hana = cast.hana.id

    def ask(session, _):
        user, attempt = session.get_one(User, hana), session.get_one(Attempt, submitted)
        return reporting.request(session, user, attempt.assignment, "hiring", registry, now=now).id

    assert len(set(at_once(ask))) == 1
    assert session.query(ReportFile).count() == 1
    assert len(jobs.waiting(session, "make-report")) == 1


def test_every_revision_of_a_pattern_gets_a_number_of_its_own(session, registry, cast, at_once, now):
    position = factories.position(session, registry, cast.hana, now=now)
    targets = positions.targets_of(position.pattern)
    hana, front_desk = cast.hana.id, position.id

    def revise(session, number):
        user, found = session.get_one(User, hana), session.get_one(Position, front_desk)
        reason = f"reason {number}"
        changed = [targets[0].model_copy(update={"low": number + 1, "high": 10}), *targets[1:]]
        positions.revise(session, user, found, changed, source="meeting", reason=reason, now=now)

    assert at_once(revise) == [None] * N
    session.expire_all()
    assert [version.version for version in position.versions] == list(range(1, N + 2))


def test_survey_is_closed_once_and_nobody_hands_in_afterwards(session, registry, cast, at_once, now):
    """Whoever looks at its figures right after closing would see them change by one person's answers."""
    position = factories.position(session, registry, cast.hana, now=now)
    survey = experts.asked_about(session, cast.hana, position, [experts.LIKE_MINDED[0]], now=now)
    places = [experts.asked(session, cast.hana, survey, f"Late {number}", now=now).id for number in range(N)]
    hana, spring = cast.hana.id, survey.id

    def close_or_hand_in(session, number):
        if number % 2:
            surveys.submit(session, session.get_one(SurveyPlace, places[number]), now=now)
        else:
            surveys.close(session, session.get_one(User, hana), session.get_one(SurveyRound, spring), now=now)

    outcomes = at_once(close_or_hand_in)
    assert {type(each) for each in outcomes} <= {type(None), InvitationExpired}
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions.count("survey.closed") == 1
    assert "survey-place.submitted" not in actions[actions.index("survey.closed") :]


def test_pattern_of_a_survey_is_adopted_once(session, registry, cast, at_once, now):
    position = factories.position(session, registry, cast.hana, now=now)
    survey = experts.asked_about(session, cast.hana, position, experts.LIKE_MINDED, now=now)
    surveys.close(session, cast.hana, survey, now=now)
    hana, spring = cast.hana.id, survey.id

    def adopt(session, number):
        proposal = job_analyses.proposal_of(session, session.get_one(SurveyRound, spring), now=now)
        words = {"reason": f"reason {number}", "seen": proposal.digest, "now": now}
        return proposals.adopt(session, session.get_one(User, hana), proposal, proposal.targets, **words).version

    assert at_once(adopt) == [2] * N
    session.expire_all()
    assert len(position.versions) == 2


def test_audit_chain_does_not_fork(session, cast, at_once, now):
    session.commit()  # which adds the events of the cast
    before = session.query(AuditEvent).count()

    def note(session, number):
        audit.record(session, "command", "note", f"note:{number}", organization_id=None, now=now)
        audit.record(session, "command", "note", f"again:{number}", organization_id=None, now=now)

    assert at_once(note) == [None] * N
    assert session.query(AuditEvent).count() == before + 2 * N
    assert audit.first_broken(session) is None


def test_every_try_counts(session, at_once, now):
    assert at_once(lambda session, _: limits.count(session, limits.RESETS, "somebody", now=now)) == [None] * N
    assert session.scalars(select(RateLimit.count)).one() == N


def test_parallel_guesses_get_no_more_tries_than_a_patient_one(session, cast, at_once, now):
    def guess(session, _):
        return accounts.sign_in(session, "hana@acme.example", proven=None, address="10.0.0.1", now=now)

    outcomes = at_once(guess)
    assert outcomes.count(None) == limits.BAD_SIGN_INS.count
    assert sum(isinstance(outcome, TooManyTries) for outcome in outcomes) == N - limits.BAD_SIGN_INS.count


def test_admins_cannot_close_each_other_out(session, cast, at_once, now):
    other = factories.user(session, cast.acme, "Ann", Role.ADMIN, now=now)
    pair = (cast.ada.id, other.id)

    def close(session, number):
        one, two = (session.get_one(User, pair[(number + i) % 2]) for i in (0, 1))
        accounts.deactivate(session, one, by=two, now=now)

    outcomes = at_once(close)
    assert any(isinstance(outcome, Refused) for outcome in outcomes)
    session.expire_all()
    assert sum(session.get_one(User, each).is_active for each in pair) == 1


@pytest.fixture
def people(session, engine, registry, cast, now):
    first = factories.scored(session, registry, engine, cast.hana, feedback=Feedback.ON_RELEASE, now=now)
    found = [first, *(factories.alike(session, first, f"Cora {number}") for number in range(6))]
    return [attempt.assignment_id for attempt in found]


def test_one_batch_of_reports_is_asked_for(session, cast, people, at_once, now):
    hana = cast.hana.id

    def ask(session, _):
        found = [session.get_one(Assignment, each) for each in people]
        user = session.get_one(User, hana)
        return report_batches.request(session, user, found, "hiring", language="en", now=now).id

    assert len(set(at_once(ask))) == session.query(ReportBatch).count() == 1
    assert session.query(BatchEntry).count() == len(people)


def test_workers_at_one_batch_ask_for_each_report_once(session, registry, cast, people, at_once, now):
    found = [session.get_one(Assignment, each) for each in people]
    batch = report_batches.request(session, cast.hana, found, "hiring", language="en", now=now).id

    def prepare(session, _):
        return report_batches.prepare(session, session.get_one(ReportBatch, batch), registry, now=now)

    assert sorted(at_once(prepare)) == [False] * (N - 1) + [True]  # the first took all that one step takes
    assert session.query(ReportFile).count() == len(jobs.waiting(session, "make-report")) == len(people)
    assert session.query(BatchEntry).filter(BatchEntry.report_id.is_(None)).count() == 0


def test_form_that_is_sent_several_times_makes_one_thing(session, cast, at_once, now):
    hana = cast.hana.id

    def send(session, _):
        known = sent_forms.made_by(session, "form")
        if known is not None:
            return known
        user, until = session.get_one(User, hana), now.date() + timedelta(days=7)
        survey = surveys.create(session, user, SurveyKind.CLIMATE, title="All", until=until, now=now)
        sent_forms.note(session, "form", f"/console/surveys/{survey.public_id}", now=now)
        return f"/console/surveys/{survey.public_id}"

    assert set(at_once(send)) == {f"/console/surveys/{session.query(SurveyRound).one().public_id}"}
