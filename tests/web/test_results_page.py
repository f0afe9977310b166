"""A person's page once there is a result: what it says, what it must not, and what follows from it."""

from __future__ import annotations

import pytest

from assess.models import Assignment, Decision, Feedback, Outcome, Person, ReportFile, Role
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services
URL = "/console/assignments"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def scored(session, engine, registry, cast, now):
    """Return a function that makes Cora's scored assignment and returns its address."""

    def make(count=None, **options):
        codes = registry.newest("general").form("standard").items
        values = {code: 2 + place % 3 for place, code in enumerate(codes[:count])}
        attempt = factories.scored(session, registry, engine, cast.hana, values=values, now=now, **options)
        url = f"{URL}/{attempt.assignment.public_id}"
        session.commit()
        return url

    return make


def test_result_says_what_it_is_compared_with_and_how_much_to_rely_on_it(hana, scored):
    text = hana.page(scored()).text
    assert "Provisional." in text
    assert "no norm yet, n = 0" in text
    assert "give it no weight of its own" in text
    for name in ("Trust", "Tact", "Empathy", "Conformity", "Focus", "Flexibility"):
        assert name in text


def test_every_score_has_its_band_its_target_and_a_verdict_in_words(hana, scored):
    page = hana.page(scored())
    assert page.text.count(", band ") >= 6
    assert page.text.count("Asked for: ") >= 6
    assert page.text.count("chance of being inside") >= 6
    assert page.response.text.count('class="strip"') == 6


def test_match_has_its_interval_and_the_comparison_beside_it(hana, scored):
    text = hana.page(scored()).text
    assert "90 % interval" in text
    assert "in the population that the model assumes" in text
    assert "there is no cut-off" in text


def test_without_position_there_is_no_match_and_no_target(hana, scored):
    text = hana.page(scored(with_position=False)).text
    assert "No position was given" in text
    assert "Asked for:" not in text


def test_unscorable_scales_say_how_many_statements_were_answered(hana, scored):
    text = hana.page(scored(count=62)).text
    assert "statements answered" in text
    assert "too few statements were answered on" in text
    assert "were left unanswered" in text


def test_attempt_with_too_few_answers_has_no_report_and_says_why(hana, scored):
    text = hana.page(scored(count=3)).text
    assert "There is no report" in text
    assert "Make the hiring report" not in text


def test_simulated_person_is_marked_beside_the_result(hana, session, scored):
    url = scored()
    session.query(Person).one().is_simulated = True
    session.commit()
    assert "This person is simulated" in hana.page(url).text


def test_hr_releases_the_personal_report_where_the_policy_leaves_it_to_hr(hana, session, scored):
    url = scored(feedback=Feedback.ON_RELEASE)
    response = hana.send(hana.page(url), "Release the personal report")
    assert response.status_code == 303
    assert "Released" in hana.page(url).text
    assert session.query(Assignment).one().released_at is not None


def test_at_once_there_is_nothing_to_release(hana, scored):
    assert "Release the personal report" not in hana.page(scored()).text


def test_nothing_is_released_before_it_is_scored(hana, session, registry, cast, now):
    url = f"{URL}/{factories.assignment(session, registry, cast.hana, now=now).public_id}"
    session.commit()
    data = hana.page(url).form("Make a link")[1]
    response = hana.post(f"{url}/release", data=data)
    assert response.status_code == 422
    assert "nothing to release yet" in response.text
    response = hana.post(f"{url}/reports", data={**data, "kind": "hiring"})
    assert response.status_code == 422
    assert "has not begun yet" in response.text


@pytest.mark.parametrize("kind", ["hiring", "individual"])
def test_report_is_asked_for_once_however_often_the_button_is_pressed(hana, session, scored, kind):
    page = hana.page(scored())
    places = {hana.send(page, "Make the hiring report", kind=kind).location for _ in range(2)}
    assert len(places) == 1
    assert hana.page(places.pop())
    assert [report.kind for report in session.query(ReportFile)] == [kind]


def test_unknown_kind_of_report_is_not_found(hana, scored):
    assert hana.send(hana.page(scored()), "Make the hiring report", kind="horoscope").status_code == 404


def test_decision_is_recorded_with_who_took_it_and_why(hana, session, scored):
    url = scored()
    reasons = "Two interviews.\nGood references."
    response = hana.send(
        hana.page(url), "Record the decision", outcome="hire", bases=["interview", "references"], reasons=reasons
    )
    assert response.status_code == 303
    page = hana.page(url)
    assert "Good references." in page.text
    assert "Hana," in page.text
    decision = session.query(Decision).one()
    assert (decision.outcome, decision.reasons) == (Outcome.HIRE, reasons)
    assert decision.bases == ["interview", "references"]
    assert "Rests on: interview and references" in page.text


def test_earlier_decisions_stay_on_record(hana, scored):
    url = scored()
    for outcome, reasons in (("reserve", "Waiting for references."), ("hire", "They are good.")):
        hana.send(hana.page(url), "Record the decision", outcome=outcome, bases=["interview"], reasons=reasons)
    text = hana.page(url).text
    assert text.index("They are good.") < text.index("Waiting for references.")
    assert "earlier" in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outcome": "hire", "reasons": " "}, "Please write down the reasons"),
        ({"reasons": "Long talks"}, "Please choose what was decided."),
        ({"outcome": "promote", "reasons": "Long talks"}, "Please choose one of the options."),
        ({"outcome": "hire", "reasons": "x" * 5_001}, "at most 5,000 characters"),
        ({"outcome": "hire", "reasons": "Long talks"}, "Please tick what the decision rests on."),
        (
            {"outcome": "reject", "reasons": "Low", "bases": ["assessment"]},
            "No decision rests on the assessment alone.",
        ),
        ({"outcome": "hire", "reasons": "Long talks", "bases": ["horoscope"]}, "Please choose one of the options."),
    ],
)
def test_incomplete_decision_is_explained_and_nothing_typed_is_lost(hana, session, scored, values, words):
    response = hana.send(hana.page(scored()), "Record the decision", **values)
    assert response.status_code == 422
    assert words in response.text
    assert values["reasons"].strip() in response.text
    assert session.query(Decision).count() == 0


def test_nobody_decides_while_the_person_is_still_answering(hana, session, registry, cast, now):
    url = f"{URL}/{factories.assignment(session, registry, cast.hana, now=now).public_id}"
    session.commit()
    assert "Record the decision" not in hana.page(url).text


def test_admin_who_is_not_hr_sees_no_result_and_one_who_is_does(browser_of, session, cast, scored):
    url = scored()
    ada = browser_of("ada")
    ada.page(url, 404)
    cast.ada.roles = frozenset({Role.ADMIN, Role.HR})
    session.commit()
    assert "Match with the position" in ada.page(url).text


@pytest.mark.parametrize("name", ["cole", "paula", "otto"])
def test_others_do_not_find_the_result(browser_of, scored, name):
    browser_of(name).page(scored(), 404)


def test_stranger_is_sent_to_sign_in(client, scored):
    assert client.get(scored()).status_code == 302


@pytest.mark.parametrize("action", ["release", "reports", "decisions"])
def test_reading_never_changes_anything(hana, scored, action):
    assert hana.get(f"{scored()}/{action}").status_code == 405
