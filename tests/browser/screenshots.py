"""Makes the README's pictures: ``python -m tests.browser.screenshots`` beside a running demo (see `server`)."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session

from assess.cli.demo_campaigns import HIRING, UNDER_WAY
from assess.cli.demo_coaching import LEA, coaching_of
from assess.cli.demo_desk import SHORTLISTED
from assess.models import LinkPurpose
from assess.services import database, links
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
CHANGES_AT = 8  # the page of a coaching report that says what has changed
COACHED = (
    ("", "", "caseload", 640),
    (LEA, "", "coachee", 1400),
    (LEA, "Plan", "plan", 1030),
    (LEA, "Assessments", "change", 1010),
    (LEA, "Feedback", "round", 1130),
    ("Together as a team", "", "together", 1150),
)  # the link, the part behind it, and as above


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
        _own(phone(), base, sign_ins.resolve().parent)
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
    """Take pictures of the coach's desk as the demo leaves it, and of a page of a coaching report."""
    for link, part, name, height in COACHED:
        page.goto(f"{base}/coaching")
        for each in filter(None, (link, part)):
            follow(page, each)
        if name == "round":
            follow(page, "Begun on")
        _picture(page, name, height)
    page.goto(f"{base}/coaching")
    follow(page, LEA)
    follow(page, "Report")
    press(page, "Make the PDF")
    page.get_by_role("link", name="Download the PDF").wait_for(timeout=45_000)
    _page_of_report(page, base, "coaching-report", number=CHANGES_AT)


def _own(page: Page, base: str, data: Path) -> None:
    """Take a picture of the page of somebody who is coached."""
    engine, now = database.make_engine(f"sqlite:///{data / 'rapport.sqlite3'}"), datetime.now(UTC)
    with Session(database.writing(engine)) as session:
        _cole, coaching = coaching_of(session, LEA)
        ends = now + timedelta(hours=1)
        token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
        session.commit()
    page.goto(f"{base}/my-coaching/link/{token}")
    press(page, "Open the page")
    page.screenshot(path=FOLDER / "my-coaching.png")
    page.get_by_role("heading", name="My plan").evaluate("heading => heading.scrollIntoView()")
    page.screenshot(path=FOLDER / "my-plan.png")
    page.goto(f"{base}/my-coaching/progress")
    page.get_by_role("heading", name="Empathy").evaluate(
        "heading => heading.closest('section, .card').scrollIntoView()"
    )
    page.screenshot(path=FOLDER / "my-progress.png")


def _result(page: Page, base: str) -> None:
    page.goto(f"{base}/console/assignments?q=Amara")
    page.get_by_role("link", name="Amara Diallo").first.click()
    person = page.url
    page.screenshot(path=FOLDER / "result.png", full_page=True, clip={"x": 0, "y": 0, "width": 1180, "height": 1250})
    page.get_by_role("button", name="hiring report").click()
    page.get_by_role("link", name="PDF").wait_for(timeout=45_000)
    _page_of_report(page, base, "report")
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
    _page_of_report(page, base, "comparison")


def _page_of_report(page: Page, base: str, name: str, *, number: int = 1) -> None:
    """Draw a page of a finished report, usually the first, with Poppler's pdftoppm."""
    response = page.request.get(base + page.get_by_role("link", name="PDF").first.get_attribute("href"))
    command = ["pdftoppm", "-png", "-r", "80", "-f", f"{number}", "-l", f"{number}", "-singlefile", "-"]
    subprocess.run([*command, str(FOLDER / name)], input=response.body(), check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
