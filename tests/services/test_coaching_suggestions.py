"""Goals that results suggest: of themes and of each scale, the newest result that says anything counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import GoalSubject, Result, Towards
from assess.services import caseload, coachee_results, coaching_suggestions
from assess.services.coaching_goals import About
from tests import factories

FOCUS, TACT = About(GoalSubject.SCALE, "focus", Towards.LOW), About(GoalSubject.SCALE, "tact", Towards.HIGH)
RECOVERY = About(GoalSubject.THEME, "recovery")


@pytest.fixture
def attempt(session, registry, engine, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


@pytest.fixture
def result(session, attempt):
    """A result that suggests goals: two scales near a pole, one on the way to it, the others in the middle."""
    row = session.query(Result).filter_by(attempt_id=attempt.id).one()
    place(row, tact=(2, 2.1), focus=(10, 9.9), trust=(4, 3.6))
    for each in row.scales:
        if each.scale not in {"tact", "focus", "trust"}:
            each.sten, each.position = 5, 5.2
    return row


@pytest.fixture
def earlier(session, attempt, result):
    """The same once more, a year before."""
    before = factories.earlier(session, attempt, timedelta(days=365))
    return session.query(Result).filter_by(attempt_id=before.id).one()


@pytest.fixture
def suggested(session, registry, cast, attempt, now):
    """A function that returns what Cole is offered."""
    coaching = caseload.assign(session, cast.hana, attempt.assignment.person, cast.cole, now=now)

    def found():
        session.flush()
        readings = coachee_results.readings(session, cast.cole, coaching, registry)
        return coaching_suggestions.suggestions_of(readings, registry)

    return found


def place(row, **scales):
    for each in row.scales:
        if each.scale in scales:
            each.sten, each.position = scales[each.scale]


def view(registry, theme):
    """What is stored where the person differs from the company's view on two statements about a theme."""
    codes = [each.code for each in registry.newest("general").perspective if each.theme == theme][:2]
    return {
        "judgement": None,
        "abilities": [],
        "alignment": {
            "key_version": 1, "n_raters": 5, "n_answered": 40, "n_scored": 30, "value": 0.4, "low": 0.2, "high": 0.6,
            "themes": [{"theme": theme, "value": -0.1}],
            "differences": [{"code": code, "own": 4, "company": 0.5} for code in codes],
        },
    }  # fmt: skip


def test_themes_that_differ_and_poles_that_are_near_are_suggested(registry, result, suggested):
    result.further = view(registry, "recovery")
    found = suggested()
    assert [each.about for each in found] == [RECOVERY, FOCUS, TACT]  # these 4.4 and 3.4 stens from the middle
    assert "On 2 statements about this theme" in found[0].why
    assert "agrees more than the company does" in found[0].why
    assert "near “finishes one thing at a time”, which serves well in many situations" in found[1].why
    assert {each.reading.row for each in found} == {result}


def test_themes_are_those_of_the_newest_result_that_has_the_company_s_view(registry, result, earlier, suggested):
    result.further, earlier.further = None, view(registry, "recovery")
    found = suggested()
    assert [(each.about, each.reading.row) for each in found] == [(RECOVERY, earlier), (FOCUS, result), (TACT, result)]
    result.further = view(registry, "recovery") | {"alignment": None}
    assert suggested()[0].reading.row is earlier
    result.further = view(registry, "recovery")
    assert suggested()[0].reading.row is result


def test_scale_that_the_newest_result_did_not_measure_is_that_of_the_one_before(result, earlier, suggested):
    place(result, focus=(None, None))
    assert [(each.about, each.reading.row) for each in suggested()] == [(FOCUS, earlier), (TACT, result)]


def test_scale_that_has_moved_to_the_middle_since_is_not_suggested(result, earlier, suggested):
    place(result, focus=(6, 5.6))
    assert [each.about for each in suggested()] == [TACT]


def test_nothing_is_suggested_without_a_result(registry):
    assert coaching_suggestions.suggestions_of((), registry) == []
