"""A coach asks somebody again: who may, what is asked then, and what HR sees of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from assess.banks.model import Statement
from assess.banks.parts import Part
from assess.errors import NotAllowed, NotFound, Refused
from assess.models import Assignment, Mail, PresentedItem, Role
from assess.services import (
    access,
    asking,
    assignments,
    attempts,
    campaigns,
    caseload,
    coachee_results,
    invitations,
    own_forms,
    reassessments,
    results,
    saving,
)
from assess.services.access import Permission
from assess.services.assignments import State
from assess.services.attention import attention_of
from assess.services.invitations import Invitee
from assess.services.person_trends import trend_of
from tests import factories

LATER = timedelta(days=200)


@pytest.fixture
def first(session, registry, engine, cast, now):
    """Cora's first attempt, scored."""
    return factories.scored(session, registry, engine, cast.hana, with_position=False, now=now)


@pytest.fixture
def coaching(session, cast, first, now):
    """Cole's coaching of Cora."""
    found = caseload.assign(session, cast.hana, first.assignment.person, cast.cole, now=now)
    session.flush()
    return found


@pytest.fixture
def ask(session, cast, coaching, registry, now):
    """A function with which Cole asks Cora again, 200 days later."""

    def asked(form="standard", *, user=None, days=14, **options):
        until = (now + LATER + timedelta(days=days)).date()
        return reassessments.ask(
            session, user or cast.cole, coaching, registry, form=form, until=until, now=now + LATER, **options
        )

    return asked


def taken(session, registry, assignment, value, now):
    """The attempt with everything asked, answered with `value` and handed in."""
    attempt = attempts.start(session, assignment, registry, now=now)
    session.flush()
    bank = registry.bank(attempt.edition, attempt.bank_version)
    shown = asking.open_part(session, asking.hold(session, attempt, bank, now=now))
    while shown is not None:
        session.add(
            factories.ResponseEvent(
                attempt_id=attempt.id,
                code=shown.code,
                value=value,
                revision=saving.to_revision(now),
                counter=shown.position,
                key=f"again-{shown.position}",
                milliseconds=5_000,
                received_at=now,
            )
        )
        session.flush()
        shown = asking.advance(session, asking.hold(session, attempt, bank, now=now), shown.position)
    attempts.submit(session, attempt, bank, now=now)
    results.score_attempt(session, attempt, registry, now=now)
    return attempt


def shown(session, attempt):
    found = session.query(PresentedItem.code).filter_by(attempt_id=attempt.id).order_by(PresentedItem.position)
    return [code for (code,) in found]


def test_person_is_asked_by_mail_for_the_edition_of_the_newest_result(session, ask, coaching, first):
    asked = ask("short", perspective=True)
    campaign = asked.campaign
    assert (campaign.edition, campaign.form, campaign.purpose) == ("general", "short", "coaching")
    assert campaign.parts == [Part.STATEMENTS, Part.PERSPECTIVE]
    assert campaign.name == "Again, with Cole"
    assert asked.person is first.assignment.person
    assert session.query(Mail).filter_by(assignment_id=asked.id, kind="invitation").count() == 1


def test_parallel_form_asks_other_statements_of_the_same_plan(session, registry, ask, first, now):
    attempt = attempts.start(session, ask(), registry, now=now + LATER)
    bank = registry.bank(attempt.edition, attempt.bank_version)
    assert set(attempt.avoided) == {*bank.form("standard").items}
    measuring = {item.code for item in bank.statements}
    assert len({*attempt.statements} & {*attempt.avoided} & measuring) == 14  # 12 of them halves of marked pairs
    groups = [
        Counter((item.scale, item.facet, item.keyed) for item in map(bank.item, codes) if isinstance(item, Statement))
        for codes in (bank.form("standard").items, attempt.statements)
    ]
    assert groups[0] == groups[1]


def test_what_was_put_together_is_what_is_asked_and_scored(session, registry, ask, coaching, cast, now):
    attempt = taken(session, registry, ask(), 4, now + LATER)
    assert shown(session, attempt) == attempt.statements
    newest, _first = coachee_results.readings(session, cast.cole, coaching, registry)
    assert newest.result.own_form
    assert newest.result.quality.n_items == 108  # rated lines; three of 111 ask for one choice
    assert all(scale.scorable for scale in newest.result.scales)
    trend = trend_of([newest, _first], "Europe/Berlin")
    assert len(trend.steps) == 2
    assert not trend.refusals
    assert reassessments.repeats_of(session, [attempt]) == {attempt.id: (111, 29)}


def test_adaptive_test_avoids_what_was_asked_before(session, registry, ask, now):
    attempt = taken(session, registry, ask("adaptive"), 3, now + LATER)
    bank = registry.bank(attempt.edition, attempt.bank_version)
    pairs = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    again = {*shown(session, attempt)} & {*attempt.avoided} & {item.code for item in bank.statements}
    assert again == pairs
    assert attempt.statements is None


def test_third_attempt_avoids_both_before_it_the_longest_unseen_first(session, registry, ask, first, now):
    second = taken(session, registry, ask("short"), 4, now + LATER)
    third = attempts.start(session, ask(days=30), registry, now=now + LATER)
    assert set(third.avoided) == {*shown(session, first), *shown(session, second)}
    assert third.avoided[-57:] == shown(session, second)


def test_hrs_own_campaigns_ask_the_banks_forms(session, registry, cast, first, now):
    campaign = first.assignment.campaign
    again = factories.assignment(session, registry, cast.hana, name="Cora Again", now=now)
    again.person = first.assignment.person
    attempt = attempts.start(session, again, registry, now=now)
    assert campaign.coaching_id is None
    assert (attempt.avoided, attempt.statements) == ([], None)


def test_statements_of_triplets_count_as_seen(session, registry, cast, now):
    both = factories.assignment(
        session, registry, cast.hana, form="short", parts=(Part.STATEMENTS, Part.TRIPLETS), now=now
    )
    attempt = attempts.start(session, both, registry, now=now)
    bank = registry.bank(attempt.edition, attempt.bank_version)
    session.flush()
    for place, code in enumerate((bank.form("short").items[0], bank.triplets[0].code), start=1):
        session.add(PresentedItem(attempt_id=attempt.id, position=place, code=code, presented_at=now))
    session.flush()
    seen = own_forms.seen_by(session, both.person, bank)
    assert set(seen) == {bank.form("short").items[0], *bank.triplets[0].statements}


def test_outlook_says_how_much_would_be_asked_again_and_whether_it_is_soon(session, registry, cast, coaching, now):
    soon, later = (
        reassessments.outlook(session, cast.cole, coaching, registry, now=now + timedelta(days=days))
        for days in (30, 92)
    )
    assert (soon.is_soon, later.is_soon) == (True, False)
    told = {each.form.code: (each.n_statements, each.n_again, each.n_marked) for each in later.choices}
    assert told == {"adaptive": (72, 12, 12), "standard": (96, 14, 12), "short": (48, 12, 12)}
    assert {each.n_unseen for each in later.choices} == {144}
    assert later.same_version


def test_nobody_is_asked_twice_at_a_time(session, ask):
    ask()
    with pytest.raises(Refused, match="asked for this already"):
        ask()


def test_coach_cannot_flood_a_person_with_letters(session, cast, ask, now):
    for _ in range(2):
        reassessments.withdraw(session, cast.cole, ask(), now=now + LATER)
        session.flush()
    asked = ask()
    session.query(Mail).filter_by(assignment_id=asked.id).one().sent_at = now + LATER
    reassessments.copy_link(session, cast.cole, asked, now=now + LATER)  # as sending makes one
    session.flush()
    with pytest.raises(Refused, match="within the last day"):
        reassessments.send(session, cast.cole, asked, now=now + LATER + timedelta(hours=23))
    reassessments.send(session, cast.cole, asked, now=now + LATER + timedelta(hours=25))
    reassessments.withdraw(session, cast.cole, asked, now=now + LATER)
    session.flush()
    with pytest.raises(Refused, match="several times"):
        ask()


def test_somebody_without_a_result_or_an_address_is_not_asked(session, cast, registry, ask, coaching, now):
    coaching.person.email = None
    with pytest.raises(Refused, match="no e-mail address"):
        ask()
    stranger = invitations.person_of(session, cast.hana, Invitee("New", "new@people.example"), now=now)
    session.flush()
    new = caseload.assign(session, cast.hana, stranger, cast.cole, now=now)
    assert reassessments.outlook(session, cast.cole, new, registry, now=now) is None
    with pytest.raises(Refused, match="no result yet"):
        reassessments.ask(session, cast.cole, new, registry, form="short", until=now.date(), now=now)


def test_only_the_coach_asks_and_finds_it(session, cast, ask, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    with pytest.raises(NotFound):
        ask(user=carl)
    with pytest.raises(NotAllowed):
        ask(user=cast.hana)
    asked = ask()
    read = Permission.COACHING_READ
    assert reassessments.get(session, cast.cole, asked.public_id, read) is asked
    with pytest.raises(NotFound):
        reassessments.get(session, carl, asked.public_id, read)
    for do in (reassessments.send, reassessments.copy_link, reassessments.withdraw):
        with pytest.raises(NotFound):
            do(session, carl, asked, now=now)


def test_assessments_that_hr_asks_for_are_not_the_coachs_to_change(session, cast, coaching, first, now):
    with pytest.raises(NotFound):
        reassessments.get(session, cast.cole, first.assignment.public_id, Permission.COACHING_WRITE)
    with pytest.raises(NotFound):
        reassessments.withdraw(session, cast.cole, first.assignment, now=now)


def test_coach_sends_again_makes_a_link_and_takes_it_back(session, cast, coaching, ask, now):
    asked = ask()
    reassessments.send(session, cast.cole, asked, now=now + LATER)
    token = reassessments.copy_link(session, cast.cole, asked, now=now + LATER)
    session.flush()
    assert invitations.find_by_take_token(session, token, now=now + LATER) is asked
    reassessments.withdraw(session, cast.cole, asked, now=now + LATER)
    session.flush()
    (row,) = reassessments.of_coaching(session, cast.cole, coaching, now=now + LATER)
    assert row.state is State.WITHDRAWN
    assert reassessments.open_of(session, cast.cole, coaching, now=now + LATER) == []


def test_end_of_the_coaching_takes_back_what_is_not_begun(session, cast, coaching, ask, registry, now):
    asked = ask()
    caseload.end_by_person(session, coaching, now=now + LATER)
    session.flush()
    session.expire_all()
    assert asked.withdrawn_at == now + LATER


def test_what_is_begun_goes_on_after_the_end_of_the_coaching(session, cast, coaching, ask, registry, now):
    asked = ask()
    attempts.start(session, asked, registry, now=now + LATER)
    caseload.end_by_person(session, coaching, now=now + LATER)
    session.flush()
    session.expire_all()
    assert asked.withdrawn_at is None
    with pytest.raises(NotFound):
        reassessments.get(session, cast.cole, asked.public_id, Permission.COACHING_READ)


def test_hr_finds_it_with_the_person_and_in_no_list_of_campaigns(session, cast, ask, first, now):
    asked, then = ask(), now + LATER
    session.flush()
    listed = campaigns.campaigns_of(session, cast.hana, now=then).rows
    assert [row.campaign for row in listed] == [first.assignment.campaign]
    with pytest.raises(NotFound):
        access.get_campaign(session, cast.hana, asked.campaign.public_id, Permission.CAMPAIGN_READ)
    assert attention_of(session, cast.hana, now=then).campaigns == []
    with pytest.raises(Refused, match="A coach has asked one person"):
        invitations.assign(session, cast.hana, asked.campaign, Invitee("New", "new@people.example"), now=then)
    of_person = assignments.rows_of_person(session, cast.hana, first.assignment.person, now=then)
    assert [row.assignment for row in of_person] == [asked, first.assignment]
    found = access.get_assignment(session, cast.hana, asked.public_id, Permission.ASSIGNMENT_READ)
    assert isinstance(found, Assignment)
