"""Who is reminded, and when: it follows from the last day, the invitation and the mails that went out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assess.errors import NotAllowed
from assess.models import Mail
from assess.services import assignments, attempts, invitations, jobs, mail, reminders
from assess.services.assignments import State
from assess.services.mail import Reply
from tests import factories

SECOND = timedelta(seconds=1)
SEVEN_DAYS_BEFORE = datetime(2026, 6, 8, 22, 0, tzinfo=UTC)  # the end is Berlin's midnight after 15 June, 22:00 UTC
TWO_DAYS_BEFORE = datetime(2026, 6, 13, 22, 0, tzinfo=UTC)


@pytest.fixture
def cora(session, registry, cast, now):
    """Cora's assignment, invited, with reminders 7 and 2 days before the end."""
    return invited(session, registry, cast, now)


def invited(session, registry, cast, now, **options):
    assignment = factories.assignment(session, registry, cast.hana, reminders=(7, 2), now=now, **options)
    accepted(invitations.send(session, cast.hana, assignment, now=now), now)
    return assignment


def accepted(row, now):
    mail.note(row, Reply(accepted=True, text="250"), now=now)


def sent(session):
    return session.query(Mail).filter_by(kind="reminder").order_by(Mail.id).all()


def write(session, row, now):
    message = mail.write(session, row, base_url="http://rapport.example", sender="rapport@host.example", now=now)
    return message and " ".join(message.get_body(("plain",)).get_content().split())


def test_reminder_is_due_from_its_moment_on(session, cora):
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE - SECOND) == 0
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 1
    assert [row.person for row in sent(session)] == [cora.person]


def test_reminder_is_queued_to_be_sent(session, cora):
    before = len(jobs.waiting(session, "send-mail"))
    reminders.send_due(session, now=SEVEN_DAYS_BEFORE)
    (row,) = sent(session)
    assert [job.ids["mail_id"] for job in jobs.waiting(session, "send-mail")[before:]] == [row.id]


def test_each_reminder_goes_out_once(session, cora):
    moments = [SEVEN_DAYS_BEFORE + timedelta(hours=number) for number in range(0, 10 * 24, 6)]
    assert sum(reminders.send_due(session, now=moment) for moment in moments) == 2
    assert [row.created_at for row in sent(session)] == [SEVEN_DAYS_BEFORE, TWO_DAYS_BEFORE]


def test_of_several_that_are_overdue_one_goes_out(session, cora):
    late = TWO_DAYS_BEFORE + timedelta(hours=30)  # no worker ran for a week
    assert reminders.send_due(session, now=late) == 1
    assert reminders.send_due(session, now=late + SECOND) == 0


def test_last_reminder_is_sent_until_the_end_and_not_after(session, cora):
    assert reminders.send_due(session, now=cora.expires_at) == 0
    assert reminders.send_due(session, now=cora.expires_at - SECOND) == 1


@pytest.mark.parametrize(("earlier", "n"), [(SECOND, 1), (timedelta(0), 0), (-SECOND, 0)])
def test_what_was_due_before_the_invitation_went_out_is_not_sent(session, cora, earlier, n):
    cora.invited_at = SEVEN_DAYS_BEFORE - earlier
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE + timedelta(hours=1)) == n
    assert reminders.send_due(session, now=TWO_DAYS_BEFORE) == 1


def test_more_time_brings_the_reminders_before_the_new_last_day(session, cast, cora):
    reminders.send_due(session, now=TWO_DAYS_BEFORE)
    invitations.extend(session, cast.hana, cora, date(2026, 6, 29), now=TWO_DAYS_BEFORE + timedelta(hours=1))
    assert reminders.send_due(session, now=TWO_DAYS_BEFORE + timedelta(days=6)) == 0
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE + timedelta(days=14)) == 1
    assert reminders.send_due(session, now=TWO_DAYS_BEFORE + timedelta(days=14)) == 1


def test_who_has_begun_is_reminded_but_not_in_the_days_after_the_last_one(session, registry, cora, now):
    attempts.start(session, cora, registry, now=now)
    assert reminders.send_due(session, now=TWO_DAYS_BEFORE) == 1
    cora.expires_at -= timedelta(days=1)
    assert reminders.send_due(session, now=cora.expires_at + timedelta(hours=1)) == 0


def test_who_has_handed_in_is_not_reminded(session, registry, engine, cast, cora, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, assignment=cora, now=now)
    attempts.submit(session, attempt, registry.newest("general"), now=now)
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda cora: setattr(cora, "invited_at", None),
        lambda cora: setattr(cora, "withdrawn_at", cora.created_at),
        lambda cora: setattr(cora.person, "email", None),
        lambda cora: setattr(cora.person, "erased_at", cora.created_at),
        lambda cora: setattr(cora.person, "is_simulated", True),
        lambda cora: setattr(cora.campaign, "reminders", []),
    ],
    ids=["not invited", "withdrawn", "no address", "erased", "simulated", "no reminders wished"],
)
def test_others_are_not_reminded(session, cora, change):
    change(cora)
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 0


def test_address_that_mail_came_back_from_is_left_alone_until_something_arrives_there(session, cast, cora, now):
    bounced = invitations.send(session, cast.hana, cora, now=now)
    mail.note(bounced, Reply(accepted=False, text="550"), now=now)
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 0
    accepted(invitations.send(session, cast.hana, cora, now=now), now)
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 1


def test_link_that_was_handed_over_is_followed_by_reminders_too(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, reminders=(7, 2), now=now)
    invitations.copy_link(session, cast.hana, assignment, now=now)
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 1


def test_invitation_that_is_sent_again_is_no_reminder(session, cast, cora):
    later = SEVEN_DAYS_BEFORE + timedelta(hours=1)
    accepted(invitations.send(session, cast.hana, cora, now=later), later)
    assert reminders.send_due(session, now=later) == 0  # one mail a day is enough
    assert reminders.send_due(session, now=later + timedelta(days=1)) == 1


def test_campaigns_with_other_days_and_ends_are_told_apart(session, registry, cast, cora, now):
    ann = factories.assignment(session, registry, cast.hana, name="Ann One", reminders=(3,), now=now)
    ben = invited(session, registry, cast, now + timedelta(days=1), name="Ben Two")
    ann.invited_at = now
    moments = [SEVEN_DAYS_BEFORE, SEVEN_DAYS_BEFORE + timedelta(days=1), TWO_DAYS_BEFORE - timedelta(days=1)]
    people = []
    for moment in moments:
        reminders.send_due(session, now=moment)
        people.append([row.person for row in sent(session) if row.created_at == moment])
    assert people == [[cora.person], [ben.person], [ann.person]]


@pytest.mark.parametrize("days", [0, 31])
def test_days_out_of_reach_are_refused(session, registry, cast, now, days):
    with pytest.raises(ValueError, match="1 to 30 days"):
        factories.assignment(session, registry, cast.hana, reminders=(7, days), now=now)


def test_at_most_so_many_at_a_time(session, registry, cast, cora, now, monkeypatch):
    invited(session, registry, cast, now, name="Ann One")
    monkeypatch.setattr(reminders, "MOST", 1)
    assert [reminders.send_due(session, now=SEVEN_DAYS_BEFORE) for _ in range(3)] == [1, 1, 0]


def test_each_further_reminder_costs_two_inserts_and_no_query(session, registry, cast, now, count_queries):
    counts = []
    for names in (("Ann One", "Ben Two"), ("Cy Three", "Di Four", "Ed Five", "Flo Six")):
        for name in names:
            invited(session, registry, cast, now, name=name)
        session.commit()
        with count_queries() as counter:
            assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == len(names)
            session.commit()
        counts.append(counter.count)
    assert counts[1] - counts[0] <= 2 * (4 - 2)


def test_letter_says_where_they_stand_and_how_to_decline(session, cora):
    reminders.send_due(session, now=SEVEN_DAYS_BEFORE)
    words = write(session, sent(session)[0], SEVEN_DAYS_BEFORE)
    assert "Dear Cora Candidate" in words
    assert "You have not begun yet" in words
    assert "The last day is 15 June 2026 (Europe/Berlin time)." in words
    assert "If you would rather not take part, you need do nothing." in words
    assert "people@acme.example" in words


def test_letter_to_somebody_who_has_begun_says_what_is_saved_and_how_long_there_is(session, registry, cora, now):
    attempts.start(session, cora, registry, now=now)
    reminders.send_due(session, now=SEVEN_DAYS_BEFORE)
    words = write(session, sent(session)[0], SEVEN_DAYS_BEFORE)
    assert "What you have answered is saved" in words
    assert "you may take until 29 June 2026" in words
    assert "answers that are not handed in are not scored" in words
    assert "not begun" not in words


def test_link_in_the_letter_is_new_and_opens_the_assignment(session, cora):
    reminders.send_due(session, now=SEVEN_DAYS_BEFORE)
    words = write(session, sent(session)[0], SEVEN_DAYS_BEFORE)
    token = words.partition("http://rapport.example/take/link/")[2].partition(" ")[0]
    assert invitations.find_by_take_token(session, token, now=SEVEN_DAYS_BEFORE) is cora


@pytest.mark.parametrize("what", ["withdrawn", "over", "handed in"])
def test_reminder_that_nobody_needs_any_more_is_not_written(session, registry, engine, cast, cora, now, what):
    reminders.send_due(session, now=SEVEN_DAYS_BEFORE)
    (row,), moment = sent(session), SEVEN_DAYS_BEFORE
    attempt = factories.attempt(session, registry, engine, cast.hana, assignment=cora, now=now)
    if what == "withdrawn":
        invitations.withdraw(session, cast.hana, cora, now=moment)
    elif what == "over":
        moment = cora.expires_at  # the answers may still be handed in, but the last day is past
    else:
        attempts.submit(session, attempt, registry.newest("general"), now=moment)
    assert write(session, row, moment) is None
    assert row.failed_at == moment


def test_reminder_is_not_taken_for_the_invitation(session, cast, cora, now):
    invitation = invitations.newest_mail(session, cast.hana, cora)
    reminders.send_due(session, now=SEVEN_DAYS_BEFORE)
    (row,) = sent(session)
    assert invitations.newest_mail(session, cast.hana, cora) is invitation
    assert invitations.newest_mail(session, cast.hana, cora, "reminder") is row
    again = invitations.send(session, cast.hana, cora, now=SEVEN_DAYS_BEFORE)
    assert again is not row
    accepted(again, SEVEN_DAYS_BEFORE)
    cora.invited_at = None
    mail.note(row, Reply(accepted=False, text="550"), now=SEVEN_DAYS_BEFORE)
    assert assignments.row_of(session, cora, now=SEVEN_DAYS_BEFORE).state is State.CREATED
    accepted(row, SEVEN_DAYS_BEFORE)
    assert cora.invited_at is None


def test_who_has_begun_is_reminded_on_days_of_their_own(session, registry, cast, now):
    ann, ben = (invited(session, registry, cast, now, name=name) for name in ("Ann One", "Ben Two"))
    for each in (ann, ben):
        each.campaign.reminders, each.campaign.reminders_begun = [7], [2]
    attempts.start(session, ben, registry, now=now)
    assert reminders.send_due(session, now=SEVEN_DAYS_BEFORE) == 1
    assert reminders.send_due(session, now=TWO_DAYS_BEFORE) == 1
    assert [(row.person, row.created_at) for row in sent(session)] == [
        (ann.person, SEVEN_DAYS_BEFORE),
        (ben.person, TWO_DAYS_BEFORE),
    ]


def test_nobody_gets_two_mails_a_day_from_several_campaigns(session, registry, cast, cora, now):
    cora.campaign.form = "short"  # so that the other one asks something else
    other = invited(session, registry, cast, now, name="Cora Again")
    assert other.person is cora.person
    assert [reminders.send_due(session, now=SEVEN_DAYS_BEFORE + timedelta(hours=n)) for n in range(26)].count(1) == 2
    first, second = sent(session)
    assert second.created_at - first.created_at >= timedelta(days=1)


def test_hr_reminds_now_and_is_told_of_everybody_left_out_and_why(session, registry, engine, cast, cora, now):
    day = timedelta(days=1)
    people = {name: invited(session, registry, cast, now, name=f"{name} X") for name in "ABCDEFGHI"}
    attempts.start(session, people["A"], registry, now=now)
    people["B"].withdrawn_at = people["C"].person.erased_at = now
    people["D"].invited_at = people["E"].person.email = None
    people["F"].campaign.opens_at = now + 5 * day
    people["G"].person.is_simulated = True
    people["H"].expires_at = now + day
    mail.note(invitations.send(session, cast.hana, people["I"], now=now), Reply(accepted=False, text="550"), now=now)
    everybody = [cora, *people.values()]
    later = now + day + SECOND
    left_out = reminders.send_now(session, cast.hana, everybody, now=later)
    assert {people_of[0]: left_out[each.id] for people_of, each in people.items() if each.id in left_out} == {
        "B": "This invitation has been withdrawn.",
        "C": assignments.ERASED,
        "D": "No invitation has gone out yet.",
        "E": "There is no e-mail address.",
        "F": "The first day is still to come.",
        "G": "This person is simulated.",
        "H": "This invitation has expired. Give it a later last day first.",
        "I": "The last mail came back: the mail server refused the address.",
    }
    assert [row.person for row in sent(session)] == [cora.person, people["A"].person]
    again = reminders.send_now(session, cast.hana, [cora, people["A"]], now=later + timedelta(hours=23))
    assert set(again.values()) == {"A mail went to this person within the last day."}
    assert len(sent(session)) == 2


def test_only_hr_reminds(session, cast, cora, now):
    with pytest.raises(NotAllowed):
        reminders.send_now(session, cast.cole, [cora], now=now)
