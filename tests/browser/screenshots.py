"""Makes the README's pictures: ``python -m tests.browser.screenshots`` beside a running demo (see `server`)."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS

FOLDER = Path(__file__).resolve().parent.parent.parent / ".readme"


def main(sign_ins: Path) -> None:
    """Take the pictures of the demo whose sign-ins are in the file `sign_ins`."""
    base = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8000"
    said = sign_ins.read_text(encoding="utf-8").replace("{address}", base)
    password = re.search(r"hana@acme.example +password (\S+)", said)[1]
    link = re.search(r"http\S+/take/link/\S+", said)[0]
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        phone = browser.new_context(viewport={"width": 390, "height": 760}, device_scale_factor=2, locale="en-GB")
        _question(phone.new_page(), link)
        desk = browser.new_context(viewport={"width": 1180, "height": 900}, locale="en-GB")
        _result(desk.new_page(), base, password)
        browser.close()


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


def _result(page: Page, base: str, password: str) -> None:
    page.goto(f"{base}/auth/sign-in")
    page.get_by_label("E-mail").fill("hana@acme.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Amara Diallo").click()
    person = page.url
    page.screenshot(path=FOLDER / "result.png", full_page=True, clip={"x": 0, "y": 0, "width": 1180, "height": 1250})
    page.get_by_role("button", name="hiring report").click()
    page.get_by_role("link", name="PDF").wait_for(timeout=45_000)
    response = page.request.get(base + page.get_by_role("link", name="PDF").first.get_attribute("href"))
    page.goto(person)
    _first_page(io.BytesIO(response.body()))


def _first_page(pdf: io.BytesIO) -> None:
    """Draw the first page with Poppler's pdftoppm."""
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-singlefile", "-", str(FOLDER / "report")]
    subprocess.run(command, input=pdf.read(), check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
