"""axe finds nothing on any page of HR and of admins, on any screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assess.models import RosterKind, SurveyKind
from assess.services import company_reports, perspective, reporting, rosters, surveys
from reports.kinds import KINDS
from tests import factories
from tests.browser import desk
from tests.browser.conftest import beside
from tests.browser.journeys import find, follow, press, sign_in
from tests.browser.screens import check, check_all
from tests.services import experts
from tests.services.experts import AT_ODDS, LIKE_MINDED

pytestmark = pytest.mark.thorough
HR = [
    "/console",
    "/console/search?q=a",
    "/console/search?q=an",
    "/console/assignments?state=scored",
    "/console/assignments",
    "/console/assignments/new",
    "/console/campaigns",
    "/console/campaigns/new",
]
HR += ["/console/positions", "/console/positions/new"]
HR += ["/console/people", "/console/people?q=nobody", "/console/people/new"]
HR += ["/console/rosters", "/console/rosters/new-bench", "/console/rosters/new-team"]
HR += ["/console/positions/new-by-hand", "/console/reports", "/console/requests", "/auth/account"]
HR += ["/console/surveys", "/console/surveys/new", *(f"/console/surveys/new?kind={kind}" for kind in SurveyKind)]
HR += ["/console/exports", "/console/exports/new", "/console/decisions"]
CAMPAIGN = "Contact-centre agents, simulated"  # of the demo; other tests make others, and lists are long
ADMIN = ["/admin/users", "/admin/users/new", "/auth/account"]


def check_poles(page, addresses):
    """On wide screens and on phones the low end stands on the left, as 1 does in the drawing, also in Arabic."""
    for address in addresses:
        page.goto(address)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            lows, highs = (page.locator(f".sheets .{end}:not(th)").all() for end in ("low", "high"))
            pairs = [(low.bounding_box(), high.bounding_box()) for low, high in zip(lows, highs, strict=True)]
            assert pairs
            assert all(low["x"] + low["width"] <= high["x"] for low, high in pairs if low and high)


def test_pages_of_hr(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, HR)
    for name in ("Amara Diallo", "Hugo Marchetti", "Kasia Nowak"):  # usual, careless, a scale without score
        page.goto(f"{server.url}/console/assignments?q={name}")
        follow(page, name)
        check(page)
    person = page.url
    check_all(page, server, [f"{person.removeprefix(server.url)}/preview/{kind}" for kind in KINDS])
    check_poles(page, [f"{person}/preview/{kind}?language=ar" for kind in KINDS])
    find(page, server, CAMPAIGN)
    check(page)
    campaign = page.url.removeprefix(server.url)
    check_all(page, server, [f"{campaign}/{each}" for each in ("people", "edit", "invitations/new")])
    page.goto(f"{server.url}/console/positions")
    follow(page, "Front desk")
    check(page)
    page.goto(f"{page.url}/revise")
    check(page)
    page.goto(f"{server.url}/console/assignments/new")
    press(page, "Invite")
    assert page.get_by_role("alert").count()
    check(page)


def test_pages_of_patterns_and_their_versions(server, registry, new_page):
    page, now = new_page(), datetime.now(UTC)
    with beside(server) as (session, engine, hana):
        attempt = factories.scored(session, registry, engine, hana, name="Val Version", now=now)
        desk = attempt.assignment.campaign.position
        analyses = [experts.asked_about(session, hana, desk, sheets, now=now) for sheets in (LIKE_MINDED, AT_ODDS)]
        ratings = experts.rated(session, hana, desk, [{attempt.assignment.person: 4}], now=now)
        for survey in (*analyses, ratings):
            surveys.close(session, hana, survey, now=now)
        session.commit()
        agreed, at_odds, rated = (f"/console/surveys/{each.public_id}/pattern" for each in (*analyses, ratings))
        position = f"/console/positions/{desk.public_id}"
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, [agreed, at_odds, rated])
    press(page, "Fix the share")
    check(page)  # none can come of it
    page.goto(server.url + at_odds)
    page.get_by_label("Why this version is made").fill("Asked in spring")
    press(page, "Adopt the pattern")
    assert page.get_by_role("alert").count()
    check(page)
    page.get_by_label("Your answer to what stands against it").fill("Two of them meant the night shift")
    press(page, "Adopt the pattern")
    check(page)  # the new version with its figures
    check_all(page, server, [at_odds, position, f"{position}/versions/1", "/console/positions?retired=1"])


def test_pages_of_closed_surveys_and_of_a_position_s_results(server, new_page):
    now = datetime.now(UTC)
    with beside(server) as (session, _engine, hana):
        until = (now + timedelta(days=7)).date()
        leaders = surveys.create(session, hana, SurveyKind.LEADER, title="Leaders", until=until, now=now)
        surveys.close(session, hana, leaders, now=now)
        found = [f"/console/surveys/{leaders.public_id}{rest}" for rest in ("", "/self-checks")]
    ends = ("/climate", "/results", "/comparisons/new")
    found += [address for address in desk.addresses(server) if address.endswith(ends)]
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, found)


def test_pages_of_exports_and_of_the_journal(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    page.goto(f"{server.url}/console/exports/new")
    page.get_by_label("Handed in from").fill("2040-01-01")
    press(page, "Make the file")
    assert page.get_by_role("alert").count()
    check(page)
    page.get_by_label("Handed in from").fill("")
    page.get_by_label("With names").check()
    press(page, "Make the file")
    page.get_by_role("heading", name="is ready").wait_for(timeout=60_000)  # it looks again by itself
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the file").click()
    assert download.value.suggested_filename.endswith(".csv")
    follow(page, "The codebook explains every column.")
    check(page)
    page.goto(f"{server.url}/console/assignments?q=Amara")
    follow(page, "Amara Diallo")
    page.get_by_label("Keep in reserve").check()
    page.get_by_label("Interview").check()
    page.get_by_label("Reasons").fill("A calm talk.")
    press(page, "Record the decision")
    page.goto(f"{server.url}/console/decisions?outcome=reserve")
    check(page)


def test_pages_of_the_company_perspective(server, registry, new_page):
    page, now, bank = new_page(), datetime.now(UTC), registry.newest("general")
    with beside(server) as (session, _engine, hana):
        groups = ["Desk"] * 5 + ["Phones"] * 6
        choices = [
            3,
            4,
            4,
            4,
            5,
            4,
            3,
            4,
            4,
            {policy.code: 1 + place % 5 for place, policy in enumerate(bank.perspective)},
        ]
        survey = factories.perspective_round(session, bank, hana, [*choices, 4], groups=groups, now=now)
        waiting = factories.perspective_round(session, bank, hana, [4] * 5, is_open=True, title="Open", now=now)
        key = perspective.publish(session, hana, survey, registry, source="Eleven raters", importance={}, now=now)
        report = company_reports.request(session, hana, key, registry, now=now)
        reporting.store(session, report, b"%PDF", now=now)
        rounds = [f"/console/surveys/{each.public_id}/perspective" for each in (survey, waiting)]
        rest = [f"/console/perspective/{key.public_id}", f"/console/reports/{report.public_id}"]
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, ["/console/perspective", *rounds, f"{rounds[0]}/unclear", *rest, f"{rest[1]}/page"])
    page.goto(f"{server.url}{rounds[0]}")
    page.get_by_text("How much statements count").click()
    page.get_by_label("Where it comes from").fill("")
    press(page, "Publish the version")
    assert page.get_by_role("alert").count()
    check(page)


def test_pages_of_people_benches_and_teams(server, registry, new_page):
    page, now = new_page(), datetime.now(UTC)
    with beside(server) as (session, engine, hana):
        attempt = factories.scored(session, registry, engine, hana, name="Bea Bench", now=now)
        factories.earlier(session, attempt, timedelta(days=400))
        person, role = attempt.assignment.person, attempt.assignment.campaign.position
        made = [rosters.create(session, hana, kind, "Leads", position=role, now=now) for kind in RosterKind]
        for roster in made:
            rosters.add(session, hana, roster, [person], now=now)
        session.commit()
        bench, team = (f"/console/rosters/{roster.public_id}" for roster in made)
        own = f"/console/people/{person.public_id}"
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, [own, f"{own}/facts", team, bench, f"{bench}?order=match"])
    check_all(page, server, [f"{bench}/members", f"{bench}/members/add", f"{bench}/facts"])
    press(page, "Keep this")
    page.goto(f"{server.url}{bench}/members/add")
    press(page, "Add them")
    assert page.get_by_role("alert").count()
    check(page)


def test_tables_of_results_and_people_side_by_side(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    find(page, server, CAMPAIGN)
    address = f"{page.url}/results"
    page.goto(address)
    for name in ("How to read this table", "Filter and columns", "Saved views"):
        page.get_by_text(name, exact=True).click()
    check(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}?sort=match&order=down")
    check(page)
    for name in ("Amara Diallo", "Hugo Marchetti", "Kasia Nowak"):
        page.get_by_label(f"Compare {name} (simulated)").check()
    press(page, "Compare side by side")
    check(page)
    page.goto(address)
    press(page, "Shortlist: Farid Haddad")
    assert page.get_by_role("button", name="Shortlist: Farid Haddad").get_attribute("aria-pressed") == "true"
    press(page, "Shortlist: Farid Haddad")
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_text("Menu", exact=True).click()
    check(page)


def test_slash_leads_to_the_search_but_for_who_types(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    page.keyboard.press("/")
    page.keyboard.type("amara/")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Search", exact=True).wait_for()
    assert page.locator("#search").input_value() == "amara/"


def test_pages_of_the_report_centre(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    find(page, server, CAMPAIGN)
    follow(page, "Make reports")
    page.get_by_text("Tick people").click()
    check(page)
    page.get_by_label("Amara Diallo").check()
    page.get_by_label("Only the people whom I tick below").check()
    press(page, "Make the reports")
    page.get_by_role("heading", name="1 of 1 reports are ready").wait_for(timeout=60_000)  # it looks again by itself
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as one ZIP file").click()
    assert download.value.suggested_filename.startswith("hiring-reports-")


def test_pages_of_admins(server, new_page):
    page = new_page()
    sign_in(page, server, "ada@acme.example")
    check_all(page, server, ADMIN)
    page.goto(f"{server.url}/admin/users")
    follow(page, "Hana Lind")
    check(page)
