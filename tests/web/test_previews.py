"""Reports as pages, before anybody has them made."""

from __future__ import annotations

import re

import pytest

from assess.models import AuditEvent, ReportFile
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def person(session, engine, registry, cast, now):
    """The address of Cora's page, her answers scored."""
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    address = f"/console/assignments/{attempt.assignment.public_id}"
    session.commit()
    return address


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


def test_hiring_report_can_be_read_as_a_page_from_the_person_s_page(hana, person):
    page = hana.page(hana.page(person).link("hiring report"))
    assert page.h1 == "Cora Candidate"
    for words in ("Hiring report", "Six behaviours", "Interview guide", "Decision record", "Technical note"):
        assert words in page.text
    assert page.link("Cora") == person


def test_personal_report_s_page_holds_no_match_and_no_quality_signs(hana, person):
    text = hana.page(hana.page(person).link("personal report")).text
    assert "Your six behaviours" in text
    for words in ("Match", "Asked for", "Interview guide", "impression management"):
        assert words not in text


def test_page_has_the_screen_s_colours_and_asks_nobody_to_check_it(hana, person):
    html = hana.get(f"{person}/preview/hiring").text
    assert 'fill="var(--petrol)"' in html
    assert "#0d4a57" not in html
    assert "genuine" not in html


def test_looking_is_noted_once_a_day_and_makes_no_report(hana, session, cast, person):
    for kind in ("hiring", "individual", "hiring"):
        hana.page(f"{person}/preview/{kind}")
    assert [event.actor for event in session.query(AuditEvent).filter_by(action="result.read")] == [
        f"user:{cast.hana.id}"
    ]
    assert session.query(ReportFile).count() == 0


def test_language_and_paper_are_kept_when_the_pdf_is_made(hana, session, person):
    page = hana.page(f"{person}/preview/individual?language=es&paper=Letter")
    sheets = page.root.find(".//main/div")
    assert (sheets.get("lang"), sheets.get("class").split()) == ("es", ["sheets", "individual", "letter"])
    _, choice = page.form("Show")
    assert choice == {"language": "es", "paper": "Letter"}
    hana.send(page, "Make the PDF", kind="individual")
    made = session.query(ReportFile).one()
    assert (made.kind, made.language, made.paper) == ("individual", "es", "Letter")


@pytest.mark.parametrize("wrong", ["horoscope", "hiring?language=xx", "hiring?paper=A3"])
def test_what_is_not_offered_is_not_found(hana, person, wrong):
    hana.page(f"{person}/preview/{wrong}", 404)


def test_report_that_cannot_be_made_says_why_instead(hana, session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    session.commit()
    page = hana.page(f"/console/assignments/{assignment.public_id}/preview/hiring", 409)
    assert "the person has not begun yet" in page.text


def test_others_do_not_find_it(browser_of, client, person):
    for name in ("otto", "cole", "paula", "ada"):
        browser_of(name).page(f"{person}/preview/hiring", 404)
    assert client.get(f"{person}/preview/hiring").location.startswith("/auth/sign-in")


@pytest.mark.parametrize(("direction", "side"), [("ltr", "left"), ("rtl", "right")])
def test_style_sheet_of_pages_is_that_of_paper_with_fonts_that_are_served(client, direction, side):
    response = client.get(f"/assets/report-{direction}.css")
    assert response.mimetype == "text/css"
    assert response.headers["Cache-Control"] != "no-store"
    assert f"caption {{ padding: 0 0 1.5mm; font-size: 10.5pt; font-weight: 600; text-align: {side};" in response.text
    fonts = re.findall(r'url\("([^"]+)"\)', response.text)
    assert len(fonts) == 2
    for name in fonts:
        assert client.get(f"/assets/{name}").status_code == 200
    again = client.get(response.request.path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_page_links_the_sheet_of_its_language_s_direction(hana, person):
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        html = hana.get(f"{person}/preview/hiring?language={language}").text
        assert f"/assets/report-{direction}.css?v=" in html


def test_wrong_methods_do_not_work(hana, person):
    hana.application.config["WTF_CSRF_ENABLED"] = False
    assert hana.post(f"{person}/preview/hiring").status_code == 405
