"""How long an assessment takes, by the times of those who took it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.banks.parts import Part
from assess.models import Assignment, Attempt, Person, PresentedItem
from assess.services import minutes
from assess.services.calibrations import provisional_parameters
from assess.services.minutes import Needed
from tests import factories

BOTH = (Part.STATEMENTS, Part.VOCABULARY)
PACES = {Part.STATEMENTS: 57 * 10, Part.VOCABULARY: 20 * 24}  # seconds of the short form's parts


@pytest.fixture(autouse=True)
def measured_anew():
    minutes.forget()
    yield
    minutes.forget()


@pytest.fixture
def bank(registry):
    return registry.newest("general")


@pytest.fixture
def people(session, registry, cast, bank, now):
    """A function that lets somebody hand in, having taken so many seconds for each page of these parts."""
    campaign = factories.assignment(session, registry, cast.hana, form="short", now=now).campaign
    parameters = provisional_parameters(session, bank, now=now).id
    pages = {Part.STATEMENTS: bank.form("short").items[:2], Part.VOCABULARY: [bank.proficiency.vocabulary[0].code]}

    def add(seconds, *, parts=BOTH, at=now, form="short", version="1.0", simulated=False, submitted=True):
        person = Person(organization=cast.acme, name="Pat", created_at=now, is_simulated=simulated)
        assignment = Assignment(
            organization=cast.acme, campaign=campaign, person=person, created_at=now, expires_at=now + timedelta(9)
        )
        attempt = Attempt(assignment=assignment, edition="general", bank_version=version, bank_checksum="", form=form)
        attempt.parameter_set_id, attempt.seed, attempt.started_at, attempt.closes_at = (
            parameters,
            1,
            at,
            at + timedelta(9),
        )
        session.add(attempt)
        session.flush()
        codes = [code for part in parts for code in pages[part]]
        moments = [at + timedelta(seconds=seconds * n) for n in range(len(codes) + 1)]
        session.add_all(
            PresentedItem(attempt_id=attempt.id, position=n, code=code, presented_at=moment)
            for n, (code, moment) in enumerate(zip(codes, moments, strict=False), start=1)
        )
        attempt.submitted_at = moments[-1] if submitted else None

    return add


def ask(session, bank, now, *, parts=BOTH, extra=0.0):
    session.flush()
    return minutes.needed(session, bank, "short", parts, extra=extra, now=now)


def test_nobody_s_times_are_known_so_the_pace_of_careful_readers_counts(session, bank, now):
    assert ask(session, bank, now) == Needed(18, None)  # 1,050 seconds


def test_what_is_still_to_be_chosen_is_told_by_the_pace_of_careful_readers(bank):
    each = [minutes.assumed(bank, "standard", [part]) for part in Part]
    assert each == [19, 12, 12, 20, 8, 25]
    assert sum(each) - len(each) < minutes.assumed(bank, "standard", list(Part)) <= sum(each)


def test_fifty_people_s_times_say_what_three_of_four_needed(session, bank, people, now):
    for number in range(1, 50):
        people(number * 2)
    assert ask(session, bank, now) == Needed(18, None)
    people(100)
    minutes.forget()
    assert ask(session, bank, now) == Needed(4, 50)  # the 38th takes 3 pages of 76 seconds


def test_pauses_simulated_people_other_forms_and_versions_and_open_attempts_do_not_count(session, bank, people, now):
    for _ in range(50):
        people(40)
    for options in ({"simulated": True}, {"form": "standard"}, {"version": "0.9"}, {"submitted": False}):
        for _ in range(20):
            people(170, **options)
    assert ask(session, bank, now) == Needed(2, 50)
    minutes.forget()
    for _ in range(50):
        people(20 * 3600)  # a night between two pages
    assert ask(session, bank, now) == Needed(9, 100)  # three minutes for each of them


def test_only_the_newest_two_hundred_count(session, bank, people, now):
    for number in range(201):
        people(60 if number else 170, at=now - timedelta(days=300 - number))
    assert ask(session, bank, now) == Needed(3, 200)


def test_parts_are_measured_one_by_one_where_nobody_took_them_together(session, bank, people, now):
    for _ in range(50):
        people(100, parts=(Part.STATEMENTS,))
    assert ask(session, bank, now, parts=(Part.STATEMENTS,)) == Needed(4, 50)
    assert ask(session, bank, now) == Needed(-(-(200 + PACES[Part.VOCABULARY]) // 60), None)


def test_extra_time_lengthens_the_parts_with_a_clock_and_no_others(session, bank, people, now):
    assert ask(session, bank, now, extra=0.5) == Needed(-(-(570 + 480 * 1.5) // 60), None)
    assert ask(session, bank, now, parts=(Part.STATEMENTS,), extra=0.5) == Needed(10, None)
    for _ in range(50):
        people(100)
    minutes.forget()
    assert ask(session, bank, now, extra=0.5) == Needed(6, None)  # 200 + 100 x 1.5 seconds
    assert ask(session, bank, now, parts=(Part.STATEMENTS,), extra=0.5) == Needed(4, 50)


def test_times_are_looked_up_once_an_hour_with_one_query(session, bank, people, count_queries, now):
    with count_queries() as first:
        ask(session, bank, now)
    with count_queries() as again:
        ask(session, bank, now + timedelta(minutes=59))
    with count_queries() as later:
        ask(session, bank, now + timedelta(minutes=60))
    assert (first.count, again.count, later.count) == (1, 0, 1)
