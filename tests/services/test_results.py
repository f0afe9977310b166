"""Scores are computed once, stored whole and come out the same again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assess.errors import NotAllowed, NotFound
from assess.models import ParameterSet, Result
from assess.services import positions, results
from tests import factories


@pytest.fixture
def attempt(session, engine, registry, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


def test_rescoring_finds_no_difference(session, registry, attempt):
    assert list(results.differences(session, registry)) == []


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda row: setattr(row, "theta", [value + 0.001 for value in row.theta]), "theta[0]"),
        (lambda row: setattr(row.scales[2], "sten", 11 - row.scales[2].sten), "scales[2].sten"),
        (lambda row: setattr(row, "flags", []), "flags"),
        (lambda row: setattr(row, "match", {**row.match, "median": 0.123}), "match.median"),
    ],
)
def test_rescoring_finds_what_was_changed(session, registry, attempt, spoil, name):
    spoil(session.query(Result).one())
    session.flush()
    assert any(name in sentence for sentence in results.differences(session, registry))


def test_rescoring_notices_a_changed_draft(session, registry, attempt):
    attempt.bank_checksum = "0" * 64
    session.flush()
    assert any("has changed since" in sentence for sentence in results.differences(session, registry))


def test_result_with_other_parameters_is_compared_with_its_own(session, registry, attempt, now):
    """Several results of one attempt are all right, each with the versions that it names."""
    first = results.newest_result(session, attempt)
    content = {**first.parameter_set.content, "se_factor": 1.0, "version": "calibrated-1"}
    other = ParameterSet(
        edition="general",
        bank_version="0.1",
        version="calibrated-1",
        source="test",
        is_provisional=False,
        n=900,
        checksum="1" * 64,
        content=content,
        created_at=now,
    )
    row = Result(attempt=attempt, parameter_set=other, pattern_version=first.pattern_version)
    row.program_version, row.scored_at = "test", now
    computed, match = results.compute(session, row, registry)
    results.fill(row, computed, match)
    session.add(row)
    session.flush()
    assert list(results.differences(session, registry)) == []
    assert results.newest_result(session, attempt) is row


def test_scoring_again_adds_no_second_result(session, registry, attempt, now):
    first = results.newest_result(session, attempt)
    assert results.score_attempt(session, attempt, registry, now=now) is first


def test_pattern_changed_later_leaves_the_result_as_it_was(session, registry, cast, attempt, now):
    before = results.newest_result(session, attempt).match
    position = attempt.assignment.campaign.position
    moved = tuple(target.model_copy(update={"low": 1, "high": 3}) for target in positions.targets_of(position.pattern))
    positions.revise(session, cast.hana, position, moved, source="moved", reason="test", now=now)
    assert list(results.differences(session, registry)) == []
    assert results.newest_result(session, attempt).match == before


def test_stored_result_reads_back_as_it_was_computed(session, registry, cast, attempt):
    row = results.newest_result(session, attempt)
    computed, match = results.compute(session, row, registry)
    reading = results.reading_of(session, cast.hana, attempt.assignment, registry)
    assert reading.result == computed
    assert reading.match == replace(match)


def test_only_hr_of_the_organisation_reads_results(session, registry, cast, attempt):
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            results.reading_of(session, colleague, attempt.assignment, registry)


def test_there_is_nothing_to_read_before_scoring(session, engine, registry, cast, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, now=now)
    with pytest.raises(NotFound):
        results.reading_of(session, cast.hana, attempt.assignment, registry)


def test_match_is_missing_with_a_reason_when_a_scale_that_counts_has_no_score(session, engine, registry, cast, now):
    bank = registry.newest("general")
    values = {code: 4 for code in bank.form("standard").items if not code.startswith(("tac-", "gen-tac"))}
    attempt = factories.scored(session, registry, engine, cast.hana, values=values, now=now)
    reading = results.reading_of(session, cast.hana, attempt.assignment, registry)
    assert reading.match is None
    assert reading.match_missing == "There is no match: too few statements were answered on tact."
