"""Inviting many: lines or a file, a look at what was understood, invitations, and rows to mend."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from assess.models import Assignment, Campaign, Mail, Person
from assess.services import bulk_invitations, campaign_changes
from tests import factories
from tests.web.pages import Page

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

LINES = "Anna Able, anna@people.example\nBen Best <ben@people.example>\nnobody\n"
FILE = b"name;email;phone\nAnna Able;anna@people.example;+49 170\nBen Best;;\nCora C.;cora@people.example;\n"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def url(session, registry, cast, now):
    """The address under which people are invited into the campaign that Cora is in."""
    campaign = factories.assignment(session, registry, cast.hana, now=now).campaign
    session.commit()
    return f"/console/campaigns/{campaign.public_id}/invitations"


def look(hana, url, *, lines=None, file=None):
    page = hana.page(f"{url}/new")
    if file is None:
        return hana.send(page, "Look at the lines", lines=lines)
    address, data = page.form("Look at the file")
    boundary, body = encode_multipart(data | {"file": FileStorage(BytesIO(file), "people.csv", "file")})
    return hana.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def people(session):
    session.rollback()
    return sorted(row.person.name for row in session.query(Assignment) if row.person.name != "Cora Candidate")


def test_campaign_leads_there_and_the_page_says_how_a_file_looks(hana, url):
    page = hana.page(hana.page(url.removesuffix("/invitations")).link("Invite many"))
    assert page.h1 == "Invite many people"
    assert "At most 2 MB and 5,000 people" in page.text


def test_pasted_lines_are_shown_and_then_invited_by_mail(hana, session, url):
    page = Page(look(hana, url, lines=LINES))
    for words in (
        "2 people can be invited",
        "1 row is not used",
        "3 email There is no e-mail address.",
        "reach nobody",
    ):
        assert words in page.text
    assert people(session) == []
    done = Page(hana.send(page, "Invite 2 people"))
    assert "2 people are invited" in done.text
    assert people(session) == ["Anna Able", "Ben Best"]
    assert session.query(Mail).count() == 2
    assert done.form("Look at these lines")[1]["lines"].split() == ["nobody"]


def test_file_is_shown_row_by_row_with_duplicates_named_and_then_entered_without_mail(hana, session, url):
    page = Page(look(hana, url, file=FILE))
    for words in (
        "1 person can be invited",
        "2 rows are not used",
        "3 email There is no e-mail address. nothing",
        "4 email Cora Candidate is in this campaign already. cora@people.example",
        "separated by semicolons",
        "+49 170",
    ):
        assert words in page.text
    done = Page(hana.send(page, "Invite 1 person", delivery="hand"))
    assert "1 person is entered" in done.text
    rest = hana.send(done, "Download them to mend").data.decode("utf-8-sig")
    assert [line.partition(",")[0] for line in rest.splitlines()] == ["name", "Ben Best", "Cora C."]
    assert rest.splitlines()[0] == "name,email,phone,problem"
    assert people(session) == ["Anna Able"]
    assert session.query(Mail).count() == 0


def test_sent_twice_invites_once_and_says_so(hana, session, url):
    page = Page(look(hana, url, lines=LINES))
    hana.send(page, "Invite 2 people")
    again = Page(hana.send(page, "Invite 2 people"))
    assert again.h1 == "They were invited already"
    assert "2 people of this list were invited into this campaign before" in again.text
    assert "letters are on the way" not in again.text
    assert "Anna Able is in this campaign already." in again.text
    assert (people(session), session.query(Mail).count()) == (["Anna Able", "Ben Best"], 2)


def test_second_click_that_overtakes_the_first_says_that_they_were_invited_already(hana, session, url, monkeypatch):
    page = Page(look(hana, url, lines=LINES))
    known = bulk_invitations.look_up

    def overtaken(*args, **options):
        found = known(*args, **options)
        monkeypatch.setattr(bulk_invitations, "look_up", known)
        hana.send(page, "Invite 2 people")
        return found

    monkeypatch.setattr(bulk_invitations, "look_up", overtaken)
    again = Page(hana.send(page, "Invite 2 people"))
    assert again.h1 == "They were invited already"
    assert "2 people of this list were invited into this campaign before" in again.text
    assert "on the way" not in again.text
    session.rollback()
    assert session.query(Mail).count() == 2


def test_people_of_whom_some_were_invited_before_are_counted_apart(hana, session, url):
    hana.send(Page(look(hana, url, lines="Anna Able, anna@people.example")), "Invite 1 person")
    done = Page(hana.send(Page(look(hana, url, lines=LINES)), "Invite 1 person"))
    assert done.h1 == "People are invited"
    assert "1 person of this list was invited into this campaign before" in done.text


def test_rows_to_mend_come_back_as_a_file_with_what_is_wrong(hana, session, url):
    page = Page(
        look(hana, url, file=b"name,email,note\n=cmd(),,x\nAnna,anna@people.example,\nC,cora@people.example,\n")
    )
    response = hana.send(page, "Download them to mend")
    assert response.headers["Content-Disposition"] == 'attachment; filename="people-to-mend.csv"'
    assert list(csv.reader(StringIO(response.data.decode("utf-8-sig")))) == [
        ["name", "email", "note", "problem"],
        ["'=cmd()", "", "x", "There is no e-mail address."],
        ["C", "cora@people.example", "", "Cora Candidate is in this campaign already."],
    ]
    assert people(session) == []
    mended = Page(look(hana, url, file=response.data.replace(b"'=cmd(),,", b"Ben Best,ben@people.example,")))
    assert "1 person can be invited" in mended.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"lines": " \n"}, "Please paste at least one line, or choose a file."),
        ({"file": b""}, "Please paste at least one line, or choose a file."),
        ({"file": b"PK\x03\x04"}, "Please save it there as CSV"),
        ({"file": b"a,b\n1,2"}, "There is no column for the name and the email."),
        ({"file": b"name,email\n" + b"x" * 2_000_000}, "The file has more than 2 MB."),
    ],
)
def test_what_cannot_be_read_is_explained(hana, url, sent, words):
    response = look(hana, url, **sent)
    assert response.status_code == 422
    assert words in Page(response).text


def test_far_too_large_a_request_is_refused_and_other_pages_take_little(hana, url):
    form = "application/x-www-form-urlencoded"
    assert hana.post(f"{url}/preview", data=b"x" * 5_000_000, content_type=form).status_code == 413
    page = hana.page(url.removesuffix("/invitations"))
    assert hana.send(page, "Invite", name="x" * 70_000, email="a@b.example").status_code == 413


def test_lines_of_a_large_list_are_taken(hana, session, url, monkeypatch):
    monkeypatch.setattr(bulk_invitations, "STEP", 70)  # several transactions
    lines = "\n".join(f"Person Number{n} with a long name, person.number{n}@a-long-domain.example" for n in range(1500))
    page = Page(look(hana, url, lines=lines))
    assert "1500 people can be invited" in page.text
    assert page.text.count("@a-long-domain.example") == 100
    assert "1500 people are entered" in Page(hana.send(page, "Invite 1500 people", delivery="hand")).text
    assert len(people(session)) == 1500


def test_seal_of_somebody_else_or_of_another_campaign_is_refused(hana, session, registry, cast, browser_of, url, now):
    other = factories.assignment(session, registry, cast.hana, name="Olga", now=now).campaign.public_id
    session.commit()
    elsewhere = f"/console/campaigns/{other}/invitations"
    seal = Page(look(hana, elsewhere, lines=LINES)).form("Invite 2 people")[1]["seal"]
    page = Page(look(hana, url, lines=LINES))
    for forged in (seal, seal[:-1], "", "x" * 50):
        for button in ("Invite 2 people", "Download them to mend"):
            response = hana.send(page, button, seal=forged)
            assert response.status_code == 422
            assert "cannot be used any more" in Page(response).text
    assert len(people(session)) == 1


def test_way_of_telling_must_be_one_that_is_offered(hana, session, url):
    response = hana.send(Page(look(hana, url, lines=LINES)), "Invite 2 people", delivery="pigeon")
    assert response.status_code == 422
    assert "Please choose one of the options." in Page(response).text
    assert Page(response).form("Invite 2 people")[1]["seal"]
    assert people(session) == []


def test_campaign_that_is_over_says_so_and_invites_nobody(hana, session, url, now):
    page = Page(look(hana, url, lines=LINES))
    session.query(Campaign).one().closes_at = now - timedelta(minutes=1)
    session.commit()
    for response in (hana.send(page, "Invite 2 people"), look(hana, url, lines=LINES)):
        assert response.status_code == 422
        assert "The last day of this campaign is over" in Page(response).text
    assert Page(response).form("Look at the lines")[1]["lines"].strip() == LINES.strip()
    assert "Give it a later one first" in hana.page(f"{url}/new").text
    assert session.query(Person).count() == 1


def test_names_are_text_and_nothing_else(hana, url):
    page = look(hana, url, lines="<b>Anna</b>, anna@people.example\n<script>x</script>, nobody")
    assert "<script>x" not in page.text
    assert "&lt;b&gt;Anna" in page.text


def test_other_organisations_and_roles_find_nothing(browser_of, hana, url, session):
    page = Page(look(hana, url, lines=LINES))
    for name in ("otto", "cole", "ada"):
        browser = browser_of(name)
        browser.page(f"{url}/new", 404)
        token = re.search(r'name="csrf_token" value="([^"]+)', browser.get("/auth/account").text)[1]
        for address, data in (page.form("Invite 2 people"), page.form("Download them to mend")):
            assert browser.post(address, data=data | {"csrf_token": token}).status_code == 404
    assert people(session) == []


def test_who_was_invited_before_somebody_closed_the_campaign_is_told_of(hana, session, url, monkeypatch, now):
    """The campaign is closed once the first of two steps is done."""
    page, invite = Page(look(hana, url, lines=LINES)), bulk_invitations.invite

    def invite_and_close(steps, user, campaign, entries, **options):
        n = invite(steps, user, campaign, entries, **options)
        campaign_changes.close(steps, user, campaign, now=now)
        return n

    monkeypatch.setattr(bulk_invitations, "STEP", 1)
    monkeypatch.setattr(bulk_invitations, "invite", invite_and_close)
    response = hana.send(page, "Invite 2 people")
    assert response.status_code == 422
    assert "The last day of this campaign is over" in response.page.text
    assert "1 person of your list was invited before that." in response.page.text
    assert people(session) == ["Anna Able"]
