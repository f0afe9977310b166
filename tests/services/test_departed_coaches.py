"""A coach whose account is closed, or who is none any more: coachings rest, and nothing comes in their name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.errors import CoachGone, NotFound
from assess.models import Coaching, EndedBy, Mail, Role
from assess.services import (
    caseload,
    coaching_mail,
    coaching_nudges,
    coaching_reminders,
    own_coaching,
)
from assess.services.access import Permission
from assess.services.invitations import Invitee
from tests.services import coachees

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cora(session, cast, now):
    return coachees.person(session, cast.acme, now=now)


@pytest.fixture
def coaching(session, cast, cora, now):
    return caseload.assign(session, cast.hana, cora, cast.cole, now=now - 60 * DAY)


@pytest.fixture(params=["closed", "no coach"])
def leave(request, session, cast, now):
    """A function with which Cole's account is closed, or he is made HR instead."""

    def leave():
        if request.param == "closed":
            cast.cole.deactivated_at = now
        else:
            cast.cole.roles = frozenset({Role.HR})
        session.flush()

    return leave


def wanted(session, now):
    return session.scalars(select(Mail.kind).where(coaching_mail.is_wanted(now=now))).all()


def test_nobody_is_reminded_in_their_name(session, cast, cora, coaching, leave, now):
    coachees.talk(session, cast.cole, cora, planned_for=now + 20 * HOUR, now=now - DAY)
    coachees.plan(session, cast.cole, cora, now=now - 2 * DAY)
    coachees.talk(session, cast.cole, cora, planned_for=now - 9 * DAY, now=now - 20 * DAY)
    leave()
    before = session.scalars(select(Mail.id)).all()
    coaching_reminders.send_due(session, now=now)
    session.flush()
    assert session.scalars(select(Mail.id)).all() == before
    own = Coaching.coach_id == cast.cole.id
    assert list(coaching_nudges.nudges_where(session, own, now=now)) == []


def test_letters_that_wait_are_not_sent(session, cast, coaching, leave, now):
    session.flush()
    assert wanted(session, now) == ["coaching-assigned"]
    leave()
    assert wanted(session, now) == []


def test_nothing_is_found_through_their_coachings(session, cast, cora, coaching, leave, now):
    leave()
    with pytest.raises(NotFound):
        caseload.get(session, cast.cole, coaching.public_id, Permission.COACHING_READ)


def test_talks_with_them_are_not_ahead_any_more(session, cast, cora, coaching, leave, now):
    coachees.talk(session, cast.cole, cora, planned_for=now + DAY, now=now)
    assert len(own_coaching.talks_ahead(session, cora, now=now)) == 1
    leave()
    assert own_coaching.talks_ahead(session, cora, now=now) == []


def test_nobody_says_yes_to_them(session, cast, leave, now):
    asked = caseload.ask(session, cast.cole, Invitee("Dora", "dora@people.example"), now=now)
    leave()
    with pytest.raises(CoachGone):
        caseload.agree(session, asked, now=now)


def test_person_still_ends_it_and_hr_names_another(session, cast, cora, coaching, leave, now):
    leave()
    assert own_coaching.has_any(session, cora, now=now)
    assert caseload.own(session, cora, now=now) == [coaching]
    caseload.end_by_person(session, coaching, now=now)
    assert caseload.own(session, cora, now=now) == []


def test_who_was_the_coach_and_is_hr_now_ends_it_as_hr(session, cast, coaching, now):
    cast.cole.roles = frozenset({Role.HR})
    caseload.end(session, cast.cole, coaching, now=now)
    assert coaching.ended_by is EndedBy.HR


def test_coach_who_comes_back_goes_on(session, cast, cora, coaching, now):
    cast.cole.deactivated_at = now
    session.flush()
    cast.cole.deactivated_at = None
    session.flush()
    assert caseload.coachings(session, cast.cole) == [coaching]
