"""Patterns that surveys propose: looking at the figures, answering what stands against them, adopting."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from assess.models import PatternVersion
from assess.services import performer_patterns, surveys
from tests import factories
from tests.services import experts
from tests.services.experts import AT_ODDS, LIKE_MINDED
from tests.services.performers import House, marks

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

CHANGED = {"trust_high": "8"}
REASON = "Works council asked for it"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def desk(session, registry, cast, now):
    return factories.position(session, registry, cast.hana, now=now)


@pytest.fixture
def analysis(session, cast, desk, now):
    """Return a function that makes a job analysis and returns the address of its pattern."""

    def make(*sheets, closed=True):
        survey = experts.asked_about(session, cast.hana, desk, sheets, closed=closed, now=now)
        session.commit()
        return f"/console/surveys/{survey.public_id}/pattern"

    return make


@pytest.fixture
def ratings(session, registry, engine, cast, desk, now):
    """The address of the pattern of a survey in which one person was rated, and has a result."""
    attempt = factories.scored(session, registry, engine, cast.hana, now=now - timedelta(hours=1))
    survey = experts.rated(session, cast.hana, desk, [{attempt.assignment.person: 4}], now=now)
    surveys.close(session, cast.hana, survey, now=now)
    session.commit()
    return f"/console/surveys/{survey.public_id}/pattern"


def versions(session):
    session.rollback()
    return session.query(PatternVersion).order_by(PatternVersion.version).all()


def test_experts_figures_are_shown_without_names_and_adopted(hana, session, analysis):
    url = analysis(*LIKE_MINDED, *LIKE_MINDED[:2])
    page = hana.page(url)
    assert "Agreement of their mean, ICC(2,k): 0.99" in page.text
    assert "6–9 , 6–9 , 6–9 , 6–9 , 7–10" in page.text
    assert "Expert" not in page.text.replace("Experts", "")
    response = hana.send(page, "Adopt the pattern", reason="Job analysis of this spring")
    assert response.status_code == 303
    shown = hana.page(response.location)
    assert "in force" in shown.text
    assert "ICC(2,k): 0.99" in shown.text
    assert "adopted as version 2" in hana.page(url).text
    assert [each.version for each in versions(session)] == [1, 2]


def test_adjusted_range_needs_a_reason_and_nothing_typed_is_lost(hana, session, analysis):
    page = hana.page(analysis(*LIKE_MINDED))
    refused = hana.send(page, "Adopt the pattern", reason="Spring", **CHANGED)
    assert refused.status_code == 422
    assert "every range or weight that you adjusted" in refused.text
    assert refused.page.form("Adopt the pattern")[1]["trust_high"] == "8"
    response = hana.send(refused.page, "Adopt the pattern", trust_reason=REASON)
    shown = hana.page(response.location)
    assert "adjusted by hand" in shown.text
    assert REASON in shown.text


def test_experts_at_odds_are_answered_in_writing(hana, session, analysis):
    page = hana.page(analysis(*AT_ODDS))
    assert "The experts do not agree well enough" in page.text
    refused = hana.send(page, "Adopt the pattern", reason="Spring")
    assert refused.status_code == 422
    assert "Please answer what stands against this pattern." in refused.text
    assert len(versions(session)) == 1
    response = hana.send(refused.page, "Adopt the pattern", answer="Two of them meant the night shift")
    assert "Two of them meant the night shift" in hana.page(response.location).text


def test_nothing_is_shown_while_experts_answer_and_no_single_range_of_three(hana, analysis):
    page = hana.page(analysis(*LIKE_MINDED, closed=False))
    assert "Close the survey before you look" in page.text
    assert "ICC" not in page.text
    closed = hana.page(analysis(*LIKE_MINDED))
    assert "Single ranges are shown of five experts or more" in closed.text
    assert "6–9 ," not in closed.text


def test_too_few_experts_are_told_what_to_do(hana, analysis):
    assert "more people who know the job" in hana.page(analysis(LIKE_MINDED[0])).text


def test_changed_figures_are_shown_again_before_they_are_adopted(hana, session, analysis):
    page = hana.page(analysis(*LIKE_MINDED))
    refused = hana.send(page, "Adopt the pattern", reason="Spring", seen="of yesterday")
    assert refused.status_code == 422
    assert "have changed since this page was opened" in refused.text
    assert hana.send(refused.page, "Adopt the pattern").status_code == 303


def test_top_performers_figures_and_objections_are_shown_before_release(hana, session, registry, engine, cast, now):
    first = factories.scored(session, registry, engine, cast.hana, now=now - timedelta(hours=1))
    house = House(session, cast.hana, first)
    staff = house.staff(np.random.default_rng(5))
    staff[0].is_simulated = True
    survey = experts.rated(session, cast.hana, house.position, [marks(staff)], now=now)
    performer_patterns.fix_share(session, cast.hana, survey, 33, now=now)
    surveys.close(session, cast.hana, survey, now=now)
    session.commit()
    page = hana.page(f"/console/surveys/{survey.public_id}/pattern")
    for words in (
        "33 top performers, the best 33 % by their mean rating",
        "67 others",
        "nothing: the lower bound is not above 0.50",
        "no norm yet, n = 0",
        "Provisional: the scores rest on starting values",
        "Simulated: the answers of one of these people",
        "One person rated; how far the ratings can be relied on is not known",
        "Not known: that takes 30 other people with a result",
    ):
        assert words in page.text
    refused = hana.send(page, "Adopt the pattern", reason="Ratings of spring")
    assert "Please answer what stands against this pattern." in refused.text
    response = hana.send(refused.page, "Adopt the pattern", answer="There is one team lead")
    shown = hana.page(response.location)
    assert "from now on" in shown.text
    assert "There is one team lead" in shown.text
    assert "no two raters rated the same ten people" in shown.text


def test_share_comes_before_any_figure(hana, ratings):
    page = hana.page(ratings)
    assert "Say this before you see any figure" in page.text
    refused = hana.send(page, "Fix the share", percent="70")
    assert refused.status_code == 422
    assert "Please enter a number from 10 to 50." in refused.text
    hana.send(page, "Fix the share", percent="33")
    shown = hana.page(ratings).text
    assert "30 top performers and 30 others" in shown
    assert "here are 1 and 0" in shown
    again = hana.send(page, "Fix the share", percent="20")
    assert again.status_code == 422
    assert "fixed at 33 per cent" in again.text


@pytest.mark.parametrize("name", ["otto", "cole", "ada"])
def test_others_find_nothing(browser_of, analysis, name):
    browser_of(name).page(analysis(*LIKE_MINDED), 404)
