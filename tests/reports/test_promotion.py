"""The promotion report: two roles side by side, gaps, a bench without false ranks, a plan, and what has changed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape

import pytest
import report_people as people
import rosters
from pypdf import PdfReader
from report_documents import pdf

from assess.errors import NotScorable
from assess.scoring.interpret import Match, match_pattern
from assess.scoring.progress import change_since
from assess.scoring.result import ScaleScore
from reports.document import to_html
from reports.kinds import build_promotion
from reports.pdf import to_pdf
from reports.roster_numbers import promotion_numbers
from reports.sections.bench import Bench
from reports.sections.gaps import Gaps
from reports.sections.meanings import Meanings
from reports.sections.plan import Plan
from reports.sections.promotion import PromotionSummary
from reports.sections.promotion_talk import PromotionTalk
from reports.sections.since import Since

CORA = rosters.promotion()


def words(document) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", to_html(document))).split())


def placed(**positions):
    """Return Cora's result with some scales at given places, with an error of one sten."""
    found = people.result()
    scales = tuple(
        replace(score, position=positions[score.scale], sten=round(positions[score.scale]), sem=1.0)
        if score.scale in positions
        else score
        for score in found.scales
    )
    return replace(found, scales=scales)


def with_interval(low, high, *, name=""):
    """Return somebody else on the bench whose match has this interval."""
    other = rosters.others(1, target=rosters.role("service-team-leader"))[0]
    return replace(other, name=name, match=Match((low + high) / 2, low, high, (0.66, 0.75, 0.83), ()))


def test_each_simulated_person_is_labelled_and_nobody_else():
    first, *rest = CORA.others
    document = build_promotion(replace(CORA, others=(replace(first, simulated=True), *rest)))
    assert words(document).count(" simulated ") == 1
    assert "SIMULATED" not in to_html(document)
    simulated = build_promotion(replace(CORA, simulated=True))
    assert words(simulated).count(" simulated ") == 1
    assert "SIMULATED PERSON" in to_html(simulated)


def test_no_match_stands_without_interval_and_the_norm_groups_quartiles():
    summary = PromotionSummary.build(CORA)
    for found in (summary.target, summary.present):
        assert re.fullmatch(r"\d+ %", found.median)
        assert re.fullmatch(r"\d+ to \d+ %", found.interval)
        assert re.search(r"no norm yet, n = 0\) the median is \d+ % and half .* between \d+ and \d+ %", found.others)
    assert summary.provisional
    assert summary.target.median != summary.present.median
    assert "Provisional" in words(build_promotion(CORA))


def test_gaps_stand_by_size_and_say_how_sure_they_are():
    # The target asks for tact 5 to 7, focus 4 to 7, trust 5 to 8, which reach half a sten further
    found = placed(tact=9.5, focus=1.0, trust=9.0)
    lines = {line.name: line for line in Gaps.build(rosters.promotion(found)).lines}
    assert list(lines)[:2] == ["Tact", "Focus"]  # 2.0 x 3 before 2.5 x 1
    assert (lines["Tact"].distance, lines["Tact"].chance) == ("2.0 above", "98 %")
    assert (lines["Focus"].distance, lines["Focus"].chance) == ("2.5 below", "> 99 %")
    assert (lines["Trust"].distance, lines["Trust"].verdict) == ("0.5 above", "unclear")
    assert [each.name for each in Meanings.build(rosters.promotion(found)).meanings] == ["Tact", "Focus", "Trust"]


def test_what_changes_is_said_scale_by_scale_or_why_it_is_not():
    changes = {line.name: line for line in Gaps.build(CORA).changes}
    assert changes["Trust"].now == "4 to 7, counts once"
    assert changes["Trust"].then == "5 to 8, counts double"
    assert changes["Trust"].demand == "asks for more"
    assert changes["Focus"].movement == "inside now, outside then"
    without = rosters.promotion(present=None)
    assert Gaps.build(without).changes == ()
    assert "No present role is noted" in words(build_promotion(without))


def test_places_on_the_bench_are_those_that_overlapping_intervals_leave():
    mine = replace(CORA.match, median=0.65, low=0.5, high=0.8)
    intervals = [(0.85, 0.95), (0.7, 0.9), (0.1, 0.4)]
    others = tuple(replace(with_interval(*ends), seed=i) for i, ends in enumerate(intervals))
    bench = Bench.build(replace(CORA, match=mine, others=others))
    assert bench.place == "Of 4 people with a match, the intervals leave this person a place from 2 to 3."
    assert [line.places for line in bench.lines] == ["1 to 2", "1 to 3", "2 to 3", "4"]
    assert [line.is_person for line in bench.lines] == [False, False, True, False]


def test_others_are_not_named_and_a_short_bench_says_what_that_is_worth():
    assert {line.name for line in Bench.build(CORA).lines} == {"Cora Candidate", "another candidate"}
    short = Bench.build(rosters.promotion(n_others=2))
    assert any("may guess who is who" in note for note in short.notes)
    named = Bench.build(rosters.promotion(n_others=2, named=True))
    assert {line.name for line in named.lines} == {"Cora Candidate", "Ana Ruiz", "Ben Okoye"}
    assert not any("guess" in note for note in named.notes)


def test_whoever_cannot_be_laid_beside_is_counted_and_not_placed():
    elsewhere = replace(with_interval(0.1, 0.2), result=replace(people.result(), parameters_version="another"))
    unmatched = replace(with_interval(0.1, 0.2), match=None)
    bench = Bench.build(replace(CORA, others=(elsewhere, unmatched)))
    assert bench.lines == ()
    assert bench.place == "Nobody else on the bench has a match that could be laid beside this one."
    numbered = [note.rsplit(" ", 1)[1] for note in bench.notes]
    assert numbered == ["1.", "1.", "1."]  # without a result, without a match, on another ground


def test_plan_begins_with_the_largest_probable_gap_and_its_actions_lead_towards_the_range():
    plan = Plan.build(rosters.promotion(placed(tact=9.5, focus=1.0)))
    tact, focus = plan.quarters[:2]
    assert str(tact.heading) == "Tact: more of “direct, quick to the point”"
    assert {action.direction for action in tact.actions} == {"less"}
    assert str(focus.heading).startswith("Focus: more of “finishes")
    assert {action.direction for action in focus.actions} == {"more"}
    assert [quarter.months for quarter in plan.quarters] == ["Months 1 to 3", "Months 4 to 6", "Months 7 to 9"]
    assert plan.last_months == "Months 10 to 12"


def test_plan_without_gaps_tries_the_role_out():
    middle = placed(trust=6.5, tact=6.0, empathy=6.5, conformity=5.5, focus=5.5, flexibility=6.5)
    everywhere = replace(middle, scales=tuple(replace(score, sem=0.4) for score in middle.scales))
    plan = Plan.build(rosters.promotion(everywhere))
    assert not plan.has_gaps
    assert [quarter.heading for quarter in plan.quarters] == ["Watch", "Take a part", "Stand in"]
    talk = PromotionTalk.build(rosters.promotion(everywhere))
    assert talk.topics == ()
    assert len(talk.strengths) == 1


def test_what_the_role_does_not_ask_for_is_no_strength():
    """A range from 1 to 10 that does not count holds everybody most surely."""
    given = rosters.promotion(placed())
    open_range = tuple(
        target.model_copy(update={"low": 1, "high": 10, "weight": 0}) if target.scale == "focus" else target
        for target in given.targets
    )
    talk = PromotionTalk.build(replace(given, targets=open_range))
    assert [topic.name for topic in talk.strengths] != ["Focus"]


def test_questions_explore_the_side_on_which_the_gap_lies():
    talk = PromotionTalk.build(rosters.promotion(placed(tact=9.5, focus=1.0)))
    assert [str(topic.heading) for topic in talk.topics[:2]] == ["Tact: the high side", "Focus: the low side"]
    assert {question.direction for question in talk.topics[0].questions} == {"above"}


def test_change_is_reliable_or_not_and_a_trend_is_drawn():
    high = (0.6, 1.2, -0.4, 0.1, 1.9, 0.5)
    since = Since.build(rosters.promotion(earlier=(rosters.earlier(rosters.BEFORE, 400), rosters.earlier(high, 200))))
    verdicts = {line.name: line.verdict for line in since.lines}
    assert verdicts.pop("Focus") == "reliable fall"
    assert set(verdicts.values()) == {"no reliable change"}
    assert since.day == "15 September 2025"
    assert since.chart.count("15 September 2025") == 6  # in the text alternative of each behaviour
    assert "That is a reliable fall since the score before." in since.chart


def test_assessments_are_compared_once_for_all_behaviours(monkeypatch):
    compared = []

    def counted(earlier, later):
        compared.append((earlier.result, later.result))
        return change_since(earlier, later)

    monkeypatch.setattr("reports.sections.since.change_since", counted)
    Since.build(rosters.promotion(earlier=tuple(rosters.earlier(rosters.BEFORE, ago) for ago in (400, 300, 200))))
    assert len(compared) == 3 + 3  # each earlier one with the newest, and each with the one before it


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"bank_version": "0.9"}, "another version of the questionnaire"),
        ({"provisional": False, "parameters_version": "made-up-1"}, "scored with other parameters"),
    ],
)
def test_earlier_assessment_on_another_metric_is_refused_with_the_reason(changes, why):
    since = Since.build(rosters.promotion(earlier=(rosters.earlier(rosters.BEFORE, 200, **changes),)))
    assert (since.day, since.lines, since.chart) == ("", (), "")
    assert why in since.obstacles[0]


def test_earlier_assessment_with_another_norm_is_compared_and_not_drawn():
    before = rosters.earlier(rosters.BEFORE, 200)
    since = Since.build(rosters.promotion(earlier=(replace(before, result=people.normed(before.result)),)))
    assert since.lines
    assert since.chart == ""


@pytest.mark.parametrize("found", [people.incomplete_result(), people.result((3.0, -3.0, 3.0, -3.0, 3.0, -3.0))])
def test_report_is_made_of_the_least_complete_and_the_most_extreme_result(found):
    assert "Development plan" in words(build_promotion(rosters.promotion(found, named=True)))


def test_nothing_is_made_of_a_result_without_any_score():
    empty = replace(people.result(), scales=tuple(ScaleScore(each.scale, 1, 15) for each in people.result().scales))
    with pytest.raises(NotScorable, match="Cora Candidate answered too few"):
        build_promotion(replace(CORA, result=empty, match=None))


def test_numbers_are_those_that_the_report_says():
    found = promotion_numbers(CORA)
    expected = match_pattern(CORA.result, CORA.targets, seed=CORA.seed)
    assert found["target"]["match"]["median"] == pytest.approx(expected.median, abs=1e-4)
    assert found["match"] == found["target"]["match"]
    assert [gap["scale"] for gap in found["target"]["gaps"][:2]] == ["tact", "focus"]
    assert found["bench"]["places"] == {"best": 1, "worst": 5, "of": 5}
    assert {each["name"] for each in found["bench"]["others"]} == {None}


def test_paper_holds_everything_in_order_and_keeps_its_first_page():
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf("promotion"))).pages]
    text = " ".join(pages)
    titles = (
        "Gaps to the target role", "What changes for this person", "On the bench", "What the gaps may mean",
        "Change since earlier", "Development plan", "The promotion conversation", "Technical note", "How the figures",
    )  # fmt: skip
    found = [text.index(title) for title in titles]
    assert found == sorted(found)
    assert "This report decides nothing" in pages[0]
    assert "Gaps to the target role" in pages[1]
    assert all("R-7F3K-29QD" in page and "Provisional" in page for page in pages)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_first_page_stays_one_page_with_the_longest_names(paper):
    context = rosters.promotion(
        person=people.LONG_NAME,
        bench="Team leaders of the northern stores who may step up within the year",
        paper=paper,
        answered_for="Front desk and returns desk associate",
        position="Team leader of the northern stores and warehouses",
    )
    document = replace(build_promotion(context), sections=(PromotionSummary.build(context),))
    assert len(PdfReader(io.BytesIO(to_pdf(to_html(document), made_at=context.made_at))).pages) == 1
