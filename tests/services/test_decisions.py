"""A decision is a person's, with reasons."""

from __future__ import annotations

import pytest

from assess.errors import NotAllowed, Refused
from assess.models import Outcome
from assess.services import decisions
from tests import factories


def test_decision_keeps_who_what_why_and_earlier_ones(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    decisions.record(session, cast.hana, assignment, Outcome.RESERVE, "Good interview, second round", now=now)
    decisions.record(session, cast.hana, assignment, Outcome.HIRE, "Reference confirmed", now=now)
    found = decisions.decisions_of(session, cast.hana, assignment)
    assert [(decision.outcome, name) for decision, name in found] == [(Outcome.HIRE, "Hana"), (Outcome.RESERVE, "Hana")]


def test_decision_sent_twice_is_one(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    first = decisions.record(session, cast.hana, assignment, Outcome.HIRE, "Reference confirmed", now=now)
    assert decisions.record(session, cast.hana, assignment, Outcome.HIRE, " Reference confirmed ", now=now) is first


def test_reasons_stay_as_written_but_for_what_no_database_keeps(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    decision = decisions.record(session, cast.hana, assignment, Outcome.HIRE, "Calm\x00.\r\nKind. ", now=now)
    assert decision.reasons == "Calm.\nKind."


def test_decision_without_reasons_is_refused(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    with pytest.raises(Refused, match="write down the reasons"):
        decisions.record(session, cast.hana, assignment, Outcome.REJECT, "  ", now=now)


def test_others_decide_nothing(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    with pytest.raises(NotAllowed):
        decisions.record(session, cast.ada, assignment, Outcome.HIRE, "because", now=now)
