"""The person's own progress: what has changed in words for them, what is left out and why, and their own reports."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.languages import long_date as longdate
from assess.models import AuditEvent, Feedback, LinkPurpose, NormGroup, ReportFile, Result
from assess.services import caseload, links, reporting
from assess.services.person_trends import WhyNot
from assess.web.coachee import results
from tests import factories
from tests.services import coachees

DATABASES = ["sqlite"]  # pages; what they rest on is tested on both in tests/services
YEAR = timedelta(days=365)


@pytest.fixture
def scored(session, engine, registry, cast, now):
    """Cora's newest assessment, handed in some days ago."""
    return factories.scored(session, registry, engine, cast.hana, now=now - timedelta(days=3))


@pytest.fixture
def enter(client, session, cast, scored, now):
    """A function that opens the page of Cora's progress."""
    coaching = caseload.assign(session, cast.hana, scored.assignment.person, cast.cole, now=now)
    ends = now + timedelta(days=30)
    token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
    session.commit()

    def opened(status=200):
        session.commit()
        client.set_cookie("rapport-coaching", token)
        return client.page("/my-coaching/progress", status)

    return opened


def result_of(session, attempt):
    return session.query(Result).filter_by(attempt_id=attempt.id).one()


def shifted(session, scored, scale, by):
    """The same a year before, but for one scale, on which Cora stood `by` logits elsewhere."""
    found = result_of(session, factories.earlier(session, scored, YEAR))
    place = [each.scale for each in found.scales].index(scale)
    found.theta = [theta + by * (number == place) for number, theta in enumerate(found.theta)]
    session.flush()
    return found


def part(page, name):
    """What is said about one behaviour."""
    return page.text.partition(f" {name} ")[2].partition("In figures")[0]


def test_way_there_stands_on_the_page(client, enter):
    enter()
    page = client.page("/my-coaching")
    assert page.link("See my progress") == "/my-coaching/progress"


def test_one_result_says_nothing_about_change(enter):
    page = enter()
    assert "There is no second result yet that can be compared" in page.text
    assert "No reliable change" not in page.text


def test_the_same_answers_again_are_no_reliable_change_and_it_is_said_what_that_means(session, enter, scored):
    factories.earlier(session, scored, YEAR)
    page = enter()
    assert "No reliable change on any of the behaviours." in page.text
    assert page.text.count("No reliable change.") == 6
    assert "does not mean that nothing happened" in page.text
    assert "Neither end of a behaviour is the better one" in page.text
    assert "Provisional" in page.text
    assert "no norm yet, n = 0" in page.text


@pytest.mark.parametrize(
    ("by", "pole"),
    [(-2.5, "diplomatic, gentle with bad news"), (2.5, "direct, quick to the point")],
    ids=["up", "down"],
)
def test_reliable_change_is_told_by_the_pole_that_it_leads_to(session, enter, scored, by, pole):
    shifted(session, scored, "tact", by)
    page = enter()
    assert f"A reliable change: you now answer more in the way of “ {pole} ”." in page.text
    assert page.text.count("A reliable change:") == 2
    assert "A reliable change: Tact ." in page.text
    assert "95 % interval" in page.text


def test_drawing_says_in_words_what_it_shows(session, enter, scored):
    shifted(session, scored, "tact", -2.5)
    titles = [title.text for title in enter().root.iter("{http://www.w3.org/2000/svg}title")] or [
        title.text for title in enter().root.iter("title")
    ]
    (tact,) = [title for title in titles if title.startswith("Your results on Tact over time.")]
    assert "That is a reliable rise since the score before." in tact
    assert "The job asks" not in "".join(titles)


@pytest.mark.parametrize(
    ("language", "name", "pole", "others"),
    [
        ("es", "Tacto", "con diplomacia, suave con las malas noticias", ("Confianza", "Apego a las normas")),
        ("ar", "اللباقة", "الدبلوماسية والرفق في الأخبار غير السارة", ("الثقة", "الالتزام بالقواعد")),
    ],
)
def test_behaviours_have_their_names_in_the_language_of_the_page(session, enter, scored, language, name, pole, others):
    shifted(session, scored, "tact", -2.5)
    scored.assignment.person.language = language
    page = enter()
    assert page.root.get("lang") == language
    body = page.root.find("body")
    headings = {" ".join("".join(each.itertext()).split()) for each in body.iter("h2")}
    assert {name, *others} <= headings
    assert pole in page.text
    assert not [each for each in body.find(".//main").iter() if each.get("lang") == "en"]
    for english in ("Trust", "Conformity", "Focus", "diplomatic", "direct, quick"):
        assert english not in "".join(body.find(".//main").itertext())


def test_result_that_is_not_released_takes_no_part(session, enter, scored):
    before = factories.earlier(session, scored, YEAR)
    before.assignment.campaign.feedback, before.assignment.released_at = Feedback.ON_RELEASE, None
    page = enter()
    assert "There is no second result yet" in page.text
    assert "Your report comes when Acme releases it." in page.text


def test_result_that_cannot_be_compared_is_named_with_the_reason(session, enter, scored, now):
    other = result_of(session, factories.earlier(session, scored, YEAR))
    norm = NormGroup(
        edition="general", name="Desks", version="1", source="study", n=300, collected=now.date(), scales={},
        organization_id=None, created_at=now,
    )  # fmt: skip
    session.add(norm)
    other.norm_group = norm
    page = enter()
    assert "Results that are left out" in page.text
    assert "you were compared with other people then" in page.text


@pytest.mark.parametrize("why_not", WhyNot)
def test_every_reason_has_words_for_the_person(app, now, why_not):
    with app.test_request_context("/my-coaching/progress"):
        said = results.refusal(now.date(), why_not)
    assert said.startswith(longdate(now.date(), "en"))
    assert why_not not in said


def test_match_flags_and_decisions_are_never_there(session, enter, scored):
    factories.earlier(session, scored, YEAR)
    text = enter().text.lower()
    for word in ("match", "flag", "decision", "target", "front desk", "job of"):
        assert word not in text


def test_report_is_handed_out_and_noted_as_the_person_s_own(client, session, enter, scored, registry, now):
    page = enter()
    client.send(page, "Have my report made")
    report = session.query(ReportFile).one()
    assert "Your report is being made" in enter().text
    reporting.store(session, report, b"%PDF", now=now)
    file = client.get(enter().link("Open my report"))
    assert (file.mimetype, file.data) == ("application/pdf", b"%PDF")
    session.commit()
    assert [event.actor for event in session.query(AuditEvent).filter_by(action="report.read")] == ["person"]


def test_asking_twice_makes_one_report(client, session, enter):
    page = enter()
    for _ in range(2):
        client.send(page, "Have my report made")
    assert session.query(ReportFile).count() == 1


def test_report_that_is_not_released_cannot_be_had(client, session, enter, scored, registry, now):
    page = enter()
    url, data = page.form("Have my report made")
    report = reporting.request_own(session, scored.assignment, registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    scored.assignment.campaign.feedback, scored.assignment.released_at = Feedback.ON_RELEASE, None
    session.commit()
    assert client.post(url, data=data).status_code == 404
    assert client.get(f"{url}.pdf").status_code == 404


def test_report_of_somebody_else_is_not_found(client, session, cast, enter, scored, registry, now):
    url, data = enter().form("Have my report made")
    theirs = factories.alike(session, scored, "Dora Other")
    report = reporting.request_own(session, theirs.assignment, registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    session.commit()
    other = url.replace(str(scored.assignment.public_id), str(theirs.assignment.public_id))
    assert client.get(f"{other}.pdf").status_code == 404
    assert client.post(other, data=data).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("es", "Ningún cambio fiable"), ("ar", "لا تغير موثوقًا")])
def test_it_is_said_in_the_person_s_language(session, enter, scored, language, words):
    factories.earlier(session, scored, YEAR)
    scored.assignment.person.language = language
    page = enter()
    assert words in page.text
    assert page.root.get("lang") == language


def test_person_without_results_finds_no_way_there(client, session, cast, now):
    dora = coachees.person(session, cast.acme, "Dora Other", now=now)
    coaching = caseload.assign(session, cast.hana, dora, cast.cole, now=now)
    token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=now + timedelta(days=1), now=now)
    session.commit()
    client.set_cookie("rapport-coaching", token)
    assert "See my progress" not in client.page("/my-coaching").text
    assert "You have not handed in a questionnaire yet." in client.page("/my-coaching/progress").text
