"""Inviting many people at once: who can be invited, who is left out and why, and that twice is once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import NotAllowed, Refused
from assess.models import Assignment, AuditEvent, Job, Mail, Person
from assess.services import attempts, bulk_invitations, campaigns, invitations, jobs
from assess.services.people_rows import Entry
from tests import factories


@pytest.fixture
def campaign(session, registry, cast, now):
    return campaign_of(session, registry, cast.hana, now)


def campaign_of(session, registry, user, now, **values):
    usual = {"name": "Autumn", "form": "standard", "position": None, "purpose": "hiring", "feedback": "at-once"}
    usual |= {"until": (now + timedelta(days=14)).date(), "bank": registry.newest("general")}
    return campaigns.create_campaign(session, user, **usual | values, now=now)


def entries(*names, begin=2):
    return [Entry(number, f"{name} Test", f"{name.lower()}@people.example") for number, name in enumerate(names, begin)]


def test_everybody_is_invited_by_mail_with_what_the_file_says(session, cast, campaign, now):
    anna = Entry(2, "Anna Able", "anna@people.example", "+49 170", "007", "es")
    n = bulk_invitations.invite(session, cast.hana, campaign, [anna, *entries("Ben", begin=3)], by_mail=True, now=now)
    session.commit()
    session.expire_all()
    first, second = session.query(Assignment).order_by(Assignment.id)
    person = first.person
    assert n == 2
    assert (person.name, person.phone, person.employee_number, person.language) == ("Anna Able", "+49 170", "007", "es")
    assert (person.organization, person.is_simulated, person.accommodations) == (cast.acme, False, {})
    assert (first.expires_at, first.invited_at, first.organization) == (campaign.closes_at, None, cast.acme)
    assert (second.person.phone, second.person.employee_number, second.person.language) == (None, None, "")
    mails = session.query(Mail).order_by(Mail.id).all()
    assert [(mail.kind, mail.assignment) for mail in mails] == [("invitation", first), ("invitation", second)]
    assert [job.ids["mail_id"] for job in jobs.waiting(session, "send-mail")] == [mail.id for mail in mails]
    events = session.query(AuditEvent).filter(AuditEvent.subject == f"assignment:{first.id}")
    assert [event.action for event in events] == ["assignment.added", "invitation.queued"]


def test_without_mail_they_are_entered_and_nothing_is_sent(session, cast, campaign, now):
    assert bulk_invitations.invite(session, cast.hana, campaign, entries("Anna"), by_mail=False, now=now) == 1
    session.commit()
    assert session.query(Mail).count() == 0
    assert [e.action for e in session.query(AuditEvent).filter(AuditEvent.subject.startswith("assignment"))] == [
        "assignment.added"
    ]


def test_sent_twice_everybody_is_invited_once(session, cast, campaign, now):
    people = entries("Anna", "Ben")
    done = [bulk_invitations.invite(session, cast.hana, campaign, people, by_mail=True, now=now) for _ in range(2)]
    assert done == [2, 0]
    assert [session.query(model).count() for model in (Person, Assignment, Mail)] == [2, 2, 2]


def test_who_is_left_out_is_named_with_the_reason_and_the_preview_says_what_is_done(
    session, registry, cast, campaign, now
):
    hana = cast.hana
    there, done, gone, twin, erased = entries("There", "Done", "Gone", "Twin", "Erased", begin=1)
    bulk_invitations.invite(session, hana, campaign, [there], by_mail=True, now=now)
    for each in (gone, twin, done):
        elsewhere = campaign_of(session, registry, hana, now)
        bulk_invitations.invite(session, hana, elsewhere, [each], by_mail=True, now=now)
    known = {person.name.partition(" ")[0]: person for person in session.query(Person)}
    known["Twin"].employee_number = "7"
    of_gone = session.query(Assignment).filter_by(person_id=known["Gone"].id).one()
    invitations.withdraw(session, hana, of_gone, now=now)
    of_done = session.query(Assignment).filter_by(person_id=known["Done"].id).one()
    attempts.start(session, of_done, registry, now=now).submitted_at = now
    session.add(
        Person(organization=cast.acme, name="Erased person", employee_number=None, created_at=now, erased_at=now)
    )
    session.add(Person(organization=cast.birch, name="Otto's", email=erased.email, created_at=now))
    session.commit()
    renamed = Entry(3, "Gone Newname", gone.email, "+1", "8")
    numbered = Entry(9, "Nina New", "nina@people.example", employee_number="7")
    people = [there, done, renamed, twin, erased, numbered]
    found = bulk_invitations.look_up(session, hana, campaign, people, now=now)
    assert [entry.number for entry in found.entries] == [2, 3, 5]
    assert found.known == {2: "Done Test", 3: "Gone Test"}
    assert [(each.number, each.column, each.sentence) for each in found.left_out] == [
        (1, "email", "There Test is in this campaign already."),
        (4, "email", "Twin Test is invited to the same in another campaign and has not finished yet."),
        (9, "employee number", "Twin Test has this employee number, with another e-mail address."),
    ]
    assert bulk_invitations.invite(session, hana, campaign, people, by_mail=False, now=now) == 3
    assert (known["Gone"].name, known["Gone"].phone, known["Gone"].employee_number) == ("Gone Test", "+1", "8")
    assert session.query(Person).filter_by(organization_id=cast.birch.id).one().name == "Otto's"


def test_each_further_person_costs_no_query_but_three_inserts_at_most(session, cast, campaign, now, count_queries):
    counts = []
    for names in ("abc", "defghijklmno"):
        people = entries(*names)
        session.commit()
        with count_queries() as looking:
            bulk_invitations.look_up(session, cast.hana, campaign, people, now=now)
        with count_queries() as counter:
            bulk_invitations.invite(session, cast.hana, campaign, people, by_mail=True, now=now)
            session.commit()
        counts.append((looking.count, counter.count))
    few, many = counts
    assert few[0] == many[0]
    assert many[1] - few[1] <= 3 * (12 - 3)  # SQLite tells no ids of many rows at once: a mail, two events


def test_campaign_that_is_over_invites_nobody(session, cast, campaign, now):
    for work in (bulk_invitations.look_up, lambda *a, now: bulk_invitations.invite(*a, by_mail=True, now=now)):
        with pytest.raises(Refused, match="last day of this campaign is over"):
            work(session, cast.hana, campaign, entries("Anna"), now=campaign.closes_at)


def test_only_hr_invites(session, cast, campaign, now):
    for colleague in (cast.cole, cast.ada):
        with pytest.raises(NotAllowed):
            bulk_invitations.invite(session, colleague, campaign, entries("Anna"), by_mail=True, now=now)
        with pytest.raises(NotAllowed):
            bulk_invitations.look_up(session, colleague, campaign, entries("Anna"), now=now)
    assert session.query(Job).count() == 0


def test_steps_hold_everybody_once(monkeypatch):
    monkeypatch.setattr(bulk_invitations, "STEP", 2)
    people = entries(*"abcde")
    assert [len(step) for step in bulk_invitations.steps(people)] == [2, 2, 1]
    assert [entry for step in bulk_invitations.steps(people) for entry in step] == people


def test_nobody_is_asked_again_by_one_campaign(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    invitations.withdraw(session, cast.hana, assignment, now=now)
    again = invitations.Invitee(assignment.person.name, assignment.person.email)
    with pytest.raises(Refused, match="was invited into this campaign before"):
        invitations.assign(session, cast.hana, assignment.campaign, again, now=now)
