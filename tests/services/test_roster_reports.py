"""Reports on benches and teams: asked for, frozen as things were, kept once, and gone with everybody in them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import Assignment, Attempt, Person, Purpose, ReportFile, Result, RosterKind
from assess.scoring.interpret import match_pattern
from assess.services import (
    authenticity,
    erasure,
    jobs,
    positions,
    previews,
    reporting,
    results,
    roster_reports,
    rosters,
)
from assess.services.held_data import held_about
from assess.services.report_documents import document_of
from reports.document import to_html
from tests import factories


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora, who was assessed as a front desk and has a result."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment.person


@pytest.fixture
def others(session, cora):
    """A function that makes others with the same result."""
    attempt = session.query(Attempt).join(Assignment).filter(Assignment.person_id == cora.id).one()

    def others(*names):
        return [factories.alike(session, attempt, name).assignment.person for name in names]

    return others


@pytest.fixture
def leader(session, registry, cast, now):
    """The target role."""
    return factories.position(session, registry, cast.hana, "Team leader", family="service-team-leader", now=now)


@pytest.fixture
def bench(session, cast, cora, others, leader, now):
    """The bench for it, with Cora, Ana and Ben, who is somebody without a result."""
    ben = Person(organization_id=cast.acme.id, name="Ben Bold", created_at=now)
    session.add(ben)
    session.flush()
    return factories.roster(session, cast.hana, cora, *others("Ana Able"), ben, role=leader, now=now)


@pytest.fixture
def ask(session, registry, cast, bench, cora, now):
    """A function that asks for Cora's promotion report."""

    def ask(person=cora, user=cast.hana, roster=bench, **way):
        return roster_reports.request_promotion(session, user, roster, person, registry, **{"now": now, **way})

    return ask


@pytest.fixture
def note_present_role(session, cast, bench, cora, now):
    """A function that notes on the bench that Cora works as what she was assessed for."""

    def note():
        position = result_of(session, cora).pattern_version.position
        rosters.set_present_role(session, cast.hana, bench, cora, position, now=now)

    return note


def result_of(session, person):
    return session.query(Result).join(Attempt).join(Assignment).filter(Assignment.person_id == person.id).one()


def said(report, registry):
    return to_html(document_of(report, registry))


def test_promotion_report_is_queued_once_and_shows_everybody_with_a_result(session, ask, cora, now):
    report = ask()
    assert report.result.attempt.assignment.person is cora
    assert {row.attempt.assignment.person.name for row in report.results} == {"Cora Candidate", "Ana Able"}
    assert ask(now=now + timedelta(hours=1)) is report
    assert ask(paper="Letter") is not report
    assert len(jobs.waiting(session, "make-report")) == 2


def test_match_is_with_the_target_role_although_another_one_was_answered_for(session, registry, ask, cora, leader):
    report = ask()
    row = result_of(session, cora)
    wanted = match_pattern(
        results.read(row, registry).result, positions.targets_of(leader.pattern), seed=results.seed_of(row.attempt)
    )
    assert wanted.median != row.match["median"]
    document = document_of(report, registry)
    assert document.sections[0].target.median == f"{100 * wanted.median:.0f} %"
    assert document.sections[0].answered_for == "Job of Cora Candidate"


def test_same_report_says_the_same_whatever_becomes_of_the_bench(
    session, registry, cast, ask, bench, cora, leader, note_present_role, now
):
    note_present_role()
    report = ask()
    before = said(report, registry)
    rosters.set_present_role(session, cast.hana, bench, cora, None, now=now)
    ana = next(member.person for member in bench.members if member.person.name == "Ana Able")
    rosters.remove(session, cast.hana, bench, ana, now=now)
    rosters.revise(session, cast.hana, bench, "Renamed", position=leader, names_others=True, now=now)
    harder = [target.model_copy(update={"low": 9, "high": 10}) for target in positions.targets_of(leader.pattern)]
    positions.revise(session, cast.hana, leader, harder, source="Hana", reason="Harder", now=now)
    leader.title = "Head of service"
    session.flush()
    assert said(report, registry) == before
    assert ask() is not report


def test_others_are_named_only_on_a_bench_that_names_them(session, registry, cast, ask, cora, others, leader, now):
    assert "Ana Able" not in said(ask(), registry)
    named = factories.roster(
        session, cast.hana, cora, *others("Ana Other"), title="Named", role=leader, names_others=True, now=now
    )
    assert "Ana Other" in said(ask(roster=named), registry)


def test_nobody_gets_a_report_on_whom_they_may_not_know(session, cast, ask, bench, others, now):
    stranger = others("Somebody Else")[0]
    with pytest.raises(NotFound):
        ask(stranger)
    with pytest.raises(NotFound):
        ask(user=cast.otto)
    with pytest.raises(NotAllowed):
        ask(user=cast.ada)
    with pytest.raises(NotFound):
        ask(language="xx")
    team = factories.roster(session, cast.hana, *[m.person for m in bench.members], kind=RosterKind.TEAM, now=now)
    with pytest.raises(NotFound):
        ask(roster=team)


def test_nothing_is_said_of_somebody_without_a_result_or_with_answers_for_coaching(session, ask, bench, cora):
    ben = next(member.person for member in bench.members if member.person.name == "Ben Bold")
    with pytest.raises(Refused, match="no promotion report on Ben Bold yet"):
        ask(ben)
    result_of(session, cora).attempt.assignment.campaign.purpose = Purpose.COACHING
    session.flush()
    with pytest.raises(Refused, match="more than coaching"):
        ask()


def test_earlier_assessment_is_laid_beside_the_newest(session, registry, cast, ask, cora, others, now):
    before = result_of(session, cora)
    again = result_of(session, others("Cora Again")[0])
    again.attempt.assignment = factories.assignment(session, registry, cast.hana, name="Cora Later", now=now)
    again.attempt.assignment.person = cora
    again.attempt.submitted_at = before.attempt.submitted_at + timedelta(days=200)
    session.flush()
    session.expire_all()
    report = ask()
    assert report.result.id == again.id
    since = next(each for each in document_of(report, registry).sections if each.template == "since.html")
    assert since.day
    assert {line.verdict for line in since.lines} == {"no reliable change"}
    assert "<svg" in since.chart


def test_report_goes_with_anybody_who_is_shown_in_it(session, registry, cast, ask, bench, now):
    report = ask()
    reporting.store(session, report, b"%PDF", now=now)
    ana = next(member.person for member in bench.members if member.person.name == "Ana Able")
    assert erasure.erase(session, [ana], actor="command", now=now) == 1
    assert session.get(ReportFile, report.id) is None
    assert reporting.is_of_nobody(ask()) is False  # those who are left make another


def test_copy_of_somebody_on_the_bench_tells_of_the_report_and_of_nobody_else(session, registry, cast, ask, bench, now):
    report = ask()
    reporting.store(session, report, b"%PDF", now=now)
    previews.figures(session, report, registry, actor=f"user:{cast.hana.id}", now=now)
    session.commit()
    ana = next(member.person for member in bench.members if member.person.name == "Ana Able")
    held = held_about(session, ana, registry, now=now)
    (told,) = [each for each in held["assessments"][0]["reports"] if each["kind"] == "promotion"]
    assert (told["people"], told["reference"]) == (2, report.reference)
    assert ("Hana (hr)", "promotion") in [(each["by"], each["looked_at"]) for each in held["seen_by"]]
    assert "Cora" not in str(held["assessments"][0]["reports"])


def test_report_is_confirmed_to_whoever_holds_it(session, ask, now):
    report = ask()
    reporting.store(session, report, b"%PDF", now=now)
    seal = factories.SEALER.address(report.reference).rsplit("/", 1)[1]
    found = authenticity.confirm(session, factories.SEALER, report.reference, seal, address="1.2.3.4", now=now)
    assert (found.kind, found.organization) == ("promotion", "Acme")


def test_figures_hold_the_gaps_of_both_roles_and_no_name_of_others(
    session, registry, cast, ask, bench, cora, note_present_role, now
):
    note_present_role()
    report = ask()
    reporting.store(session, report, b"%PDF", now=now)
    found = previews.figures(session, report, registry, actor="command", now=now)
    assert found["target"]["title"] == "Team leader"
    assert len(found["target"]["gaps"]) == len(found["present"]["gaps"]) == len(found["steps"]) == 6
    assert [each["name"] for each in found["bench"]["others"]] == [None]
    assert found["bench"]["places"] == {"best": 1, "worst": 2, "of": 2}
    assert found["bench"]["without_result"] == 1
    assert previews.made_page(report, registry).kind == "promotion"


@pytest.fixture
def team(session, cast, cora, others, now):
    """Six people who work together at the front desk."""
    people = others("Ana", "Ben", "Dan", "Eva", "Fay")
    role = result_of(session, cora).pattern_version.position
    return factories.roster(
        session, cast.hana, cora, *people, kind=RosterKind.TEAM, title="Ground floor", role=role, now=now
    )


def test_team_report_is_made_once_and_counts_whom_it_leaves_out(session, registry, cast, team, now):
    def ask(user=cast.hana):
        return roster_reports.request_team(session, user, team, registry, now=now)

    report = ask()
    assert ask() is report
    assert len(report.results) == 6
    elsewhere = report.results[-1]
    elsewhere.attempt.edition = "retail"
    session.flush()
    found = document_of(ask(), registry).sections[0]
    assert dict(found.facts)["Members with a result"] == "5 of 6"
    assert found.left_out == ("Members with another questionnaire, parameters or norm group: 1.",)
    assert "Fay" not in found.members
    with pytest.raises(NotFound):
        ask(cast.otto)


def test_team_of_one_has_no_report(session, registry, cast, cora, now):
    team = factories.roster(session, cast.hana, cora, kind=RosterKind.TEAM, now=now)
    with pytest.raises(Refused, match="at least two members"):
        roster_reports.request_team(session, cast.hana, team, registry, now=now)


def test_team_figures_hold_no_number_of_a_single_member(session, registry, cast, team, now):
    report = roster_reports.request_team(session, cast.hana, team, registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    found = previews.figures(session, report, registry, actor="command", now=now)
    assert found["members"] == 6
    assert all(sum(scale["stens"]) == 6 for scale in found["scales"])
    assert all(sum(scale["coverage"]["counts"].values()) == 6 for scale in found["scales"])
    assert "theta" not in str(found)
    erasure.erase(session, [report.results[0].attempt.assignment.person], actor="command", now=now)
    assert session.get(ReportFile, report.id) is None
