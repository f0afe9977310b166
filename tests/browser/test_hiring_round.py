"""A hiring round of fifty: from a file with bad rows to people side by side and their reports in one archive."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime

import numpy as np
from pypdf import PdfReader
from sqlalchemy import select

from assess.models import Assignment, Campaign
from assess.scoring.simulated import draw_position, statement_responses
from tests import factories
from tests.browser.conftest import beside
from tests.browser.journeys import check, follow, press, sign_in

NAME, FORM = "Fifty from a file", "short"
FILE = "First name;Last name;E-mail\n" + "".join(f"Pia{n};Fifty;pia{n}@fifty.example\n" for n in range(47))
BAD = "Rob;Fifty;\nSue;Fifty;sue at fifty\nTim;Fifty;pia0@fifty.example\n"
FINALISTS = ("Pia7 Fifty", "Rob Fifty", "Tim Fifty")


def test_fifty_people_from_a_file_to_results_side_by_side_and_one_archive(server, registry, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    campaign = make_campaign(page, server)
    mended = invite_who_can_be_invited(page)
    invite_the_mended(page, mended)
    give_more_time(page, "Tim Fifty")

    page.goto(campaign)
    everybody_answers(server, registry)
    said = page.locator("#live .said")
    page.wait_for_function("said => said.textContent.includes('50 of 50')", arg=said.element_handle())

    compare_the_shortlisted(page, campaign)
    archive = take_reports(page, campaign)
    pdfs = sorted(name for name in archive.namelist() if name.endswith(".pdf"))
    for who, name in zip(FINALISTS, pdfs, strict=True):
        words = PdfReader(io.BytesIO(archive.read(name))).pages[0].extract_text()
        assert who in words
        assert "rovisional" in words


def make_campaign(page, server):
    page.goto(f"{server.url}/console/campaigns/new")
    page.get_by_label("Name of the campaign").fill(NAME)
    page.get_by_label("Position", exact=True).select_option(label="Front desk")
    page.get_by_label("Edition and form").select_option(f"general/{FORM}")
    press(page, "Make the campaign")
    return page.url


def invite_who_can_be_invited(page):
    """Invite from the file; return the rows that were kept aside, mended."""
    follow(page, "Invite many")
    choose_file(page, "fifty.csv", (FILE + BAD).encode("cp1252"))
    check_all_sizes(page)
    assert page.get_by_role("heading", name="3 rows are not used").count()
    press(page, "Invite 47 people")
    assert page.get_by_role("heading", name="47 people are invited").count()
    check_all_sizes(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download them to mend").click()
    aside = download.value.path().read_text(encoding="utf-8-sig")
    assert len(aside.splitlines()) == 4  # with the header: nobody who was invited is in it
    aside = aside.replace(",Fifty,,", ",Fifty,rob@fifty.example,").replace("sue at fifty", "sue@fifty.example")
    return aside.replace("pia0@", "tim@")


def invite_the_mended(page, mended):
    follow(page, "Invite more")
    choose_file(page, "mended.csv", mended.encode())
    press(page, "Invite 3 people")
    follow(page, "Go to the people")
    assert "50 found" in page.inner_text("main")


def choose_file(page, name, content):
    page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    press(page, "Look at the file")


def give_more_time(page, name):
    page.get_by_role("row", name=name).get_by_role("checkbox").check()
    press(page, "Give more time")
    check_all_sizes(page)
    press(page, "Give more time")
    assert page.inner_text("h1") == "1 person has more time now."


def everybody_answers(server, registry):
    bank, rng, now = registry.newest("general"), np.random.default_rng(50), datetime.now(UTC)
    with beside(server) as (session, engine, hana):
        for asked in session.scalars(select(Assignment).where(Assignment.campaign.has(Campaign.name == NAME))).all():
            values = statement_responses(bank, draw_position(bank, rng), rng, form=FORM)
            factories.scored(session, registry, engine, hana, assignment=asked, values=values, now=now)


def compare_the_shortlisted(page, campaign):
    """Put three people, found one by one, on the shortlist; lay those on it side by side."""
    page.goto(campaign)
    follow(page, "Results")
    assert "50 found" in page.inner_text("main")
    follow(page, "Match")
    assert page.get_by_role("columnheader", name="Match").get_attribute("aria-sort")
    page.get_by_text("Filter and columns", exact=True).click()
    for name in FINALISTS:
        page.get_by_label("Name, mail, number").fill(name)
        press(page, "Show")
        press(page, f"Shortlist: {name}")
    page.get_by_label("Name, mail, number").fill("")
    page.get_by_label("Shortlist only").check()
    press(page, "Show")
    assert "3 found" in page.inner_text("main")
    for name in FINALISTS:
        page.get_by_label(f"Compare {name}").check()
    press(page, "Compare side by side")
    assert page.inner_text("h1") == "3 people side by side"
    assert all(page.get_by_role("row", name=name).count() for name in FINALISTS)


def take_reports(page, campaign):
    """Have the reports on the three made; return the archive, whose list of sums holds."""
    page.goto(campaign)
    follow(page, "Make reports")
    page.get_by_text("Tick people").click()
    for name in FINALISTS:
        page.get_by_label(name, exact=True).check()
    page.get_by_label("Only the people whom I tick below").check()
    press(page, "Make the reports")
    page.get_by_role("heading", name="3 of 3 reports are ready").wait_for(timeout=90_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as one ZIP file").click()
    archive = zipfile.ZipFile(download.value.path())
    assert archive.testzip() is None
    listed = csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig")))
    assert [line["person"] for line in listed] == list(FINALISTS)
    return archive


def check_all_sizes(page):
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        check(page)
