"""The comparison: the order that intervals leave open, reasons for care, and what stands on paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html import unescape

import comparisons
import pytest
import report_people as people
from pypdf import PdfReader
from report_documents import pdf

from assess.errors import NotScorable
from assess.scoring.interpret import draws_of_match
from assess.scoring.result import Flag
from reports.document import to_html
from reports.kinds import build_comparison
from reports.pdf import to_pdf
from reports.sections.careful import CareOfAnswers
from reports.sections.comparison import Overview
from reports.sections.comparison_note import ComparisonNote
from reports.sections.side_by_side import SideBySide

FIVE = comparisons.context(
    comparisons.with_interval("Dana", 0.20, 0.40),
    comparisons.with_interval("Cleo", 0.40, 0.66),
    comparisons.with_interval("Ada", 0.70, 0.90),
    comparisons.with_interval("Ben", 0.60, 0.80),
    comparisons.candidate("Abel", people.incomplete_result()),
)


@cache
def read(n: int) -> PdfReader:
    """Return the comparison of `n` people, read back, for all tests that only look at it."""
    context = comparisons.crowd(n)
    return PdfReader(io.BytesIO(to_pdf(to_html(build_comparison(context)), made_at=context.made_at)))


def words(document) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", to_html(document))).split())


def test_places_of_five_people_by_hand():
    # 90 % intervals: Ada 70-90, Ben 60-80, Cleo 40-66, Dana 20-40; Abel has no match and no place.
    # Ada: nobody above; Cleo and Dana wholly below: 1 to 4 - 2 = 2. Ben: nobody above; only Dana below: 1 to 3.
    # Cleo: Ada above; Dana ends where Cleo begins, so they overlap: 2 to 4. Dana: Ada and Ben above: 3 to 4.
    overview = Overview.build(FIVE)
    assert [(line.name, line.median, line.places) for line in overview.lines] == [
        ("Ada", "80 %", "1 to 2"),
        ("Ben", "70 %", "1 to 3"),
        ("Cleo", "53 %", "2 to 4"),
        ("Dana", "30 %", "3 to 4"),
        ("Abel", "–", "–"),
    ]
    assert overview.n_places == 4
    assert "too few statements were answered on" in overview.lines[-1].missing


def test_people_far_apart_have_one_place_each_and_equal_ones_stand_by_name():
    apart = comparisons.context(
        comparisons.with_interval("Zoe", 0.1, 0.3),
        comparisons.with_interval("Noa", 0.5, 0.7),
        comparisons.with_interval("Mia", 0.5, 0.7),
    )
    lines = Overview.build(apart).lines
    assert [(line.name, line.places) for line in lines] == [("Mia", "1 to 2"), ("Noa", "1 to 2"), ("Zoe", "3")]


def test_everything_keeps_the_order_of_the_first_page():
    order = [line.name for line in Overview.build(FIVE).lines]
    for behaviour in SideBySide.build(FIVE).behaviours:
        assert [place.name for place in behaviour.people] == order
    assert [each.name for each in ComparisonNote.build(FIVE).scores] == order


def test_nothing_ranks_cuts_or_recommends():
    said = words(build_comparison(FIVE)).lower()
    assert "nobody is recommended" in said
    assert "give it no weight of its own" in said
    for word in ("best candidate", "rank 1", "top ", "shortlist", "reject ", "fail", "winner"):
        assert word not in said, word
    assert not re.search(r"\b1\. ada|#1|1st", said)


def test_care_is_a_count_with_the_gravest_and_a_doubt_never_a_correction():
    flags = (Flag("impression", "A favourable light."), Flag("fast", "Very fast."))
    flagged = comparisons.with_interval("Ada", 0.7, 0.9, flags=flags)
    light = comparisons.with_interval("Ben", 0.6, 0.8, flags=flags[:1])
    context = comparisons.context(flagged, light, comparisons.with_interval("Cleo", 0.5, 0.7))
    first, second, third = Overview.build(context).lines
    assert (first.care, first.in_doubt) == ("2, gravest: answered very fast", True)
    assert (second.care, second.in_doubt) == ("1: favourable light", False)
    assert (third.care, third.in_doubt) == ("none", False)
    assert (first.median, first.interval) == ("80 %", "70 to 90")
    care = CareOfAnswers.build(context)
    assert [(each.name, each.sentences) for each in care.reasons] == [
        ("Ada", ("Very fast.", "A favourable light.")),
        ("Ben", ("A favourable light.",)),
    ]
    assert care.none == "Cleo"


def test_strips_say_score_band_and_how_they_lie_to_the_range():
    cora = comparisons.candidate("Cora", people.result())
    behaviour = SideBySide.build(comparisons.context(cora, FIVE.candidates[-1])).behaviours[2]
    scored, missing = behaviour.people
    assert (scored.sten, scored.missing) == (str(people.result()["empathy"].sten), "")
    assert "Cora. Empathy: " in scored.drawing
    assert "The job asks for 5 to 8." in scored.drawing
    assert missing.missing == "No score: 0 of 15 statements answered"
    assert missing.drawing == ""


def test_pairs_tell_how_surely_two_people_differ():
    # the draws that the interval sums up: far apart nearly certain, beside oneself nothing to say
    near, far = people.result((0.4, 0.6, 1.0, 0.2, -0.3, 0.9)), people.result((2.4, -2.4, -2.4, 2.4, 2.4, -2.4))
    context = comparisons.context(comparisons.candidate("Near", near, 1), comparisons.candidate("Far", far, 2))
    note = ComparisonNote.build(context)
    assert [each.chances for each in note.sureness] == [("–", "> 99 %"), ("< 1 %", "–")]
    assert [(each.above, each.open, each.below) for each in note.sureness] == [(1, 0, 0), (0, 0, 1)]
    assert (note.n_sure_pairs, note.n_pairs) == (1, 1)
    draws = draws_of_match(near, context.targets, seed=1)
    match = context.candidates[0].match
    assert sorted(draws)[100] == pytest.approx(match.low, abs=0.002)
    assert sorted(draws)[1_900] == pytest.approx(match.high, abs=0.002)


def test_many_people_have_counts_of_pairs_and_no_table_of_all():
    note = ComparisonNote.build(comparisons.crowd(12))
    assert not note.has_chances
    assert all(each.above + each.open + each.below == 10 for each in note.sureness)  # 11 have a match
    assert sum(each.above for each in note.sureness) == sum(each.below for each in note.sureness) == note.n_sure_pairs


def test_what_makes_people_harder_to_compare_is_said():
    ada, ben = FIVE.candidates[2:4]
    spanish = replace(ben, answered_in="es")
    assert Overview.build(comparisons.context(ada, ben)).notes == ()
    (note,) = Overview.build(comparisons.context(ada, spanish)).notes
    assert note.startswith("Answered in several languages: English (1) and Spanish (1).")
    with_view = [replace(each, further=people.further_parts()) for each in (ada, ben)]
    assert "an author's key" in " ".join(Overview.build(comparisons.context(*with_view)).notes)
    company = replace(with_view[1].further, alignment=replace(with_view[1].further.alignment, key_version=2))
    mixed = comparisons.context(with_view[0], replace(with_view[1], further=company))
    assert "not comparable" in " ".join(Overview.build(mixed).notes)


def test_days_norm_and_forms_stand_on_the_first_page():
    ada = comparisons.candidate("Ada", people.normed(people.result()))
    later = replace(ada, name="Ben", submitted_at=ada.submitted_at + timedelta(days=3))
    overview = Overview.build(comparisons.context(ada, later))
    facts = dict(overview.facts)
    assert facts["Handed in"] == "2 April 2026 to 5 April 2026"
    assert facts["Questionnaire"] == "General 1.0, Standard form"
    assert facts["Kept until"] == "3 April 2027"
    assert overview.norm == "Norm group “Made-up norm”, n = 412, collected 3 May 2026"
    assert not overview.no_norm


def test_nobody_without_any_score_is_compared():
    scales = tuple(replace(each, theta=None, sten=None) for each in people.result().scales)
    nothing = comparisons.candidate("Nadia", people.result(), result=replace(people.result(), scales=scales))
    with pytest.raises(NotScorable, match="Nadia answered too few statements"):
        build_comparison(comparisons.context(nothing, FIVE.candidates[0]))


@pytest.mark.parametrize("n", [2, 6, 40])
def test_html_has_one_first_heading_headers_in_every_table_and_no_unfilled_place(n):
    html = to_html(build_comparison(comparisons.crowd(n, with_alignment=True)))
    assert html.count("<h1") == 1
    assert not re.search(r"%\(\w+\)|%%|\bNone\b|\{\{", html)
    headers = re.findall(r"<th\b[^>]*>", html)
    assert len(headers) > 6 * n
    assert all('scope="col"' in each or 'scope="row"' in each for each in headers)


def test_every_page_says_position_reference_and_standing():
    six = PdfReader(io.BytesIO(pdf("comparison")))  # made once for all tests of documents
    pages = [" ".join(page.extract_text().split()) for page in six.pages]
    for number, page in enumerate(pages, start=1):
        assert "Retail associate · Comparison of candidates" in page
        assert f"R-7F3K-29QD · Page {number} of {len(pages)}" in page
        assert "SIMULATED PEOPLE" in page
        assert "Provisional" in page
    assert all(name in pages[0] for name in ("Ana Ruiz", "Ben Okoye", "Cora Candidate", "Ελένη", "Пётр"))
    assert "give it no weight of its own" in pages[0]
    assert "Check that this report is genuine" in pages[0]


def test_every_drawing_has_a_text_alternative():
    html = to_html(build_comparison(comparisons.crowd(6)))
    assert html.count("<svg") == html.count("<title>") - 1  # the head has one, too
    assert "<title></title>" not in html


def test_no_heading_stands_apart_from_what_it_heads():
    """Of eleven people a behaviour may break over pages, but not before three of them."""
    pages = [" ".join(page.extract_text().split()) for page in read(11).pages]
    for name in ("Trust", "Tact", "Empathy", "Conformity", "Focus", "Flexibility"):
        place = next(page for page in pages[1:] if re.search(rf"\b{name} [A-Z][^.]*\. The job asks for", page))
        after = place.split("The job asks for")[-1]
        assert len(re.findall(r"\d+ \(\d+(?: to \d+)?\)", after)) >= 3, name
