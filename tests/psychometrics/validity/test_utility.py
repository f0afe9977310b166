"""Utility of selection against the published tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.validity.utility import brogden_cronbach_gleser, mean_of_selected, taylor_russell

RATIOS = [0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 0.95]


@pytest.mark.parametrize(
    ("validity", "published"),
    [  # Taylor and Russell (1939), base rate .50
        (0.00, [0.50] * 11),
        (0.30, [0.74, 0.71, 0.67, 0.64, 0.62, 0.60, 0.58, 0.56, 0.54, 0.52, 0.51]),
        (0.50, [0.88, 0.84, 0.78, 0.74, 0.70, 0.67, 0.63, 0.60, 0.57, 0.54, 0.52]),
    ],
)
def test_success_ratios_agree_with_the_tables_of_taylor_and_russell(validity, published):
    assert_allclose(taylor_russell(validity, base_rate=0.5, selection_ratio=RATIOS), published, atol=0.0051)


@settings(max_examples=30)
@given(base=st.floats(0.05, 0.95), ratio=st.floats(0.05, 0.95))
def test_success_rises_with_validity_from_the_base_rate(base, ratio):
    found = taylor_russell(np.linspace(0, 0.95, 20), base_rate=base, selection_ratio=ratio)
    assert_allclose(found[0], base, atol=1e-10)
    assert (np.diff(found) > 0).all()


def test_success_ratios_agree_with_a_simulation():
    rng = np.random.default_rng(2)
    x, error = rng.standard_normal((2, 400_000))
    y = 0.35 * x + np.sqrt(1 - 0.35**2) * error
    taken = x > np.quantile(x, 0.7)
    expected = (y > np.quantile(y, 0.4))[taken].mean()
    assert_allclose(taylor_russell(0.35, base_rate=0.6, selection_ratio=0.3), expected, atol=0.005)


def test_means_of_the_selected_agree_with_the_table():
    # ordinate over area of the normal curve, in any table: 10 % 1.755, 20 % 1.400, 30 % 1.159, 50 % .798
    assert_allclose(mean_of_selected([0.1, 0.2, 0.3, 0.5]), [1.755, 1.400, 1.159, 0.798], atol=0.0006)


def test_gain_by_hand():
    # 10 people x 2 years x .4 x 8,000 x 1.3998 = 89,587; 50 applicants x 50 = 2,500
    found = brogden_cronbach_gleser(
        0.4, selection_ratio=0.2, n_selected=10, years=2, sd_performance=8_000, cost_per_applicant=50
    )
    assert_allclose([found.total, found.cost, found.n_applicants], [89_587 - 2_500, 2_500, 50], atol=2)
    assert_allclose(found.per_person_year, found.total / 20)
    assert all(sentence.endswith(".") for sentence in found.assumptions)


def test_an_assessment_without_validity_costs_what_it_costs():
    found = brogden_cronbach_gleser(
        0.0, selection_ratio=0.5, n_selected=4, years=1, sd_performance=8_000, cost_per_applicant=30
    )
    assert found.total == -240


@pytest.mark.parametrize(
    "wrong",
    [{"selection_ratio": 0}, {"validity": 1.2}, {"n_selected": 0}, {"cost_per_applicant": -1}, {"years": 0}],
)
def test_impossible_figures_are_refused(wrong):
    given = {"validity": 0.3, "selection_ratio": 0.2, "n_selected": 5, "years": 1, "sd_performance": 1}
    given |= {"cost_per_applicant": 1} | wrong
    with pytest.raises(ValueError, match=r"must|cannot"):
        brogden_cronbach_gleser(given.pop("validity"), **given)


def test_impossible_shares_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        taylor_russell(0.3, base_rate=1.0, selection_ratio=0.2)
    with pytest.raises(ValueError, match="between -1 and 1"):
        taylor_russell(1.0, base_rate=0.5, selection_ratio=0.2)
