"""End to end, from CSV to JSON, against what established packages make of public data."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.psychometrics import mirt

COMPLETE = [name for name in mirt.ALL if name != "bfi_C_missing"]


def known(reference, name):
    return json.loads((reference / name).read_text())


def columns(rows, key):
    return np.array([row[key] for row in rows])


@pytest.fixture(scope="module", params=mirt.ALL)
def calibrated(request, reference):
    """Parameters of mirt as a file of ours, with the values that stand for the categories left to the data."""
    return request.param, parameter_file(known(reference, f"grm_{request.param}_mirt.json"))


def parameter_file(expected):
    items = [
        {"code": row["_row"], "a": row["a1"], "d": [row[key] for key in row if key.startswith("d")]}
        for row in expected["slope_intercept"]
    ]
    return json.dumps({"items": items})


def test_calibrate_agrees_with_mirt(workbench, reference, calibrated):
    name, _ = calibrated
    expected = known(reference, f"grm_{name}_mirt.json")
    found = workbench.figures("calibrate", reference / f"input_{name}.csv")
    assert [item["code"] for item in found["items"]] == expected["items"]
    for item, row in zip(found["items"], expected["slope_intercept"], strict=True):
        theirs = [value for key, value in row.items() if key.startswith("d") and value is not None]
        assert_allclose([item["a"], *item["d"]], [row["a1"], *theirs], atol=1e-3)
        if "SE_slope_intercept" in expected:
            errors = [value for value in expected["SE_slope_intercept"][item["code"]] if value is not None]
            assert_allclose([item["se_a"], *item["se_d"]], errors, rtol=1e-3)
    for item, row in zip(found["items"], expected["irt"], strict=True):
        theirs = [value for key, value in row.items() if key.startswith("b") and value is not None]
        assert_allclose(item["b"], theirs, atol=2e-3)
    assert found["log_likelihood"] == pytest.approx(expected["logLik"], abs=1e-2)
    assert found["aic"] == pytest.approx(expected["AIC"], abs=2e-2)
    assert found["bic"] == pytest.approx(expected["BIC"], abs=2e-2)
    assert found["n"] == expected["n"]


@pytest.mark.parametrize("method", ["eap", "map"])
def test_theta_agrees_with_mirt(workbench, reference, calibrated, method):
    name, text = calibrated
    workbench.text("p.json", text)
    data = reference / f"input_{name}.csv"
    found = workbench.figures("theta", data, "--parameters", "p.json", "--method", method)
    expected = mirt.scores(reference, name)
    for ours, theirs in (("theta", method), ("se", f"{method}_se")):
        values = np.array([row[ours] for row in found["rows"]], dtype=float)
        answered = ~np.isnan(values)
        tolerance = 1.5e-4 if theirs == "map_se" else 1e-4  # mirt takes the curvature by differences
        assert_allclose(values[answered], expected[theirs][answered], atol=tolerance)


@pytest.mark.parametrize("name", COMPLETE)
def test_fit_agrees_with_mirt(workbench, reference, name):
    expected = known(reference, f"grm_{name}_mirt.json")
    workbench.text("p.json", parameter_file(expected))
    found = workbench.figures("fit", reference / f"input_{name}.csv", "--parameters", "p.json")
    assert_allclose(columns(found["items"], "s_x2"), columns(expected["S_X2"], "S_X2"), rtol=1e-2)
    assert columns(found["items"], "df").tolist() == columns(expected["S_X2"], "df.S_X2").tolist()
    q3 = np.array(found["q3"], dtype=float)
    np.fill_diagonal(q3, 1)
    assert_allclose(q3, np.array(expected["Q3"], dtype=float), atol=1e-4)
    for ours, key in (("c2", "C2"), ("m2", "M2")):
        if isinstance(expected.get(key), list):
            (theirs,) = expected[key]
            assert found[ours] == pytest.approx(theirs["M2"], rel=1e-2)
            assert found[f"{ours}_df"] == theirs["df"]
            rmsea, least = found["rmsea" if ours == "c2" else "m2_rmsea"], 1e-4
            assert rmsea == pytest.approx(theirs["RMSEA"], abs=least)
            assert found["srmsr"] == pytest.approx(theirs["SRMSR"], abs=least)


@pytest.mark.parametrize("name", ["bfi_C_missing", "science4", "anxiety29", "lsat7_2pl", "environment6"])
def test_reliability_agrees_with_psych(workbench, reference, name):
    expected = known(reference, f"ctt_{name}_psych.json")["alpha"]
    found = workbench.figures("reliability", reference / f"input_{name}.csv")
    (total,) = expected["total"]
    assert found["alpha"] == pytest.approx(total["raw_alpha"], abs=1e-8)
    assert found["standardized_alpha"] == pytest.approx(total["std.alpha"], abs=1e-8)
    interval = expected["feldt"]
    assert found["alpha_low"] == pytest.approx(interval["lower.ci.raw_alpha"], abs=1e-8)
    assert found["alpha_high"] == pytest.approx(interval["upper.ci.raw_alpha"], abs=1e-8)
    assert_allclose(columns(found["items"], "mean"), columns(expected["item_stats"], "mean"), atol=1e-8)
    assert_allclose(columns(found["items"], "sd"), columns(expected["item_stats"], "sd"), atol=1e-8)
    assert_allclose(
        columns(found["items"], "alpha_if_deleted"), columns(expected["alpha_drop"], "raw_alpha"), atol=1e-8
    )


def test_reliability_of_complete_data_agrees_with_psych(workbench, reference):
    expected = known(reference, "ctt_bfi_C_complete_psych.json")
    found = workbench.figures("reliability", reference / "input_bfi_C_complete.csv")
    whole = expected["complete"]
    assert_allclose(columns(found["items"], "r_corrected"), whole["corrected_item_total"], atol=1e-8)
    assert found["sem"] == pytest.approx(whole["SEM_sum"], abs=1e-8)
    assert found["odd_even"] == pytest.approx(whole["split_half_oddeven_SB"], abs=1e-8)
    assert found["lambda2"] == pytest.approx(whole["guttman"]["lambda.2"], abs=1e-8)
    assert found["omega_linear"] == pytest.approx(expected["omega_psych_nf1"]["omega.tot"], abs=1e-3)


def test_quality_agrees_with_careless(workbench, reference):
    theirs = np.genfromtxt(
        reference / "careless_bfi25.csv", delimiter=",", names=True, missing_values="NA", deletechars=""
    )
    rows = workbench.figures("quality", reference / "input_careless_bfi25.csv", "--synonyms", 0.3)["rows"]
    for ours, name in (
        ("longest_run", "longstring"),
        ("average_run", "avgstring"),
        ("irv", "irv"),
        ("mahalanobis_d2", "mahad"),
        ("synonyms", "psychsyn_.30"),
    ):
        assert_allclose(columns(rows, ours).astype(float), theirs[name], atol=1e-8, err_msg=name)


def test_even_odd_agrees_with_careless_whose_sign_is_the_other(workbench, reference):
    theirs = np.genfromtxt(
        reference / "careless_bfi25.csv", delimiter=",", names=True, missing_values="NA", deletechars=""
    )
    raw = reference / "input_careless_bfi25.csv"
    keyed = reference / "input_dif_bfi_complete_reversed.csv"
    head, *one = (next(csv.reader([line])) for line in raw.read_text().splitlines()[:200])
    other = [next(csv.reader([line]))[:25] for line in keyed.read_text().splitlines()[1:200]]
    turned = [code for at, code in enumerate(head) if [row[at] for row in one] != [row[at] for row in other]]
    for arguments in (
        (raw, "--reversed", ",".join(turned)),
        (keyed, "--ignore", "gender,education,age"),
    ):
        ours = columns(workbench.figures("quality", *arguments)["rows"], "even_odd").astype(float)
        assert_allclose(ours, -theirs["evenodd"], atol=1e-8)


def test_dif_detects_the_items_that_lordif_detects(workbench, reference):
    expected = known(reference, "dif_anxiety_gender_lordif.json")
    arguments = ("--group", "gender", "--ignore", "age,education")
    found = workbench.figures("dif", reference / "input_dif_anxiety.csv", *arguments)
    assert columns(found["items"], "detected").tolist() == expected["flag"]
    assert found["rounds"] == expected["iteration"]
    for ours, theirs in (("uniform_p", "chi12"), ("total_p", "chi13"), ("nonuniform_p", "chi23")):
        assert_allclose(columns(found["items"], ours), columns(expected["stats"], theirs), rtol=1e-3, atol=6e-4)


def test_dif_on_the_sum_agrees_with_polr(workbench, reference):
    expected = {item["item"]: item for item in known(reference, "dif_bfi_gender_ordinal.json")["items"]}
    with (reference / "input_dif_bfi_complete_reversed.csv").open() as file:
        head = next(csv.reader(file))
    others = ",".join(name for name in head if name not in ("C1", "C2", "C3", "C4", "C5", "gender"))
    data = reference / "input_dif_bfi_complete_reversed.csv"
    found = workbench.figures("dif", data, "--group", "gender", "--ignore", others, "--matching", "sum")
    for row in found["items"]:
        theirs = expected[row["code"]]
        for ours, name in (("uniform", "LR_uniform"), ("nonuniform", "LR_nonuniform"), ("total", "LR_total")):
            assert row[f"{ours}_chi2"] == pytest.approx(theirs[name], rel=1e-3, abs=1e-4)


def test_impact_agrees_with_r(workbench, reference):
    expected = known(reference, "adverse_impact_bfi.json")
    data = np.genfromtxt(
        reference / "input_dif_bfi_complete_reversed.csv", delimiter=",", skip_header=1, missing_values="NA"
    )
    chosen = data[:, 5:10].sum(axis=1) >= expected["cut"]
    gender, age = np.where(data[:, 25] == 1, "male", "female"), np.where(data[:, 27] >= 40, "40plus", "under40")
    rows = [[a, b, int(c)] for a, b, c in zip(gender, age, chosen, strict=True)]
    workbench.write("s.csv", ["gender", "age40", "chosen"], rows)
    found = workbench.figures("impact", "s.csv", "--groups", "gender,age40", "--selected", "chosen")
    for each in found["groups"][:2]:
        theirs = expected["results"][each["column"]]
        rates = {rate["group"]: rate for rate in each["rates"]}
        for level, rate in theirs["rates"].items():
            assert rates[level]["rate"] == pytest.approx(rate, abs=1e-8)
        lower = next(rate for rate in each["rates"] if rate["group"] != each["reference"])
        assert lower["ratio"] == pytest.approx(theirs["impact_ratio_min_over_max"], abs=1e-8)
        assert -lower["z"] == pytest.approx(theirs["z"], abs=1e-8)
        assert lower["fisher_p"] == pytest.approx(theirs["fisher_p"], abs=1e-8)


@pytest.mark.parametrize(
    ("method", "file", "tolerance"),
    [("eap", "cat_anxiety29_catR", 1e-6), ("map", "cat_anxiety29_catR_MAP", 5e-5)],  # catR stops short of the mode
)
def test_adapt_follows_catr(workbench, reference, method, file, tolerance):
    with (reference / "cat_bank_anxiety29.csv").open() as bank:
        items = [
            {"code": row["item"], "a": float(row["a"]), "b": [float(row[f"b{k}"]) for k in range(1, 5)]}
            for row in csv.DictReader(bank)
        ]
    workbench.text("bank.json", json.dumps({"items": [item | {"categories": [1, 2, 3, 4, 5]} for item in items]}))
    arguments = ("--responses", reference / "input_anxiety29.csv", "--method", method)
    rows = workbench.figures("adapt", "--parameters", "bank.json", *arguments)["rows"]
    for person in known(reference, f"{file}.json")["persons"]:
        row = rows[person["person"] - 1]
        assert row["items"] == [items[number - 1]["code"] for number in person["items"]]
        assert row["responses"] == person["responses"]
        assert_allclose(row["thetas"], person["theta"], atol=tolerance)
        assert_allclose(row["ses"], person["se"], atol=tolerance)
