"""Optional questions for audits: asked after submission, answered once, taken back at will, gone with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.errors import InvalidValue, Refused
from assess.models import AuditEvent, EqualityAnswer
from assess.services import equality, retention
from tests import factories

SAID = {"gender": "woman", "age": "from-40", "background": "", "disability": equality.NOT_SAID}


@pytest.fixture
def survey(registry):
    return registry.surveys.equality["en"]


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's assignment, handed in and scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


def rows(session):
    return session.scalars(select(EqualityAnswer)).all()


def test_only_what_was_said_is_stored(session, survey, cora, now):
    assert equality.answer(session, cora, survey, SAID, now=now)
    (row,) = rows(session)
    assert row.answers == {"gender": "woman", "age": "from-40"}
    assert (row.assignment_id, row.organization_id, row.answered_at) == (cora.id, cora.organization_id, now)
    assert equality.answers_of(session, cora) == row.answers


def test_nothing_is_stored_of_somebody_who_says_nothing(session, survey, cora, now):
    assert not equality.answer(session, cora, survey, {"gender": equality.NOT_SAID, "age": ""}, now=now)
    assert rows(session) == []
    assert equality.answers_of(session, cora) == {}


def test_first_answers_stay_when_they_are_sent_again(session, survey, cora, now):
    equality.answer(session, cora, survey, SAID, now=now)
    assert equality.answer(session, cora, survey, {"gender": "man"}, now=now + timedelta(minutes=1))
    assert equality.answers_of(session, cora)["gender"] == "woman"
    session.commit()
    assert actions(session).count("equality.answered") == 1


def actions(session):
    return [event.action for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]


@pytest.mark.parametrize("sent", [{"gender": "robot"}, {"age": "woman"}, {"faith": "yes"}])
def test_what_was_not_offered_is_refused(session, survey, cora, now, sent):
    with pytest.raises(InvalidValue):
        equality.answer(session, cora, survey, {**SAID, **sent}, now=now)
    assert rows(session) == []


def test_nobody_is_asked_before_handing_in(session, engine, registry, cast, survey, now):
    begun = factories.attempt(session, registry, engine, cast.hana, now=now).assignment
    assert not equality.is_asked(begun)
    with pytest.raises(Refused, match="after you have handed in"):
        equality.answer(session, begun, survey, SAID, now=now)


def test_organisation_may_choose_not_to_ask(session, cast, survey, cora, now):
    assert equality.is_asked(cora)
    equality.choose(session, cast.acme, asks=False, now=now)
    assert not equality.is_asked(cora)
    with pytest.raises(Refused, match="Acme does not ask these questions"):
        equality.answer(session, cora, survey, SAID, now=now)
    equality.choose(session, cast.acme, asks=True, now=now)
    assert equality.answer(session, cora, survey, SAID, now=now)


def test_what_an_organisation_chose_before_stays_when_it_chooses_this(session, cast, now):
    cast.acme.branding = {"colour": "petrol"}
    equality.choose(session, cast.acme, asks=False, now=now)
    session.commit()
    assert cast.acme.branding == {"colour": "petrol", "equality_questions": False}


def test_answers_are_taken_back_for_good_and_may_be_given_anew(session, survey, cora, now):
    equality.answer(session, cora, survey, SAID, now=now)
    equality.take_back(session, cora, now=now)
    equality.take_back(session, cora, now=now)
    assert rows(session) == []
    equality.answer(session, cora, survey, {"gender": "man"}, now=now)
    assert equality.answers_of(session, cora) == {"gender": "man"}
    session.commit()
    assert [action for action in actions(session) if action.startswith("equality")] == [
        "equality.answered", "equality.taken-back", "equality.answered"
    ]  # fmt: skip


def test_audit_log_says_that_there_are_answers_but_not_which(session, survey, cora, now):
    equality.answer(session, cora, survey, SAID, now=now)
    session.commit()
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "equality.answered"))
    assert (event.actor, event.subject, event.details) == ("person", f"assignment:{cora.id}", {})


def test_answers_go_when_the_person_s_data_are_erased_and_those_of_others_stay(
    session, engine, registry, cast, survey, cora, now
):
    later = now + timedelta(days=400)
    other = factories.scored(session, registry, engine, cast.hana, name="Otis Other", now=later).assignment
    for assignment in (cora, other):
        equality.answer(session, assignment, survey, SAID, now=later)
    assert retention.enforce(session, now=now + timedelta(days=3 * 366 - 100)).people == 1
    assert [row.assignment_id for row in rows(session)] == [other.id]
    with pytest.raises(Refused, match="have been erased"):
        equality.answer(session, cora, survey, SAID, now=later)


def test_audit_gets_groups_of_five_or_more_and_never_an_answer_alone(session, registry, cast, survey, cora, now):
    attempt = cora.attempt
    people = [factories.alike(session, attempt, f"Person {number}").assignment for number in range(13)]
    said = ["woman"] * 5 + ["man"] * 5 + ["another"] * 2
    session.add_all(
        EqualityAnswer(
            organization_id=each.organization_id,
            assignment_id=each.id,
            answers={"gender": gender, "age": "from-40"},
            answered_at=now,
        )
        for each, gender in zip(people, said, strict=False)
    )
    session.flush()
    ids, position = [each.id for each in people], cora.campaign.position
    found = equality.compared(session, position, ids, survey, list)
    assert found == {"gender": ["Woman"] * 5 + ["Man"] * 5 + [None] * 3}  # of age there is one group only
    assert equality.compared(session, position, ids[1:], survey, list) == {}  # four women
    other = factories.position(session, registry, cast.otto, now=now)
    assert equality.compared(session, other, ids, survey, list) == {}
