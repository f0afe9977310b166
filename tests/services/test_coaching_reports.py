"""Coaching reports: what they say is as it was, private notes never get in, and they go with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.banks.parts import Part
from assess.banks.translations import State
from assess.errors import NotAllowed, NotFound, Refused
from assess.models import (
    CheckIn,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    DoneBy,
    GoalState,
    GoalSubject,
    ReportFile,
    Result,
    Role,
    Towards,
)
from assess.services import (
    authenticity,
    caseload,
    coaching_actions,
    coaching_reports,
    erasure,
    jobs,
    reporting,
    retention,
)
from assess.services.coaching_contexts import HELD, coaching_of
from assess.services.held_data import held_about
from assess.services.report_documents import document_of, figures_of
from reports.document import to_html
from tests import factories
from tests.translated import translated, with_translations

SECRET = "Wants to leave, says nobody is to know"
DAY = timedelta(days=1)


@pytest.fixture
def attempt(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def coaching(session, cast, attempt, now):
    """Cole coaches Cora."""
    found = caseload.assign(session, cast.hana, attempt.assignment.person, cast.cole, now=now)
    session.flush()
    return found


@pytest.fixture
def ask(session, registry, cast, coaching, now):
    """A function that asks for the report on Cora."""

    def ask(user=cast.cole, of=coaching, **way):
        return coaching_reports.request(session, user, of, registry, **{"now": now, **way})

    return ask


@pytest.fixture
def plan(session, cast, coaching, now):
    """A plan with a goal on tact, one action of which is done."""
    today = now.date()
    goal = CoachingGoal(
        subject=GoalSubject.SCALE, code="tact", towards=Towards.LOW, title="Short no", sign="Nobody asks twice",
        due_on=today - DAY,
    )  # fmt: skip
    goal.actions = [
        CoachingAction(title="Sum up", due_on=today, done_at=now - DAY, done_by=DoneBy.PERSON, remark="Hard at first"),
        CoachingAction(title="Say no early", due_on=today - DAY),
    ]
    found = CoachingPlan(
        organization_id=coaching.organization_id, person=coaching.person, title="My spring", goals=[goal],
        begins_on=today - 30 * DAY, ends_on=today + 60 * DAY, created_at=now, created_by_id=cast.cole.id,
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def talk(session, cast, coaching, now):
    """A function that makes check-ins."""

    def talk(days, **changes):
        values = {"planned_for": now + days * DAY, "minutes": 45, "created_at": now, "place": "Room 4", **changes}
        found = CheckIn(
            organization_id=coaching.organization_id, person=coaching.person, **{"coach": cast.cole, **values}
        )
        session.add(found)
        session.flush()
        return found

    return talk


def result_of(session, attempt):
    return session.query(Result).filter_by(attempt_id=attempt.id).one()


def said(report, registry):
    return to_html(document_of(report, registry))


def test_it_is_queued_once_a_day_and_is_the_coaching_s(session, ask, coaching, now):
    report = ask()
    assert (report.kind, report.coaching_id, report.roster_id) == ("coaching", coaching.id, None)
    assert ask(now=now + timedelta(seconds=30)) is report
    assert ask(language="ar") is not report
    tomorrow = ask(now=now + DAY)  # what is overdue depends on the day
    assert tomorrow is not report
    assert len(jobs.waiting(session, "make-report")) == 3


def test_two_coaches_of_a_person_have_a_report_each(session, cast, ask, coaching, registry, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    carl.name = cast.cole.name  # or the reports would differ by that
    his = caseload.assign(session, cast.hana, coaching.person, carl, now=now)
    session.flush()
    first, second = ask(), ask(carl, his)
    assert first is not second
    assert said(first, registry).replace(first.reference, second.reference) == said(second, registry)
    assert coaching_reports.reports_of(session, carl, his) == [second]
    with pytest.raises(NotFound):
        coaching_reports.get(session, carl, first.public_id)


def test_plan_and_talks_are_as_they_were_when_it_was_asked_for(session, ask, plan, talk, registry, now):
    held = talk(-7, held_at=now - 7 * DAY, shared_notes="We agreed on one thing")
    talk(3)
    report = ask()
    before = said(report, registry)
    for words in ("My spring", "Short no", "open, overdue", "Hard at first", "not done, overdue", "We agreed on one"):
        assert words in before
    plan.goals[0].title, plan.goals[0].state, held.shared_notes = "Another", GoalState.REACHED, "Changed"
    plan.title = "Renamed"
    session.flush()
    session.expire_all()
    assert said(report, registry) == before


@pytest.mark.parametrize("is_held", [True, False])
def test_private_notes_get_into_no_report(session, ask, plan, talk, registry, cast, coaching, now, is_held):
    talk(-7, held_at=now - 7 * DAY if is_held else None, shared_notes="Shared", private_notes=SECRET)
    report = ask()
    document, _rows = coaching_reports.preview(session, cast.cole, coaching, registry, now=now)
    assert ("Shared" in said(report, registry)) is is_held  # what was taken back is not the person's to read either
    for text in (said(report, registry), str(report.inputs), str(figures_of(report, registry)), to_html(document)):
        assert SECRET not in text
        assert "Wants to leave" not in text


def test_what_another_coach_has_planned_is_in_no_report_of_this_one(session, cast, ask, talk, registry, coaching, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    caseload.assign(session, cast.hana, coaching.person, carl, now=now)
    talk(3, coach=carl, place="Behind the mill")
    talk(-3, coach=carl, place="Under the lime tree")
    talk(-5, coach=carl, held_at=now - 5 * DAY, shared_notes="Shared with everybody")
    report = ask()
    document, _rows = coaching_reports.preview(session, cast.cole, coaching, registry, now=now)
    assert "Shared with everybody" in said(report, registry)
    for text in (said(report, registry), str(report.inputs), str(figures_of(report, registry)), to_html(document)):
        assert "mill" not in text
        assert "lime tree" not in text


def test_talks_that_were_called_off_are_left_out_and_old_ones_are_counted(session, ask, talk, registry, now):
    for day in range(-30, -20):
        talk(day, held_at=now + day * DAY, shared_notes=f"Notes of day {day}.")
    talk(-2, cancelled_at=now - 3 * DAY, shared_notes="Nothing came of it")
    work = coaching_of(ask(), registry).work
    assert [each.notes for each in work.talks] == [f"Notes of day {day}." for day in range(-20 - HELD, -20)]
    assert work.n_talks_before == 10 - HELD


def test_closed_plans_are_not_in_it(session, ask, plan, registry, now):
    plan.closed_at = now
    assert coaching_of(ask(), registry).work.plan is None


def test_it_is_on_the_newest_result_with_a_score_and_compares_those_before(session, ask, attempt, registry, now):
    factories.earlier(session, attempt, timedelta(days=200))
    empty = factories.earlier(session, attempt, -timedelta(days=20))
    for scale in result_of(session, empty).scales:
        scale.theta = scale.se = scale.sten = None
    session.flush()
    report = ask()
    assert report.result.attempt is attempt
    assert len(report.compared) == 1
    changes = figures_of(report, registry)["changes"]
    assert [each["verdict"] for each in changes[0]["scales"]] == ["no reliable change"] * 6


def test_view_of_service_is_of_the_newest_result_that_asked_for_it(session, engine, cast, ask, registry, now):
    """Asked for 300 and 200 days ago, and not again."""
    both = (Part.STATEMENTS, Part.PERSPECTIVE)
    attempt = factories.scored(session, registry, engine, cast.hana, name="Vera Views", parts=both, now=now)
    coaching = caseload.assign(session, cast.hana, attempt.assignment.person, cast.cole, now=now)
    before = [factories.earlier(session, attempt, timedelta(days=days)) for days in (300, 200)]
    asked = coaching_of(ask(of=coaching), registry).view
    assert asked.submitted_at == attempt.submitted_at
    newest = result_of(session, attempt)
    newest.further = {**newest.further, "alignment": None}
    session.flush()
    found = coaching_of(ask(of=coaching), registry).view
    assert found.submitted_at == before[1].submitted_at
    assert found.alignment == asked.alignment
    for row in before:
        result_of(session, row).further = None
    session.flush()
    assert coaching_of(ask(of=coaching), registry).view is None


def test_without_a_score_it_is_refused_with_the_reason(session, cast, ask, attempt, coaching, now):
    for scale in result_of(session, attempt).scales:
        scale.theta = scale.se = scale.sten = None
    session.flush()
    with pytest.raises(Refused, match="too few statements were answered"):
        ask()


def test_match_and_parts_that_are_no_matter_of_coaching_are_not_in_it(session, ask, registry):
    report = ask()
    assert report.result.match is not None
    context = coaching_of(report, registry)
    assert (context.match, context.position, context.targets, context.pattern_source) == (None, None, (), None)
    text = said(report, registry)
    for words in ("target range", "Match", "Working with numbers", "Situations at work", "Hiring", "Job of"):
        assert words not in text
    assert "hiring" not in str(figures_of(report, registry))


def test_only_the_coach_of_a_present_coaching_may_ask_read_and_find(session, cast, ask, coaching, registry, now):
    report = ask()
    for user in (cast.hana, cast.otto):
        with pytest.raises((NotAllowed, NotFound)):
            ask(user)
        with pytest.raises(NotFound):
            coaching_reports.get(session, user, report.public_id)
        with pytest.raises((NotAllowed, NotFound)):
            coaching_reports.preview(session, user, coaching, registry, now=now)
    assert coaching_reports.get(session, cast.cole, report.public_id) == (coaching, report)
    caseload.end_by_person(session, coaching, now=now)
    session.flush()
    with pytest.raises(NotFound):
        coaching_reports.get(session, cast.cole, report.public_id)
    with pytest.raises(NotFound):
        ask()


def test_it_is_confirmed_as_genuine_without_a_word_of_whom(session, ask, now):
    report, sealer = ask(), factories.SEALER
    reporting.store(session, report, b"%PDF", now=now)
    signature = sealer.signature(report.reference)
    found = authenticity.confirm(session, sealer, report.reference, signature, address="::1", now=now)
    assert (found.kind, found.reference) == ("coaching", report.reference)
    assert "Cora" not in str(found)


def test_it_goes_with_the_person_and_with_time(session, cast, ask, coaching, registry, now):
    report = ask()
    reporting.store(session, report, b"%PDF", now=now)
    retention.enforce(session, now=report.expires_at + DAY)
    assert session.get(ReportFile, report.id) is None


def test_erasing_the_person_deletes_it(session, ask, plan, coaching, now):
    report = ask()
    reporting.store(session, report, b"%PDF", now=now)
    erasure.erase(session, [coaching.person], actor="worker", now=now)
    session.flush()
    assert session.query(ReportFile).count() == 0


def test_the_person_s_copy_names_it_and_who_asked_for_it(session, ask, coaching, registry, now):
    report = ask()
    held = held_about(session, coaching.person, registry, now=now)
    kinds = [(each["kind"], each["reference"], each["asked_for_by"]) for each in held["assessments"][0]["reports"]]
    assert kinds == [("coaching", report.reference, "Cole (coach)")]


@pytest.fixture
def of_the_library(session, registry, cast, plan, now):
    """An action of the library in the plan."""
    goal = plan.goals[0]
    [offer, *_] = coaching_actions.offers(registry, goal.code, goal.towards)
    [action] = coaching_actions.choose(session, cast.cole, goal, [offer], due_on=plan.ends_on, now=now)
    session.flush()
    return action


def agreed(report):
    return report.inputs["work"]["plan"]["goals"][0]["actions"][-1]


def test_library_s_action_is_kept_in_the_language_of_the_report(session, registry, cast, coaching, of_the_library, now):
    spanish = translated(registry)
    ways = {"en": registry, "es": spanish, "ar": spanish}
    reports = {
        language: coaching_reports.request(session, cast.cole, coaching, content, language=language, now=now)
        for language, content in ways.items()
    }
    code, title = of_the_library.library, of_the_library.title
    assert [
        (agreed(each)["library"], agreed(each)["language"], agreed(each)["title"]) for each in reports.values()
    ] == [
        (code, "en", title),
        (code, "es", title.swapcase()),
        (code, "en", title),  # there is no Arabic in this content
    ]
    assert title.swapcase() in said(reports["es"], with_translations(registry))  # whatever becomes of the content
    assert agreed(reports["es"])["what"] == of_the_library.what.swapcase()


def test_action_of_the_library_that_was_changed_is_nobody_s_but_the_coach_s(
    session, registry, cast, coaching, of_the_library, now
):
    of_the_library.how_often = "When there is time"
    session.flush()
    report = coaching_reports.request(session, cast.cole, coaching, translated(registry), language="es", now=now)
    assert (agreed(report)["language"], agreed(report)["title"]) == ("", of_the_library.title)
    assert agreed(report)["library"] == of_the_library.library  # so that it is not offered once more


def test_report_in_a_language_is_another_one_once_its_words_are_others(session, registry, cast, coaching, now):
    def request(content, language):
        return coaching_reports.request(session, cast.cole, coaching, content, language=language, now=now)

    without, drafted, spanish = (
        with_translations(registry),
        translated(registry, state=State.DRAFT),
        translated(registry),
    )
    mended = translated(registry, leaving=["coaching.tact.1:what"])
    first = request(without, "es")
    assert request(drafted, "es") is first
    assert request(spanish, "es") is not first
    assert request(spanish, "es") is request(spanish, "es")
    assert request(mended, "es") is not request(spanish, "es")
    assert request(without, "en") is request(spanish, "en")


def test_same_inputs_make_the_same_report(session, registry, cast, coaching, of_the_library, now):
    spanish = translated(registry)
    report = coaching_reports.request(session, cast.cole, coaching, spanish, language="es", now=now)
    assert said(report, spanish) == said(report, translated(registry))
