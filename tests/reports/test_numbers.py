"""The numbers for programs are the numbers that the report's sections say in words."""

from __future__ import annotations

import json
from dataclasses import replace

import comparisons
import pytest
import report_people as people

from assess.scoring.result import Flag
from reports.language import number
from reports.numbers import comparison_numbers, numbers
from reports.sections.comparison import Overview
from reports.sections.further import FurtherParts, percent
from reports.sections.row import percent_words, percentile_words, rows
from reports.sections.summary import Summary
from reports.sections.technical import TechnicalNote

PERSON = [
    "dated", "further", "instrument", "kind", "programs", "provisional", "reference", "scales", "schema", "simulated",
    "submitted", "version",
]  # fmt: skip
HIRING_ALONE = ["flags", "impression_management", "match", "quality"]
SCORE = [
    "answered", "band68", "band95", "items", "percentile", "position", "reliability", "scale", "se", "sem", "sten",
    "theta",
]  # fmt: skip
TARGET = ["chance_inside", "target", "verdict"]
QUALITY = [
    "consistency", "longest_run", "median_seconds", "n_answered", "n_directed", "n_directed_missed", "n_items",
    "n_timed", "n_under_one_second", "variability",
]  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    """The context of a report with everything that there can be."""
    flags = (Flag("impression", "Favourable."), Flag("directed", "Otherwise."))
    return people.context(replace(people.normed(people.result()), flags=flags), further=people.further_parts())


def test_keys_are_these_and_a_change_of_them_is_a_new_version(whole):
    found = json.loads(json.dumps(numbers("hiring", whole), allow_nan=False))
    assert (found["schema"], found["version"]) == ("rapport-numbers", 1)
    assert sorted(found) == sorted(PERSON + HIRING_ALONE)
    assert sorted(found["instrument"]) == ["bank", "checksum", "core", "edition", "form", "norm", "parameters"]
    assert sorted(found["instrument"]["parameters"]) == ["provisional", "se_factor", "version"]
    assert sorted(found["instrument"]["norm"]) == ["collected", "n", "name", "version"]
    assert all(sorted(scale) == sorted(SCORE + TARGET) for scale in found["scales"])
    assert sorted(found["impression_management"]) == SCORE
    assert sorted(found["scales"][0]["target"]) == ["high", "low", "weight"]
    assert sorted(found["match"]) == ["interval90", "median", "population"]
    assert sorted(found["match"]["population"]) == ["first_quartile", "median", "third_quartile"]
    assert sorted(found["quality"]) == QUALITY
    together = ["distance", "distance_p", "even_odd", "n_pairs", "pairs", "person_fit"]
    assert sorted(found["quality"]["consistency"]) == together
    assert sorted(found["further"]) == ["perspective", "proficiencies", "situations"]
    perspective = ["alignment", "answered", "default_key", "interval90", "key", "raters", "scored", "themes"]
    assert sorted(found["further"]["perspective"]) == perspective
    assert sorted(found["further"]["situations"]) == ["answered", "interval90", "keyed", "score"]
    assert sorted(found["further"]["proficiencies"][0]) == sorted([*SCORE, "right"])
    assert sorted(found["programs"]) == ["made", "scored"]


def test_person_s_own_report_has_no_match_target_or_quality(whole):
    found = numbers("individual", whole)
    assert sorted(found) == PERSON
    assert all(sorted(scale) == SCORE for scale in found["scales"])
    text = json.dumps(found)
    for word in ("match", "target", "verdict", "flag", "impression_management", "directed"):
        assert word not in text


def test_every_scale_s_numbers_are_those_of_the_technical_note(whole):
    found, note = numbers("hiring", whole), TechnicalNote.build(whole)
    for scale, line in zip(
        [*found["scales"], found["impression_management"]], [*note.scales, note.impression], strict=True
    ):
        assert line.answered == f"{scale['answered']} of {scale['items']}"
        assert line.sten == str(scale["sten"])
        assert line.band_68 == "–".join(f"{end:.1f}" for end in scale["band68"])
        assert line.band_95 == "–".join(f"{end:.1f}" for end in scale["band95"])
        assert line.sem == f"{scale['sem']:.2f}"
        assert line.reliability == f"{scale['reliability']:.2f}"
    for scale, line in zip(found["scales"], note.pattern, strict=True):
        assert line.range == f"{scale['target']['low']} to {scale['target']['high']}"
        assert line.weight == str(scale["target"]["weight"])
        assert line.chance == percent_words(scale["chance_inside"], str)
        assert line.verdict == scale["verdict"]


def test_rows_match_and_norm_are_those_of_the_first_page(whole):
    found, summary = numbers("hiring", whole), Summary.build(whole)
    for scale, row in zip(found["scales"], rows(whole, with_targets=True), strict=True):
        assert (row.code, row.sten, row.percentile) == (
            scale["scale"],
            str(scale["sten"]),
            percentile_words(scale["percentile"]),
        )
    assert summary.match.median == f"{100 * found['match']['median']:.0f} %"
    low, high = found["match"]["interval90"]
    assert summary.match.interval == f"{100 * low:.0f} to {100 * high:.0f} %"
    others = found["match"]["population"]
    assert f"the median is {100 * others['median']:.0f} %" in summary.match.others
    assert f"{100 * others['first_quartile']:.0f} and {100 * others['third_quartile']:.0f} %" in summary.match.others
    norm = found["instrument"]["norm"]
    assert norm == {"name": "Made-up norm", "version": "1", "n": 412, "collected": "2026-05-03"}
    assert f"“{norm['name']}”, n = {norm['n']}" in summary.norm
    assert found["flags"] == ["directed", "impression"]


def test_further_parts_are_those_of_their_section(whole):
    found, section = numbers("hiring", whole)["further"], FurtherParts.build(whole).found
    alignment = found["perspective"]
    assert section.perspective.value == percent(alignment["alignment"], "en")
    assert section.perspective.ends == tuple(percent(end, "en") for end in alignment["interval90"])
    assert section.situations.value == number(found["situations"]["score"], 2, "en")
    for each, words in zip(found["proficiencies"], section.solved, strict=True):
        assert (words.scale, words.n_right, words.n_shown) == (each["scale"], each["right"], each["items"])
        assert words.sten == str(each["sten"])


def test_what_was_not_measured_is_null(whole):
    bare = people.context(people.incomplete_result(), targets=())
    found = numbers("hiring", bare)
    missing = found["scales"][-1]
    empty = set(SCORE) - {"answered", "items", "scale"}
    assert all(missing[key] is None for key in [*empty, *TARGET])
    assert (found["match"], found["further"], found["instrument"]["norm"]) == (None, None, None)
    assert found["provisional"] is True


def test_comparison_s_numbers_are_those_of_its_people_and_no_ranks(whole):
    context = comparisons.crowd(6, with_alignment=True)
    found = json.loads(json.dumps(comparison_numbers(context), allow_nan=False))
    own = {"instrument", "people", "position"}
    assert set(found) == set(PERSON) - {"further", "scales", "submitted"} | own
    names = {"form", "further", "language", "name", "places", "scales", "simulated", "submitted"}
    assert all(set(person) == names | set(HIRING_ALONE) for person in found["people"])
    lines = Overview.build(context).lines
    assert [person["name"] for person in found["people"]] == [line.name for line in lines]
    assert [person["places"] and f"{person['places'][0]} to {person['places'][1]}" for person in found["people"]] == [
        line.places if line.places != "–" else None for line in lines
    ]
    each = {candidate.name: candidate for candidate in context.candidates}
    for person in found["people"]:
        match = each[person["name"]].match
        assert (person["match"] is None) == (match is None)
        if match is not None:
            assert person["match"]["median"] == pytest.approx(match.median, abs=0.5e-4)
    assert not {"rank", "order"} & set(found["people"][0])
