"""The organisation's people: found by what is known of them, at home only, a page at a time."""

from __future__ import annotations

import pytest

from assess.errors import NotAllowed
from assess.models import Person
from assess.services import erasure, paging, person_lists
from assess.services.person_lists import Only
from tests import factories


@pytest.fixture
def add(session, cast, now):
    """Return a function that enters people by name, with what else is known of them."""

    def add(*names, home=cast.acme, **known):
        people = [Person(organization=home, name=name, created_at=now, **known) for name in names]
        session.add_all(people)
        session.flush()
        return people

    return add


def names(session, user, now, **options):
    listing = person_lists.people_of(session, user, **options, now=now)
    return [row.person.name for row in listing.rows]


def test_every_word_that_is_sought_stands_in_what_is_known(session, cast, add, now):
    add("Anna Able", email="anna@people.example")
    add("Anna Baker", employee_number="E-77")
    add("Åsa Öberg")
    add("100 % Real")
    sought = {
        "anna": ["Anna Able", "Anna Baker"],
        "  ANNA e-7 ": ["Anna Baker"],
        "people.example able": ["Anna Able"],
        "åsa": ["Åsa Öberg"],
        "öberg ÅSA": ["Åsa Öberg"],
        "%": ["100 % Real"],
        "_": [],
        "": ["100 % Real", "Anna Able", "Anna Baker", "Åsa Öberg"],
    }
    assert {words: sorted(names(session, cast.hana, now, sought=words)) for words in sought} == sought


def test_list_is_narrowed_to_employees_to_who_has_a_result_and_to_the_simulated(
    session, registry, engine, cast, add, now
):
    scored = factories.scored(session, registry, engine, cast.hana, now=now).assignment.person
    scored.employee_number = "E-1"
    add("Erik Employee", employee_number="E-2")
    add("Sim Person", is_simulated=True)
    found = {only: names(session, cast.hana, now, only=[only]) for only in Only}
    assert found == {
        Only.INTERNAL: ["Cora Candidate", "Erik Employee"],
        Only.RESULT: ["Cora Candidate"],
        Only.SIMULATED: ["Sim Person"],
    }
    assert names(session, cast.hana, now, only=[Only.INTERNAL, Only.RESULT]) == ["Cora Candidate"]


def test_pages_follow_each_other_and_say_how_many_there_are(session, cast, add, now, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 2)
    monkeypatch.setattr(paging, "COUNTED", 2)
    add("Cora", "Anna")
    whole = person_lists.people_of(session, cast.hana, now=now)
    assert (whole.found, whole.is_counted, whole.has_more) == (2, True, False)
    add("Bert")
    first, second = (person_lists.people_of(session, cast.hana, page=page, now=now) for page in (1, 2))
    assert [[row.person.name for row in page.rows] for page in (first, second)] == [["Anna", "Bert"], ["Cora"]]
    assert (first.is_counted, first.has_more, second.has_more) == (False, True, False)


def test_erased_people_and_those_of_others_are_not_found(session, cast, add, now):
    anna, _bert = add("Anna", "Bert", employee_number=None)
    add("Otto's Own", home=cast.birch)
    erasure.erase(session, [anna], actor="worker", now=now)
    assert names(session, cast.hana, now) == ["Bert"]
    assert names(session, cast.otto, now) == ["Otto's Own"]
    with pytest.raises(NotAllowed):
        person_lists.people_of(session, cast.ada, now=now)


def test_newest_assessment_stands_beside_each_in_a_constant_number_of_queries(
    session, registry, cast, now, count_queries
):
    counts = []
    for number in (1, 3):
        for each in range(number):
            factories.assignment(session, registry, cast.hana, name=f"P{number}{each} Person", now=now)
        session.flush()
        session.expire_all()
        cast.hana.roles  # noqa: B018 -- read before, as a request does
        with count_queries() as counter:
            rows = person_lists.people_of(session, cast.hana, now=now).rows
            assert all(row.newest.assignment.campaign.name == f"Job of {row.person.name}" for row in rows)
        counts.append(counter.count)
    assert len(rows) == 4
    assert counts[0] == counts[1]


def test_numbers_lead_to_people_and_unknown_ones_are_named(session, cast, add, now):
    (anna,) = add("Anna", employee_number="E-1")
    add("Otto's Own", home=cast.birch, employee_number="E-2")
    people, unknown = person_lists.with_numbers(session, cast.hana, ["E-1", "E-2", "E-3", "E-2"])
    assert (people, unknown) == ([anna], ["E-2", "E-3"])
