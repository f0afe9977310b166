"""Scores are computed once, stored whole and come out the same again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assess.banks.parts import Part
from assess.errors import NotAllowed, NotFound
from assess.models import ParameterSet, Result
from assess.services import attempts, consensus_keys, positions, results
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
    results.fill(row, results.compute(session, row, registry))
    first.superseded_at = now
    session.flush()
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
    computed = results.compute(session, row, registry)
    reading = results.reading_of(session, cast.hana, attempt.assignment, registry)
    assert reading.result == computed.result
    assert reading.match == replace(computed.match)
    assert reading.further is None is computed.further


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


def test_further_parts_are_scored_stored_and_come_out_the_same_again(session, engine, registry, cast, now):
    parts = (Part.STATEMENTS, Part.PERSPECTIVE, Part.SITUATIONS, Part.VOCABULARY)
    attempt = factories.scored(session, registry, engine, cast.hana, parts=parts, now=now)
    session.expire_all()
    reading = results.reading_of(session, cast.hana, attempt.assignment, registry)
    assert reading.further == results.compute(session, reading.row, registry).further
    assert reading.further.alignment.key_version is None
    assert reading.further.alignment.n_answered == 48
    assert reading.further.judgement is not None
    assert [each.score.scale for each in reading.further.abilities] == ["vocabulary"]
    assert list(results.differences(session, registry)) == []


def test_attempt_is_compared_with_the_key_that_was_newest_when_it_began(session, engine, registry, cast, now):
    bank = registry.newest("general")
    codes = [policy.code for policy in bank.perspective]

    def publish(user, choice):
        marks = {code: [choice] * 5 for code in codes}
        return consensus_keys.publish(session, user, bank, marks, source="five raters", now=now)

    publish(cast.otto, 1)  # another organisation's
    first = publish(cast.hana, 5)
    parts = (Part.STATEMENTS, Part.PERSPECTIVE)
    attempt = factories.attempt(session, registry, engine, cast.hana, parts=parts, now=now)
    publish(cast.hana, 1)
    attempts.submit(session, attempt, bank, now=now)
    row = results.score_attempt(session, attempt, registry, now=now)
    assert row.consensus_key is first
    alignment = results.read(row, registry).further.alignment
    assert (alignment.key_version, alignment.n_raters) == (1, 5)
    assert alignment.value == pytest.approx(0.5)  # everybody says 5, this person 4; at random one is 2 apart
