"""Makes the README's pictures: ``python -m tests.browser.screenshots`` beside a running demo (see `server`)."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from assess.cli.demo_campaigns import HIRING, UNDER_WAY
from assess.cli.demo_coaching import LEA
from assess.cli.demo_desk import SHORTLISTED
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.journeys import ANSWER_THE_REST, PARTS, campaign_of_all_parts, follow, invite_into, press

FOLDER = Path(__file__).resolve().parent.parent.parent / ".readme"
N_COMPARED = 6
WIDE = 1280  # for a table with many columns
PHONE = {"width": 390, "height": 760}
PLACES = (  # the area, the link in it, what the picture is called, and its height
    ("positions", "Front desk", "position", 1150),
    ("surveys", "How we serve", "agreement", 800),
    ("surveys", "How service is lived", "climate", 900),
    ("rosters", "Team leaders", "bench", 860),
    ("people?q=Amara", "Amara Diallo", "person", 1350),
)
RESULTS = ("agreement", "climate")
COACHED = (
    ("", "caseload", 780),
    (LEA, "coachee", 1500),
    ("Together as a team", "together", 1150),
)  # the link, and as above


def main(sign_ins: Path) -> None:
    """Take the pictures of the demo whose sign-ins are in the file `sign_ins`."""
    base = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8000"
    said = sign_ins.read_text(encoding="utf-8").replace("{address}", base)
    passwords = dict(re.findall(r"(\S+@acme.example) +password (\S+)", said))
    link = re.search(r"http\S+/take/link/\S+", said)[0]
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def phone(locale: str = "en-GB") -> Page:
            return browser.new_context(viewport=PHONE, device_scale_factor=1.5, locale=locale).new_page()

        _question(phone(), link)
        desk, coach = (
            browser.new_context(viewport={"width": 1180, "height": 900}, locale="en-GB").new_page() for _ in range(2)
        )
        for page, email in ((desk, "hana@acme.example"), (coach, "cole@acme.example")):
            _sign_in(page, base, email, passwords[email])
        _coached(coach, base)
        _result(desk, base)
        _desk(desk, base)
        _many(desk, base)
        campaign_of_all_parts(desk)
        campaign = desk.url
        desk.screenshot(path=FOLDER / "campaign.png")
        _in_arabic(phone("ar"), invite_into(desk, "Ara Bic")[0])
        desk.goto(campaign)
        address, person = invite_into(desk, "Pat Parts")
        _parts(phone(), address)
        _further(desk, person)
        browser.close()


def _in_arabic(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("main button").click()
    page.screenshot(path=FOLDER / "arabic.png")


def _parts(page: Page, link: str) -> None:
    """Take a picture of each part, of the receipt and of the feedback."""
    page.goto(link)
    press(page, "Open my questionnaire")
    page.screenshot(path=FOLDER / "start.png")
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    for part, (_n, button) in PARTS.items():
        press(page, button)
        for at, group in enumerate(page.locator("main fieldset").all()):
            group.get_by_role("radio").nth(at).check()
        page.get_by_role("status").get_by_text("Saved").wait_for()
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=FOLDER / f"{part}.png")
        press(page, "Continue")
        page.goto(page.evaluate(ANSWER_THE_REST)[1])
    press(page, "Hand in")
    for _ in range(60):
        if page.get_by_role("link", name="Read my feedback").count():
            break
        time.sleep(0.5)
        page.reload()
    page.screenshot(path=FOLDER / "receipt.png")
    follow(page, "Read my feedback")
    page.screenshot(path=FOLDER / "feedback.png")


def _further(page: Page, person: str) -> None:
    page.goto(person)
    page.get_by_role("heading", name="Company perspective").scroll_into_view_if_needed()
    page.screenshot(path=FOLDER / "further.png")


def _question(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Open my questionnaire").click()
    if page.get_by_label("I have read this").count():
        page.get_by_label("I have read this").check()
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("button", name="Go to the first statement").click()
    else:
        page.get_by_role("link", name="Go on").click()
    page.get_by_label("Agree", exact=True).check()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    page.screenshot(path=FOLDER / "question.png")


def _sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(f"{base}/auth/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def _coached(page: Page, base: str) -> None:
    """Take pictures of the coach's desk as the demo leaves it."""
    for link, name, height in COACHED:
        page.goto(f"{base}/coaching")
        if link:
            follow(page, link)
        _picture(page, name, height)


def _result(page: Page, base: str) -> None:
    page.goto(f"{base}/console/assignments?q=Amara")
    page.get_by_role("link", name="Amara Diallo").first.click()
    person = page.url
    page.screenshot(path=FOLDER / "result.png", full_page=True, clip={"x": 0, "y": 0, "width": 1180, "height": 1250})
    page.get_by_role("button", name="hiring report").click()
    page.get_by_role("link", name="PDF").wait_for(timeout=45_000)
    _first_page(page, base, "report")
    page.goto(person)


def _desk(page: Page, base: str) -> None:
    """Take pictures of HR's desk as the demo leaves it."""
    usual = page.viewport_size
    page.goto(f"{base}/console/campaigns")
    follow(page, UNDER_WAY)
    _picture(page, "under-way", 640)
    page.goto(f"{base}/console/campaigns")
    follow(page, HIRING)
    follow(page, "Results")
    for _ in ("smallest first", "largest first"):
        follow(page, "Match")
    page.set_viewport_size({"width": WIDE, "height": 900})
    _picture(page, "results", 900, width=WIDE)
    page.set_viewport_size(usual)
    for name in SHORTLISTED:
        page.get_by_label(f"Compare {name}").check()
    press(page, "Compare side by side")
    _picture(page, "beside", 900)
    for area, link, name, height in PLACES:
        page.goto(f"{base}/console/{area}")
        follow(page, link)
        if name in RESULTS:
            follow(page, "Read the results")
        _picture(page, name, height)


def _picture(page: Page, name: str, height: int, *, width: int = 1180) -> None:
    page.screenshot(
        path=FOLDER / f"{name}.png", full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
    )


def _many(page: Page, base: str) -> None:
    """Take a picture of reports on everybody, and of the first page of a comparison."""
    page.goto(f"{base}/console/campaigns")
    follow(page, HIRING)
    campaign = page.url
    follow(page, "Make reports")
    press(page, "Make the reports")
    page.get_by_role("link", name="Download as one ZIP file").wait_for(timeout=120_000)
    page.screenshot(path=FOLDER / "batch.png")
    page.goto(campaign)
    follow(page, "Compare people")
    for box in page.get_by_role("checkbox").all()[:N_COMPARED]:
        box.check()
    press(page, "Make the comparison")
    page.get_by_role("link", name="PDF").wait_for(timeout=60_000)
    _first_page(page, base, "comparison")


def _first_page(page: Page, base: str, name: str) -> None:
    """Draw the first page of a finished report with Poppler's pdftoppm."""
    response = page.request.get(base + page.get_by_role("link", name="PDF").first.get_attribute("href"))
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", "-", str(FOLDER / name)]
    subprocess.run(command, input=response.body(), check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
