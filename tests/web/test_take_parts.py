"""The parts beside the statements, and the adaptive test, as the person meets them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from assess.banks.parts import Part
from assess.models import Attempt, PresentedItem
from assess.services import asking, results
from tests import factories

DATABASES = ("sqlite",)  # pages; what they rest on is tested on both


@pytest.fixture
def begin(client, session, registry, cast, now):
    """A function that brings Cora to the page before the first part."""

    def begin(*parts, **options):
        assignment = factories.assignment(session, registry, cast.hana, parts=parts, now=now, **options)
        token = factories.take_token(session, assignment, now=now)
        session.commit()
        client.send(client.page(f"/take/link/{token}"))
        assert client.send(client.page("/take/"), consent="y").location == "/take/part"
        return client

    return begin


def saved(session):
    session.rollback()
    return asking.current_responses(session, session.scalars(select(Attempt)).one())


def go_on(browser, **values):
    """Send the page that the browser is at, and return where it leads."""
    browser.at = browser.send(browser.page(browser.at), "Continue", **values).location
    return browser.at


FURTHER = {"the other parts, too", "some answers are better"}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([Part.STATEMENTS, Part.TRIPLETS], {"do not see your single answers"}),
        ([Part.STATEMENTS, Part.PERSPECTIVE], {"the other parts, too", "they see six at most, about good service"}),
        ([Part.STATEMENTS, Part.SITUATIONS], {*FURTHER, "do not see your single answers"}),
        ([Part.STATEMENTS, Part.NUMERICAL], {*FURTHER, "do not see your single answers"}),
    ],
)
def test_first_page_says_what_hr_sees_of_the_parts_that_are_asked(client, session, registry, cast, now, parts, said):
    """Before anybody agrees: HR reads the answers on good service that are furthest from the company's view."""
    assignment = factories.assignment(session, registry, cast.hana, parts=parts, now=now)
    client.set_cookie("rapport-take", factories.take_token(session, assignment, now=now))
    session.commit()
    text = client.page("/take/").text
    sentences = {*FURTHER, "they see six at most, about good service", "do not see your single answers"}
    assert {each for each in sentences if each in text} == said


def test_triplet_takes_one_statement_as_most_and_another_as_least_like_the_person(begin, session, registry):
    cora = begin(Part.TRIPLETS)
    page = cora.page("/take/part")
    assert page.h1 == "Most and least like you"
    assert "There are 30 questions." in page.text
    cora.at = cora.send(page).location
    bank = registry.newest("general")
    stems = [bank.item(code).stem for code in bank.triplets[0].statements]
    assert all(cora.page(cora.at).text.count(stem) == 2 for stem in stems)
    again = cora.send(cora.page(cora.at), "Continue", **{"value.best": 2, "value.worst": 2})
    assert again.status_code == 422
    assert "cannot be both most and least like you" in again.text
    assert go_on(cora, **{"value.best": 2, "value.worst": 3}) == "/take/questions/2"
    code = bank.triplets[0].code
    assert saved(session) == {f"{code}.best": 2, f"{code}.worst": 3}
    half = cora.send(cora.page(cora.at), "Continue", **{"value.best": 1})
    assert half.status_code == 422
    assert "most and another as least like you" in half.text
    alike = cora.send(cora.page(cora.at), "Continue", **{"value.worst": 1})
    assert "cannot be both most and least like you" in alike.text


def test_value_that_no_statement_of_the_triplet_has_is_refused(begin, session):
    cora = begin(Part.TRIPLETS)
    cora.at = cora.send(cora.page("/take/part")).location
    assert cora.send(cora.page(cora.at), "Continue", **{"value.best": 4, "value.worst": 1}).status_code == 422
    assert saved(session) == {}


def test_company_perspective_asks_what_should_be_and_mixes_its_themes(begin, session, registry):
    cora = begin(Part.PERSPECTIVE)
    cora.at = cora.send(cora.page("/take/part")).location
    assert "In good service, it should be so:" in cora.page(cora.at).text
    for number in range(2, 12):
        assert go_on(cora, value=2) == f"/take/questions/{number}"
    themes = {policy.code: policy.theme for policy in registry.newest("general").perspective}
    assert len({themes[code] for code in saved(session)}) == 10


def test_situation_wants_all_four_rated(begin, session, registry):
    cora = begin(Part.SITUATIONS)
    cora.at = cora.send(cora.page("/take/part")).location
    scene = registry.newest("general").situations[0]
    page = cora.page(cora.at)
    assert scene.text.replace("\n", " ")[:60] in page.text
    assert all(response.text in page.text for response in scene.response)
    assert "effectiveness" not in page.text
    missing = cora.send(page, "Continue", **{"value.a": 5, "value.b": 1})
    assert missing.status_code == 422
    assert "Please rate all four" in missing.text
    assert go_on(cora, **{"value.c": 3, "value.d": 2}) == "/take/questions/2"  # the first two were kept
    assert saved(session) == {f"{scene.code}.{letter}": v for letter, v in zip("abcd", (5, 1, 3, 2), strict=True)}


def let_time_pass(session, **passed):
    """Have the clock of the timed part look as if it had begun that much earlier."""
    session.rollback()
    for item in session.scalars(select(PresentedItem).where(PresentedItem.closes_at.is_not(None))):
        item.closes_at -= timedelta(**passed)
    session.commit()


def test_vocabulary_has_a_clock_that_the_server_keeps(begin, session):
    cora = begin(Part.VOCABULARY)
    page = cora.page("/take/part")
    assert "You have 8 minutes for all of them" in page.text
    assert session.scalars(select(PresentedItem)).all() == []  # reading this starts no clock
    cora.at = cora.send(page).location
    assert re.search(r"[78]:\d\d left", cora.page(cora.at).text)
    assert go_on(cora, value=1) == "/take/questions/2"
    late = cora.page(cora.at)
    let_time_pass(session, minutes=8)
    assert cora.send(late, "Continue", value=2).location == "/take/questions/resume"
    assert cora.get("/take/questions/resume").location == cora.get("/take/part").location == "/take/check"
    assert len(saved(session)) == 1  # what was saved in time counts, what came later is not stored
    _url, fields = late.form("Continue", value=3)
    refused = cora.post("/take/save", data=fields, headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert "time for this part is over" in refused.json["error"]
    assert cora.send(cora.page("/take/check"), "Hand in").location == "/take/done"


def test_whoever_ran_out_of_time_is_told_so_and_what_is_missing_is_not_called_answered(begin, session):
    cora = begin(Part.SITUATIONS, Part.VOCABULARY)
    cora.at = cora.send(cora.page("/take/part")).location
    while cora.at != "/take/part":
        cora.at = cora.send(cora.page(cora.at), "Continue", go="skip").location
    cora.at = cora.send(cora.page(cora.at)).location
    cora.at = cora.send(cora.page(cora.at), "Continue", go="skip").location
    assert go_on(cora, value=1) == "/take/questions/15"
    let_time_pass(session, minutes=8)
    page = cora.page("/take/check")
    assert "The time for the part “Words in letters and messages” is over." in page.text
    assert "For the others that are missing, the time is over." in page.text
    assert "change answers, except where the time is over" in page.text
    assert page.link("Situations at work") == "/take/questions/1"
    assert page.link("Back") == "/take/questions/12"  # the last that can be changed
    for number in range(1, 13):
        values = {f"value.{letter}": 2 for letter in "abcd"}
        cora.send(cora.page(f"/take/questions/{number}"), "Continue", **values)
    page = cora.page("/take/check")
    assert "You have answered 13 of 15 questions, and these answers are saved." in page.text
    assert "You have answered all" not in page.text


def test_next_part_says_that_the_time_for_the_one_before_is_over(begin, session):
    cora = begin(Part.VOCABULARY, Part.NUMERICAL)
    cora.send(cora.page("/take/part"))
    let_time_pass(session, minutes=8)
    assert "The time for the part “Words in letters and messages” is over." in cora.page("/take/part").text
    cora.send(cora.page("/take/part"))
    let_time_pass(session, minutes=25)
    page = cora.page("/take/check")
    assert "The time is over, so the answers stay as they are." in page.text
    assert "go back" not in page.text


def test_check_page_leads_back_to_every_part(begin):
    cora = begin(Part.PERSPECTIVE, Part.TRIPLETS)
    for start, button in ((1, None), (49, None)):
        cora.at = cora.send(cora.page("/take/part"), button or 0).location
        assert cora.at == f"/take/questions/{start}"
        while cora.at.startswith("/take/questions"):
            cora.at = cora.send(cora.page(cora.at), "Continue", go="skip").location
    page = cora.page("/take/check")
    assert page.link("What good service means to you") == "/take/questions/1"
    assert page.link("Most and least like you") == "/take/questions/49"
    assert "change any answer" in page.text


def test_extra_time_is_the_person_s(begin, session):
    cora = begin(Part.NUMERICAL, accommodations={"extra_time": 0.5})
    assert "You have 38 minutes" in cora.page("/take/part").text
    cora.send(cora.page("/take/part"))
    session.rollback()
    item = session.scalars(select(PresentedItem)).one()
    assert item.closes_at - item.presented_at == timedelta(minutes=37, seconds=30)


def test_clock_of_the_device_says_nothing(begin, session):
    cora = begin(Part.VOCABULARY)
    cora.at = cora.send(cora.page("/take/part")).location
    late = {"milliseconds": 3 * 3600 * 1000, "revision": 4_000_000_000_000}  # a device three hours and a century ahead
    assert go_on(cora, value=1, **late) == "/take/questions/2"
    assert go_on(cora, value=2, revision=1) == "/take/questions/3"  # and one that believes in 1970
    assert sorted(saved(session).values()) == [1, 2]


def test_answer_that_is_on_its_way_when_time_runs_out_counts_if_it_arrives_in_time(begin, session):
    cora = begin(Part.VOCABULARY)
    cora.at = cora.send(cora.page("/take/part")).location
    page = cora.page(cora.at)
    let_time_pass(session, minutes=7, seconds=50)
    _url, fields = page.form("Continue", value=3, counter=1, key="last-moment")
    assert cora.post("/take/save", data=fields).json == {"saved": True}
    let_time_pass(session, seconds=10)
    assert cora.post("/take/save", data=fields).json == {"saved": True}  # the same save, sent again: it was kept
    assert cora.send(page, "Continue", value=1).location == "/take/questions/resume"
    assert list(saved(session).values()) == [3]


def test_clock_that_was_hidden_stays_hidden_and_still_warns(begin, session):
    cora = begin(Part.VOCABULARY)
    cora.at = cora.send(cora.page("/take/part")).location
    assert cora.page(cora.at).root.find(".//details[@open]") is not None
    cora.set_cookie("rapport-clock", "hidden", path="/take")
    assert cora.page(cora.at).root.find(".//details[@open]") is None
    assert "Less than" not in cora.page(cora.at).text
    let_time_pass(session, minutes=6, seconds=5)
    assert "Less than two minutes left" in cora.page(cora.at).text
    let_time_pass(session, minutes=1, seconds=30)
    assert "Less than half a minute left" in cora.page(cora.at).text


def test_who_may_stops_the_clock_and_goes_on_from_another_device_with_the_time_that_was_left(begin, session, app):
    cora = begin(Part.VOCABULARY, accommodations={"pauses": True})
    page = cora.page("/take/part")
    assert "You may stop it for a while" in page.text
    cora.at = cora.send(page).location
    stale = cora.page(cora.at)
    assert cora.send(stale, "Stop the clock", value=2, go="stop").location == "/take/clock"
    assert list(saved(session).values()) == [2]  # what was chosen on the page is kept
    for address in ("/take/questions/1", "/take/questions/resume", "/take/part", "/take/check"):
        assert follow(cora, address).url == "/take/clock"
    _url, fields = stale.form("Continue", value=3)
    refused = cora.post("/take/save", data=fields, headers={"Accept": "application/json"})
    assert (refused.status_code, list(saved(session).values())) == (409, [2])
    assert "The clock stands still, so nothing was saved." in refused.json["error"]
    other = app.test_client()
    other.set_cookie("rapport-take", cora.get_cookie("rapport-take").value)
    stands_still = follow(other, "/take/questions/resume")
    assert re.search(r"You have [78]:\d\d left", stands_still.text)
    assert other.send(stands_still).location == "/take/questions/resume"
    assert follow(cora, "/take/questions/resume").url == "/take/questions/1"
    assert go_on(cora, value=3) == "/take/questions/2"


def follow(browser, address):
    """Return the page that an address leads to at last."""
    while (response := browser.get(address)).status_code == 302:
        address = response.location
    return response.page


def test_nobody_else_is_offered_to_stop_the_clock_or_can(begin):
    cora = begin(Part.VOCABULARY)
    assert "You may stop it" not in cora.page("/take/part").text
    cora.at = cora.send(cora.page("/take/part")).location
    page = cora.page(cora.at)
    assert "Stop the clock" not in page.text
    assert cora.send(page, "Continue", go="stop").status_code == 409
    assert follow(cora, "/take/clock").url == cora.at
    assert cora.post("/take/clock", data=page.form("Continue")[1]).status_code == 303


@pytest.fixture
def statements(app):
    """A list of what is sent to the database in the test."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    yield sent
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def test_page_of_a_question_takes_three_queries_and_going_on_six_however_far_one_is(begin, statements):
    cora = begin(Part.STATEMENTS, form="adaptive")
    cora.at = cora.send(cora.page("/take/part")).location
    go_on(cora, value=4)  # the first step of all makes the test and reads its parameters
    for value in (1, 5, 3, 2, 4, 1):
        statements.clear()
        page = cora.page(cora.at)
        assert len([each for each in statements if not each.startswith("BEGIN")]) == 3
        statements.clear()
        cora.at = cora.send(page, "Continue", value=value).location
        assert len([each for each in statements if not each.startswith("BEGIN")]) == 6


def test_people_get_different_questions_of_a_proficiency(begin, session, registry):
    begin(Part.VOCABULARY)
    session.rollback()
    attempt = session.scalars(select(Attempt)).one()
    bank = registry.newest("general")
    given = []
    for seed in (1, 2):
        session.execute(update(Attempt).values(seed=seed))
        session.refresh(attempt)
        given.append(asking.plan_of(session, attempt, bank).fixed(Part.VOCABULARY))
    assert given[0] != given[1]
    assert all(len(set(codes)) == 20 for codes in given)


def test_parts_follow_each_other_each_with_a_page_before_it(begin):
    cora = begin(Part.VOCABULARY, Part.TRIPLETS)
    assert "Part 1 of 2" in cora.page("/take/part").text
    cora.at = cora.send(cora.page("/take/part")).location
    for number in range(2, 21):
        assert go_on(cora, value=1) == f"/take/questions/{number}"
    assert go_on(cora, value=1) == "/take/part"
    page = cora.page("/take/part")
    assert "Part 2 of 2" in page.text
    cora.at = cora.send(page).location
    assert cora.at == "/take/questions/21"
    assert "Back" not in cora.page(cora.at).text.split()  # into a part whose clock has run
    assert cora.get("/take/questions/resume").location == cora.at


def test_adaptive_test_asks_at_most_what_it_says_and_honours_changed_answers(begin, session, registry):
    cora = begin(Part.STATEMENTS, form="adaptive")
    page = cora.page("/take/part")
    assert "There are 87 at most." in page.text
    cora.at = cora.send(page).location
    assert "About 86 left" in cora.page(cora.at).h1
    for number in range(2, 9):
        assert go_on(cora, value=4) == f"/take/questions/{number}"
    before = shown(session)
    cora.at = "/take/questions/3"
    assert go_on(cora, value=1) == "/take/questions/4"  # Back and another answer: nothing is shown again or taken away
    assert shown(session) == before
    assert len(set(before)) == len(before)


def shown(session):
    session.rollback()
    return session.scalars(select(PresentedItem.code).order_by(PresentedItem.position)).all()


def test_adaptive_test_runs_to_its_end(begin, session, registry):
    cora = begin(Part.STATEMENTS, form="adaptive")
    cora.at = cora.send(cora.page("/take/part")).location
    while cora.at != "/take/part":
        go_on(cora, value=3)
    assert cora.get("/take/part").location == "/take/check"
    bank, codes = registry.newest("general"), shown(session)
    assert len(codes) == 87
    assert sum(code.startswith("dir-") for code in codes) == 3
    assert sum(code.startswith("imp-") for code in codes) == 12
    assert {pair.second for pair in bank.pairs} <= set(codes)


def test_first_page_names_the_parts_and_how_long_they_take(client, session, registry, cast, now):
    parts = (Part.STATEMENTS, Part.TRIPLETS, Part.VOCABULARY)
    assignment = factories.assignment(session, registry, cast.hana, form="short", parts=parts, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    text = client.page("/take/").text
    assert "57 short statements" in text
    assert "30 times three statements" in text
    assert "20 words from letters and messages" in text
    assert "Please allow about 30 minutes." in text  # 57 x 10 + 30 x 24 + 20 x 24 seconds
    assert "Only the parts with a clock have a time limit." in text


def test_statements_and_triplets_are_handed_in_and_scored_together(begin, session, engine, registry, now):
    cora = begin(Part.STATEMENTS, Part.TRIPLETS, form="short")
    cora.at = cora.send(cora.page("/take/part")).location
    while cora.at != "/take/part":
        go_on(cora, value=4)
    cora.at = cora.send(cora.page("/take/part")).location
    while cora.at != "/take/part":
        go_on(cora, **{"value.best": 1, "value.worst": 2})
    check = cora.page(cora.get("/take/part").location)
    assert "answered all 87 questions" in check.text
    assert cora.send(check, "Hand in").location == "/take/done"
    session.rollback()
    row = results.score_attempt(session, session.scalars(select(Attempt)).one(), registry, now=now)
    assert all(scale.n_items == 7 + 15 for scale in row.scales)  # one half of each pair is not scored
    assert all(scale.n_answered == scale.n_items for scale in row.scales)
