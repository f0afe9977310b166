"""Who is reminded in coaching, and when; and what a coach is nudged about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from assess.models import Coaching, DoneBy, GoalState, Mail, Person, Role
from assess.services import (
    caseload,
    check_ins,
    coaching_actions,
    coaching_goals,
    coaching_nudges,
    coaching_plans,
    coaching_reminders,
    jobs,
    mail,
)
from assess.services.check_ins import Notes, Slot
from assess.services.coaching_nudges import WITHOUT_TALK, Kind
from assess.services.mail import Reply
from assess.services.workshop import KINDS, PERIODIC
from tests import factories

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TALK = datetime(2026, 6, 10, 12, 30, tzinfo=UTC)  # nine days after the tests' now; 14:30 in Berlin


@pytest.fixture
def talk(session, cast, coaching, now):
    return check_ins.plan(session, cast.cole, coaching, Slot(date(2026, 6, 10), time(14, 30), 45), now=now)


@pytest.fixture
def goal(session, coaching, now):
    """A goal with one action, due on 20 June."""
    return factories.goal(session, coaching, "Sum up first", due_on=date(2026, 6, 20), now=now)


@pytest.fixture
def sent(session):
    """A function that sends what is due, and tells the kinds of mail that came of it."""

    def sent(now):
        session.flush()
        before = {row.id for row in session.query(Mail)}
        coaching_reminders.send_due(session, now=now)
        session.flush()
        new = [row for row in session.query(Mail).order_by(Mail.id) if row.id not in before]
        for row in new:
            mail.note(row, Reply(accepted=True, text="250"), now=now)
        return [row.kind for row in new]

    return sent


def nudges(session, cole, now):
    session.flush()
    found = coaching_nudges.nudges_where(session, Coaching.coach_id == cole.id, now=now)
    return sorted(((each.kind, each.since) for each in found), key=lambda nudge: nudge[1])


def written(session, now):
    """The newest letter, as it would be written now."""
    row = session.query(Mail).order_by(Mail.id.desc()).first()
    row.sent_at = None
    return mail.write(session, row, base_url=factories.URL, sender="r@host.example", now=now)


def words(message):
    return " ".join(message.get_body(("plain",)).get_content().split())


def test_person_is_reminded_once_in_the_last_day_before_a_talk(session, talk, sent):
    assert sent(TALK - DAY - SECOND) == []
    assert sent(TALK - DAY) == ["check-in-reminder"]
    assert not any(sent(TALK - DAY + number * HOUR) for number in range(1, 24))


def test_reminder_says_when_and_brings_the_calendar_file(session, talk, sent):
    sent(TALK - DAY)
    message = written(session, TALK - DAY)
    assert "Your check-in with Cole is on 10 June 2026 at 14:30 (Europe/Berlin time)." in words(message)
    assert [each.get_filename() for each in message.iter_attachments()] == ["checkin.ics"]


def test_who_was_told_within_a_day_is_not_reminded(session, cast, coaching, talk, sent):
    check_ins.move(session, cast.cole, coaching, talk, Slot(date(2026, 6, 10), time(16, 30), 45), now=TALK - 12 * HOUR)
    assert sent(TALK - 11 * HOUR) == []


def test_moved_talk_is_reminded_of_again(session, cast, coaching, talk, sent):
    assert sent(TALK - DAY) == ["check-in-reminder"]
    check_ins.move(session, cast.cole, coaching, talk, Slot(date(2026, 6, 12), time(14, 30), 45), now=TALK - 20 * HOUR)
    assert sent(TALK + DAY + HOUR) == ["check-in-reminder"]


@pytest.mark.parametrize("why", ["called off", "ended", "no address", "simulated"])
def test_nobody_is_reminded_of_what_is_not_to_come_or_cannot_be_read(session, cast, coachee, coaching, talk, sent, why):
    if why == "called off":
        check_ins.call_off(session, cast.cole, coaching, talk, now=TALK - 3 * DAY)
    elif why == "ended":
        caseload.end_by_person(session, coaching, now=TALK - 3 * DAY)
    elif why == "no address":
        coachee.email = None
    else:
        coachee.is_simulated = True
    assert sent(TALK - HOUR) == []


def test_actions_are_reminded_of_within_their_last_week_and_once_a_week(session, goal, sent):
    due = datetime(2026, 6, 20, tzinfo=UTC)
    assert sent(due - 8 * DAY) == []
    assert sent(due - 7 * DAY) == ["actions-due"]
    told = [day for day in range(-6, 40) if "actions-due" in sent(due + day * DAY)]
    assert told == [0, 7, 14, 21, 28]  # and then no more: overdue for four weeks, it is a matter for the next talk


def test_letter_about_actions_says_nothing_of_what_they_are(session, goal, sent):
    sent(datetime(2026, 6, 18, tzinfo=UTC))
    said = words(written(session, datetime(2026, 6, 18, tzinfo=UTC)))
    assert "Something that you have planned with Cole is due within the next seven days" in said
    assert "Sum up" not in said
    assert "kindly" not in said


@pytest.mark.parametrize("why", ["done", "reached", "closed", "new plan"])
def test_what_is_settled_is_not_reminded_of(session, cast, goal, sent, why, now):
    moment = datetime(2026, 6, 18, tzinfo=UTC)
    if why == "done":
        coaching_actions.tick(session, goal.actions[0], DoneBy.PERSON, remark="", now=now)
    elif why == "reached":
        coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="Calm", now=now)
    elif why == "closed":
        coaching_plans.close(session, cast.cole, goal.plan, now=now)
    else:
        goal.plan.created_at = moment - HOUR
    assert sent(moment) == []


def test_letter_is_not_sent_when_everything_was_done_meanwhile(session, goal, sent, now):
    moment = datetime(2026, 6, 18, tzinfo=UTC)
    assert sent(moment) == ["actions-due"]
    coaching_actions.tick(session, goal.actions[0], DoneBy.PERSON, remark="", now=now)
    assert written(session, moment) is None


def test_person_with_two_coaches_gets_one_letter(session, cast, coachee, goal, sent, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    caseload.assign(session, cast.hana, coachee, carl, now=now)
    assert sent(datetime(2026, 6, 18, tzinfo=UTC)) == ["actions-due"]


def test_coach_is_written_to_once_a_week_while_a_talk_waits_for_a_word(session, cast, coaching, talk, sent):
    assert sent(TALK + 2 * HOUR) == []  # it can still be noted today
    assert sent(TALK + DAY) == ["coach-reminder"]
    message = written(session, TALK + DAY)
    assert message["To"] == cast.cole.email
    assert "http://rapport.example/coaching" in words(message)
    assert "Cora" not in words(message)
    assert sent(TALK + 7 * DAY) == []
    assert sent(TALK + 8 * DAY) == ["coach-reminder"]
    check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=TALK + 9 * DAY)
    assert sent(TALK + 16 * DAY) == []


def test_workers_remind_nobody_twice(session, talk, at_once):
    session.flush()

    def send(other, _number):
        return coaching_reminders.send_due(other, now=TALK - HOUR)

    assert set(at_once(send)) == {False}
    session.expire_all()
    assert [row.kind for row in session.query(Mail)].count("check-in-reminder") == 1


def test_reminders_run_by_the_clock_and_are_queued_to_be_sent(session, talk, sent):
    assert PERIODIC["remind-in-coaching"].endswith("* * * *")
    KINDS["remind-in-coaching"].handler(None, session, now=TALK - HOUR)
    row = session.query(Mail).order_by(Mail.id.desc()).first()
    assert row.kind == "check-in-reminder"
    assert row.id in [job.ids["mail_id"] for job in jobs.waiting(session, "send-mail")]


def test_nothing_waits_with_somebody_new(session, cast, coaching, now):
    assert nudges(session, cast.cole, now) == []


def test_overdue_talk_is_a_nudge_until_a_word_is_said(session, cast, coaching, talk):
    assert nudges(session, cast.cole, TALK + HOUR) == []
    assert nudges(session, cast.cole, TALK + 2 * HOUR) == [(Kind.TALK_OVERDUE, date(2026, 6, 10))]
    check_ins.call_off(session, cast.cole, coaching, talk, now=TALK + 2 * HOUR)
    assert nudges(session, cast.cole, TALK + 2 * HOUR) == []


def test_plan_without_a_talk_for_six_weeks_is_a_nudge(session, cast, coaching, goal, now):
    coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="They say so", now=now)
    begun = goal.plan.begins_on
    assert nudges(session, cast.cole, now + WITHOUT_TALK) == []
    late = now + WITHOUT_TALK + DAY
    assert nudges(session, cast.cole, late) == [(Kind.NO_TALK_AHEAD, begun)]
    held = Slot((late - 3 * DAY).date(), time(10), 30)
    check_ins.write_down(session, cast.cole, coaching, held, Notes("", ""), now=late)
    assert nudges(session, cast.cole, late) == []


def test_planned_talk_settles_that(session, cast, coaching, goal, now):
    coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="They say so", now=now)
    late = now + WITHOUT_TALK + DAY
    check_ins.plan(session, cast.cole, coaching, Slot((late + DAY).date(), time(10), 30), now=late)
    assert nudges(session, cast.cole, late) == []


def test_person_without_a_plan_needs_no_talk(session, cast, coaching, goal, now):
    coaching_plans.close(session, cast.cole, goal.plan, now=now)
    assert nudges(session, cast.cole, now + 2 * WITHOUT_TALK) == []


def test_actions_and_plans_past_their_day_are_nudges(session, cast, coaching, goal, talk, now):
    check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=TALK)
    assert nudges(session, cast.cole, datetime(2026, 6, 20, 12, tzinfo=UTC)) == []
    assert nudges(session, cast.cole, datetime(2026, 6, 21, 12, tzinfo=UTC)) == [
        (Kind.ACTIONS_OVERDUE, date(2026, 6, 20))
    ]
    over = goal.plan.ends_on + DAY
    found = nudges(session, cast.cole, datetime.combine(over, time(12), UTC))
    assert (Kind.PLAN_OVER, goal.plan.ends_on) in found


def goals_past(session, cole, now):
    session.flush()
    found = coaching_nudges.nudges_where(session, Coaching.coach_id == cole.id, now=now)
    return [(each.since, each.goal, each.n) for each in found if each.kind is Kind.GOAL_OVERDUE]


def test_goal_past_its_day_is_a_nudge_when_nothing_is_left_to_do_for_it(session, cast, coaching, goal, now):
    goal.plan.ends_on = date(2026, 9, 30)
    day, past = goal.due_on, datetime.combine(goal.due_on + DAY, time(12), UTC)
    assert goals_past(session, cast.cole, past) == []  # its action is overdue, and that says it
    coaching_actions.tick(session, goal.actions[0], DoneBy.PERSON, remark="", now=now)
    assert goals_past(session, cast.cole, datetime.combine(day, time(12), UTC)) == []
    assert goals_past(session, cast.cole, past) == [(day, goal.public_id, 1)]
    coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="They say so", now=past)
    assert goals_past(session, cast.cole, past) == []


def test_several_goals_past_their_day_are_one_nudge_from_the_first_day_on(session, cast, coaching, goal, now):
    goal.plan.ends_on = date(2026, 9, 30)
    for day in (date(2026, 6, 28), date(2026, 6, 14), date(2026, 8, 1)):
        terms = coaching_goals.Terms("Without an action", "", day)
        coaching_goals.agree(session, cast.cole, goal.plan, coaching_goals.OWN, terms, now=now)
    first = next(each for each in goal.plan.goals if each.due_on == date(2026, 6, 14))
    found = goals_past(session, cast.cole, datetime(2026, 6, 30, 12, tzinfo=UTC))
    assert found == [(first.due_on, first.public_id, 2)]


def test_goal_that_ends_with_its_plan_is_no_nudge_of_its_own(session, cast, coaching, goal, now):
    coaching_actions.tick(session, goal.actions[0], DoneBy.PERSON, remark="", now=now)
    goal.due_on = goal.plan.ends_on
    over = datetime.combine(goal.plan.ends_on + DAY, time(12), UTC)
    assert Kind.PLAN_OVER in [kind for kind, _day in nudges(session, cast.cole, over)]
    assert goals_past(session, cast.cole, over) == []
    goal.due_on -= DAY
    assert goals_past(session, cast.cole, over) == [(goal.due_on, goal.public_id, 1)]
    coaching_plans.close(session, cast.cole, goal.plan, now=now)
    assert goals_past(session, cast.cole, over) == []


def test_nudges_are_of_one_s_own_people_in_five_queries(session, cast, coaching, talk, count_queries, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    assert nudges(session, carl, TALK + DAY) == []
    for n_people in (1, 6):
        with count_queries() as counter:
            found = coaching_nudges.nudges_where(session, Coaching.coach_id == cast.cole.id, now=TALK + DAY)
            assert len(list(found)) == n_people
        assert counter.count == 5
        for number in range(5):
            person = Person(organization=cast.acme, name=f"Person {number}", created_at=now)
            session.add(person)
            session.flush()
            theirs = caseload.assign(session, cast.hana, person, cast.cole, now=now)
            check_ins.plan(session, cast.cole, theirs, Slot(date(2026, 6, 10), time(14, 30), 45), now=now)
        session.flush()
