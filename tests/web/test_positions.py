"""HR's positions and their patterns."""

from __future__ import annotations

import pytest

from assess.models import Position
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/console/positions"
SCALES = ("trust", "tact", "empathy", "conformity", "focus", "flexibility")
TACT_COUNTS = {"tact_low": "5", "tact_high": "8", "tact_weight": "2", "tact_reason": "Calls are short."}


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def desk(session, registry, cast, now):
    """Return the address of the front desk, a position of Acme."""
    url = f"{URL}/{factories.position(session, registry, cast.hana, 'Front desk', now=now).public_id}"
    session.commit()
    return url


def test_empty_list_says_what_a_position_is(hana):
    page = hana.page(URL)
    assert "A position is a job that people are assessed for" in page.text
    assert page.link("Add a position") == f"{URL}/new"


def test_position_starts_with_the_pattern_of_a_role_family(hana, registry):
    page = hana.page(f"{URL}/new")
    for family in registry.families.values():
        assert family.describes in page.text
    response = hana.send(page, title="  Claims   desk ", family="claims-handler")
    assert response.status_code == 303
    shown = hana.page(response.location)
    assert shown.h1 == "Claims desk"
    for target in registry.families["claims-handler"].target:
        assert f"{target.low} to {target.high}" in shown.text
        assert target.reason in shown.text
    assert "Claims desk" in hana.page(URL).text


def test_position_can_have_a_pattern_of_its_own(hana, session):
    response = hana.send(hana.page(f"{URL}/new-by-hand"), title="Tea desk", source="Job analysis", **TACT_COUNTS)
    assert response.status_code == 303
    shown = hana.page(response.location)
    assert "counts double" in shown.text
    assert "Calls are short." in shown.text
    targets = {target["scale"]: target for target in session.query(Position).one().pattern.targets}
    assert set(targets) == set(SCALES)
    assert (targets["tact"]["low"], targets["tact"]["high"], targets["tact"]["weight"]) == (5, 8, 2)
    assert targets["trust"]["weight"] == 0


def test_revision_adds_a_version_and_keeps_the_old_one(hana, session, desk):
    page = hana.page(f"{desk}/revise")
    before = page.form()[1]
    response = hana.send(page, focus_high="9", reason="The desk has become quieter")
    assert response.status_code == 303
    shown = hana.page(desk)
    assert "Pattern version 2" in shown.text
    assert "The desk has become quieter" in shown.text
    assert "First version" in shown.text
    old, new = session.query(Position).one().versions
    focus = next(target for target in new.targets if target["scale"] == "focus")
    assert focus["high"] == 9
    assert [target for target in new.targets if target["scale"] != "focus"] == [
        target for target in old.targets if target["scale"] != "focus"
    ]
    assert before["focus_low"] == str(focus["low"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Please enter a title."),
        ({"title": "Front desk"}, "There is already a position called Front desk."),
        ({"family": None}, "Please choose a role family."),
        ({"family": "astronaut"}, "Please choose one of the options."),
    ],
)
def test_wrong_input_is_explained_and_nothing_typed_is_lost(hana, desk, values, words):
    sent = {"title": "Night desk", "family": "front-desk", **values}
    response = hana.send(hana.page(f"{URL}/new"), **sent)
    assert response.status_code == 422
    assert words in response.text
    assert f'value="{sent["title"]}"' in response.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tact_low": "9"}, "Tact: the lowest must not be above the highest."),
        ({"tact_reason": ""}, "Tact: it counts, so please say why."),
        ({"tact_weight": "0"}, "At least one behaviour must count"),
        ({"tact_weight": "7"}, "Please choose one of the options."),
        ({"tact_high": "11"}, "Please choose one of the options."),
        ({"source": ""}, "Please say where the pattern comes from."),
        ({"title": "Front desk"}, "There is already a position called Front desk."),
    ],
)
def test_pattern_that_makes_no_sense_is_explained_by_its_row(hana, session, desk, values, words):
    sent = {"title": "Tea desk", "source": "Job analysis", **TACT_COUNTS, **values}
    response = hana.send(hana.page(f"{URL}/new-by-hand"), **sent)
    assert response.status_code == 422
    assert words in response.text
    assert session.query(Position).count() == 1


@pytest.mark.parametrize(
    ("values", "words"), [({}, "Please say why this version is made."), ({"reason": "x" * 401}, "at most 400")]
)
def test_new_version_needs_its_reason(hana, session, desk, values, words):
    response = hana.send(hana.page(f"{desk}/revise"), **values)
    assert response.status_code == 422
    assert words in response.text
    assert len(session.query(Position).one().versions) == 1


def test_version_that_somebody_made_meanwhile_is_not_replaced_unseen(hana, session, desk):
    early = hana.page(f"{desk}/revise")
    hana.send(hana.page(f"{desk}/revise"), trust_high="9", trust_weight="3", reason="Calls are longer now")
    refused = hana.send(early, trust_high="8", trust_weight="2", reason="Spring")
    assert refused.status_code == 422
    assert "Somebody has made version 2 of this pattern" in refused.text
    assert refused.page.form("Save as a new version")[1]["trust_high"] == "8"
    assert "Calls are longer now" in hana.page(desk).text
    assert hana.send(refused.page, "Save as a new version").status_code == 303  # having read that
    assert "Spring" in hana.page(desk).text


def test_reason_is_kept_without_characters_that_no_page_shows_and_no_database_takes(hana, session, desk):
    hana.send(hana.page(f"{desk}/revise"), focus_high="9", reason="Calls\x00 are\u202e longer\nsince spring")
    session.rollback()
    assert session.query(Position).one().versions[-1].reason == "Calls are longer\nsince spring"


def test_pattern_in_which_nothing_counts_is_refused_on_revising_too(hana, desk):
    weights = {f"{scale}_weight": "0" for scale in SCALES}
    response = hana.send(hana.page(f"{desk}/revise"), reason="Trying", **weights)
    assert response.status_code == 422
    assert "At least one behaviour must count" in response.text


def test_another_organisation_finds_nothing(browser_of, desk):
    otto = browser_of("otto")
    assert "Front desk" not in otto.page(URL).text
    otto.page(desk, 404)
    otto.page(f"{desk}/revise", 404)
    token = otto.page(f"{URL}/new").form()[1]["csrf_token"]
    assert otto.post(f"{desk}/revise", data={"csrf_token": token}).status_code == 404


def test_two_organisations_may_use_the_same_title(browser_of, desk):
    otto = browser_of("otto")
    assert otto.send(otto.page(f"{URL}/new"), title="Front desk", family="front-desk").status_code == 303


@pytest.mark.parametrize("name", ["cole", "paula", "ada"])
def test_other_roles_find_nothing(browser_of, desk, name):
    browser = browser_of(name)
    for url in (URL, f"{URL}/new", f"{URL}/new-by-hand", desk, f"{desk}/revise"):
        browser.page(url, 404)


def test_strangers_are_sent_to_sign_in(client, desk):
    for url in (URL, f"{URL}/new", desk):
        assert client.get(url).location == f"/auth/sign-in?next={url}"


def test_position_cannot_be_overwritten_or_deleted(hana, desk):
    token = hana.page(f"{desk}/revise").form()[1]["csrf_token"]
    assert hana.post(desk, data={"csrf_token": token}).status_code == 405
    assert hana.delete(desk, headers={"X-CSRFToken": token}).status_code == 405


def test_version_says_what_changed_who_made_it_and_who_rests_on_it(hana, session, registry, engine, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    desk = f"{URL}/{attempt.assignment.campaign.position.public_id}"
    hana.send(hana.page(f"{desk}/revise"), trust_high="9", trust_weight="3", reason="Calls are longer now")
    page = hana.page(desk)
    assert "Trust: 5 to 9 (before: 5 to 8); counts three times (before: counts double)" in page.text
    assert "one person began, one result, in one campaign" in page.text
    newest = hana.page(page.link("Version 2"))
    assert "Nobody has begun since it came into force" in newest.text
    assert "Hana" in newest.text
    first = hana.page(f"{desk}/versions/1")
    assert attempt.assignment.campaign.name in first.text
    assert "replaced" in first.text
    hana.page(f"{desk}/versions/3", 404)


def test_result_keeps_its_version_and_says_that_there_is_a_newer_one(hana, session, registry, engine, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    person = f"/console/assignments/{attempt.assignment.public_id}"
    before = hana.page(person).text
    assert "this result keeps it" not in before
    desk = f"{URL}/{attempt.assignment.campaign.position.public_id}"
    hana.send(hana.page(f"{desk}/revise"), trust_low="1", trust_high="1", reason="Calls are longer now")
    after = hana.page(person).text
    assert "Scored against version 1 of the pattern" in after
    assert "Version 2 is in force since" in after
    match = before[before.index("Match with the position") : before.index("The match says how near")]
    assert match in after


def test_title_is_changed_where_no_other_position_has_it(hana, session, desk):
    hana.send(hana.page(f"{URL}/new"), title="Night desk", family="front-desk")
    refused = hana.send(hana.page(desk), "Change the title", title="Night desk")
    assert refused.status_code == 422
    assert "There is already a position called Night desk." in refused.text
    assert 'value="Night desk"' in refused.text
    hana.send(hana.page(desk), "Change the title", title="Day  desk")
    assert hana.page(desk).h1 == "Day desk"


def test_retired_position_is_not_offered_until_it_is_brought_back(hana, desk):
    def offered():
        return "Front desk" in hana.page("/console/campaigns/new").text

    assert offered()
    hana.send(hana.page(desk), "Retire the position")
    assert "Retired since" in hana.page(desk).text
    assert not offered()
    assert hana.page(f"{URL}?retired=1").link("Front desk") == desk
    assert "No position is offered" in hana.page(URL).text
    hana.send(hana.page(desk), "Offer it again")
    assert "Retired since" not in hana.page(desk).text
    assert offered()


def test_list_is_paged_with_as_many_queries_for_few_as_for_many(hana, session, registry, cast, count_queries, now):
    def asked():
        with count_queries() as counter:
            hana.page(URL)
        return counter.count

    def add(first, last):
        for number in range(first, last):
            factories.position(session, registry, cast.hana, f"Desk {number:02}", now=now)
        session.commit()

    add(0, 3)
    few = asked()
    add(3, 12)
    assert asked() == few
    add(12, 52)
    page = hana.page(URL)
    assert "Desk 49" in page.text
    assert "Desk 50" not in page.text
    assert "Desk 51" in hana.page(page.link("Next page")).text
    assert "The list ends before this page" in hana.page(f"{URL}?page=9").text


def test_four_ways_to_a_pattern_are_explained_on_one_page(hana):
    text = hana.page(f"{URL}/new").text
    for words in ("A role family", "By hand", "two experts at least", "30 top performers and 30 others"):
        assert words in text
