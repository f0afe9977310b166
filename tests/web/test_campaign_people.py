"""The list of a campaign's people, and what HR does with many of them: asked first, then done, with who is left out."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest

from assess.models import AuditEvent, Mail
from assess.services import attempts, invitations, paging
from assess.services.invitations import Invitee
from tests import factories
from tests.web.pages import Page

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def people(session, registry, cast, now):
    """Ann is not invited, Ben and Cy are, Cy has begun, Di has withdrawn."""
    ann = factories.assignment(session, registry, cast.hana, name="Ann One", now=now)
    ann.campaign.name = "Spring"
    found = {"Ann": ann}
    for name in ("Ben", "Cy", "Di"):
        invitee = Invitee(f"{name} Two", f"{name.lower()}@people.example")
        found[name] = invitations.assign(session, cast.hana, ann.campaign, invitee, now=now)
        found[name].invited_at = now - timedelta(days=3)
    attempts.start(session, found["Cy"], registry, now=now)
    found["Di"].withdrawn_at = now
    session.commit()
    return found


@pytest.fixture
def url(people):
    return f"/console/campaigns/{people['Ann'].campaign.public_id}/people"


def listed(page):
    return re.findall(r"\b(Ann|Ben|Cy|Di) (?:One|Two)\b", page.text)


def tick(people, *names):
    return {"person": [str(people[name].public_id) for name in names]}


def act(hana, page, action, **values):
    """Press a button of the list."""
    address, data = page.form("What to do with those who are ticked", **values)
    return hana.post(address, data=data | {"action": action})


def sure(hana, question, **values):
    """Say on the page that asks that it is meant."""
    assert question.status_code == 200
    address, data = Page(question).form("Cancel", **values)
    sent = re.findall(r'name="person" value="([^"]+)"', question.text)
    return hana.post(address, data=data | ({"person": sent} if sent else {}))


def test_list_shows_everybody_with_state_and_days(hana, url):
    page = hana.page(url)
    assert listed(page) == ["Di", "Cy", "Ben", "Ann"]
    boxes = [box.get("aria-label") for box in page.root.iter("input") if box.get("name") == "person"]
    assert boxes == ["Choose Di Two", "Choose Cy Two", "Choose Ben Two", "Choose Ann One"]
    for words in ("4 found.", "All 4", "not sent yet 1", "in progress 1", "withdrawn 1", "not yet", "0 of"):
        assert words in page.text


def test_list_is_filtered_searched_and_ordered_by_its_address(hana, url):
    assert listed(hana.page(f"{url}?state=invited")) == ["Ben"]
    assert listed(hana.page(f"{url}?state=invited&state=in_progress&sort=name")) == ["Ben", "Cy"]
    assert listed(hana.page(f"{url}?q=ben@")) == ["Ben"]
    page = hana.page(f"{url}?q=two&sort=name")
    assert listed(page) == ["Ben", "Cy", "Di"]
    assert page.link("in progress") == f"{url}?q=two&sort=name&state=in_progress"
    assert "Nobody is like that" in hana.page(f"{url}?q=zz").text
    assert listed(hana.page(f"{url}?state=nonsense&sort=nonsense&page=x")) == ["Di", "Cy", "Ben", "Ann"]


def test_long_list_has_pages_and_everybody_found_can_be_chosen(hana, session, people, url, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 2)
    page = hana.page(url)
    assert listed(page) == ["Di", "Cy"]
    assert listed(hana.page(page.link("Next page"))) == ["Ben", "Ann"]
    assert "The list ends before this page" in hana.page(f"{url}?page=99").text
    question = act(hana, page, "withdraw", all="y")
    assert Page(question).h1 == "Withdraw the invitations of 4 people?"
    done = Page(sure(hana, question))
    assert done.h1 == "The invitations of 3 people are withdrawn."
    assert "1 person is left out" in done.text
    assert "This invitation has been withdrawn. (1) Di Two" in done.text


def test_nobody_is_acted_on_without_being_asked_about(hana, session, people, url):
    question = act(hana, hana.page(url), "withdraw", **tick(people, "Ann", "Ben"))
    assert "It cannot be undone" in Page(question).text
    session.rollback()
    assert people["Ann"].withdrawn_at is None
    done = sure(hana, question)
    assert Page(done).h1 == "The invitations of 2 people are withdrawn."
    session.rollback()
    assert all(people[name].withdrawn_at for name in ("Ann", "Ben"))
    assert people["Cy"].withdrawn_at is None


def test_who_ticks_nobody_is_told_so_and_the_list_stays_as_it_was(hana, people, url):
    page = hana.page(f"{url}?state=invited&q=ben")
    for values in ({}, {"person": ["nonsense"]}, {"person": [str(uuid4())]}):
        response = act(hana, page, "remind", **values)
        assert response.status_code == 422
        assert "Nobody is chosen." in Page(response).text
        assert listed(Page(response)) == ["Ben"]
    assert act(hana, page, "hire", **tick(people, "Ben")).status_code == 422


def test_those_of_a_state_are_reminded_from_the_campaign_s_page(hana, session, people, url):
    page = hana.page(url.removesuffix("/people"))
    assert "invited: 1" in page.text
    address, data = page.form("Remind them")
    question = hana.post(address, data=data | {"state": ["invited", "in_progress"], "action": "remind"})
    assert Page(question).h1 == "Remind 2 people?"
    address, data = Page(question).form("Cancel")
    done = hana.post(address, data=data | {"state": ["invited", "in_progress"]})
    assert Page(done).h1 == "The reminders to 2 people are on their way."
    assert "reach nobody" in Page(done).text  # no mail server is set up
    session.rollback()
    reminded = session.query(Mail).filter_by(kind="reminder").order_by(Mail.id)
    assert [mail.person for mail in reminded] == [people["Ben"].person, people["Cy"].person]


def test_more_time_is_given_to_the_day_on_the_page_that_asks(hana, session, people, url, now):
    question = act(hana, hana.page(url), "extend", **tick(people, "Ann", "Ben"))
    wrong = sure(hana, question, until="soon")
    assert wrong.status_code == 422
    assert "as a date" in Page(wrong).text
    assert wrong.text.count('name="person"') == 2
    past = sure(hana, question, until=(now - timedelta(days=2)).date().isoformat())
    assert past.status_code == 422
    assert "later than the present last day" in Page(past).text
    later = (now + timedelta(days=30)).date().isoformat()
    assert Page(sure(hana, question, until=later)).h1 == "2 people have more time now."
    session.rollback()
    assert people["Ann"].expires_at == people["Ben"].expires_at > people["Cy"].expires_at


def test_links_are_handed_out_once_as_a_file_and_each_opens_one_person_s_page(hana, client, session, people, url):
    question = act(hana, hana.page(url), "link", **tick(people, "Ann", "Di"))
    assert "keep the file safe" in Page(question).text
    response = sure(hana, question)
    assert response.headers["Content-Disposition"] == 'attachment; filename="personal-links.csv"'
    header, ann, di = csv.reader(StringIO(response.data.decode("utf-8-sig")))
    assert header == ["name", "email", "last day", "link", "no link because"]
    assert (ann[0], ann[4]) == ("Ann One", "")
    assert (di[0], di[3], di[4]) == ("Di Two", "", "This invitation has been withdrawn.")
    link = "/take/" + ann[3].partition("/take/")[2]
    assert client.send(client.page(link)).status_code == 303
    session.rollback()
    assert session.query(AuditEvent).filter_by(action="link.copied", subject=f"assignment:{people['Ann'].id}").count()


def test_results_are_released_to_many(hana, session, registry, engine, cast, people, url, now):
    factories.scored(session, registry, engine, cast.hana, assignment=people["Ben"], now=now)
    question = act(hana, hana.page(url), "release", all="y")
    done = Page(sure(hana, question))
    assert done.h1 == "1 person can now read the personal report."
    assert "3 people are left out" in done.text


def test_erased_person_has_no_name_in_the_list(hana, session, people, url, now):
    people["Ben"].person.name, people["Ben"].person.email = "Erased person", None
    people["Ben"].person.erased_at = now
    session.commit()
    page = hana.page(f"{url}?state=erased")
    assert "Erased person" in page.text
    question = act(hana, page, "send", **tick(people, "Ben"))
    assert "personal data of this assignment have been erased" in Page(sure(hana, question)).text


def test_empty_campaign_says_how_people_are_invited(hana, session, url, people):
    for each in people.values():
        if each.attempt:
            session.delete(each.attempt)
        session.flush()
        session.delete(each)
    session.commit()
    assert hana.page(url).link("Invite people").endswith("/invitations/new")


def test_link_of_one_person_is_drawn_and_printed_as_a_sheet(hana, people):
    page = hana.page(f"/console/assignments/{people['Ann'].public_id}")
    shown = Page(hana.send(page, "Make a link"))
    (drawn,) = [svg for svg in shown.root.iter("{http://www.w3.org/2000/svg}svg") if svg.get("class") == "qr"] or [
        svg for svg in shown.root.iter("svg") if svg.get("class") == "qr"
    ]
    assert drawn is not None
    assert "Dear Ann One," in shown.text


@pytest.mark.parametrize(
    ("language", "direction", "greeting", "camera"),
    [
        ("es", "ltr", "Hola, Ann One:", "código"),
        ("ar", "rtl", "Ann One", "كاميرا"),
    ],
)
def test_sheet_speaks_the_language_that_the_letter_would(hana, session, people, language, direction, greeting, camera):
    people["Ann"].person.language = language
    session.commit()
    shown = Page(hana.send(hana.page(f"/console/assignments/{people['Ann'].public_id}"), "Make a link"))
    (sheet,) = [each for each in shown.root.iter("div") if each.get("class") == "printed"]
    assert (sheet.get("lang"), sheet.get("dir")) == (language, direction)
    said = " ".join(" ".join(sheet.itertext()).split())
    assert greeting in said
    assert camera in said
    assert "/take/link/" in said


def test_other_organisations_and_roles_find_nothing(browser_of, session, people, url):
    for name in ("otto", "cole", "ada"):
        browser = browser_of(name)
        browser.page(url, 404)
        token = re.search(r'name="csrf_token" value="([^"]+)', browser.get("/auth/account").text)[1]
        sent = {"csrf_token": token, "all": "y", "action": "withdraw", "sure": "y"}
        assert browser.post(f"{url}/actions", data=sent).status_code == 404
    session.rollback()
    assert people["Ann"].withdrawn_at is None
