"""DIF on a purified theta, against lordif and on simulated groups."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.fairness import dif_groups
from assess.psychometrics.fairness.dif import logistic_dif
from assess.psychometrics.fairness.dif_groups import likelihood_ratio_dif
from assess.psychometrics.fairness.dif_purified import collapse_sparse, purified_dif


def read(file):
    return np.genfromtxt(file, delimiter=",", skip_header=1, missing_values="NA")


def differences(dif):
    """The columns of lordif's table, by its names."""
    figures = {"chi12": dif.uniform.p, "chi13": dif.total.p, "chi23": dif.nonuniform.p, "beta12": dif.beta_change}
    for name, r2 in [("McFadden", dif.mcfadden), ("Nagelkerke", dif.nagelkerke), ("CoxSnell", dif.cox_snell)]:
        for smaller, larger in [(1, 2), (1, 3), (2, 3)]:
            figures[f"pseudo{smaller}{larger}.{name}"] = r2[:, larger - 1] - r2[:, smaller - 1]
    return figures


def assert_agrees(result, known):
    """lordif prints four decimals, and calibrates less tightly than we do."""
    assert result.detected.tolist() == known["flag"]
    assert result.rounds == known["iteration"]
    assert result.stable
    assert (np.nanmax(result.x, axis=0) + 1).tolist() == [item["ncat"] for item in known["stats"]]
    for name, ours in differences(result.dif).items():
        expected = np.array([item[name] for item in known["stats"]])
        assert_allclose(ours, expected, rtol=1e-3, atol=6e-4 if name.startswith("chi") else 1.2e-4, err_msg=name)


@pytest.mark.parametrize(("scale", "start"), [("A", 0), ("C", 5)])
def test_a_scale_without_dif_agrees_with_lordif(reference, scale, start):
    data = read(reference / "input_dif_bfi_complete_reversed.csv")
    known = json.loads((reference / f"dif_bfi_{scale}_gender_lordif.json").read_text())
    assert_agrees(purified_dif(data[:, start : start + 5], data[:, 25], criterion="mcfadden", cut=0.02), known)


def test_a_scale_with_dif_agrees_with_lordif(reference):
    data = read(reference / "input_dif_anxiety.csv")
    known = json.loads((reference / "dif_anxiety_gender_lordif.json").read_text())
    result = purified_dif(data[:, 3:], data[:, 1])
    assert_agrees(result, known)
    assert_allclose(result.theta, known["theta_sparse"], atol=2e-3)


def simulate(n=800, *, n_items=6, shift=-2.0, n_shifted=2, seed=3):
    """Items of four categories; the first ones have DIF in the second group, whose theta is lower too."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], n // 2)
    theta = rng.normal(size=n) - 0.4 * group
    eta = np.repeat(1.7 * theta[:, None, None] + np.array([1.5, 0, -1.5]), n_items, axis=1)
    eta[:, :n_shifted] += shift * group[:, None, None]
    return (rng.random((n, n_items, 1)) < 1 / (1 + np.exp(-eta))).sum(axis=2).astype(float), group, theta


def test_purifying_clears_an_item_that_only_looks_guilty_by_the_sum():
    x, group, _ = simulate()
    assert logistic_dif(x, group).flagged.tolist() == [True, True, False, True, False, False]
    result = purified_dif(x, group)
    assert result.detected[:2].all()
    assert result.dif.flagged.tolist() == [True, True, False, False, False, False]
    assert result.stable


def test_purifying_brings_the_groups_to_where_the_other_items_place_them():
    x, group, _ = simulate(n_items=10)
    result = purified_dif(x, group)
    others = ~result.detected
    assert others.sum() >= 5

    def gap(score):
        return (score[group == 1].mean() - score[group == 0].mean()) / score.std()

    assert abs(gap(result.theta) - gap(x[:, others].sum(axis=1))) < 0.03 < abs(gap(result.theta) - gap(x.sum(axis=1)))


@pytest.mark.parametrize("criterion", ["mcfadden", "nagelkerke", "cox_snell"])
def test_the_other_criteria_find_large_dif_too(criterion):
    x, group, _ = simulate(n_items=10)
    assert purified_dif(x, group, criterion=criterion).detected.tolist() == [True, True, *[False] * 8]


def test_the_change_of_the_coefficient_is_a_criterion_with_its_own_cut():
    x, group, _ = simulate(n_items=10)
    result = purified_dif(x, group, criterion="beta", max_rounds=1, cut=0.04)
    assert 0 < result.detected.sum() < 10
    assert result.dif.beta_change[result.detected].min() >= 0.04 > result.dif.beta_change[~result.detected].max()


def test_by_likelihood_ratio_the_same_items_are_flagged():
    x, group, theta = simulate(n_items=5, n_shifted=1, n=600)
    result = likelihood_ratio_dif(x, group)
    assert result.converged.all()
    assert result.df.tolist() == [4] * 5  # a slope and three intercepts more
    assert result.flagged.tolist() == result.freed.tolist() == [True, *[False] * 4]
    assert likelihood_ratio_dif(x, group, purify=False).flagged.sum() > 1  # the guilty anchor
    assert result.signed_effect[0] == pytest.approx(-result.effect[0])
    by_theta = logistic_dif(x, group, matching=theta)
    assert result.effect[0] == pytest.approx(by_theta.effect[0], abs=0.06)
    assert result.chi2[0] == pytest.approx(by_theta.total.chi2[0], rel=0.3)


def test_small_groups_are_purified_but_nothing_is_flagged():
    x, group, _ = simulate(n=390, n_items=5, n_shifted=1)
    by_ratio, by_regression = likelihood_ratio_dif(x, group), purified_dif(x, group)
    for found in (by_ratio, by_regression.dif):
        assert found.few
        assert found.effect[0] > 0.1
        assert not found.flagged.any()
    assert by_ratio.freed[0]
    assert by_regression.detected[0]
    assert purified_dif(x, group, minimum_group=195).dif.flagged[0]
    assert likelihood_ratio_dif(x, group, minimum_group=195).flagged[0]


def test_a_likelihood_ratio_without_convergence_is_none(monkeypatch):
    def stuck(*arguments, **options):
        found = calibrate(*arguments, **options)
        return found if len(found.slopes) == 4 else replace(found, converged=False)

    monkeypatch.setattr(dif_groups, "calibrate", stuck)
    x, group, _ = simulate(n=500, n_items=4, n_shifted=1)
    found = likelihood_ratio_dif(x, group)
    assert not found.converged.any()
    for figures in (found.chi2, found.p, found.p_adjusted, found.effect, found.signed_effect):
        assert np.isnan(figures).all()
    assert not found.flagged.any()
    assert not found.freed.any()


def test_without_dif_the_likelihood_ratio_is_chi_square():
    # 16 tests of 4 degrees of freedom each: mean 4, standard error of the mean about sqrt(8 / 16) = .7
    found = [likelihood_ratio_dif(*simulate(400, n_items=4, shift=0, seed=seed)[:2], purify=False) for seed in range(4)]
    assert np.mean([each.chi2 for each in found]) == pytest.approx(4, abs=1.5)
    assert sum(each.flagged.sum() for each in found) <= 1


def test_the_likelihood_ratio_places_the_groups():
    x, group, theta = simulate(800, n_items=5, shift=0)
    result = likelihood_ratio_dif(x, group)
    first, second = theta[group == 0], theta[group == 1]
    assert result.group_means[1] == pytest.approx((second.mean() - first.mean()) / first.std(), abs=0.12)
    assert result.group_sds[1] == pytest.approx(second.std() / first.std(), abs=0.12)


def test_the_likelihood_ratio_takes_gaps_unknown_groups_and_three_groups():
    x, group, _ = simulate(900, n_items=4, n_shifted=1, shift=-1)
    labels = [("a", "b", "c")[(place % 3) if number == 0 else 1] for place, number in enumerate(group)]
    labels[::50] = [None] * 18
    x[3::11, 2] = np.nan
    result = likelihood_ratio_dif(x, labels, reference="c")
    assert result.groups == ("c", "a", "b")
    assert result.group_sizes.sum() == 882
    assert result.df.tolist() == [8] * 4
    assert result.chi2.argmax() == 0


def test_the_likelihood_ratio_needs_groups_and_items():
    x, group, _ = simulate(40)
    with pytest.raises(UnusableData, match="only one item"):
        likelihood_ratio_dif(x[:, :1], group)
    with pytest.raises(UnusableData, match="too small"):
        likelihood_ratio_dif(x, ["a"] + ["b"] * 39)
    with pytest.raises(ValueError, match="every person"):
        likelihood_ratio_dif(x, group[1:])


def test_people_without_a_group_are_left_out():
    x, group, _ = simulate(400)
    labels = ["" if place % 10 == 0 else f"group {number}" for place, number in enumerate(group)]
    result = purified_dif(x, labels, reference="group 1")
    assert result.dif.groups == ("group 1", "group 0")
    assert np.isnan(result.theta[::10]).all()
    assert np.isfinite(np.delete(result.theta, np.arange(0, 400, 10))).all()


def test_one_round_that_detects_something_is_not_stable():
    x, group, _ = simulate()
    result = purified_dif(x, group, max_rounds=1)
    assert (result.rounds, result.stable) == (1, False)
    assert result.detected.any()


def test_no_item_left_to_match_on_is_said():
    x, group, _ = simulate()
    with pytest.raises(UnusableData, match="Every item shows DIF"):
        purified_dif(x, group, cut=1.1)


def test_impossible_options_are_errors():
    x, group, _ = simulate(40)
    with pytest.raises(ValueError, match="no such criterion"):
        purified_dif(x, group, criterion="p")
    with pytest.raises(ValueError, match="every person"):
        purified_dif(x, group[1:])


def test_sparse_categories_join_their_neighbours():
    # per category the choices of both groups: 1, 5, 6, 2, 9 and 4, 6, 7, 1, 8
    categories = np.repeat(np.tile(np.arange(5.0), 2), [1, 5, 6, 2, 9, 4, 6, 7, 1, 8])
    code = np.repeat([0, 1], [23, 26])
    collapsed = collapse_sparse(categories[:, None], code, 5)[:, 0]
    # from the top: 4 stands, 3 joins 2, 1 stands, 0 joins 1
    assert [int(collapsed[categories == k][0]) for k in range(5)] == [0, 0, 1, 1, 2]


def test_an_item_with_one_category_left_is_refused():
    x = np.column_stack([np.tile([0.0, 1], 20), np.r_[np.zeros(38), 1, 1]])
    with pytest.raises(UnusableData, match="Item 2: too few people in a group"):
        collapse_sparse(x, np.repeat([0, 1], 20), 5)
