"""Campaigns: what is asked in which order, from which day to which, and how far their people have come."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from assess.banks.parts import Part
from assess.errors import NotAllowed, NotFound, NotOpenYet, Refused
from assess.models import AuditEvent, Campaign, Mail
from assess.services import access, assignments, attempts, campaigns, days, invitations, mail, reminders
from assess.services.access import Permission
from assess.services.assignments import State
from assess.services.campaigns import Phase
from assess.services.invitations import Invitee
from assess.services.mail import Reply
from tests import factories

TODAY = date(2026, 6, 1)  # when service tests happen: 11:30 in Berlin


@pytest.fixture
def make(session, registry, cast, now):
    """A function that makes a campaign of Acme's, with what a test gives."""

    def make(user=cast.hana, **values):
        bank = values.pop("bank", registry.newest("general"))
        usual = {"name": "Summer", "form": "standard", "position": None, "purpose": "hiring", "feedback": "at-once"}
        usual |= {"until": TODAY + timedelta(days=14), "now": now}
        return campaigns.create_campaign(session, user, bank=bank, **{**usual, **values})

    return make


def invite(session, hana, campaign, name, *, now):
    return invitations.assign(session, hana, campaign, Invitee(name, f"{name.lower()}@people.example"), now=now)


def test_parts_are_kept_in_the_order_given(make):
    order = [Part.TRIPLETS, Part.STATEMENTS, Part.SITUATIONS, Part.PERSPECTIVE, Part.NUMERICAL, Part.VOCABULARY]
    assert make(parts=order).parts == [str(part) for part in order]


def test_every_edition_can_be_asked_everything(make, registry):
    for bank in registry.editions:
        assert len(make(bank=bank, parts=list(Part)).parts) == 6


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "statements are always asked"),
        ([Part.TRIPLETS], "statements are always asked"),
        ([Part.STATEMENTS, Part.TRIPLETS, Part.TRIPLETS], "every part at most once"),
    ],
)
def test_statements_are_always_asked_and_nothing_twice(make, parts, words):
    with pytest.raises(Refused, match=words):
        make(parts=parts)


def test_bank_without_a_part_cannot_be_asked_it(make, registry):
    bank = registry.newest("general")
    without = bank.model_copy(update={"proficiency": None, "exposure": None})
    without.__dict__.pop("asked", None)  # worked out from what it had
    with pytest.raises(Refused, match=r"General 1\.0 has no vocabulary questions"):
        make(bank=without, parts=[Part.STATEMENTS, Part.VOCABULARY])
    with pytest.raises(Refused, match="cannot be given adaptively"):
        make(bank=without, form="adaptive")


def test_campaign_opens_at_once_or_with_its_first_local_day(make, now):
    assert make().opens_at == now
    assert make(opens=TODAY).opens_at == now
    berlin = make(opens=date(2026, 6, 8))
    assert berlin.opens_at == datetime(2026, 6, 7, 22, tzinfo=UTC)
    tokyo = make(opens=date(2026, 6, 8), until=date(2026, 6, 8), time_zone="Asia/Tokyo")
    assert (tokyo.opens_at, tokyo.closes_at) == (
        datetime(2026, 6, 7, 15, tzinfo=UTC),
        datetime(2026, 6, 8, 15, tzinfo=UTC),
    )


def test_today_is_the_day_that_it_is_in_the_campaign_s_zone(make):
    late = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # 2 June in Berlin, still 1 June in Lisbon
    with pytest.raises(Refused, match="last day is over already"):
        make(until=TODAY, now=late)
    with pytest.raises(Refused, match="first day is over already"):
        make(opens=TODAY, now=late)
    assert make(opens=TODAY, until=TODAY, time_zone="Europe/Lisbon", now=late).opens_at == late


@pytest.mark.parametrize(
    ("day", "zone", "starts", "hours"),
    [
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-24T22:00", 25),
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-28T23:00", 23),
        (date(2026, 3, 29), "Asia/Beirut", "2026-03-28T22:00", 23),  # has no midnight: it begins at one o'clock
        (date(2026, 3, 28), "Asia/Beirut", "2026-03-27T22:00", 24),
        (date(2026, 10, 25), "Atlantic/Azores", "2026-10-25T00:00", 25),  # has its midnight twice: the first counts
        (date(2026, 10, 24), "Atlantic/Azores", "2026-10-24T00:00", 24),
    ],
)
def test_day_lasts_from_midnight_to_midnight_also_when_the_clocks_change(day, zone, starts, hours):
    start, end = (edge(day, zone).astimezone(UTC) for edge in (days.start_of_day, days.end_of_day))
    assert start == datetime.fromisoformat(starts).replace(tzinfo=UTC)
    assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "Europe", "", "europe/berlin"])
def test_time_zone_must_be_one(name):
    with pytest.raises(Refused, match="There is no time zone called"):
        days.require_zone(name)


def test_offered_time_zones_are_known_and_hold_the_usual_ones():
    assert {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"} <= set(days.places())
    assert [days.require_zone(name) for name in days.places()] == list(days.places())
    assert len(set(days.places())) == len(days.places())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"until": date(2026, 5, 31)}, "last day is over already"),
        ({"opens": date(2026, 5, 31)}, "first day is over already"),
        ({"opens": date(2026, 6, 20)}, "first day comes after the last day"),
        ({"opens": date(9999, 12, 31)}, "first day comes after the last day"),
        ({"time_zone": "Mars/Olympus"}, "no time zone called Mars/Olympus"),
        ({"until": date(2028, 5, 18)}, "choose 17 May 2028 or an earlier day"),
        ({"until": date(2028, 5, 18), "time_zone": "Pacific/Auckland"}, "choose 17 May 2028 or an earlier day"),
    ],
)
def test_dates_that_make_no_sense_are_explained(make, values, words):
    with pytest.raises(Refused, match=words):
        make(**values)


def test_phase_follows_the_clock(make):
    campaign = make(opens=date(2026, 6, 8))
    moments = (campaign.opens_at, campaign.closes_at)
    second = timedelta(seconds=1)
    found = [campaigns.phase_of(campaign, now=at) for moment in moments for at in (moment - second, moment)]
    assert found == [Phase.PLANNED, Phase.OPEN, Phase.OPEN, Phase.OVER]


def test_making_a_campaign_is_audited_without_its_name(session, make):
    campaign = make(name="Successor of Mr Miller")
    session.commit()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "campaign.added")).one()
    assert event.subject == f"campaign:{campaign.id}"
    assert "Miller" not in str(vars(event))


def test_only_hr_makes_and_reads_campaigns_and_only_their_own(session, cast, make, now):
    campaign = make()
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            make(colleague)
        with pytest.raises(NotAllowed):
            campaigns.campaigns_of(session, colleague, now=now)
        with pytest.raises(NotAllowed):
            access.get_campaign(session, colleague, campaign.public_id, Permission.CAMPAIGN_READ)
    with pytest.raises(NotFound):
        access.get_campaign(session, cast.otto, campaign.public_id, Permission.CAMPAIGN_READ)
    assert campaigns.campaigns_of(session, cast.otto, now=now).rows == []
    assert access.get_campaign(session, cast.hana, campaign.public_id, Permission.CAMPAIGN_WRITE) is campaign


def test_nobody_is_invited_into_a_campaign_that_is_over(session, cast, make, now):
    campaign = make()
    invite(session, cast.hana, campaign, "Anna", now=campaign.closes_at - timedelta(seconds=1))
    with pytest.raises(Refused, match="The last day of this campaign is over"):
        invite(session, cast.hana, campaign, "Ben", now=campaign.closes_at)


def test_invitation_cannot_be_begun_before_the_first_day(session, registry, cast, make, now):
    campaign = make(opens=date(2026, 6, 8))
    assignment = invite(session, cast.hana, campaign, "Anna", now=now)
    token = factories.take_token(session, assignment, now=now)
    early = campaign.opens_at - timedelta(seconds=1)
    with pytest.raises(NotOpenYet):
        invitations.redeem(session, token, now=early)
    with pytest.raises(NotOpenYet):
        attempts.start(session, assignment, registry, now=early)
    assert assignment.opened_at is None
    invitations.redeem(session, token, now=campaign.opens_at)
    attempt = attempts.start(session, assignment, registry, now=campaign.opens_at)
    assert attempt.started_at == campaign.opens_at


def test_withdrawn_before_the_first_day_is_withdrawn(session, registry, cast, make, now):
    assignment = invite(session, cast.hana, make(opens=date(2026, 6, 8)), "Anna", now=now)
    invitations.withdraw(session, cast.hana, assignment, now=now)
    assert assignments.row_of(session, assignment, now=now).state is State.WITHDRAWN


def letter_to(session, cast, campaign, now):
    row = invitations.send(session, cast.hana, invite(session, cast.hana, campaign, "Anna", now=now), now=now)
    message = mail.write(session, row, base_url="http://rapport.example", sender="rapport@host.example", now=now)
    return " ".join(message.get_body(("plain",)).get_content().split())


def test_letter_names_the_first_day_if_it_is_still_to_come(session, cast, make, now):
    words = "You can begin on 8 June 2026; the link opens the questionnaire from then on. Please finish it by 15 June"
    assert words in letter_to(session, cast, make(opens=date(2026, 6, 8)), now)


def test_letter_of_an_open_campaign_does_not_speak_of_a_first_day(session, cast, make, now):
    assert "You can begin on" not in letter_to(session, cast, make(), now)


def test_nobody_is_reminded_of_what_cannot_be_begun_yet(session, cast, make, now):
    campaign = make(opens=date(2026, 6, 10), reminders=(7, 2))  # until the 15th: seven days before is the 8th
    assignment = invite(session, cast.hana, campaign, "Anna", now=now)
    mail.note(invitations.send(session, cast.hana, assignment, now=now), Reply(accepted=True, text="250"), now=now)
    two_days_before = campaign.closes_at - timedelta(days=2)
    assert reminders.send_due(session, now=campaign.closes_at - timedelta(days=7)) == 0
    assert reminders.send_due(session, now=two_days_before - timedelta(seconds=1)) == 0
    assert reminders.send_due(session, now=two_days_before) == 1


def test_list_counts_people_by_how_far_they_have_come(session, engine, registry, cast, make, now):
    campaign = make(name="Full")
    everybody = [invite(session, cast.hana, campaign, f"P{number}", now=now) for number in range(9)]
    _created, queued, sent, bounced, opened, begun, done, gone, erased = everybody
    invitations.send(session, cast.hana, queued, now=now)
    invitations.copy_link(session, cast.hana, sent, now=now)
    session.add(Mail(kind="invitation", person=bounced.person, assignment=bounced, created_at=now, bounced_at=now))
    opened.opened_at = now
    attempts.start(session, begun, registry, now=now)
    gone.withdrawn_at = erased.person.erased_at = now
    session.commit()
    factories.scored(session, registry, engine, cast.hana, assignment=done, now=now)
    make(name="Empty")
    full, empty = (next(r for r in rows_of(session, cast, now) if r.campaign.name == n) for n in ("Full", "Empty"))
    assert full.counts == dict.fromkeys(set(State) - {State.SUBMITTED, State.RELEASED, State.EXPIRED}, 1)
    assert (full.n_people, empty.n_people) == (9, 0)
    listed = assignments.assignments_of(session, cast.hana, campaign=campaign, now=now)
    assert Counter(row.state for row in listed) == full.counts
    assert [assignments.row_of(session, each, now=now).state for each in everybody] == [
        row.state for row in reversed(listed)
    ]
    afterwards = next(r for r in rows_of(session, cast, campaign.closes_at) if r.campaign.name == "Full")
    assert afterwards.counts == {
        State.IN_PROGRESS: 1,
        State.SCORED: 1,
        State.EXPIRED: 5,
        State.WITHDRAWN: 1,
        State.ERASED: 1,
    }


def rows_of(session, cast, now):
    return campaigns.campaigns_of(session, cast.hana, now=now).rows


def test_people_of_another_campaign_are_not_among_them(session, cast, make, now):
    first, second = make(name="First"), make(name="Second", form="short")
    invite(session, cast.hana, first, "Anna", now=now)
    invite(session, cast.hana, second, "Ben", now=now)
    (row,) = assignments.assignments_of(session, cast.hana, campaign=first, now=now)
    assert row.assignment.person.name == "Anna"


def test_list_has_pages_newest_first(session, cast, make, now, monkeypatch):
    monkeypatch.setattr(campaigns, "PAGE", 2)
    for number in range(5):
        make(name=f"No {number}")
    pages = [campaigns.campaigns_of(session, cast.hana, page=page, now=now) for page in (1, 2, 3, 4)]
    assert [[row.campaign.name[-1] for row in page.rows] for page in pages] == [["4", "3"], ["2", "1"], ["0"], []]
    assert [page.has_more for page in pages] == [True, True, False, False]


def test_list_takes_as_many_queries_however_long_it_is(session, registry, cast, make, now, count_queries):
    def count():
        session.commit()
        session.expire_all()
        with count_queries() as counter:
            for row in rows_of(session, cast, now):
                assert row.campaign.position is None or row.campaign.position.title
        return counter.count

    make(position=factories.position(session, registry, cast.hana, now=now))
    fewest = count()
    for number in range(6):
        title = f"Job {number}"
        campaign = make(position=factories.position(session, registry, cast.hana, title, now=now))
        invite(session, cast.hana, campaign, f"P{number}", now=now)
    assert count() == fewest


def test_zone_of_the_organisation_is_the_default(session, make, cast):
    assert make().time_zone == cast.acme.time_zone
    assert ZoneInfo(session.scalars(select(Campaign.time_zone)).first()).key == "Europe/Berlin"
