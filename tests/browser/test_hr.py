"""HR's journey: sign in, set up a position, invite, read, release, decide, make the report."""

from __future__ import annotations

import io

from pypdf import PdfReader

from tests.browser import letters
from tests.browser.journeys import check, follow, press, send, sign_in


def test_position_invitation_and_mail(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    page.goto(f"{server.url}/console/positions/new")
    page.get_by_label("Title").fill("Night porter")
    page.get_by_label("Front desk").check()
    send(page)
    assert page.inner_text("h1") == "Night porter"
    page.goto(f"{server.url}/console/assignments/new")
    page.get_by_label("Name").fill("Mila Mail")
    page.get_by_label("E-mail address").fill("mila@people.example")
    page.get_by_label("Position", exact=True).select_option(label="Night porter")
    page.get_by_label("By mail, now").check()
    press(page, "Invite")
    page.wait_for_url("**/console/assignments/*-*")
    link = letters.link_in(letters.to(server, "mila@people.example", "Mila Mail"), "/take")
    assert link.startswith(server.url)


def test_reading_a_result_making_its_report_and_deciding(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    page.goto(f"{server.url}/console/assignments?q=Bruno")
    follow(page, "Bruno Keller")
    text = page.inner_text("main")
    for scale in ("Trust", "Tact", "Empathy", "Conformity", "Focus", "Flexibility"):
        assert scale in text
    assert "rovisional" in text
    assert "simulated" in text.lower()
    assert page.locator("main svg.strip").count() >= 6
    person = page.url
    press(page, "hiring report")
    page.get_by_role("link", name="PDF").wait_for(timeout=45_000)
    check(page)
    response = page.request.get(server.url + page.get_by_role("link", name="PDF").first.get_attribute("href"))
    pdf = PdfReader(io.BytesIO(response.body()))
    words = "\n".join(sheet.extract_text() for sheet in pdf.pages)
    assert "Bruno Keller" in words
    assert all("SIMULATED" in sheet.extract_text().upper() for sheet in pdf.pages)
    page.goto(person)
    page.get_by_label("Reserve").check()
    page.get_by_label("Interview").check()
    page.get_by_label("Reasons").fill("Second interview agreed; the reference is still to come.")
    press(page, "Record the decision")
    assert "Second interview agreed" in page.inner_text("main")


def test_admin_adds_a_user_who_sets_a_password(server, new_page):
    page = new_page()
    sign_in(page, server, "ada@acme.example")
    page.goto(f"{server.url}/admin/users/new")
    page.get_by_label("Name").fill("Rita Recruiter")
    page.get_by_label("E-mail").fill("rita@acme.example")
    page.get_by_label("HR", exact=False).first.check()
    send(page)
    letter = letters.text_of(letters.to(server, "rita@acme.example", "Rita Recruiter"))
    link = next(line for line in letter.splitlines() if "/auth/password/" in line).strip()
    rita = new_page()
    rita.goto(link)
    check(rita)
    for field in rita.locator("input[type=password]").all():
        field.fill("seven green lamps on the pier")
    send(rita)
    rita.get_by_label("E-mail").fill("rita@acme.example")
    rita.get_by_label("Password").fill("seven green lamps on the pier")
    press(rita, "Sign in")
    rita.get_by_role("button", name="Sign out").wait_for()
