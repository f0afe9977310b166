"""What may still change of a campaign, and whose time it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assess.errors import NotAllowed, Refused
from assess.models import AuditEvent, Feedback
from assess.services import attempts, campaign_changes, campaigns, invitations
from assess.services.campaigns import Phase
from assess.services.invitations import Invitee
from tests import factories

LAST = date(2026, 6, 15)  # 14 days after the 1st, when service tests happen; Berlin's day ends at 22:00 UTC


def end(day):
    return datetime(2026, 6, day, 22, tzinfo=UTC)


@pytest.fixture
def people(session, registry, cast, now):
    """Ann has not begun, Ben has, Cy has more time than all, Di has handed in."""
    ann = factories.assignment(session, registry, cast.hana, name="Ann", now=now)
    others = {name: Invitee(name, f"{name.lower()}@people.example") for name in ("Ben", "Cy", "Di")}
    found = {"Ann": ann} | {
        name: invitations.assign(session, cast.hana, ann.campaign, each, now=now) for name, each in others.items()
    }
    attempts.start(session, found["Ben"], registry, now=now)
    invitations.extend(session, cast.hana, found["Cy"], date(2026, 6, 20), now=now)
    attempts.start(session, found["Di"], registry, now=now).submitted_at = now
    session.flush()
    return found


def change(session, user, campaign, now, **values):
    usual = {"name": campaign.name, "until": LAST, "reminders": [7], "reminders_begun": [], "feedback": "at-once"}
    values = usual | values
    feedback = Feedback(values.pop("feedback"))
    campaign_changes.change(session, user, campaign, **values, feedback=feedback, now=now)
    session.flush()
    session.expire_all()


def ends(people):
    return {name: each.expires_at for name, each in people.items()}


def test_later_last_day_gives_time_to_all_who_have_less(session, cast, people, now):
    token = factories.take_token(session, people["Ann"], now=now)
    change(session, cast.hana, people["Ann"].campaign, now, until=date(2026, 6, 18))
    assert ends(people) == {"Ann": end(18), "Ben": end(18), "Cy": end(20), "Di": end(15)}
    assert people["Ben"].attempt.closes_at == end(18) + timedelta(days=14)
    assert people["Ann"].campaign.closes_at == end(18)
    late = end(18) + timedelta(days=14) + invitations.AFTERWARDS
    assert invitations.find_by_take_token(session, token, now=late) is people["Ann"]
    change(session, cast.hana, people["Ann"].campaign, now, until=date(2026, 6, 25))
    assert set(ends(people).values()) == {end(25), end(15)}


def test_later_last_day_opens_again_what_was_over(session, cast, people, now):
    campaign, later = people["Ann"].campaign, end(30)
    assert campaigns.phase_of(campaign, now=later) is Phase.OVER
    change(session, cast.hana, campaign, later, until=date(2026, 7, 10))
    assert campaigns.phase_of(campaign, now=later) is Phase.OPEN
    assert people["Ann"].expires_at == datetime(2026, 7, 10, 22, tzinfo=UTC)


def test_earlier_last_day_takes_no_time_from_who_has_begun_or_was_given_more(session, cast, people, now):
    change(session, cast.hana, people["Ann"].campaign, now, until=date(2026, 6, 10))
    assert ends(people) == {"Ann": end(10), "Ben": end(15), "Cy": end(20), "Di": end(15)}
    assert people["Ben"].attempt.closes_at == end(15) + timedelta(days=14)


def test_closing_lets_nobody_begin_and_those_finish_who_have_begun(session, registry, cast, people, now):
    campaign = people["Ann"].campaign
    for _ in range(2):
        campaign_changes.close(session, cast.hana, campaign, now=now)
    session.commit()
    assert campaigns.phase_of(campaign, now=now) is Phase.OVER
    assert ends(people) == {"Ann": now, "Ben": end(15), "Cy": now, "Di": end(15)}
    assert people["Ben"].attempt.closes_at == end(15) + timedelta(days=14)
    assert session.query(AuditEvent).filter_by(action="campaign.closed").count() == 1
    with pytest.raises(Refused, match="last day of this campaign is over"):
        invitations.assign(session, cast.hana, campaign, Invitee("Ed", "ed@people.example"), now=now)
    change(session, cast.hana, campaign, now, until=LAST)
    assert ends(people) == {"Ann": end(15), "Ben": end(15), "Cy": end(15), "Di": end(15)}


def test_campaign_that_is_closed_before_its_first_day_is_over(session, registry, cast, now):
    campaign = factories.assignment(session, registry, cast.hana, opens=date(2026, 6, 8), now=now).campaign
    campaign_changes.close(session, cast.hana, campaign, now=now)
    assert campaigns.phase_of(campaign, now=now) is Phase.OVER


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 5, 31), "over already. To end the campaign now, close it"),
        (date(2026, 6, 1), "comes before the first day"),
        (date(2028, 5, 18), "choose 17 May 2028 or an earlier day"),
    ],
)
def test_last_day_that_cannot_be_is_refused(session, cast, people, now, until, words):
    campaign = people["Ann"].campaign
    campaign.opens_at = end(5)
    with pytest.raises(Refused, match=words):
        change(session, cast.hana, campaign, now, until=until)


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=1)])
def test_campaign_that_was_closed_early_can_be_renamed_and_stays_closed(session, cast, people, now, later):
    campaign = people["Ann"].campaign
    campaign_changes.close(session, cast.hana, campaign, now=now)
    closed, its_people = campaign.closes_at, ends(people)
    change(session, cast.hana, campaign, now + later, name="Filled", until=closed.date())
    assert (campaign.name, campaign.closes_at, ends(people)) == ("Filled", closed, its_people)
    assert campaigns.phase_of(campaign, now=now + later) is Phase.OVER


def test_what_somebody_else_has_changed_is_read_before_it_is_replaced(session, cast, people, now):
    campaign = people["Ann"].campaign
    seen = campaign_changes.sign_of(campaign)
    change(session, cast.hana, campaign, now, until=date(2026, 6, 18), seen=seen)
    change(session, cast.hana, campaign, now, until=date(2026, 6, 18), seen=seen)  # the same again is no refusal
    with pytest.raises(Refused, match="Somebody has changed this campaign"):
        change(session, cast.hana, campaign, now, name="Autumn", seen=seen)
    assert people["Ann"].expires_at == end(18)
    change(session, cast.hana, campaign, now, name="Autumn", seen=campaign_changes.sign_of(campaign))
    assert (campaign.name, people["Ann"].expires_at) == ("Autumn", end(15))


def test_name_and_reminders_change_and_the_log_names_nobody(session, cast, people, now):
    campaign = people["Ann"].campaign
    change(session, cast.hana, campaign, now, name="  Successor of Mr  Miller ", reminders=[2, 7], reminders_begun=[1])
    session.commit()
    assert (campaign.name, campaign.reminders, campaign.reminders_begun) == ("Successor of Mr Miller", [7, 2], [1])
    event = session.query(AuditEvent).filter_by(action="campaign.changed").one()
    assert (event.subject, event.details) == (f"campaign:{campaign.id}", {"until": "2026-06-15"})


def test_report_that_was_promised_at_once_is_not_held_back(session, registry, cast, people, now):
    with pytest.raises(Refused, match="That promise is kept"):
        change(session, cast.hana, people["Ann"].campaign, now, feedback="on-release")
    nobody_began = factories.assignment(session, registry, cast.hana, name="Ed", now=now).campaign
    change(session, cast.hana, nobody_began, now, feedback="on-release")
    assert nobody_began.feedback is Feedback.ON_RELEASE
    change(session, cast.hana, nobody_began, now, feedback="at-once")
    assert nobody_began.feedback is Feedback.AT_ONCE


def test_only_hr_changes_campaigns(session, cast, people, now):
    with pytest.raises(NotAllowed):
        change(session, cast.cole, people["Ann"].campaign, now)
    with pytest.raises(NotAllowed):
        campaign_changes.close(session, cast.ada, people["Ann"].campaign, now=now)
