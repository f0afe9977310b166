"""Adverse impact, New York's rates and mean differences, against R and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import chi, nchypergeom_fisher, norm

from assess.errors import UnusableData
from assess.psychometrics.fairness.group_rates import below_four_fifths
from assess.psychometrics.fairness.groups import intersections
from assess.psychometrics.fairness.impact import adverse_impact, compare_rates
from assess.psychometrics.fairness.mean_differences import mean_differences
from assess.psychometrics.fairness.new_york import scoring_rates, selection_rates
from assess.psychometrics.fairness.two_by_two import exact_table

EXACT = {"rtol": 0, "atol": 1e-8}


@pytest.fixture(scope="module")
def people(reference):
    data = np.genfromtxt(
        reference / "input_dif_bfi_complete_reversed.csv", delimiter=",", skip_header=1, missing_values="NA"
    )
    groups = {
        "gender": np.where(data[:, 25] == 1, "male", "female").tolist(),
        "age40": np.where(data[:, 27] >= 40, "40plus", "under40").tolist(),
    }
    return data[:, 5:10].sum(axis=1), groups


@pytest.fixture(scope="module")
def known(reference):
    return json.loads((reference / "adverse_impact_bfi.json").read_text())


@pytest.mark.parametrize("column", ["gender", "age40"])
def test_rates_and_tests_agree_with_r(people, known, column):
    scores, groups = people
    expected = known["results"][column]
    first, second = expected["levels"]
    result = adverse_impact(scores >= known["cut"], groups[column])
    highest = max(expected["rates"], key=expected["rates"].get)
    assert result.reference == highest
    rates = {rate.group: rate for rate in result.rates}
    for level, (rejected, selected) in zip(expected["levels"], expected["table"], strict=True):
        assert (rates[level].selected, rates[level].n) == (selected, selected + rejected)
        assert_allclose(rates[level].rate, expected["rates"][level], **EXACT)
    lower = next(rate for rate in result.rates if rate.group != highest)
    assert_allclose(lower.ratio, expected["impact_ratio_min_over_max"], **EXACT)
    assert not lower.flagged
    assert_allclose([-lower.z, lower.z**2, lower.p], [expected[k] for k in ("z", "chisq", "p_chisq")], **EXACT)
    corrected = [lower.z_corrected**2, lower.p_corrected, lower.fisher_p]
    assert_allclose(corrected, [expected[k] for k in ("chisq_yates", "p_yates", "fisher_p")], **EXACT)
    against_second = {
        r.group: r for r in adverse_impact(scores >= known["cut"], groups[column], reference=second).rates
    }
    other = against_second[first]
    assert_allclose(other.ratio, expected["ratio_1_over_2"], **EXACT)
    assert_allclose([other.ratio_low, other.ratio_high], expected["ratio_ci95"], **EXACT)
    # R gives the odds of the second group against the first, and stops its search at about 1e-4
    assert_allclose(1 / other.odds_ratio, expected["fisher_or"], rtol=1e-4)
    assert_allclose([1 / other.odds_high, 1 / other.odds_low], expected["fisher_ci"], rtol=1e-4)


@pytest.mark.parametrize("column", ["gender", "age40"])
def test_mean_differences_agree_with_r(people, known, column):
    scores, groups = people
    (result,) = mean_differences(scores, groups[column])
    expected = known["results"][column]
    assert [result.group, result.reference] == expected["levels"]
    assert_allclose(result.d, expected["cohen_d_pooled"], **EXACT)
    # with so many people the interval is that of Hedges & Olkin's large-sample variance
    n, m = result.n, result.n_reference
    reach = 1.959964 * np.sqrt((n + m) / (n * m) + result.d**2 / (2 * (n + m)))
    assert_allclose([result.low, result.high], [result.d - reach, result.d + reach], atol=1e-4)


@given(st.integers(1, 400), st.integers(1, 50), st.integers(1, 50))
def test_an_impact_ratio_of_80_does_not_flag_and_7999_does(n, scale, m):
    # rates 4/5 of r and just below, r = scale / (scale + n)
    total = 5 * (scale + n) * m
    assert not below_four_fifths(4 * scale * m, total, scale, scale + n)
    assert below_four_fifths(4 * scale * m - 1, total, scale, scale + n)
    assert not below_four_fifths(8000 * scale, 10_000 * (scale + n), scale, scale + n)
    assert below_four_fifths(7999 * scale, 10_000 * (scale + n), scale, scale + n)


def test_three_quarters_are_flagged():
    assert compare_rates({"a": (40, 100), "b": (30, 100)}).flagged
    assert not compare_rates({"a": (40, 100), "b": (32, 100)}).flagged


@pytest.mark.parametrize("table", [(3, 1, 1, 3), (12, 30, 40, 25), (0, 9, 5, 6), (7, 0, 2, 8)])
def test_the_exact_odds_ratio_solves_its_equations(table):
    a, b, c, d = table
    result = exact_table(*table)

    def at(odds):
        return nchypergeom_fisher(a + b + c + d, a + b, a + c, odds)

    if 0 < result.odds_ratio < np.inf:
        assert at(result.odds_ratio).mean() == pytest.approx(a, abs=1e-9)
    else:
        assert 0 in table
    if result.low > 0:
        assert at(result.low).sf(a - 1) == pytest.approx(0.025, abs=1e-9)
    if result.high < np.inf:
        assert at(result.high).cdf(a) == pytest.approx(0.025, abs=1e-9)


def test_the_exact_test_by_hand():
    # margins of 4: probabilities 1 16 36 16 1 of 70; as likely as 3 or less: 34 / 70
    assert exact_table(3, 1, 1, 3).p == pytest.approx(34 / 70)
    assert exact_table(4, 0, 0, 4).p == pytest.approx(2 / 70)


def test_an_empty_margin_says_nothing():
    result = exact_table(0, 5, 0, 9)
    assert result.p == 1
    assert np.isnan(result.odds_ratio)
    assert (result.low, result.high) == (0, np.inf)
    with pytest.raises(ValueError, match="0 or more"):
        exact_table(-1, 1, 1, 1)


def test_the_effect_of_moving_one_person():
    result = compare_rates({"a": (10, 20), "b": (7, 20)})
    rate = result.rates[1]
    assert rate.flagged
    assert rate.moved_ratio == pytest.approx((8 / 20) / (9 / 20))
    assert rate.turns_on_one
    rate = compare_rates({"a": (100, 200), "b": (70, 200)}).rates[1]
    assert rate.flagged
    assert not rate.turns_on_one
    nobody_to_move = compare_rates({"a": (1, 3), "b": (0, 3)}).rates[1]
    assert np.isnan(nobody_to_move.moved_ratio)
    assert not nobody_to_move.turns_on_one


def test_a_flag_that_one_person_would_bring_about_turns_on_one():
    # 40 of 100 against 50 of 100: exactly four fifths; 39 against 51: .765
    rate = compare_rates({"a": (50, 100), "b": (40, 100)}).rates[1]
    assert (rate.flagged, rate.turns_on_one) == (False, True)
    assert rate.moved_ratio == pytest.approx(39 / 51)
    # 84 against 100 of 200: 83 against 101 is .822
    rate = compare_rates({"a": (100, 200), "b": (84, 200)}).rates[1]
    assert (rate.flagged, rate.turns_on_one) == (False, False)
    assert rate.moved_ratio == pytest.approx(83 / 101)
    # the reference group has everybody selected, so nobody can move to it
    rate = compare_rates({"a": (10, 10), "b": (9, 10)}).rates[1]
    assert np.isnan(rate.moved_ratio)
    assert not rate.turns_on_one


def test_the_reference_group_turns_on_nobody():
    rate = compare_rates({"a": (4, 5), "b": (1, 5)}).rates[0]
    assert np.isnan(rate.moved_ratio)
    assert not rate.turns_on_one


def test_a_cell_of_few_people_is_the_reference_only_where_all_are():
    cells = {"one": (1, 1), "four": (4, 40), "many": (30, 60), "more": (24, 60)}
    assert compare_rates(cells).reference == "one"  # the rule's wording: the highest rate
    found = compare_rates(cells, spare_few=True)
    assert found.reference == "many"
    assert [rate.ratio for rate in found.rates] == pytest.approx([2, 0.2, 1, 0.8])
    assert [rate.flagged for rate in found.rates] == [False, True, False, False]
    assert compare_rates({"a": (20, 29), "b": (9, 10)}, spare_few=True).reference == "b"
    assert compare_rates(cells, spare_few=True, reference="one").reference == "one"
    # 5 of 29 are few people, 4 of 30 few selected, 5 of 30 neither
    assert compare_rates({"a": (5, 29), "b": (4, 30), "c": (5, 30)}, spare_few=True).reference == "c"


def test_small_groups_are_said_to_be_small():
    few = [rate.few for rate in compare_rates({"a": (50, 100), "b": (12, 29), "c": (15, 30), "d": (20, 60)}).rates]
    assert few == [False, True, False, False]
    # 100 and 30 people, 13 selected: 3 expected of the 30
    assert compare_rates({"a": (11, 100), "b": (2, 30)}).rates[1].few


def test_nobody_selected_of_a_group_is_a_ratio_of_zero():
    rate = compare_rates({"a": (5, 10), "b": (0, 10)}).rates[1]
    assert (rate.ratio, rate.odds_ratio, rate.ratio_low) == (0, 0, 0)
    assert np.isnan(rate.ratio_high)
    assert rate.flagged


def test_everybody_selected_is_no_difference():
    rate = compare_rates({"a": (9, 9), "b": (5, 5)}).rates[1]
    assert (rate.ratio, rate.z, rate.p, rate.fisher_p, rate.flagged) == (1, 0, 1, 1, False)


def test_the_reference_is_the_largest_of_the_groups_with_the_highest_rate():
    assert compare_rates({"a": (5, 10), "b": (50, 100), "c": (1, 10)}).reference == "b"


def test_unknown_groups_and_undecided_people_are_counted_and_left_out():
    result = adverse_impact([1, 0, 1, 0, np.nan, 1], ["a", "a", "b", "b", "b", None])
    assert [(rate.selected, rate.n) for rate in result.rates] == [(1, 2), (1, 2)]
    assert (result.n_unknown, result.n_undecided) == (1, 1)


def test_intersections_are_groups():
    labels = intersections(["f", "f", "m", "m"] * 10, ["x"] * 20 + ["y"] * 20)
    result = adverse_impact([1, 0, 1, 1] * 10, labels)
    assert [rate.group for rate in result.rates] == ["f × x", "f × y", "m × x", "m × y"]
    assert [rate.ratio for rate in result.rates] == [0.5, 0.5, 1, 1]


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(UnusableData, match="Person 2: selected is 1 for yes or 0 for no"):
        adverse_impact([1, 2, 0, 0], ["a", "a", "b", "b"])
    with pytest.raises(UnusableData, match="The group b is too small"):
        adverse_impact([1, 0, 0], ["a", "a", "b"])
    with pytest.raises(UnusableData, match="Nobody of the group"):
        adverse_impact([0, 0, 0, 0], ["a", "a", "b", "b"])
    with pytest.raises(UnusableData, match="all scores are alike"):
        mean_differences([1, 1, 2, 2], ["a", "a", "b", "b"])
    with pytest.raises(UnusableData, match="Nobody has a score"):
        scoring_rates([np.nan, np.nan], ["a", "b"])
    with pytest.raises(UnusableData, match="Nobody was selected or scored above"):
        scoring_rates([1, 1, 1], ["a", "b", "b"])
    with pytest.raises(UnusableData, match="Person 1: selected"):
        selection_rates([7, 1], ["a", "b"])


def test_impossible_questions_are_errors():
    with pytest.raises(ValueError, match="every person"):
        adverse_impact([1, 0], ["a"])
    with pytest.raises(ValueError, match="no more were selected"):
        compare_rates({"a": (3, 2), "b": (1, 2)})
    with pytest.raises(ValueError, match="no group z"):
        compare_rates({"a": (1, 2), "b": (1, 2)}, reference="z")
    with pytest.raises(ValueError, match="no group z"):
        mean_differences([1, 2, 3, 4], ["a", "a", "b", "b"], reference="z")
    with pytest.raises(ValueError, match="every person"):
        mean_differences([1, 2], ["a"])
    with pytest.raises(ValueError, match="every person"):
        selection_rates([1, 0], ["a"])


# the example of selection rates in the city's rules, section 5-301: selected and applicants
RULES = {
    ("male", "Hispanic or Latino"): (90, 205),
    ("male", "White"): (482, 1181),
    ("male", "Black"): (125, 355),
    ("female", "Hispanic or Latino"): (82, 190),
}


def test_new_york_selection_rates_by_hand():
    # published: 0.439, 0.408, 0.352, 0.432, and ratios 1, .930, .802, .983 to the highest of these four
    sex = np.concatenate([[key[0]] * n for key, (_, n) in RULES.items()]).tolist()
    race = np.concatenate([[key[1]] * n for key, (_, n) in RULES.items()]).tolist()
    selected = np.concatenate([[1] * s + [0] * (n - s) for s, n in RULES.values()])
    result = selection_rates(selected, intersections(sex, race))
    rates = {rate.category: rate for rate in result.rates}
    assert rates["male × Hispanic or Latino"].ratio == 1
    assert rates["male × White"].ratio == pytest.approx((482 / 1181) / (90 / 205))
    assert rates["male × Black"].ratio == pytest.approx(0.802, abs=5e-4)
    assert result.n == 1931


def test_new_york_scoring_rates_use_the_whole_samples_median():
    scores = [1, 2, 3, 4, 5, 6, 7, 8, 9, np.nan]
    result = scoring_rates(scores, ["a", "b", "a", "b", "a", "b", "a", None, None, "a"])
    # the median of all nine scores is 5: above it one of four (7) in a and one of three (6) in b
    assert result.median == 5
    assert [(rate.n, rate.count) for rate in result.rates] == [(4, 1), (3, 1)]
    assert_allclose([rate.ratio for rate in result.rates], [0.75, 1])
    assert result.n_unknown == 2


def test_small_categories_are_named_and_excluded_only_on_request():
    categories = ["a"] * 60 + ["b"] * 60 + ["c"] * 2
    selected = [1, 0] * 30 + [1, 0, 0] * 20 + [1, 1]
    result = selection_rates(selected, categories)
    assert [rate.small for rate in result.rates] == [False, False, True]
    assert_allclose([rate.ratio for rate in result.rates], [0.5, 1 / 3, 1])
    result = selection_rates(selected, categories, exclude=["c"])
    assert_allclose([rate.ratio for rate in result.rates], [1, 2 / 3, np.nan])
    assert result.rates[2].excluded
    assert result.rates[2].rate == 1
    for wrong in ("a", "z"):
        with pytest.raises(ValueError, match="under 2 %"):
            selection_rates(selected, categories, exclude=[wrong])


def test_a_category_of_exactly_two_percent_is_not_small():
    categories = ["a"] * 98 + ["b"] * 2
    assert not any(rate.small for rate in selection_rates([1, 0] * 50, categories).rates)


def test_the_interval_of_a_mean_difference_solves_its_equation():
    x, y = [4.1, 5, 6.2, 7.3, 5.5], [3.0, 4, 4.4, 2, 3.1, 5.2, 3.3]
    (result,) = mean_differences(x + y, ["x"] * 5 + ["y"] * 7)
    pooled = np.sqrt((4 * np.var(x, ddof=1) + 6 * np.var(y, ddof=1)) / 10)
    assert result.d == pytest.approx((np.mean(x) - np.mean(y)) / pooled)
    scale = np.sqrt(1 / 5 + 1 / 7)

    def below(true):  # P(T < t) with T = (Z + true / scale) / (chi_10 / sqrt 10)
        t, shift = result.d / scale, true / scale
        return quad(lambda s: norm.cdf(t * s / np.sqrt(10) - shift) * chi.pdf(s, 10), 0, 15)[0]

    assert below(result.low) == pytest.approx(0.975, abs=1e-6)
    assert below(result.high) == pytest.approx(0.025, abs=1e-6)
    assert result.g == pytest.approx(result.d * (1 - 3 / (4 * 10 - 1)), rel=2e-3)  # Hedges' approximation


def test_large_differences_of_many_people_have_an_interval():
    x = np.random.default_rng(2).normal(size=8000)
    x[4000:] -= 4
    (result,) = mean_differences(x, ["a"] * 4000 + ["b"] * 4000, reference="b")
    assert 3.85 < result.low < result.d < result.high < 4.05
