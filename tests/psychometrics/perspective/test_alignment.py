"""Alignment with the company: chance corrected, with an interval, and direction by theme."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.perspective.alignment import alignment, direction, shares_of_means
from assess.psychometrics.perspective.consensus import consensus, judged_key
from assess.psychometrics.perspective.intervals import alignment_interval, statement_interval

COMPANY = np.tile([4.0, 4, 3, 0, 3, 1], 4)  # 24 statements
KEY = consensus(np.tile(COMPANY, (5, 1)))


def raters(n, rng, noise=0.35):
    marks = COMPANY + rng.normal(0, noise, (n, COMPANY.size))
    return np.clip(np.round(marks), 0, 4)


def test_the_key_itself_is_full_alignment():
    assert_allclose(alignment(COMPANY[None], KEY), [1.0])


def test_alignment_by_hand():
    key = consensus(np.tile([4.0, 4, 3, 0, 2], (5, 1)))
    # observed |x - key|: 1 0 1 2 0 = 4; by chance, five options alike: 2 + 2 + 1.4 + 2 + 1.2 = 8.6
    assert_allclose(alignment([[3, 4, 2, 2, 2]], key), [1 - 4 / 8.6])
    # the first statement counts double: observed 5, by chance 10.6
    assert_allclose(alignment([[3, 4, 2, 2, 2]], key, importance=[2, 1, 1, 1, 1]), [1 - 5 / 10.6])


def test_ticking_the_middle_or_agreeing_always_earns_little():
    """Raw agreement 1 - |x - key| / 4 would be .63 and .71 (distances over six statements 9 and 7)."""
    always = np.array([[2.0], [3.0]]) * np.ones(COMPANY.size)
    raw = 1 - np.abs(always - COMPANY).mean(axis=1) / 4
    found = alignment(always, KEY)
    assert (raw > 0.6).all()
    assert (found < 0.35).all()


def test_a_random_person_has_no_alignment_on_average():
    rng = np.random.default_rng(2)
    people = rng.integers(0, 5, (4_000, COMPANY.size)).astype(float)
    assert_allclose(alignment(people, KEY).mean(), 0, atol=0.01)


def test_somebody_like_the_norm_sample_has_no_alignment_beyond_it():
    rng = np.random.default_rng(3)
    norms = rng.dirichlet(np.ones(5), COMPANY.size)
    draws = (rng.random((4_000, COMPANY.size, 1)) > norms.cumsum(axis=1)[:, :-1]).sum(axis=-1).astype(float)
    assert_allclose(alignment(draws, KEY, norms=norms).mean(), 0, atol=0.01)
    assert abs(alignment(draws, KEY).mean()) > 0.02  # against uniform answers they would seem to have some


def test_unclear_statements_do_not_count():
    marks = np.column_stack([np.tile(COMPANY, (5, 1)), [0, 4, 0, 4, 2]])
    people = np.column_stack([np.vstack([COMPANY, COMPANY]), [0, 4]])
    assert_allclose(alignment(people, consensus(marks)), [1, 1])


def test_what_was_not_answered_counts_for_neither_side():
    person = COMPANY.copy()
    person[6:] = np.nan
    assert_allclose(alignment(person[None], KEY), [1.0])
    person[4:] = np.nan
    assert np.isnan(alignment(person[None], KEY)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_alignment_does_not_depend_on_order_or_on_the_direction_of_the_options(seed):
    rng = np.random.default_rng(seed)
    marks, people = raters(6, rng), rng.integers(0, 5, (3, COMPANY.size)).astype(float)
    norms, importance = rng.dirichlet(np.ones(5), COMPANY.size), rng.random(COMPANY.size)
    expected = alignment(people, consensus(marks), importance=importance, norms=norms)
    order = rng.permutation(COMPANY.size)
    shuffled = alignment(people[:, order], consensus(marks[:, order]), importance=importance[order], norms=norms[order])
    mirrored = alignment(4 - people, consensus(4 - marks), importance=importance, norms=norms[:, ::-1])
    assert_allclose(shuffled, expected, atol=1e-12)
    assert_allclose(mirrored, expected, atol=1e-12)
    assert (expected <= 1).all()


def test_interval_holds_its_value_and_is_the_same_for_the_same_seed():
    rng = np.random.default_rng(4)
    marks = raters(6, rng)
    people = np.vstack([np.clip(COMPANY + rng.integers(-1, 2, (8, COMPANY.size)), 0, 4), marks[0]])
    first = alignment_interval(people, marks, seed=1)
    assert (first.low <= first.value).all()
    assert (first.value <= first.high).all()
    assert (first.high > first.low).all()
    again = alignment_interval(people, marks, seed=1)
    assert_allclose(again.low, first.low, rtol=0)
    assert_allclose(alignment_interval(people[:2], marks, seed=1).low, first.low[:2])  # whoever else is estimated


def test_interval_narrows_with_statements():
    rng = np.random.default_rng(5)
    marks = raters(8, rng)
    people = np.clip(COMPANY + rng.integers(-1, 2, (40, COMPANY.size)), 0, 4).astype(float)
    few, many = (alignment_interval(people[:, :n], marks[:, :n], seed=2) for n in (8, 24))
    assert (many.high - many.low).mean() < 0.7 * (few.high - few.low).mean()


def test_interval_holds_the_truth_nearly_as_often_as_it_says():
    """Statements and raters drawn from wide populations; the truth is the ratio of the expected distances."""
    rng = np.random.default_rng(6)
    hits, n, n_raters = 0, 40, 10
    # key levels uniform on 0 .. 4, raters off by one with probability .2 in all, a person by one with .4
    for number in range(n):
        level = rng.integers(0, 5, 40)
        marks = np.clip(level + rng.choice([-1, 0, 1], (n_raters, 40), p=[0.1, 0.8, 0.1]), 0, 4).astype(float)
        person = np.clip(level + rng.choice([-1, 0, 1], (1, 40), p=[0.2, 0.6, 0.2]), 0, 4).astype(float)
        found = alignment_interval(person, marks, seed=number)
        hits += float(found.low[0]) <= TRUTH <= float(found.high[0])
    assert hits / n >= 0.80


def _truth():
    """The population's alignment in the simulation above: the key of infinitely many raters, every level alike."""
    marks, weights = np.arange(5), []
    observed = expected = 0.0
    for level in range(5):
        rater, person = np.zeros(5), np.zeros(5)
        for step, p, q in ((-1, 0.1, 0.2), (0, 0.8, 0.6), (1, 0.1, 0.2)):
            place = min(max(level + step, 0), 4)
            rater[place] += p
            person[place] += q
        key = rater @ marks
        weight = 1 - (rater @ marks**2 - key**2) / 2
        weights.append(weight)
        observed += weight * (person @ np.abs(marks - key))
        expected += weight * np.abs(marks - key).mean()
    return 1 - observed / expected


TRUTH = _truth()


def test_direction_by_theme_is_signed():
    key = consensus(np.tile([4.0, 2, 2, 0, 3, 3], (5, 1)))
    found = direction([[3, 1, 3, 2, 3, np.nan]], key, themes=[0, 0, 1, 1, 2, 3], importance=[1, 1, 3, 1, 1, 1])
    # theme 1: (3 * 1 + 1 * 2) / 4
    assert_allclose(found, [[-1.0, 1.25, 0.0, np.nan]])


def test_shares_have_the_means_asked_for_and_are_even_in_the_middle():
    means = np.array([0.0, 0.4, 2.0, 3.1, 4.0])
    found = shares_of_means(means)
    assert_allclose(found @ np.arange(5), means, atol=1e-8)
    assert_allclose(found.sum(axis=1), 1)
    assert_allclose(found[2], 0.2)
    with pytest.raises(ValueError, match="between 0 and 4"):
        shares_of_means([4.5])


def test_a_norm_sample_that_is_the_company_leaves_nothing_to_compare():
    with pytest.raises(UnusableData, match="exactly as the company"):
        alignment(COMPANY[None], KEY, norms=np.eye(5)[COMPANY.astype(int)])


def test_shapes_must_fit():
    with pytest.raises(ValueError, match="shares"):
        alignment(COMPANY[None], KEY, norms=np.ones((3, 5)))
    with pytest.raises(ValueError, match="themes"):
        direction(COMPANY[None], KEY, themes=np.full(24, -1))


def test_key_of_one_author_counts_every_statement_alike_and_is_as_unsure_as_its_statements_are_few():
    rng = np.random.default_rng(5)
    means = rng.uniform(0, 4, 32)
    person = np.clip(np.round(means + rng.normal(0, 1, (1, 32))), 0, 4)
    widths = []
    for n in (8, 32):
        key = judged_key(means[:n])
        found = statement_interval(person[:, :n], key, seed=1)
        assert_allclose(found.value, alignment(person[:, :n], key))
        assert found.low[0] < found.value[0] < found.high[0]
        widths.append(float(found.high[0] - found.low[0]))
    assert 1.4 < widths[0] / widths[1] < 3.0  # four times as many statements: about half as wide


def test_statement_without_a_judged_key_counts_for_nobody():
    key = judged_key([4.0, np.nan, 0.0, 2.0, 1.0, 3.0])
    first, second = alignment([[4, 0, 0, 2, 1, 3], [4, 4, 0, 2, 1, 3]], key)
    assert first == second == 1
    with pytest.raises(ValueError, match="between 0 and 4"):
        judged_key([4.5])
