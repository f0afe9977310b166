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
        ({"tact_weight": "0"}, "At least one scale must count"),
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


def test_pattern_in_which_nothing_counts_is_refused_on_revising_too(hana, desk):
    weights = {f"{scale}_weight": "0" for scale in SCALES}
    response = hana.send(hana.page(f"{desk}/revise"), reason="Trying", **weights)
    assert response.status_code == 422
    assert "At least one scale must count" in response.text


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
