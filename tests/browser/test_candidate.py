"""The candidate's whole journey as a person makes it: by keyboard, on two devices, without scripts."""

from __future__ import annotations

import io
import re
import time

import pytest
from pypdf import PdfReader

from assess.banks.parts import Part
from tests.browser.journeys import check, check_targets, follow, invite, press, sign_in

N_SHORT = 57  # lines of the short form
SCALES = ("Trust", "Tact", "Empathy", "Conformity", "Focus", "Flexibility")


def tab_to(page, selector):
    """Press Tab until the focus is on `selector`, as somebody without a mouse would."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def begin_by_keyboard(page, link):
    page.goto(link)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/take/")
    tab_to(page, "#consent")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/part")
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/1")


def answer_by_keyboard(page, position, choice, last=N_SHORT):
    """Choose the nth option with the arrow keys, see that it is saved, and press Enter for Continue."""
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    for _ in range(choice - 1):
        page.keyboard.press("ArrowDown")
    assert page.locator("input:checked").get_attribute("value") == str(choice)
    page.get_by_role("status").get_by_text(re.compile(r"^Saved \d\d:\d\d$")).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/questions/{position + 1}" if position < last else "**/check")


def test_whole_questionnaire_by_keyboard_alone_ends_at_a_pdf_that_names_the_six_scales(server, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    link = invite(hana, "Kit Keyboard", "kit@people.example", form="general/short")
    page = new_page(viewport={"width": 360, "height": 740})
    begin_by_keyboard(page, link)
    for position in range(1, N_SHORT + 1):
        answer_by_keyboard(page, position, 1 + (position * 7) % 5)
    assert f"answered all {N_SHORT}" in page.inner_text("main")
    check(page)
    check_targets(page)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done")
    receipt = page.inner_text("dd.code")
    assert re.fullmatch(r"A-\w{4}-\w{4}", receipt)
    pdf = download_own_report(page)
    check(page)
    check_targets(page)
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    for scale in SCALES:
        assert scale in text
    assert "Kit Keyboard" in text
    assert "rovisional" in text
    page.goto(link)
    press(page, "Open my receipt")
    assert page.inner_text("dd.code") == receipt


def download_own_report(page):
    """Look again until the worker has made the report, then fetch it with the page's own cookies."""
    for _ in range(60):
        link = page.get_by_role("link", name="Open my report (PDF)")
        if link.count():
            response = page.request.get(page.url.replace("/done", "/report.pdf"))
            assert response.headers["content-type"] == "application/pdf"
            return response.body()
        time.sleep(0.5)
        page.reload()
    raise AssertionError("the report was not made within 30 seconds")


def test_begun_on_the_phone_and_gone_on_with_on_the_laptop(server, new_page):
    phone = new_page(viewport={"width": 360, "height": 740})
    begin_by_keyboard(phone, server.take_link)
    answer_by_keyboard(phone, 1, 4)
    answer_by_keyboard(phone, 2, 5)
    laptop = new_page()
    laptop.goto(server.take_link)
    press(laptop, "Open my questionnaire")
    assert "answered 2 of 111" in laptop.inner_text("main")
    follow(laptop, "Go on")
    assert laptop.url.endswith("/questions/3")
    laptop.goto(f"{server.url}/take/questions/2")
    assert laptop.locator("input:checked").get_attribute("value") == "5"


@pytest.fixture
def begun(server, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")

    def begin(name, **options):
        link = invite(hana, name, f"{name.split()[0].lower()}@people.example")
        page = new_page(**options)
        page.goto(link)
        press(page, "Open my questionnaire")
        page.get_by_label("I have read this").check()
        press(page, "Begin")
        press(page, "Go to the first statement")
        return page

    return begin


def test_whole_questionnaire_without_javascript_ends_at_a_receipt(inside):
    page, n_pages = inside(Part.VOCABULARY, java_script_enabled=False), 20
    press(page, "Continue")
    assert "Please choose an answer" in page.inner_text("main")
    for position in range(1, n_pages + 1):
        assert page.url.endswith(f"/questions/{position}")
        page.locator("input[type=radio]").nth(position % 4).check()
        press(page, "Continue")
    follow(page, "Back")
    press(page, "Back")
    assert page.locator("input:checked").get_attribute("value") == str((n_pages - 1) % 4 + 1)
    press(page, "Keep this and check all answers")
    press(page, "Hand in")
    assert re.fullmatch(r"A-\w{4}-\w{4}", page.inner_text("dd.code"))


def test_lost_connection_is_said_in_words_and_mended_by_itself(begun):
    page = begun("Olaf Offline")
    page.context.set_offline(True)
    page.get_by_label("Agree", exact=True).check()
    page.get_by_role("status").get_by_text("Not saved yet – we keep trying").wait_for()
    page.context.set_offline(False)
    page.get_by_role("status").get_by_text(re.compile(r"^Saved \d\d:\d\d$")).wait_for()
