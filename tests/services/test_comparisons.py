"""Comparisons are asked for of people who can be compared, made by a job, and go with everybody who is in them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import ComparedResult, NormGroup, ParameterSet, Purpose, ReportFile
from assess.services import (
    comparisons,
    database,
    erasure,
    invitations,
    jobs,
    positions,
    readers,
    reporting,
    results,
    retention,
)
from assess.services.held_data import held_about
from assess.services.invitations import Invitee
from assess.services.report_contexts import comparison_of
from tests import factories


@pytest.fixture
def people(session, engine, registry, cast, now):
    """Cora, Ana and Ben, who answered for one position."""
    names = ("Cora Candidate", "Ana Able", "Ben Bold")
    return factories.rivals(session, registry, engine, cast.hana, *names, now=now)


@pytest.fixture
def ask(session, registry, cast, now):
    """A function that asks for the comparison of some people."""

    def ask(people, user=cast.hana, **way):
        return comparisons.request(session, user, people, registry, **{"now": now, **way})

    return ask


def newest(session, assignment):
    return results.newest_result(session, assignment.attempt)


def test_comparison_is_queued_once_however_often_and_in_whatever_order(session, ask, people, now):
    first = ask(people)
    assert first.result is None
    assert {row.attempt.assignment for row in first.results} == set(people)
    assert ask(people[::-1], now=now + timedelta(hours=1)) is first
    assert ask([*people, people[0]]) is first
    assert len(jobs.waiting(session, "make-report")) == 1
    assert session.query(ComparedResult).count() == 3


def test_other_people_another_paper_or_another_name_make_another_comparison(ask, people):
    first = ask(people)
    assert ask(people[:2]) is not first
    assert ask(people, paper="Letter") is not first
    people[0].person.name = "Cora Newname"
    assert ask(people) is not first


def test_worker_makes_it_and_everybody_in_it_knows_who_took_it(session, engine, registry, cast, ask, people, now):
    report_id = ask(people).id
    session.commit()
    drawn = []
    shop = factories.shop(registry, render=lambda html, made_at: drawn.append((html, made_at)) or b"%PDF")
    jobs.drain(sessionmaker(database.writing(engine)), shop.kinds(), clock=lambda: datetime.now(UTC))
    html = next(html for html, _ in drawn if "Comparison of candidates" in html)
    assert all(each.person.name in html for each in people)
    report = session.get_one(ReportFile, report_id, populate_existing=True)
    assert report.is_ready
    assert (html, now) == reporting.draft(report, registry, shop.sealer)
    assert reporting.content(session, report, actor=f"user:{cast.hana.id}", now=now) == b"%PDF"
    session.commit()
    for each in people:
        assert [(found.name, found.report) for found in readers.readings_of(session, each.person)] == [
            ("Hana", "comparison")
        ]
        assert report in reporting.reports_of(session, cast.hana, each)


def test_failed_comparison_is_tried_again_when_it_is_asked_for_again(session, ask, people, now):
    report = ask(people)
    report.failure, report.finished_at = "It could not be made.", now
    assert ask(people) is report
    assert report.failure is None
    assert len(jobs.waiting(session, "make-report")) == 2


@pytest.mark.parametrize(("n", "said"), [(0, "at least two"), (1, "at least two"), (41, "41 people are chosen")])
def test_two_to_forty_people_are_compared(ask, people, n, said):
    ids = count(1)

    class Another:  # told apart by the id alone, before anything else is asked
        def __init__(self):
            self.id = next(ids)

    with pytest.raises(Refused, match=said):
        ask([Another() for _ in range(n)])


def test_who_has_nothing_to_compare_is_named(session, registry, cast, ask, people, now):
    campaign = people[0].campaign
    waiting = invitations.assign(
        session, cast.hana, campaign, Invitee("Wanda Waiting", "wanda@people.example"), now=now
    )
    with pytest.raises(Refused, match="nothing to compare of Wanda Waiting yet"):
        ask([*people, waiting])
    assert session.query(ReportFile).count() == 0


def test_who_answered_too_little_is_named(session, engine, registry, cast, ask, people, now):
    campaign = people[0].campaign
    someone = invitations.assign(session, cast.hana, campaign, Invitee("Lea Little", "lea@people.example"), now=now)
    factories.scored(session, registry, engine, cast.hana, assignment=someone, values={"foc-cn4": 4}, now=now)
    with pytest.raises(Refused, match="nothing to compare of Lea Little"):
        ask([*people, someone])


def test_nobody_who_was_erased_is_compared_or_named(session, ask, people, now):
    erasure.erase(session, [people[1].person], actor="command", now=now)
    with pytest.raises(Refused, match="Somebody who is chosen has been erased"):
        ask(people)


def test_people_of_one_name_are_told_apart_by_their_receipts(session, ask, people, registry):
    people[1].person.name = "Cora\u202e CANDIDATE"
    called = [each.name for each in comparison_of(ask(people), registry).candidates]
    assert called == [
        f"Cora Candidate · {people[0].attempt.receipt}",
        f"Cora CANDIDATE · {people[1].attempt.receipt}",
        "Ben Bold",
    ]


def test_side_by_side_takes_as_many_queries_for_three_as_for_two(session, registry, cast, people, now, count_queries):
    ids, counts = [each.public_id for each in people], []
    for chosen in (ids[:2], ids):
        session.expire_all()
        cast.hana.organization, cast.hana.roles  # noqa: B018 -- read before, as a request does
        with count_queries() as counter:
            named = comparisons.named(session, cast.hana, chosen)
            context, _shown = comparisons.side_by_side(session, cast.hana, named, registry, now=now)
        counts.append(counter.count)
        assert len(context.candidates) == len(chosen)
    assert counts[0] == counts[1]


def test_people_of_another_organisation_cannot_be_compared(session, registry, cast, people, now):
    with pytest.raises(NotFound):
        comparisons.request(session, cast.otto, people, registry, now=now)


def test_two_assessments_of_one_person_are_not_compared(session, engine, registry, cast, ask, people, now):
    campaign = factories.assignment(session, registry, cast.hana, name="Somebody Else", now=now).campaign
    again = invitations.assign(session, cast.hana, campaign, Invitee("Cora Candidate", "cora@people.example"), now=now)
    again.person = people[0].person
    factories.scored(session, registry, engine, cast.hana, assignment=again, now=now)
    with pytest.raises(Refused, match="Cora Candidate is chosen more than once"):
        ask([*people, again])


def test_people_for_different_positions_are_not_compared(session, engine, registry, cast, ask, people, now):
    other = factories.scored(session, registry, engine, cast.hana, name="Olga Other", now=now).assignment
    with pytest.raises(Refused, match=r"different positions: Cora Candidate and Ana Able .* Olga Other on the other"):
        ask([*people[:2], other])


def test_people_without_a_position_are_not_compared(session, engine, registry, cast, ask, people, now):
    values = {"name": "Nora None", "with_position": False}
    none = factories.scored(session, registry, engine, cast.hana, **values, now=now).assignment
    with pytest.raises(Refused, match="Nora None answered for no position"):
        ask([*people, none])


def test_answers_for_coaching_are_not_used_to_choose_among_people(ask, people):
    people[0].campaign.purpose = Purpose.COACHING
    with pytest.raises(Refused, match="answered for coaching"):
        ask(people)


def test_people_measured_against_another_version_of_the_pattern_are_not_compared(session, cast, ask, people, now):
    position = people[0].campaign.position
    targets = positions.targets_of(position.pattern)
    second = positions.revise(session, cast.hana, position, targets, source="Panel", reason="Grown", now=now)
    newest(session, people[2]).pattern_version = second
    with pytest.raises(Refused, match=r"other ranges in between: .* Ben Bold on the other"):
        ask(people)


@pytest.mark.parametrize("difference", ["edition", "parameters", "norm"])
def test_people_scored_otherwise_are_not_compared(session, ask, people, difference, now):
    row = newest(session, people[2])
    if difference == "edition":
        row.attempt.bank_version = "9.9"
    elif difference == "parameters":
        known = row.parameter_set
        columns = ("edition", "bank_version", "version", "source", "is_provisional", "n", "content", "created_at")
        row.parameter_set = ParameterSet(checksum="another", **{name: getattr(known, name) for name in columns})
    else:
        scales = {each.scale: [0.0, 1.0] for each in row.scales}
        norm = {"name": "People", "version": "1", "source": "made up", "n": 400, "collected": date(2026, 1, 1)}
        row.norm_group = NormGroup(edition="general", scales=scales, created_at=now, **norm)
    session.flush()
    said = {"edition": "different questionnaires", "parameters": "different parameters", "norm": "norm groups"}
    with pytest.raises(Refused, match=f"{said[difference]}: .* Ben Bold on the other"):
        ask(people)


def test_others_make_no_comparisons_and_unknown_ways_are_not_found(cast, ask, people):
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            ask(people, user=colleague)
    for way in ({"language": "tlh"}, {"paper": "A3"}):
        with pytest.raises(NotFound):
            ask(people, **way)


def test_people_with_results_are_offered_by_name(session, registry, cast, people, now):
    campaign = people[0].campaign
    invitations.assign(session, cast.hana, campaign, Invitee("Wanda Waiting", "wanda@people.example"), now=now)
    offered = comparisons.candidates_of(session, cast.hana, campaign)
    assert [each.person.name for each in offered] == ["Ana Able", "Ben Bold", "Cora Candidate"]


def test_it_is_deleted_when_one_of_its_people_is_erased(session, cast, ask, people, now):
    made, alone, waiting = ask(people), ask(people[1:]), ask(people[:2])
    for report in (made, alone):
        reporting.store(session, report, b"%PDF Cora", now=now)
    assert erasure.erase(session, [people[0].person], actor="command", now=now) == 1
    assert set(session.query(ReportFile)) == {alone, waiting}
    assert reporting.is_of_nobody(waiting)
    with pytest.raises(Refused, match="erased"):
        reporting.content(session, waiting, actor="user:1", now=now)
    reporting.store(session, waiting, b"%PDF Cora", now=now)
    assert waiting.content is None
    assert retention.enforce(session, now=now).reports == 1
    assert session.query(ReportFile).one() is alone
    assert session.query(ComparedResult).count() == 2


def test_it_is_kept_no_longer_than_the_first_of_its_people(session, ask, people, now):
    people[1].created_at = now - timedelta(days=200)
    report = ask(people)
    assert report.expires_at < ask([people[0], people[2]]).expires_at
    reporting.store(session, report, b"%PDF", now=now)
    retention.enforce(session, now=report.expires_at)
    assert report not in session.query(ReportFile).all()


def test_access_copy_lists_it_without_naming_the_others(session, registry, cast, ask, people, now):
    report = ask(people)
    reporting.store(session, report, b"%PDF", now=now)
    reporting.content(session, report, actor=f"user:{cast.hana.id}", now=now)
    session.commit()
    held = held_about(session, people[0].person, registry, now=now)
    (told,) = [each for each in held["assessments"][0]["reports"] if each["kind"] == "comparison"]
    assert (told["people"], told["reference"], told["asked_for_by"]) == (3, report.reference, "Hana (hr)")
    assert ("Hana (hr)", "comparison") in [(each["by"], each["looked_at"]) for each in held["seen_by"]]
    assert "report.made" in [event["action"] for event in held["events"]]
    for other in people[1:]:
        assert other.person.name not in str(held)
        assert str(other.public_id) not in str(held)


def test_report_rests_on_what_is_stored(session, registry, ask, people):
    report = ask(people)
    context = comparison_of(report, registry)
    assert [each.name for each in context.candidates] == ["Cora Candidate", "Ana Able", "Ben Bold"]
    for candidate, row in zip(context.candidates, report.results, strict=True):
        assert {name: row.match[name] for name in ("median", "low", "high")} == {
            name: asdict(candidate.match)[name] for name in ("median", "low", "high")
        }
    assert context.position == "Job of Cora Candidate"
    assert context.pattern_source.endswith("version 1")
