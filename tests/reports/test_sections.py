from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
import report_people as people
from markupsafe import escape

from assess.errors import NotScorable
from assess.scoring.flags import flags_of
from assess.scoring.interpret import TargetReading, Verdict, read_band
from assess.scoring.parameters import starting_parameters
from assess.scoring.result import Consistency, Flag, Quality, ScaleScore
from assess.scoring.score import score
from reports.context import ReportContext
from reports.document import to_html
from reports.kinds import KINDS, build
from reports.sections.behaviours import Behaviours
from reports.sections.care import ORDER, UNREAD
from reports.sections.decision import DecisionRecord
from reports.sections.interview import InterviewGuide
from reports.sections.lines import Lines
from reports.sections.next_steps import NextSteps
from reports.sections.row import band_words, percent_words, verdict_sentence
from reports.sections.scales import Scales
from reports.sections.summary import Summary
from reports.sections.technical import TechnicalNote


def flagged(*codes: str) -> ReportContext:
    return people.context(replace(people.result(), flags=tuple(Flag(code, f"{code}.") for code in codes)))


BEST = (0.4, 0.6, 1.0, 0.2, -0.3, 0.9)
WORST = (2.4, -2.4, -2.4, 2.4, 2.4, -2.4)

CONTEXTS = {
    "best": lambda: people.context(people.result(BEST)),
    "worst": lambda: people.context(people.result(WORST)),
    "least complete": lambda: people.context(people.incomplete_result()),
    "longest-named": lambda: people.context(person=people.LONG_NAME, organization=people.LONG_NAME),
    "no position": lambda: people.context(targets=()),
    "with a norm": lambda: people.context(people.normed(people.result())),
    "calibrated": lambda: people.context(replace(people.result(), provisional=False)),
    "all parts": lambda: people.context(further=people.further_parts()),
    "on Letter": lambda: people.context(paper="Letter", time_zone="America/New_York"),
}


@pytest.mark.parametrize("name", CONTEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_all_sections_render(kind, name):
    html = to_html(build(kind, CONTEXTS[name]()))
    assert html.count("<h1") == 1
    assert not re.search(r"%\(\w+\)|%%|\bNone\b|\{\{", html)  # no unfilled place, no forgotten value


def test_result_without_any_score_has_no_report():
    scales = tuple(replace(each, theta=None, sten=None) for each in people.result().scales)
    with pytest.raises(NotScorable, match="too few statements were answered: 90 in all"):
        build("hiring", people.context(replace(people.result(), scales=scales), targets=()))


def test_summary_tells_the_match_as_whole_per_cents():
    context = people.context()
    match = replace(context.match, median=0.7349, low=0.611, high=0.8651, population=(0.66, 0.754, 0.83))
    words = Summary.build(replace(context, match=match)).match
    assert words.median == "73 %"
    assert words.interval == "61 to 87 %"
    assert "median is 75 %" in words.others
    assert "between 66 and 83 %" in words.others
    assert "n = 0" in words.others


def test_summary_says_why_there_is_no_match():
    html = to_html(build("hiring", people.context(people.incomplete_result())))
    assert "There is no match: too few statements were answered on empathy, conformity, focus and flexibility." in html


def test_summary_shows_the_gravest_flags_and_counts_the_others():
    codes = ("unanswered", "impression", "long-run", "low-variability", "fast", "directed")
    summary = Summary.build(flagged(*codes))
    assert summary.flags == ("directed.", "fast.", "long-run.")
    assert summary.n_more_flags == 3


def test_flags_of_scoring_all_have_a_weight():
    quality = Quality(100, 50, 50, 0.0, 50, 50, 0.5, 3, 3, Consistency(-0.5, 0.1, 6, -5.0, 400.0, 0.0))
    impression = ScaleScore("impression", 12, 12, theta=2.0, sten=10)
    assert {flag.code for flag in flags_of(quality, impression)} == set(ORDER)
    assert set(ORDER) >= UNREAD


@pytest.mark.parametrize("code", sorted(UNREAD))
def test_match_is_in_doubt_when_the_answers_may_not_describe_the_person(code):
    assert "so the match may not either" in to_html(build("hiring", flagged(code)))


def test_match_is_not_in_doubt_because_of_gaps_or_of_a_favourable_light():
    assert "so the match may not either" not in to_html(build("hiring", flagged("unanswered", "impression")))


def test_straight_liner_s_full_match_stands_beside_the_doubt():
    bank = people.bank()
    answers = dict.fromkeys(bank.form("standard").items, 3)
    found = score(bank, "standard", starting_parameters(bank), answers, milliseconds={})
    summary = Summary.build(people.context(found))
    assert summary.match.median == "100 %"
    assert summary.match_in_doubt


def test_row_names_score_band_range_and_verdict_in_the_strip_s_title():
    row = Summary.build(people.context()).rows[1]
    score, target = people.result()["tact"], people.targets()[1]
    assert f"Tact: {score.sten} of 10, band " in row.strip
    assert f"The job asks for {target.low} to {target.high}. {escape(row.verdict_sentence)}" in row.strip


def test_score_is_known_and_only_the_true_position_uncertain():
    target = people.targets()[1]
    reading = TargetReading(target, 0.6, "unclear", "above")
    assert verdict_sentence(reading, str) == (
        "It is uncertain whether the true position lies inside this range (chance of being inside 60 %)."
    )
    verdicts = get_args(Verdict)
    assert all("the true position" in verdict_sentence(replace(reading, verdict=v), str).lower() for v in verdicts)
    for theta in (BEST, WORST, (0.0,) * 6):
        html = to_html(build("hiring", people.context(people.result(theta))))
        assert not re.search(r"scores? (probably )?lies? ", html)


def test_band_is_the_stens_that_one_standard_error_touches():
    score = replace(people.result()["tact"], position=6.2, sem=0.8)  # 5.4 to 7.0
    assert band_words(score, str) == "5 to 7"
    assert band_words(replace(score, position=6.0, sem=0.3), str) == "6"  # 5.7 to 6.3


@pytest.mark.parametrize(("share", "words"), [(0.824, "82 %"), (0.999, "> 99 %"), (0.001, "< 1 %")])
def test_chances_are_never_certainties(share, words):
    assert percent_words(share, str) == words


def test_taken_day_is_the_organisation_s_day():
    facts = dict(Summary.build(people.context()).facts)  # 23:05 UTC on the 2nd is the 3rd in Berlin
    assert facts["Taken"] == "3 April 2026"
    assert dict(Summary.build(people.context(time_zone="America/New_York")).facts)["Taken"] == "2 April 2026"


def test_scale_part_carries_the_narrative_of_the_band_and_of_its_neighbour():
    context = people.context()
    for part in Scales.build(context).parts:
        reading = read_band(context.result[part.row.code])
        assert part.narrative == context.wording.hiring(part.row.code, reading.band)
        assert (part.neighbour.band if part.neighbour else None) == reading.neighbour


def test_scale_without_a_score_says_how_much_was_answered():
    part = Scales.build(people.context(people.incomplete_result())).parts[2]
    assert part.narrative is None
    assert part.row.missing == "No score: 0 of 15 statements answered"


def test_interview_asks_three_questions_where_the_score_may_lie_outside_and_one_for_each_of_two_strengths():
    context = people.context(people.result(WORST))
    guide = InterviewGuide.build(context)
    assert [topic.heading for topic in guide.topics][:2] == ["Trust: the high side", "Tact: the low side"]
    assert {len(topic.questions) for topic in guide.topics} == {3}
    assert guide.topics[1].questions == context.wording.questions("tact", "below")[:3]
    assert guide.strengths == ()

    guide = InterviewGuide.build(people.context(people.result(BEST)))
    assert [len(topic.questions) for topic in guide.strengths] == [1, 1]


def test_interview_asks_three_questions_about_a_behaviour_without_a_score():
    context = people.context(people.incomplete_result())
    topic = next(topic for topic in InterviewGuide.build(context).topics if topic.name == "Flexibility")
    assert len(topic.questions) == 3
    assert topic.why.startswith("No score: 0 of 15 statements answered.")


def test_strengths_are_the_scales_most_surely_inside():
    context = people.context(people.result(BEST))
    inside = {reading.target.scale: reading.inside for reading in context.match.readings}
    surest = sorted(inside, key=inside.get, reverse=True)[:2]
    names = {context.bank.scale(code).name for code in surest}
    assert {topic.name for topic in InterviewGuide.build(context).strengths} == names


def test_interview_without_a_position_asks_about_every_behaviour():
    guide = InterviewGuide.build(people.context(targets=()))
    assert [len(topic.questions) for topic in guide.topics] == [1] * 6


def test_decision_is_left_to_a_person():
    context = people.context()
    assert DecisionRecord.build(context).reference == context.reference
    assert "A person decides, not the report." in to_html(build("hiring", context))


def test_technical_note_gives_bands_sem_and_reliability():
    result = people.result()
    tact = replace(result["tact"], sten=7, position=7.0, sem=0.8)
    scales = tuple(tact if each.scale == "tact" else each for each in result.scales)
    line = TechnicalNote.build(people.context(replace(result, scales=scales))).scales[1]
    assert (line.band_68, line.band_95) == ("6.2–7.8", "5.4–8.6")  # 7 -/+ .8 and 1.96 x .8
    assert line.sem == "0.80"
    assert line.reliability == "0.84"  # SE = .8 / 2 = .4; 1 - .16


def test_technical_note_names_what_is_missing():
    note = TechnicalNote.build(people.context())
    assert note.footing.norm == "Position on the model's scale; no norm yet, n = 0"
    assert note.base_rate == "no data yet, n needed: 300"


def test_technical_note_describes_the_parameters_that_scored_whatever_the_bank_says_by_now():
    context = people.context()
    parameters = replace(context.parameters, version="pinned-1", source="Pinned.", se_factor=1.5, se_factor_source="S.")
    note = TechnicalNote.build(replace(context, parameters=parameters))
    assert (note.footing.parameters_version, note.footing.parameters_source) == ("pinned-1", "Pinned.")
    assert (note.footing.se_factor, note.footing.se_factor_source) == ("1.50", "S.")


@pytest.mark.parametrize("kind", KINDS)
def test_calibrated_result_without_a_norm_is_not_told_of_starting_values(kind):
    html = to_html(build(kind, people.context(replace(people.result(), provisional=False))))
    assert "Provisional." in html  # as there is nobody to compare with
    assert "n = 0" in html
    for words in ("starting values", "values to start with", "judgement:", "not been confirmed", "is multiplied by"):
        assert words not in html, words


def test_lines_are_told_as_they_were_given():
    lines = Lines.of(people.result())
    items = people.bank().form("standard").items
    assert lines.given == len(items) == lines.scored + lines.repeated + lines.impression + lines.directed
    assert lines.repeated == sum(pair.second in items for pair in people.bank().pairs)
    text = " ".join(to_html(build("individual", people.context(people.incomplete_result()))).split())
    assert "had 111 lines. 108 of them were statements, and you answered 30; 30 of your answers count" in text


@pytest.mark.parametrize("kind", KINDS)
def test_both_programs_and_the_bank_are_named(kind):
    html = to_html(build(kind, people.context()))
    for words in ("Rapport 0.1.0", "Rapport 0.2.0", "General 1.0", "Standard form"):
        assert words in html, words


def test_norm_is_named_with_its_n_its_date_and_percentiles():
    html = to_html(build("hiring", people.context(people.normed(people.result()))))
    assert "Norm group “Made-up norm”, n = 412, collected 3 May 2026" in html
    assert "percentile 61" in html
    assert "no norm yet" not in html


def test_without_a_norm_there_is_no_percentile():
    assert {row.percentile for row in Summary.build(people.context()).rows} == {""}


def test_person_gets_an_action_for_each_of_the_three_scales_farthest_from_the_middle():
    context = people.context()
    scores = sorted(context.result.scales, key=lambda score: -abs(score.position - 5.5))[:3]
    actions = NextSteps.build(context).actions
    assert [action.scale for action in actions] == [context.bank.scale(score.scale) for score in scores]
    first = context.wording.person(scores[0].scale, read_band(scores[0]).band)
    assert actions[0].try_this == first.try_this


def test_person_reads_plain_words_about_the_comparison():
    opening = to_html(build("individual", people.context())).partition("Your six behaviours")[0]
    assert "not yet compared with other people" in opening
    assert "model" not in opening


def test_person_sees_no_range():
    assert {part.row.target for part in Behaviours.build(people.context()).parts} == {""}
    assert "strip-range" not in to_html(build("individual", people.context()))


def test_calibrated_and_normed_reports_are_not_called_provisional():
    settled = people.normed(replace(people.result(), provisional=False))
    for kind in KINDS:
        assert "Provisional" not in to_html(build(kind, people.context(settled)))
    assert "give it no weight of its own" in to_html(build("hiring", people.context(settled)))  # no validity shown


def test_names_are_escaped():
    html = to_html(build("hiring", people.context(person='<img src="file:///etc/passwd">', organization='"><script>')))
    assert "<img" not in html
    assert "<script" not in html


def test_person_who_took_further_parts_is_not_told_that_skill_goes_unmeasured():
    plain, more = (
        to_html(build("individual", people.context(further=found))) for found in (None, people.further_parts())
    )
    assert "You took further parts as well." in more
    assert "You took further parts as well." not in plain
    assert all("the six do not measure them" in html and "nothing here measures" not in html for html in (plain, more))


def test_person_is_promised_as_many_actions_as_there_are():
    few = NextSteps.build(people.context(people.incomplete_result()))
    assert len(few.actions) == 2
    assert few.intro.startswith("Two small things")
    assert NextSteps.build(people.context()).intro.startswith("Three small things")


def test_percentile_is_explained_where_it_stands():
    told = "how many of 100 people in the norm group stand lower"
    assert told in to_html(build("individual", people.context(people.normed(people.result()))))
    assert told not in to_html(build("individual", people.context()))


@pytest.mark.parametrize(("name", "match", "ranges"), [("best", 1, 1), ("least complete", 0, 1), ("no position", 0, 0)])
def test_summary_explains_only_what_it_shows(name, match, ranges):
    html = to_html(build("hiring", CONTEXTS[name]()))
    assert html.count("The match tells how close") == match
    assert html.count("There is no match. Read each strip") == 1 - match
    assert html.count("The framed range is what the job asks for") == ranges


def test_per_cent_sign_stays_with_its_number():
    html = to_html(build("hiring", people.context(further=people.further_parts())))
    assert "90\u00a0% interval" in html
    assert not re.search(r"\d[ \n]%", html)


def test_one_strength_alone_leaves_more_room_for_notes():
    two = InterviewGuide.build(CONTEXTS["best"]())
    assert len(two.strengths) == 2
    assert two.free_lines < replace(two, strengths=two.strengths[:1]).free_lines
