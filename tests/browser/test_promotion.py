"""Promotion: from a bench, by clicking, to the report's PDF."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
from pypdf import PdfReader

from assess.scoring.simulated import draw_position, statement_responses
from assess.services import invitations
from assess.services.invitations import Invitee
from tests import factories
from tests.browser.conftest import beside
from tests.browser.journeys import follow, press, sign_in

STAFF = ("Nora Next", "Olaf Next", "Pina Next")


def test_from_a_bench_to_the_promotion_report(server, registry, new_page):
    have_been_assessed(server, registry)
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    make_position(page, server, "Shift lead", "Service team leader")
    bench = make_bench(page, "Shift leads of next year", "Shift lead")
    add_people(page)
    note_present_role(page)

    page.goto(bench)
    follow(page, "By match with the role")
    assert "Sorted, not ranked" in page.inner_text("main")
    row = page.get_by_role("row", name="Nora Next")
    assert "Match with the present role" in row.inner_text()
    press(page, "Promotion report on Nora Next")
    page.get_by_role("link", name="Download the PDF").wait_for(timeout=60_000)  # it looks again by itself

    words = pdf_of(page, server)
    assert "Nora Next" in words
    assert "Shift lead" in words
    assert "rovisional" in words
    assert not any(name in words for name in STAFF[1:])  # others on the bench are counted, and not named


def have_been_assessed(server, registry):
    """Have the staff answered for the role that they have, each something else."""
    bank, rng, now = registry.newest("general"), np.random.default_rng(7), datetime.now(UTC)
    with beside(server) as (session, engine, hana):
        first = factories.assignment(session, registry, hana, name=STAFF[0], form="short", now=now)
        others = [Invitee(name, f"{name.split()[0].lower()}@staff.example") for name in STAFF[1:]]
        rest = [invitations.assign(session, hana, first.campaign, each, now=now) for each in others]
        for asked in (first, *rest):
            values = statement_responses(bank, draw_position(bank, rng), rng, form="short")
            factories.scored(session, registry, engine, hana, assignment=asked, values=values, now=now)


def make_position(page, server, title, family):
    page.goto(f"{server.url}/console/positions/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label(family).check()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert page.inner_text("h1") == title


def make_bench(page, title, role):
    follow(page, "Succession")
    follow(page, "Make a bench")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Target role").select_option(label=role)
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("heading", name=f"Add people to {title}").wait_for()
    return page.url.removesuffix("/members/add")


def add_people(page):
    page.get_by_label("Name, e-mail or number").fill("Next")
    press(page, "Find")
    for name in STAFF:
        page.get_by_label(name).check()
    press(page, "Add who is ticked")


def note_present_role(page):
    follow(page, "Roles, and taking off")
    page.get_by_label(STAFF[0]).check()
    page.get_by_label("Present role of whoever is ticked").select_option(label=f"Job of {STAFF[0]}")
    press(page, "Note this role")


def pdf_of(page, server):
    address = page.get_by_role("link", name="Download the PDF").get_attribute("href")
    pdf = PdfReader(io.BytesIO(page.request.get(server.url + address).body()))
    return "\n".join(sheet.extract_text() for sheet in pdf.pages)
