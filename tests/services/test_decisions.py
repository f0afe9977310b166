"""A decision is a person's, about one person, on more than the assessment, with reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotAllowed, Refused
from assess.models import Basis, Outcome, Purpose
from assess.services import decisions, erasure, invitations, paging
from assess.services.decisions import Wanted
from tests import factories

TALK = [Basis.INTERVIEW]


@pytest.fixture
def cora(session, registry, engine, cast, now):
    """Cora's assignment, handed in and scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


@pytest.fixture
def decide(session, cast, cora, now):
    """Return a function by which Hana decides on Cora, or on another."""

    def decide(outcome, reasons="A good talk", *, on=cora, by=cast.hana, bases=TALK, at=now):
        return decisions.record(session, by, on, outcome, reasons, bases=bases, now=at)

    return decide


def test_decision_keeps_who_what_why_and_earlier_ones(session, cast, cora, decide):
    decide(Outcome.RESERVE, "Good interview, second round")
    decide(Outcome.HIRE, "Reference confirmed", bases=[Basis.REFERENCES, Basis.INTERVIEW])
    found = decisions.decisions_of(session, cast.hana, cora)
    assert [(decision.outcome, name) for decision, name in found] == [(Outcome.HIRE, "Hana"), (Outcome.RESERVE, "Hana")]
    assert [decision.bases for decision, _ in found] == [["interview", "references"], ["interview"]]


def test_decision_sent_twice_is_one_and_with_other_bases_another(decide):
    first = decide(Outcome.HIRE, "Reference confirmed")
    assert decide(Outcome.HIRE, " Reference confirmed ") is first
    assert decide(Outcome.HIRE, "Reference confirmed", bases=[*TALK, Basis.REFERENCES]) is not first


def test_reasons_stay_as_written_but_for_what_no_database_keeps(decide):
    assert decide(Outcome.HIRE, "Calm\x00.\r\nKind. ").reasons == "Calm.\nKind."


def test_decision_without_reasons_is_refused(decide):
    with pytest.raises(Refused, match="write down the reasons"):
        decide(Outcome.REJECT, "  ")


@pytest.mark.parametrize("outcome", [Outcome.HIRE, Outcome.RESERVE, Outcome.REJECT])
def test_nothing_is_decided_on_the_assessment_alone(decide, outcome):
    with pytest.raises(Refused, match="No decision rests on the assessment alone"):
        decide(outcome, bases=[Basis.ASSESSMENT])
    with pytest.raises(Refused, match="tick what the decision rests on"):
        decide(outcome, bases=[])
    assert decide(outcome, bases=[Basis.ASSESSMENT, Basis.WORK_SAMPLE]).bases == ["work-sample", "assessment"]


def test_that_no_decision_is_needed_rests_on_nothing(decide):
    assert decide(Outcome.NONE, "She took another job", bases=[]).bases == []


def test_nothing_is_decided_while_the_person_may_still_answer(session, registry, cast, decide, now):
    dora = factories.assignment(session, registry, cast.hana, name="Dora", now=now)
    with pytest.raises(Refused, match="while the person may still answer"):
        decide(Outcome.REJECT, on=dora)
    invitations.withdraw(session, cast.hana, dora, now=now)
    assert decide(Outcome.REJECT, on=dora).outcome is Outcome.REJECT


def test_decision_without_a_result_cannot_rest_on_one(session, registry, cast, decide, now):
    dora = factories.assignment(session, registry, cast.hana, name="Dora", now=now)
    over = now + timedelta(days=30)
    assert Basis.ASSESSMENT not in decisions.bases_offered(session, dora)
    with pytest.raises(Refused, match="There is no result"):
        decide(Outcome.HIRE, on=dora, bases=[*TALK, Basis.ASSESSMENT], at=over)
    assert decide(Outcome.HIRE, on=dora, at=over).bases == ["interview"]


def test_only_what_the_purpose_allows_is_decided(session, cora, decide):
    with pytest.raises(Refused, match="is not decided here"):
        decide(Outcome.PROMOTE)
    cora.campaign.purpose = Purpose.COACHING
    for outcome in Outcome:
        with pytest.raises(Refused, match="is not decided here"):
            decide(outcome)


def test_others_decide_nothing(cast, decide):
    with pytest.raises(NotAllowed):
        decide(Outcome.HIRE, by=cast.ada)


def test_journal_has_every_decision_with_the_one_that_stands(session, cast, decide):
    decide(Outcome.RESERVE, "Waiting for references")
    decide(Outcome.HIRE, "They are good")
    rows = decisions.journal(session, cast.hana, Wanted()).rows
    assert [(row.decision.reasons, row.by, row.stands) for row in rows] == [
        ("They are good", "Hana", True),
        ("Waiting for references", "Hana", False),
    ]
    assert decisions.journal(session, cast.otto, Wanted()).rows == []


def test_journal_is_narrowed_to_what_is_asked(session, cast, cora, decide, now):
    decide(Outcome.RESERVE, "Waiting for references")
    decide(Outcome.HIRE, "They are good", at=now + timedelta(days=2))

    def reasons(**wanted):
        return [row.decision.reasons for row in decisions.journal(session, cast.hana, Wanted(**wanted)).rows]

    assert reasons(outcome=Outcome.RESERVE) == reasons(until=now + timedelta(days=1)) == ["Waiting for references"]
    assert reasons(since=now + timedelta(days=1)) == ["They are good"]
    assert len(reasons(campaign_id=cora.campaign_id, user_id=cast.hana.id)) == 2
    assert reasons(campaign_id=cora.campaign_id + 1) == reasons(user_id=cast.cole.id) == []
    assert [user.name for user in decisions.deciders(session, cast.hana)] == ["Hana"]
    assert decisions.decided_campaigns(session, cast.hana) == [cora.campaign]
    assert decisions.deciders(session, cast.otto) == decisions.decided_campaigns(session, cast.otto) == []


def test_journal_takes_as_many_queries_however_long_it_is(session, cast, decide, count_queries, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 3)
    counts = []
    for number in range(8):
        decide(Outcome.HIRE, f"Talk {number}")
        session.commit()
        assert cast.hana.organization_id
        with count_queries() as counter:
            found = decisions.journal(session, cast.hana, Wanted())
            assert all(
                [row.decision.assignment.person.name, row.decision.assignment.campaign.name] for row in found.rows
            )
        counts.append(counter.count)
    assert counts == [2] * 3 + [3] * 5  # the third counts what does not fit on the page
    assert (len(found.rows), found.found, found.has_more) == (3, 8, True)
    last = decisions.journal(session, cast.hana, Wanted(), page=3)
    assert ([row.decision.reasons for row in last.rows], last.has_more) == (["Talk 1", "Talk 0"], False)


def test_erasing_somebody_leaves_what_was_decided_without_the_reasons(session, cast, cora, decide, now):
    decide(Outcome.HIRE, "Ms Candidate was calm")
    erasure.erase(session, [cora.person], actor="worker", now=now)
    session.expire_all()
    ((decision, _),) = decisions.decisions_of(session, cast.hana, cora)
    assert (decision.outcome, decision.reasons, decision.bases) == (Outcome.HIRE, "", ["interview"])
    with pytest.raises(Refused, match="have been erased"):
        decide(Outcome.REJECT)
