"""HR reads results in a table, marks and compares people; searches, and begins at the overview."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from assess.models import AuditEvent, NormGroup, ReportFile, Result, SavedView, ShortlistEntry, SurveyKind
from assess.services import surveys
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

NAMES = ["Ana Able", "Ben Bold", "Dan Daring", "Eve Early", "Fay First", "Guy Good", "Hal Hale"]


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def people(session, engine, registry, cast, now):
    """Return the assignments of Cora and seven others of her campaign, all with results."""
    first = factories.scored(session, registry, engine, cast.hana, now=now)
    others = factories.crowd(session, first, NAMES)
    session.commit()
    return [first.assignment, *(result.attempt.assignment for result in others)]


@pytest.fixture
def campaign(session, people):
    """Return the address of their campaign's results."""
    url = f"/console/campaigns/{people[0].campaign.public_id}/results"
    session.rollback()
    return url


def ids(session, people):
    found = [str(each.public_id) for each in people]
    session.rollback()
    return found


def shown(page):
    return [row.findtext("th/a") for row in page.root.findall(".//tbody/tr")]


def test_table_shows_everybody_with_bands_norm_and_what_it_rests_on(hana, campaign):
    page = hana.page(campaign)
    assert page.h1 == "Results of Job of Cora Candidate"
    assert shown(page) == sorted([*NAMES, "Cora Candidate"])
    for words in ("Provisional.", "no norm yet, n = 0", "8 found", "not yet", "group", "asked 4 to 7"):
        assert words in page.text, words
    assert "Alignment" not in [link.text for link in page.root.iterfind(".//thead//a")]  # nobody was asked


def test_results_on_several_scales_are_said_not_to_be_comparable(hana, session, people, campaign, now):
    assert "Measured on several scales." not in hana.page(campaign).text
    result = session.query(Result).first()
    scales = {each.scale: [0.0, 1.0] for each in result.scales}
    columns = {"edition": "general", "name": "Staff", "version": "1", "source": "Test", "n": 900}
    result.norm_group = NormGroup(**columns, collected=now.date(), scales=scales, created_at=now)
    session.commit()
    assert "numbers, and an order by them, cannot be compared across them" in hana.page(campaign).text


def test_heading_sorts_both_ways_and_says_that_nobody_is_ranked(hana, campaign):
    page = hana.page(campaign)
    down = hana.page(page.link("Person"))
    assert shown(down) == sorted([*NAMES, "Cora Candidate"], reverse=True)
    by_match = hana.page(page.link("Match"))
    assert "Sorted by match, not ranked. The intervals of all neighbours on this page overlap" in by_match.text
    (sorted_by,) = [th for th in by_match.root.iter("th") if th.get("aria-sort")]
    assert "Match" in "".join(sorted_by.itertext())


def test_address_carries_filters_and_columns_and_nonsense_in_it_is_left_out(hana, campaign):
    page = hana.page(f"{campaign}?q=bold&column=match&column=tact")
    assert shown(page) == ["Ben Bold"]
    assert page.root.findtext("head/title").endswith(": 1 found – Rapport")  # read aloud with the new page
    heads = [" ".join("".join(th.itertext()).split()) for th in page.root.findall(".//thead/tr/th")]
    assert [head.partition(" asked")[0] for head in heads[2:]] == ["Match", "Tact"]
    nonsense = "?sort=password&order=x&decision=1&care=maybe&since=yesterday&until=2026-13-01&column=x&page=x&who=1"
    assert len(shown(hana.page(campaign + nonsense))) == 8
    assert len(shown(hana.page(f"{campaign}?since=0001-01-01&until=9999-12-31"))) == 8
    assert "No result is like that" in hana.page(f"{campaign}?q=nobody").text
    assert "The list ends before this page" in hana.page(f"{campaign}?page=99").text


def test_looking_at_the_table_is_noted_for_everybody_on_it_once_a_day(hana, session, people, campaign):
    subjects = sorted(f"assignment:{each.id}" for each in people)
    session.rollback()
    for _ in range(2):
        hana.page(campaign)
        noted = session.query(AuditEvent).filter_by(action="result.read").all()
        assert sorted(event.subject for event in noted) == subjects
        session.rollback()


def test_star_puts_on_the_shortlist_and_takes_off_without_a_script(hana, session, people, campaign):
    ana = ids(session, people)[1]
    page = hana.page(campaign)
    (star,) = [each for each in page.root.iter("button") if each.get("formaction", "").split("/")[3:4] == [ana]]
    token = next(each.get("value") for each in page.root.iter("input") if each.get("name") == "csrf_token")
    sent = {"csrf_token": token, "back": f"{campaign}?sort=match", "on": star.get("value")}
    response = hana.post(star.get("formaction"), data=sent)
    assert response.location == f"{campaign}?sort=match#{star.get('id')}"  # the focus stays on the star
    assert session.query(ShortlistEntry).one().assignment.person.name == "Ana Able"
    session.rollback()
    assert shown(hana.page(f"{campaign}?shortlisted=yes")) == ["Ana Able"]
    away = hana.post(star.get("formaction"), data={**sent, "on": "no", "back": "//evil.example/"})
    assert away.location == f"{campaign}#{star.get('id')}"
    assert session.query(ShortlistEntry).count() == 0


def test_view_is_kept_without_names_opened_elsewhere_and_deleted(hana, session, people, campaign):
    position = f"/console/positions/{people[0].campaign.position.public_id}/results"
    session.rollback()
    page = hana.page(f"{campaign}?q=bold&sort=match&order=down&column=match")
    response = hana.send(page, "Keep this view", name="By match")
    assert response.location == f"{campaign}?q=bold&sort=match&order=down&column=match"
    view = session.query(SavedView).one()
    assert view.query == {"sort": ["match"], "order": ["down"], "column": ["match"]}
    session.rollback()
    elsewhere = hana.page(hana.page(position).link("By match"))
    assert len(shown(elsewhere)) == 8
    refused = hana.send(page, "Keep this view", name=" ")
    assert refused.status_code == 422
    assert "Please give the view a name" in refused.page.text
    hana.send(elsewhere, "Delete By match")
    assert session.query(SavedView).count() == 0


def test_two_to_six_stand_side_by_side_and_are_noted(hana, session, people, campaign):
    chosen = ids(session, people)
    page = hana.page("/console/compare?" + "&".join(f"who={each}" for each in chosen[:3]))
    assert page.h1 == "3 people side by side"
    for words in ("which is no ranking", "Places, of 3", "In the range?", "Provisional.", "n = 0", "Ana Able"):
        assert words in page.text, words
    assert session.query(AuditEvent).filter_by(action="result.read").count() == 3
    session.rollback()
    made = hana.send(page, "Make the comparison report", who=chosen[:3])
    assert hana.page(made.location).h1.startswith("Comparison of candidates")
    assert session.query(ReportFile).filter_by(kind="comparison").one().results


@pytest.mark.parametrize(("n", "said"), [(0, "at least two"), (1, "at least two"), (7, "has room for 6")])
def test_fewer_or_more_are_refused_in_a_sentence(hana, session, people, n, said):
    response = hana.get("/console/compare?" + "&".join(f"who={each}" for each in ids(session, people)[:n]))
    assert response.status_code == 422
    assert said in response.page.text


def test_people_of_another_position_are_refused_and_strangers_are_not_there(
    hana, browser_of, session, engine, registry, cast, people, now
):
    other = factories.scored(session, registry, engine, cast.hana, name="Olga Other", now=now).assignment
    session.commit()
    cora, olga = ids(session, [people[0], other])
    response = hana.get(f"/console/compare?who={cora}&who={olga}")
    assert response.status_code == 422
    assert "They were assessed for different positions" in response.page.text
    hana.page(f"/console/compare?who={cora}&who=nobody", 404)
    browser_of("otto").page(f"/console/compare?who={cora}&who={olga}", 404)


def test_table_without_results_says_what_to_do(hana, session, registry, cast, now):
    asked = factories.assignment(session, registry, cast.hana, now=now)
    urls = [f"/console/campaigns/{asked.campaign.public_id}", f"/console/positions/{asked.campaign.position.public_id}"]
    session.commit()
    for url in urls:
        page = hana.page(f"{url}/results")
        assert "No results yet" in page.text
        assert page.link("See how far" if "campaigns" in url else "Go to the campaigns")


def test_search_leads_from_every_page_to_what_was_found(hana, session, people):
    cora = ids(session, people)[0]
    page = hana.page("/console/requests")
    url, data = page.form("Search", q="cora cand")
    found = hana.get(url, query_string=data).page
    assert found.link("asked last in") == f"/console/assignments/{cora}"
    assert found.link("Job of Cora Candidate")
    assert "Nothing found for “zzz”" in hana.page("/console/search?q=zzz").text
    assert "at least 2 letters" in hana.page("/console/search?q=z").text
    assert "What can be found" in hana.page("/console/search").text


def test_search_of_another_organisation_finds_nothing_and_admins_have_none(browser_of, session, people):
    assert "Nothing found" in browser_of("otto").page("/console/search?q=cora").text
    ada = browser_of("ada")
    ada.page("/console/search?q=cora", 404)
    assert not [each for each in ada.page("/admin/users").root.iter("input") if each.get("name") == "q"]


def test_overview_names_what_waits_and_an_empty_desk_where_to_begin(hana, session, cast, browser_of, people, now):
    until = (now + timedelta(days=7)).date()
    surveys.create(session, cast.hana, SurveyKind.CLIMATE, title="Climate", until=until, now=now)
    session.commit()
    page = hana.page("/console")
    assert "Results without a decision: 8" in page.text
    waiting = hana.page(page.link("See who waits"))
    assert len(shown(waiting)) == 8
    assert "8 of 8 have handed in" in page.text
    assert "nobody is asked yet" in page.text
    assert "Begin with a position" in browser_of("otto").page("/console").text


def test_assignments_are_found_by_state_name_and_campaign(hana, session, people):
    campaign = people[0].campaign.public_id
    session.rollback()
    assert shown(hana.page("/console/assignments?state=scored&q=bold")) == ["Ben Bold"]
    assert len(shown(hana.page(f"/console/assignments?campaign={campaign}"))) == 8
    assert "Nobody is like that" in hana.page("/console/assignments?state=created").text
    assert len(shown(hana.page("/console/assignments?state=nonsense&page=-3"))) == 8
    hana.page("/console/assignments?campaign=00000000-0000-4000-8000-000000000000", 404)


def test_pages_take_as_many_queries_with_three_people_as_with_twelve(hana, app, session, people, campaign):
    assert queries(hana, app, session, people, campaign, extra=0) == queries(
        hana, app, session, people, campaign, extra=9
    )


def queries(hana, app, session, people, campaign, *, extra):
    factories.crowd(session, people[0].attempt, [f"Person {number}" for number in range(extra)])
    session.commit()
    counts, engine = [], app.extensions["engine"]
    for url in (campaign, f"{campaign}?sort=tact", "/console/assignments", "/console", "/console/search?q=cora"):
        hana.page(url)  # whoever looks for the first time on a day leaves a trace
        sent = []

        def note(*_, sent=sent):
            sent.append(1)

        event.listen(engine, "before_cursor_execute", note)
        hana.page(url)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(sent))
    return counts
