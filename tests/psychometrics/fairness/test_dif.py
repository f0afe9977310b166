"""DIF by ordinal logistic regression and within scores, against R's MASS, stats and lordif, and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.fairness.dif import benjamini_hochberg, logistic_dif
from assess.psychometrics.fairness.dif_mantel import mantel_dif, mantel_haenszel_dif
from assess.psychometrics.fairness.ordinal_regression import consecutive_categories, fit_ordinal

SCALES = ["A", "C", "E", "N", "O"]


def read(file):
    return np.genfromtxt(file, delimiter=",", skip_header=1, missing_values="NA")


@pytest.fixture(scope="module")
def bfi(reference):
    return read(reference / "input_dif_bfi_complete_reversed.csv")


@pytest.fixture(scope="module")
def known(reference):
    items = json.loads((reference / "dif_bfi_gender_ordinal.json").read_text())["items"]
    return {name: [item for item in items if item["item"][0] == name] for name in SCALES}


def column(items, *keys):
    for key in keys:
        items = [item[key] for item in items]
    return np.array(items)


@pytest.fixture(scope="module")
def results(bfi):
    return {name: logistic_dif(bfi[:, 5 * at : 5 * at + 5], bfi[:, 25]) for at, name in enumerate(SCALES)}


@pytest.mark.parametrize("scale", SCALES)
def test_the_likelihood_is_that_of_polr_or_above(results, known, scale):
    result, expected = results[scale], column(known[scale], "logLik")
    ours = np.column_stack([fit.log_likelihood for fit in result.fits])
    assert all(fit.converged.all() for fit in result.fits)
    assert (ours >= expected[:, 1:] - 1e-9).all()
    assert_allclose(ours, expected[:, 1:], atol=3e-3)  # where polr stops short of the maximum


@pytest.mark.parametrize("scale", SCALES)
def test_likelihood_ratios_agree_with_polr(results, known, scale):
    result, items = results[scale], known[scale]
    for test, name in [
        (result.uniform, "LR_uniform"),
        (result.nonuniform, "LR_nonuniform"),
        (result.total, "LR_total"),
    ]:
        assert_allclose(test.chi2, column(items, name), rtol=1e-3, atol=6e-3)  # polr's own error, see above
    assert (result.uniform.df, result.nonuniform.df, result.total.df) == (1, 1, 2)
    significant = column(items, "LR_total") > 5.991
    assert ((result.total.p < 0.05) == significant).all()


@pytest.mark.parametrize("scale", SCALES)
def test_pseudo_r2_and_coefficients_agree_with_polr(results, known, scale):
    result, items = results[scale], known[scale]
    assert_allclose(result.nagelkerke, column(items, "nagelkerke"), rtol=1e-3, atol=1e-6)
    assert_allclose(result.mcfadden, column(items, "mcfadden"), rtol=1e-3, atol=1e-6)
    uniform, full = result.fits[1].coefficients, result.fits[2].coefficients
    assert_allclose(uniform[:, 0], column(items, "coef_m1", "tot"), rtol=1e-3)
    assert_allclose(uniform[:, 1], column(items, "coef_m1", "gr"), atol=1e-3)
    # there the groups are 1 and 2, here 0 and 1
    slope, interaction = column(items, "coef_m2", "tot"), column(items, "coef_m2", "tot:gr")
    assert_allclose(full[:, 0], slope + interaction, rtol=1e-3)
    assert_allclose(full[:, 2], interaction, atol=5e-4)
    assert_allclose(full[:, 1], column(items, "coef_m2", "gr"), atol=1e-2)  # the groups at a score of 0, far off


@pytest.mark.parametrize("at", range(5), ids=SCALES)
def test_mantel_and_its_generalisation_agree_with_r(bfi, known, at):
    items = known[SCALES[at]]
    result = mantel_dif(bfi[:, 5 * at : 5 * at + 5], bfi[:, 25])
    assert_allclose(result.mantel_chi2, column(items, "Mantel_chisq"), rtol=1e-8)
    assert_allclose(result.general_chi2, column(items, "GMH_chisq"), rtol=1e-8)
    assert (result.general_df == column(items, "GMH_df")).all()
    assert (result.n_strata == column(items, "n_strata")).all()


def test_matched_on_the_same_theta_the_figures_are_those_of_lordif(reference):
    known = json.loads((reference / "dif_anxiety_gender_lordif.json").read_text())
    data, stats = read(reference / "input_dif_anxiety.csv"), known["stats"]
    x = data[:, 3:].copy()
    for item, stat in enumerate(stats):  # there the sparse categories are collapsed, here all from the top
        x[:, item] = np.minimum(x[:, item], stat["ncat"])
    result = logistic_dif(x, data[:, 1], matching=np.array(known["theta_sparse"]))
    printed = {"atol": 5.1e-5, "rtol": 0}  # four decimals
    assert_allclose(result.uniform.p, column(stats, "chi12"), **printed)
    assert_allclose(result.total.p, column(stats, "chi13"), **printed)
    assert_allclose(result.nonuniform.p, column(stats, "chi23"), **printed)
    assert_allclose(result.beta_change, column(stats, "beta12"), **printed)
    for name, r2 in [("McFadden", result.mcfadden), ("Nagelkerke", result.nagelkerke), ("CoxSnell", result.cox_snell)]:
        assert_allclose(r2[:, 1] - r2[:, 0], column(stats, f"pseudo12.{name}"), **printed)
        assert_allclose(r2[:, 2] - r2[:, 0], column(stats, f"pseudo13.{name}"), **printed)
        assert_allclose(r2[:, 2] - r2[:, 1], column(stats, f"pseudo23.{name}"), **printed)
    detected = (result.uniform.p < 0.01) | (result.total.p < 0.01) | (result.nonuniform.p < 0.01)
    assert detected.tolist() == known["flag"]


def simulate(n=800, *, shift=0.0, slope=1.0, seed=5):
    """Six items of four categories in two groups of unlike theta; the first item has DIF in the second group."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], n // 2)
    theta = rng.normal(size=n) - 0.5 * group
    slopes = np.ones((n, 6))
    slopes[group == 1, 0] = slope
    eta = slopes * theta[:, None]
    eta[:, 0] += shift * group
    u = rng.random((n, 6, 1))
    x = (u < 1 / (1 + np.exp(-(eta[..., None] + np.array([1.5, 0, -1.5]))))).sum(axis=2)
    return x.astype(float), group, theta


def test_groups_that_merely_differ_in_theta_show_no_dif():
    x, group, theta = simulate()
    result = logistic_dif(x, group, matching=theta)
    assert not result.flagged.any()
    assert (result.effect < 0.06).all()
    assert set(result.classes) == {"A"}


def test_a_uniform_shift_is_found_with_its_size_and_direction():
    x, group, theta = simulate(shift=-1.2)
    result = logistic_dif(x, group, matching=theta)
    assert result.flagged.tolist() == [True, *[False] * 5]
    assert result.uniform.p[0] < 1e-6 < result.nonuniform.p[0]
    assert result.classes[0] in "BC"
    assert -0.35 < result.signed_effect[0] < -0.15
    assert result.fits[1].coefficients[0, 1] == pytest.approx(-1.2, abs=0.4)


def test_an_unlike_slope_is_found_as_non_uniform():
    x, group, theta = simulate(slope=3.0, n=1600)
    result = logistic_dif(x, group, matching=theta)
    assert result.nonuniform.p[0] < 1e-4
    assert result.fits[2].coefficients[0, 2] == pytest.approx(2, abs=0.6)


def test_the_reference_group_may_be_chosen_which_turns_the_direction():
    x, group, theta = simulate(shift=-1.2)
    one, other = (logistic_dif(x, group, matching=theta, reference=name) for name in "01")
    assert one.groups == ("0", "1")
    assert other.groups == ("1", "0")
    assert_allclose(one.total.chi2, other.total.chi2, rtol=1e-6)
    assert one.signed_effect[0] < 0 < other.signed_effect[0]


def test_a_small_effect_is_not_flagged_however_many_people_there_are():
    x, group, theta = simulate(6_000, shift=-0.3)
    result = logistic_dif(x, group, matching=theta)
    assert result.p_adjusted[0] < 1e-4
    assert not result.flagged.any()


def test_gaps_and_unknown_groups_leave_out_what_they_concern():
    x, group, theta = simulate(shift=-1.2)
    labels = [None if place % 7 == 0 else str(label) for place, label in enumerate(group)]
    x[1::7, 3] = np.nan
    theta[2::7] = np.nan
    result = logistic_dif(x, labels, matching=theta)
    known = np.array([label is not None for label in labels]) & ~np.isnan(theta)
    assert result.group_sizes.sum() == known.sum()
    assert np.isnan(result.matching[~known]).all()
    alone = logistic_dif(x[known][:, :3], np.array(group)[known], matching=theta[known])
    assert_allclose(result.total.chi2[:3], alone.total.chi2, rtol=1e-7)


def test_nothing_is_flagged_with_fewer_than_two_hundred_in_a_group():
    x, group, theta = simulate(600, shift=-1.5)
    kept = np.r_[:300, 300:499]
    few = logistic_dif(x[kept], group[kept], matching=theta[kept])
    assert few.group_sizes.tolist() == [300, 199]
    assert few.few
    assert few.p_adjusted[0] < 1e-4
    assert few.effect[0] > 0.1
    assert not few.flagged.any()
    lowered = logistic_dif(x[kept], group[kept], matching=theta[kept], minimum_group=199)
    assert not lowered.few
    assert lowered.flagged.tolist() == [True, *[False] * 5]
    kept = np.r_[:300, 300:500]
    assert logistic_dif(x[kept], group[kept], matching=theta[kept]).flagged[0]


def test_three_groups_are_compared_at_once():
    x, group, theta = simulate(1200, shift=-1.5)
    group = np.where(np.arange(1200) % 3 == 0, 2, group)
    result = logistic_dif(x, group, matching=theta)
    assert (result.uniform.df, result.total.df) == (2, 4)
    assert result.flagged.tolist() == [True, *[False] * 5]


def test_empty_categories_change_nothing():
    x, group, theta = simulate(shift=-1.2)
    spaced = np.where(x == 3, 7, x)
    assert_allclose(
        logistic_dif(spaced, group, matching=theta).total.chi2, logistic_dif(x, group, matching=theta).total.chi2
    )


def test_the_order_of_people_and_of_items_does_not_matter():
    x, group, theta = simulate(400, shift=-1.2)
    people, items = np.random.default_rng(1).permutation(400), [3, 0, 5, 1, 4, 2]
    one = logistic_dif(x, group, matching=theta)
    other = logistic_dif(x[people][:, items], group[people], matching=theta[people])
    assert_allclose(other.total.chi2, one.total.chi2[items], rtol=1e-7)
    assert_allclose(other.effect, one.effect[items], rtol=1e-6)


def test_reversing_categories_turns_the_direction_only():
    x, group, theta = simulate(400, shift=-1.2)
    one, other = logistic_dif(x, group, matching=theta), logistic_dif(3 - x, group, matching=theta)
    assert_allclose(other.total.chi2, one.total.chi2, rtol=1e-7)
    assert_allclose(other.signed_effect, -one.signed_effect, atol=1e-6)


def test_an_item_that_is_separated_has_no_figures_and_leaves_the_others_alone():
    x, group, theta = simulate(shift=-1.2)
    alone = logistic_dif(x, group, matching=theta)
    guttman = (theta > 0.2).astype(float)
    by_group = np.where(group == 1, 0.0, x[:, 1] > 1)  # nobody of the second group chose the higher category
    both = logistic_dif(np.column_stack([x, guttman, by_group]), group, matching=theta)
    assert both.converged.tolist() == [True] * 6 + [False] * 2
    for figures in (both.uniform.chi2, both.total.p, both.p_adjusted, both.nagelkerke[:, 2], both.effect):
        assert np.isnan(figures[6:]).all()
        assert np.isfinite(figures[:6]).all()
    assert both.classes[6:] == (None, None)
    assert both.flagged.tolist() == [True] + [False] * 7
    assert_allclose(both.p_adjusted[:6], alone.p_adjusted, rtol=1e-8)  # what cannot be tested is no test
    assert not both.fits[0].converged[6]
    assert [fit.converged[7] for fit in both.fits] == [True, False, False]


def test_separation_by_one_category_only_is_no_maximum_either():
    # 2 x 3 table without anybody of group 1 in category 0 and anybody of group 0 in category 2: the common
    # odds ratio grows without end
    x = np.repeat([0.0, 1, 1, 2], [40, 30, 30, 40])[:, None]
    z = np.repeat([0.0, 0, 1, 1], [40, 30, 30, 40])[:, None]
    assert not fit_ordinal(x, z).converged[0]
    x[0], x[-1] = 2, 0
    assert fit_ordinal(x, z).converged[0]


def test_steep_items_and_extreme_matching_do_converge():
    rng = np.random.default_rng(4)
    theta = rng.normal(size=600) * 3
    x = (8 * theta[:, None] + rng.logistic(size=(600, 5)) > np.array([-30, -5, 0, 5, 30])).astype(float)
    assert fit_ordinal(x, theta[:, None]).converged.all()


def test_predictors_that_say_the_same_twice_do_converge():
    x, _, theta = simulate(200)
    once, twice = fit_ordinal(x, theta[:, None]), fit_ordinal(x, np.column_stack([theta, theta]))
    assert twice.converged.all()
    assert_allclose(twice.log_likelihood, once.log_likelihood, rtol=1e-9)


def test_constant_items_and_lonely_groups_are_refused_by_their_place():
    x, group, theta = simulate(100)
    constant = x.copy()
    constant[:, 4] = 2
    with pytest.raises(UnusableData, match="Item 5: all answers are alike"):
        logistic_dif(constant, group, matching=theta)
    with pytest.raises(UnusableData, match="group x is too small"):
        logistic_dif(x, ["x", *["y"] * 99], matching=theta)
    with pytest.raises(UnusableData, match="only one group"):
        logistic_dif(x, ["y"] * 100, matching=theta)
    gone = x.copy()
    gone[group == 1, 2] = np.nan
    with pytest.raises(UnusableData, match="Item 3: fewer than two members of the group 1"):
        logistic_dif(gone, group, matching=theta)
    with pytest.raises(UnusableData, match="Item 2, Person 4: the answer is not a whole number"):
        logistic_dif(np.where(np.arange(600).reshape(100, 6) == 19, 1.5, x), group, matching=theta)


def test_lengths_and_names_are_checked():
    x, group, theta = simulate(100)
    with pytest.raises(ValueError, match="every person needs a group"):
        logistic_dif(x, group[1:], matching=theta)
    with pytest.raises(ValueError, match="there is no group 9"):
        logistic_dif(x, group, reference="9")


def test_adjusted_p_by_hand():
    # sorted .001 .01 .02 .04 times 4/1 4/2 4/3 4/4: .004 .02 .02667 .04
    assert_allclose(benjamini_hochberg(np.array([0.02, 0.001, 0.04, 0.01])), [0.08 / 3, 0.004, 0.04, 0.02])
    with_gap = benjamini_hochberg(np.array([0.02, np.nan, 0.001, 0.04, 0.01, np.nan]))
    assert_allclose(with_gap, [0.08 / 3, np.nan, 0.004, 0.04, 0.02, np.nan])


def test_the_regression_without_predictors_is_the_shares():
    x = consecutive_categories(np.array([[2.0], [2], [4], [9], [9], [9], [9], [np.nan]]))
    fit = fit_ordinal(x, np.empty((8, 0)))
    assert_allclose(1 / (1 + np.exp(-fit.intercepts[0])), [5 / 7, 4 / 7])
    assert fit.log_likelihood[0] == pytest.approx(2 * np.log(2 / 7) + np.log(1 / 7) + 4 * np.log(4 / 7))


def test_the_regression_has_no_slope_left_at_its_maximum():
    x, _, theta = simulate(200)
    fit = fit_ordinal(x, theta[:, None])
    for move in (-1e-4, 1e-4):
        moved = fit.coefficients[0, 0] + move
        eta = moved * theta[:, None] + fit.intercepts[0]
        above = np.column_stack([np.ones(200), 1 / (1 + np.exp(-eta)), np.zeros(200)])
        p = -np.diff(above, axis=1)[np.arange(200), x[:, 0].astype(int)]
        assert np.log(p).sum() < fit.log_likelihood[0]


# Bickel, Hammel & O'Connell (1975): admitted and rejected men, admitted and rejected women in six departments
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


def test_mantel_haenszel_agrees_with_the_published_analysis_of_admissions_at_berkeley():
    admitted = np.concatenate([np.repeat([1.0, 0, 1, 0], counts) for counts in BERKELEY])
    gender = np.concatenate([np.repeat(["men", "men", "women", "women"], counts) for counts in BERKELEY])
    department = np.repeat(np.arange(6.0), [sum(counts) for counts in BERKELEY])
    result = mantel_haenszel_dif(admitted[:, None], list(gender), matching=department)
    # R's documentation of mantelhaen.test: X-squared = 1.4269, p = 0.2323, 0.9046968 (0.7719074, 1.0603298)
    assert result.chi2[0] == pytest.approx(1.4269, abs=5e-5)
    assert result.p[0] == pytest.approx(0.2323, abs=5e-5)
    assert result.odds_ratio[0] == pytest.approx(0.9046968, abs=5e-8)
    assert result.low[0] == pytest.approx(0.7719074, abs=5e-8)
    assert result.high[0] == pytest.approx(1.0603298, abs=5e-8)
    assert result.delta[0] == pytest.approx(-2.35 * np.log(0.9046968), abs=1e-6)
    assert result.classes == ("A",)


def test_the_classes_follow_size_and_certainty():
    def group_of(right, wrong):
        return [1.0] * right + [0.0] * wrong

    def classes(n, focal):
        x = np.array(group_of(n // 2, n // 2) + group_of(focal, n - focal))[:, None]
        return mantel_haenszel_dif(x, ["a"] * n + ["b"] * n, matching=np.zeros(2 * n)).classes

    assert classes(2000, 900) == ("A",)  # odds ratio 1.22, delta -0.47: significant, but small
    assert classes(2000, 760) == ("B",)  # 1.63, -1.15
    assert classes(2000, 600) == ("C",)  # 2.33, -1.99
    assert classes(100, 33) == ("B",)  # 2.03, -1.66, not significantly above 1
    assert classes(20, 7) == ("A",)  # 1.86, not significant


def test_mantel_by_hand():
    # one score, reference categories 0 1 1 2, focal 1 2 2 2: expected focal sum 4 * 11/8 = 5.5, found 7
    # variance 4 * 4 / (64 * 7) * (8 * 19 - 121) = 31/28, so chi2 = 1.5^2 / (31/28)
    x = np.array([[0.0], [1], [1], [2], [1], [2], [2], [2]])
    result = mantel_dif(x, ["a"] * 4 + ["b"] * 4, matching=np.zeros(8))
    assert result.mantel_chi2[0] == pytest.approx(2.25 * 28 / 31)
    assert result.standardised_difference[0] == pytest.approx(0.75 / 2)
    assert result.n_strata.tolist() == [1]


def test_mantel_does_not_mind_gaps_and_fewer_categories():
    x, group, _ = simulate(400, shift=-1.2)
    x[:, 1] = np.minimum(x[:, 1], 1)
    score = x.sum(axis=1)
    x[::9, 0] = np.nan
    together = mantel_dif(x, group, matching=score)
    for item in range(6):
        kept = ~np.isnan(x[:, item])
        alone = mantel_dif(x[kept][:, [item]], group[kept], matching=score[kept])
        assert together.mantel_chi2[item] == pytest.approx(alone.mantel_chi2[0])
        assert together.general_chi2[item] == pytest.approx(alone.general_chi2[0])
        assert together.general_df[item] == np.unique(x[kept, item]).size - 1


def test_what_mantel_cannot_compare_is_refused():
    x, group, _ = simulate(100)
    with pytest.raises(UnusableData, match="two groups, and there are 3"):
        mantel_dif(x, np.arange(100) % 3)
    with pytest.raises(UnusableData, match="Item 1: it has more than two categories"):
        mantel_haenszel_dif(x, group)
    with pytest.raises(UnusableData, match="Item 1: no score was reached by people of both"):
        mantel_dif(x, group, matching=group.astype(float))
    with pytest.raises(ValueError, match="confidence"):
        mantel_haenszel_dif(x > 1, group, confidence=95)
