"""HR asks for a comparison of a campaign's people, and sees its page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AuditEvent, LinkPurpose, ReportFile
from assess.services import erasure, links, reporting
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def people(session, engine, registry, cast, now):
    found = factories.rivals(session, registry, engine, cast.hana, "Cora Candidate", "Ana Able", "Ben Bold", now=now)
    session.commit()
    return found


@pytest.fixture
def campaign(session, people):
    """Return the address of their campaign."""
    url = f"/console/campaigns/{people[0].campaign.public_id}"
    session.rollback()
    return url


def compare(hana, campaign, *people, **way):
    page = hana.page(hana.page(campaign).link("Compare people"))
    return hana.send(page, "Make the comparison", people=[str(each) for each in people], **way)


def ids(session, people):
    found = [each.public_id for each in people]
    session.rollback()
    return found


def test_who_shares_a_name_can_be_told_apart_and_who_is_simulated_is_labelled(hana, session, people, campaign):
    people[1].person.name = people[0].person.name
    people[2].person.is_simulated = True
    labels = {f"{each.person.name} · {each.attempt.receipt}" for each in people[:2]}
    labels.add(f"{people[2].person.name} (simulated)")
    session.commit()
    page = hana.page(hana.page(campaign).link("Compare people"))
    assert labels <= {" ".join("".join(each.itertext()).split()) for each in page.root.iter("label")}


def test_ticked_people_are_compared_and_the_page_names_them(hana, session, people, campaign, now):
    chosen = ids(session, people)[:2]
    response = compare(hana, campaign, *chosen)
    assert response.status_code == 303
    page = hana.page(response.location)
    assert page.h1 == "Comparison of candidates, Job of Cora Candidate"
    assert "being made" in page.text
    assert page.link("Ana Able") == f"/console/assignments/{chosen[1]}"
    assert "Ben Bold" not in page.text
    report = session.query(ReportFile).filter_by(kind="comparison").one()
    reporting.store(session, report, b"%PDF", now=now)
    session.commit()
    page = hana.page(response.location)
    assert hana.get(page.link("Download the PDF")).data == b"%PDF"
    assert "Comparison of candidates" in hana.page(page.link("Ana Able")).text


def test_comparison_is_printed_in_the_chosen_language_and_on_the_chosen_paper(hana, session, people, campaign):
    chosen = ids(session, people)
    compare(hana, campaign, *chosen, language="es", paper="Letter")
    compare(hana, campaign, *chosen)
    reports = session.query(ReportFile).filter_by(kind="comparison").order_by(ReportFile.id).all()
    assert [(each.language, each.paper) for each in reports] == [("es", "Letter"), ("en", "A4")]
    session.rollback()
    refused = compare(hana, campaign, *chosen, language="xx")
    assert refused.status_code == 422


def test_finished_comparison_can_be_read_as_a_page_and_as_numbers(hana, session, people, campaign, now):
    chosen = ids(session, people)
    address = compare(hana, campaign, *chosen).location
    assert hana.get(f"{address}/page").status_code == 409
    report = session.query(ReportFile).filter_by(kind="comparison").one()
    reporting.store(session, report, b"%PDF", now=now)
    session.commit()
    page = hana.page(hana.page(address).link("Read it as a page"))
    assert "Behaviour by behaviour" in page.text
    assert "Profiles side by side" in page.text
    numbers = hana.get(hana.page(address).link("Numbers for programs (JSON)")).json
    assert {person["name"] for person in numbers["people"]} == {"Cora Candidate", "Ana Able", "Ben Bold"}
    looked = session.query(AuditEvent).filter(AuditEvent.action.in_(("result.read", "report.read"))).all()
    subjects = [f"assignment:{each.id}" for each in people]
    assert sorted(each.subject for each in looked) == sorted(2 * subjects)  # once as a page, once as numbers


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_are_refused_in_a_sentence_and_stay_ticked(hana, session, people, campaign, n):
    chosen = ids(session, people)[:n]
    response = compare(hana, campaign, *chosen)
    assert response.status_code == 422
    assert "Please choose at least two people to compare." in response.page.text
    assert [str(each) for each in chosen] == response.page.form("Make the comparison")[1].get("people", [])
    assert session.query(ReportFile).filter_by(kind="comparison").count() == 0


def test_people_of_another_campaign_are_not_offered(hana, session, engine, registry, cast, people, campaign, now):
    other = factories.scored(session, registry, engine, cast.hana, name="Olga Other", now=now).assignment.public_id
    session.commit()
    response = compare(hana, campaign, *ids(session, people), other)
    assert response.status_code == 422
    assert "Please choose one of the options." in response.page.text


def test_campaign_with_one_result_or_no_position_offers_no_comparison(hana, session, engine, registry, cast, now):
    one = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    none = factories.scored(
        session, registry, engine, cast.hana, name="Nora None", with_position=False, now=now
    ).assignment
    urls = [f"/console/campaigns/{each.campaign.public_id}" for each in (one, none)]
    session.rollback()
    for url in urls:
        assert "Compare people" not in hana.page(url).text
    assert "There are not two results yet" in hana.page(f"{urls[0]}/comparisons/new").text


def test_page_says_when_somebody_in_it_is_erased_meanwhile(hana, session, people, campaign, now):
    url = compare(hana, campaign, *ids(session, people)).location
    erasure.erase(session, [people[0].person], actor="command", now=now)
    session.commit()
    page = hana.page(url)
    assert "there is no report any more" in page.text
    assert "Cora Candidate" not in page.text.replace("Job of Cora Candidate", "")
    assert "Refresh" not in page.response.headers


def test_other_organisations_and_roles_find_nothing(hana, browser_of, session, people, campaign):
    url = compare(hana, campaign, *ids(session, people)).location
    for name in ("otto", "cole", "paula", "ada"):
        browser = browser_of(name)
        for address in (url, f"{campaign}/comparisons/new"):
            browser.page(address, 404)
        assert browser.get(f"{url}.pdf").status_code == 404


def test_own_page_says_that_one_was_compared_and_never_with_whom(hana, client, session, cast, people, campaign, now):
    url = compare(hana, campaign, *ids(session, people)).location
    report = session.query(ReportFile).filter_by(kind="comparison").one()
    reporting.store(session, report, b"%PDF", now=now)
    reporting.content(session, report, actor=f"user:{cast.hana.id}", now=now)
    ends = now + timedelta(hours=1)
    token = links.issue(session, LinkPurpose.MY_PAGE, person=people[0].person, expires_at=ends, now=now)
    session.commit()
    opened = client.send(client.page(f"/my-page/link/{token}"), "Open my page")
    text = client.page(opened.location).text
    assert "Hana of HR took a report that compares you with others for the same position." in text
    assert "Ana Able" not in text
    assert url not in text
