"""The report on a leader's self-check: what it picks, what it says of itself, and its three pages."""

from __future__ import annotations

import io
import re
from functools import cache

import leaders
import pytest
from pypdf import PdfReader

from reports.charts.dots import dot_rows
from reports.document import to_html
from reports.kinds import TITLES
from reports.leader import lowest, strengths
from reports.leader_document import LEADER, build_leader
from reports.pdf import to_pdf

LONG = "Maximiliane Alexandra von Hohenberg-Sulzenbach zu Rosenau"


@cache
def pages(paper: str, language: str) -> tuple[str, ...]:
    context = leaders.context(paper=paper, language=language, person=LONG, organization="Acme Stores of the North Ltd")
    pdf = PdfReader(io.BytesIO(to_pdf(to_html(build_leader(context)), made_at=context.made_at)))
    return tuple(" ".join(page.extract_text().split()) for page in pdf.pages)


def words(context):
    return " ".join(re.sub("<[^>]*>", " ", to_html(build_leader(context))).split())


def codes(found):
    return [each.code for each in found]


def chosen(**values):
    return leaders.context(values={f"lea-{code[1:]}": value for code, value in values.items()})


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_it_has_three_pages_however_long_the_name(paper, language):
    found = pages(paper, language)
    assert len(found) == 3
    assert "I serve customers myself" in found[2]
    assert "two people whose work customers do not see" in found[1]


def test_three_actions_belong_to_the_statements_agreed_with_least():
    context = leaders.context()
    assert codes(lowest(context)) == ["lea-09", "lea-02", "lea-08"]  # 1, 2 and 2
    said = words(context)
    for each in lowest(context):
        assert each.action.replace("'", "&#39;") in to_html(build_leader(context))
    assert "You answered: Strongly disagree." in said.replace(" .", ".")


def test_of_equal_answers_those_of_other_themes_come_first():
    alike = leaders.context(values={each.code: 3 for each in leaders.context().statements})
    assert codes(lowest(alike)) == ["lea-01", "lea-05", "lea-09"]


def test_strengths_are_agreed_with_and_none_of_them_is_something_to_do():
    assert codes(strengths(leaders.context())) == ["lea-04", "lea-05", "lea-12"]
    assert strengths(chosen(_01=3, _02=2)) == []
    assert "there is none that you agree with" in words(chosen(_01=3, _02=2))
    everything = leaders.context(values={each.code: 5 for each in leaders.context().statements})
    assert not set(codes(strengths(everything))) & set(codes(lowest(everything)))
    assert "You agree with every statement that you answered" in words(everything)


def test_what_was_left_out_is_neither_something_to_do_nor_a_strength():
    context = chosen(_03=2, _20=5)
    assert codes(lowest(context)) == ["lea-03", "lea-20"]
    said = words(context)
    assert said.count("left out") == 18
    assert "nothing answered" in said
    assert "2 of 20 statements answered" in said


def test_it_says_whose_view_it_is_and_who_gets_it():
    said = words(leaders.context())
    for sentence in (
        "It is one person's own view on one day",
        "There is no norm and no score",
        "nobody else gets it",
        "it sees no answer of yours",
        "Until 3 April 2028",
    ):
        assert sentence in said
    for word in ("sten", "percentile", "match"):
        assert word not in said.lower().split()


def test_no_list_of_kinds_that_can_be_asked_for_has_it():
    assert LEADER not in TITLES


def test_same_answers_give_the_same_bytes():
    context = leaders.context()
    html = to_html(build_leader(context))
    assert to_pdf(html, made_at=context.made_at) == to_pdf(html, made_at=context.made_at)


def test_dots_stand_at_what_was_chosen_and_there_is_room_for_four():
    drawing = dot_rows([1, 4, 4, 5], title="Four answers")
    assert re.findall('circle cx="([0-9.]+)"', drawing) == ["18.0", "126.0", "126.0", "162.0"]
    assert "<title>Four answers</title>" in drawing
    with pytest.raises(ValueError, match="room for 4"):
        dot_rows([3] * 5, title="")
