"""Sections beside the six behaviours: further parts, and what two behaviours mean together."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
import report_people as people

from assess.scoring.further import Ability, Further, Judgement
from assess.scoring.perspective import Alignment, CompanyKey, score_perspective
from assess.scoring.result import ScaleScore
from reports.document import to_html
from reports.kinds import KINDS, build
from reports.sections.further import further_words
from reports.sections.summary import Summary
from reports.sections.technical_further import further_lines
from reports.sections.together import OwnTogether, Together


@pytest.mark.parametrize("kind", KINDS)
def test_further_parts_stand_with_their_intervals_and_say_what_they_rest_on(kind):
    alone, text = (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", to_html(build(kind, people.context(further=parts)))))
        for parts in (None, people.further_parts())
    )
    assert "Provisional: compared with the default key of this edition, an author's judgement" in unescape(text)
    more = 3 if kind == "hiring" else 2  # the summary has the alignment too
    assert text.count("90 % interval") == alone.count("90 % interval") + more
    assert re.search(r"\d+ of the 20 questions that were reached are solved\. Position \d+, band \d+ to \d+\.", text)


@pytest.mark.parametrize("edition", ["general", "healthcare", "finance", "retail", "hospitality"])
def test_what_is_said_of_the_default_key_s_reach_is_so(edition):
    """Keys lie between the choices: nobody reaches 100 %, and whoever stays in the middle comes far."""
    found = people.registry().newest(edition)
    codes = [policy.code for policy in found.perspective]
    whole = {code: round(mean) for code, mean in found.default_key.items()}
    reach = [
        score_perspective(found, said, given=codes, key=CompanyKey.default(found), seed=1).value
        for said in (whole, dict.fromkeys(codes, 3))
    ]
    assert reach[0] == pytest.approx(0.80, abs=0.025)
    assert 0.50 <= round(reach[1], 2) <= 0.65
    assert "reach about 80 %, the middle choice throughout 50 to 65 %" in unescape(
        further_words(people.further_parts(), people.bank(), language="en").perspective.compared
    )


def test_assessment_of_the_behaviours_alone_has_no_page_of_further_parts():
    assert "Further parts" not in to_html(build("hiring", people.context()))


def test_key_of_the_organisation_is_named_with_its_raters():
    parts = people.further_parts()
    own = replace(parts, alignment=replace(parts.alignment, key_version=3, n_raters=8))
    found = further_words(own, people.bank(), language="en").perspective
    assert found.compared == "Compared with the organisation's own view, version 3, from 8 raters."


def test_too_little_for_a_further_score_says_how_much_there_was():
    few = Further(
        Alignment(None, 0, 3, 48), Judgement(10, 48, None, None, None), (Ability(2, ScaleScore("numerical", 3, 4)),)
    )
    found = further_words(few, people.bank(), language="en")
    assert found.perspective.missing.startswith("No alignment: 3 statements were answered")
    assert found.situations.missing == "No score: 10 of 48 responses were rated, or all of them alike."
    assert found.solved[0].said == "No score: 3 of 4 questions were answered."


def test_summary_tells_the_alignment_and_whose_key_it_is_compared_with():
    parts = people.further_parts()
    known = replace(parts.alignment, value=0.274, low=-0.021, high=0.371)
    said = Summary.build(people.context(further=replace(parts, alignment=known))).alignment
    assert said == "Alignment with the company's view: 27 % (90 % interval −2 to 37 %); an author's key."
    ours = replace(known, key_version=3, n_raters=9)
    assert Summary.build(people.context(further=replace(parts, alignment=ours))).alignment.endswith("37 %).")
    nothing = replace(known, value=None, low=None, high=None)
    assert "too little" in Summary.build(people.context(further=replace(parts, alignment=nothing))).alignment
    assert not Summary.build(people.context()).alignment


def test_differences_say_in_which_direction_the_person_agrees():
    found = people.further_parts()
    apart = further_words(found, people.bank(), language="en").perspective.apart
    expected = ["more" if each.own > each.company else "less" for each in found.alignment.differences]
    assert [each.direction for each in apart] == expected
    assert set(expected) == {"more", "less"}


@pytest.mark.parametrize(
    ("positions", "pairs"),
    [
        ((2.0, 2.4, 5.5, 5.5, 5.5, 5.5), [("Trust", "Tact")]),  # both low, by 3.5 and 3.1 stens
        ((2.0, 4.1, 5.5, 5.5, 5.5, 5.5), []),  # tact 1.4 from the middle: neither high nor low
        ((9.0, 8.0, 8.9, 5.5, 5.5, 5.5), [("Trust", "Empathy")]),  # by 3.4; trust and tact would be 2.5
        ((None, 2.4, 5.5, 5.5, 5.5, 5.5), []),
        ((5.5,) * 6, []),
    ],
)
def test_two_behaviours_are_told_together_where_both_surely_stand_off_the_middle(positions, pairs):
    known = {
        (each.first, each.first_is, each.second, each.second_is) for each in people.registry().wording.combinations
    }
    assert {
        ("trust", "low", "tact", "low"),
        ("trust", "high", "empathy", "high"),
        ("trust", "high", "tact", "high"),
    } <= known
    scores = tuple(
        ScaleScore(each.scale, 2, 15)
        if position is None
        else replace(each, theta=(position - 5.5) / 2, sten=round(position), position=position, sem=0.8)
        for each, position in zip(people.result().scales, positions, strict=True)
    )
    context = people.context(replace(people.result(), scales=scores))
    assert [pair.names for pair in Together.build(context).pairs] == pairs
    theirs, own = (section.build(context).pairs for section in (Together, OwnTogether))
    assert all(pair.text not in {each.text for each in theirs} for pair in own)


def test_wide_band_tells_nothing_together():
    scores = tuple(replace(each, theta=-1.5, sten=3, position=2.5, sem=3.1) for each in people.result().scales)
    assert not Together.build(people.context(replace(people.result(), scales=scores))).pairs


def test_technical_note_says_what_further_parts_rest_on():
    lines = further_lines(people.context(further=people.further_parts()))
    assert [line.name for line in lines] == [
        "Company perspective",
        "Situations at work",
        "Words in letters and messages",
        "Working with numbers",
    ]
    abilities = people.further_parts().abilities
    low, high = abilities[0].score.band()
    assert lines[2].interval == f"{low:.1f} – {high:.1f} (68 %)"
    assert lines[2].basis.endswith("SE × 1.04")
    assert not further_lines(people.context())
