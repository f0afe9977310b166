"""The coaching report: a person at a glance, what to do in which direction, gaps, plan, change and questions."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import coachees
import pytest
import report_people as people
import rosters
from pypdf import PdfReader

from assess.errors import NotScorable
from reports.coaching_numbers import coaching_numbers
from reports.document import to_html
from reports.kinds import build_coaching
from reports.language import translator
from reports.pdf import to_pdf
from reports.sections.coaching_feedback import FeedbackGaps
from reports.sections.coaching_glance import CoachingGlance
from reports.sections.coaching_perspective import PerspectiveGaps, theme_talk
from reports.sections.coaching_plan import CoachingPlan
from reports.sections.coaching_scales import CoachingScales
from reports.sections.coaching_starters import Starters
from reports.sections.since import Since

BARE, FULL = coachees.context(), coachees.full()
NASTY = '<script>alert("1")</script> {{ 7 * 7 }} \u202egnp.exe & <b>'


def words(document) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", to_html(document))).split())


def placed(sem=0.5, **positions):
    """Return somebody with some scales at given places and all others at 5.5, with an error of `sem` stens."""
    found = people.result()
    scales = tuple(
        replace(score, position=positions.get(score.scale, 5.5), sten=round(positions.get(score.scale, 5.5)), sem=sem)
        for score in found.scales
    )
    return replace(found, scales=scales)


def part(name, context):
    return next(each for each in CoachingScales.build(context).parts if each.row.code == name)


def with_goals(*goals, **changes):
    return coachees.context(work=coachees.work(plan=coachees.plan(*goals)), **changes)


@pytest.mark.parametrize("context", [BARE, FULL, coachees.context(people.incomplete_result())])
def test_it_judges_nobody(context):
    """No match, no pattern, no percentage of alignment, in words, figures and drawings."""
    text = words(build_coaching(context))
    for said in ("target role", "The job asks", "interval of the match", "Alignment", "ranking"):
        assert said not in text
    assert not re.search(r"\bMatch\b(?! with a position)", text.replace("No match", ""))
    assert "range" not in " ".join(re.findall('class="([^"]*)"', to_html(build_coaching(context))))
    assert not {"match", "further", "target"} & set(coaching_numbers(context))


def test_it_says_what_stands_out_and_what_lies_in_the_middle():
    # bands of half a sten: 8 from 7.5 to 8.5, 2.8 to 3.3, 5.9 from 5.4 and so over the middle of 5.5
    said = list(map(str, CoachingGlance.build(coachees.context(placed(tact=8.0, focus=2.8, trust=5.9))).said))
    assert said[0] == (
        "Most marked: Focus, towards “shifts readily between tasks”; Tact, towards “diplomatic, gentle with bad news”."
    )
    assert said[1].startswith("Around the middle, with a band to both sides of it, where the situation may decide ")
    assert len(said) == 2


def test_nothing_is_said_of_what_is_unknown():
    context = coachees.context(people.incomplete_result())
    said = " ".join(map(str, CoachingGlance.build(context).said))
    assert "Too little was answered to say anything of Empathy, Conformity, Focus and Flexibility." in said
    empathy = part("empathy", context)
    assert (empathy.narrative, empathy.offers, empathy.why) == (None, (), "")
    with pytest.raises(NotScorable):
        build_coaching(coachees.context(replace(people.result(), scales=people.incomplete_result().scales[2:])))


def test_actions_lead_away_from_the_side_with_the_risks_or_both_ways_in_the_middle():
    context = coachees.context(placed(tact=8.0, focus=3.0))
    assert [each.action.direction for each in part("tact", context).offers] == ["less", "less"]
    assert "those of much “diplomatic, gentle with bad news”" in part("tact", context).why
    assert [each.action.direction for each in part("focus", context).offers] == ["more", "more"]
    assert [each.action.direction for each in part("trust", context).offers] == ["less", "more"]
    assert [str(each.heading) for each in part("trust", context).offers] == [
        "Towards “verifies, questions claims”",
        "Towards “gives the benefit of the doubt”",
    ]


def test_the_direction_of_an_open_goal_comes_first():
    goal = coachees.goal("More of it", subject="scale", code="tact", towards="high")
    found = part("tact", with_goals(goal, result=placed(tact=8.0)))
    assert [each.action.direction for each in found.offers] == ["more", "more"]
    assert "The plan has a goal on this: “More of it”" in found.why
    done = replace(goal, state="reached", state_on=date(2026, 3, 1))
    assert [each.action.direction for each in part("tact", with_goals(done, result=placed(tact=8.0))).offers] == [
        "less",
        "less",
    ]


def test_what_is_in_the_plan_is_not_offered_again():
    first = part("tact", BARE).offers[0].action
    planned = coachees.goal("Mine", actions=(coachees.action(first.title, date(2026, 5, 1)),))
    assert first.title not in [each.action.title for each in part("tact", with_goals(planned)).offers]


def test_every_theme_of_every_bank_has_a_question():
    banks = people.registry().editions
    assert {theme.code for bank in banks for theme in bank.themes} == set(theme_talk(translator("en")))


def test_differences_stand_by_theme_with_both_answers_the_largest_first():
    section = PerspectiveGaps.build(FULL)
    differences = FULL.view.alignment.differences
    assert sum(len(theme.statements) for theme in section.themes) == len(differences)
    policy = next(each for each in FULL.bank.perspective if each.code == differences[0].code)
    first = section.themes[0].statements[0]
    assert first.stem == policy.stem
    assert first.own != first.company
    assert "%" not in words(replace(build_coaching(FULL), sections=(section,)))


@pytest.mark.parametrize(
    ("view", "why"),
    [
        (None, "were not asked this time"),
        (coachees.view(value=None, differences=()), "statements were answered"),
        (coachees.view(differences=()), "On none of the statements"),
    ],
)
def test_without_differences_it_is_said_why(view, why):
    section = PerspectiveGaps.build(replace(BARE, view=view))
    assert why in section.missing
    assert section.themes == ()


def test_view_from_an_earlier_assessment_is_said_to_be_of_its_day():
    said = "The person answered this on 14 November 2025; the newest assessment did not ask for it."
    before = coachees.full(view=coachees.view(140))
    assert PerspectiveGaps.build(before).themes == PerspectiveGaps.build(FULL).themes
    assert words(build_coaching(before)).count(said) == 2  # beside the themes and in the question on one of them
    assert "did not ask for it" not in words(build_coaching(FULL))
    assert PerspectiveGaps.build(replace(BARE, view=coachees.view(140, differences=()))).missing.endswith(said)


def test_gaps_to_others_are_named_only_where_they_are_more_than_error():
    scales = {scale.name: scale for scale in FeedbackGaps.build(FULL).scales}
    # own 4.7; all nine raters 3.0 with the band 2.5 to 3.5: by 1.7, from 1.2 to 2.2
    assert scales["Tact"].gap.startswith("sees themself more “diplomatic, gentle with bad news” than others do")
    assert scales["Tact"].gap.endswith("by 1.7 (1.2 to 2.2)")
    assert scales["Trust"].gap == "no clear difference"
    assert scales["Empathy"].gap == "fewer than 3 raters have seen it"
    assert scales["Conformity"].gap == "the person has not said"
    assert [(line.who, line.n, line.place) for line in scales["Tact"].lines] == [
        ("own view", None, "4.7"),
        ("colleagues", 4, "2.8"),
        ("other raters together", 5, "3.1"),
    ]


def test_without_three_raters_nothing_is_shown():
    none = tuple(replace(view, sources=(), pooled=None, others=None) for view in coachees.feedback().scales)
    empty = coachees.feedback(scales=none, comments=(), at_least=0)
    section = FeedbackGaps.build(coachees.context(work=coachees.work(feedback=empty)))
    assert "fewer than 3 people" in section.missing
    assert (section.scales, section.comments) == ((), ())
    assert "no closed round" in FeedbackGaps.build(BARE).missing


def test_plan_says_how_everything_stands():
    section = CoachingPlan.build(FULL)
    assert [goal.state for goal in section.goals] == [
        "reached on 20 March 2026",
        "open, overdue",
        "open",
        "given up on 2 March 2026",
    ]
    assert section.progress == "Goals reached: 1 of 4. Actions done: 1 of 4."
    assert [action.done for action in section.goals[0].actions] == ["done on 27 February 2026", "not done"]
    assert [action.done for action in section.goals[1].actions] == ["not done, overdue", "not done yet"]
    assert [str(goal.about) for goal in section.goals] == [
        "Tact, towards “direct, quick to the point”",
        "Focus, towards “finishes one thing at a time”",
        "View of good service: Recovery",
        "",
    ]
    assert [talk.state for talk in section.talks] == ["held", "past; not noted whether it was held", "planned"]
    assert section.talks[0].notes == ("We chose two goals.", "Next: a list.")
    assert "No plan is open" in words(build_coaching(BARE))


def test_change_is_reliable_or_plainly_not():
    verdicts = {line.name: line.verdict for line in Since.build(FULL).lines}
    assert verdicts.pop("Tact") == "reliable rise"
    assert set(verdicts.values()) == {"no reliable change"}
    assert "another version of the questionnaire" in Since.build(FULL).obstacles[0]
    assert "target role" not in words(build_coaching(FULL))


def test_there_are_six_open_questions_at_least_each_with_what_to_listen_for():
    for context in (BARE, FULL, coachees.context(people.incomplete_result())):
        starters = Starters.build(context).starters
        assert len(starters) >= 6
        assert len({each.question for each in starters}) == len(starters)
        for each in starters:
            assert each.fact
            assert each.listen
            assert "?" in each.question
            assert not re.match("(Do|Does|Did|Are|Have|Has|Can|Will) ", each.question)  # nothing to nod at


def test_questions_begin_from_the_facts():
    facts = " ".join(str(each.fact) for each in Starters.build(FULL).starters)
    for fact in (
        "Tact has moved reliably towards “diplomatic, gentle with bad news” since 15 September 2025.",
        "The goal “Short no, kind no” is reached.",
        "The goal “Finish one case before the next” was due on 15 March 2026.",
        "On Tact others see more “direct, quick to the point” than the person does, by 1.7",
        "The next check-in is on 20 April 2026.",
        "The last check-in that was held was on 12 February 2026.",
    ):
        assert fact in facts
    unchanged = coachees.context(earlier=(rosters.earlier((0.6, 1.2, -0.4, 0.1, -1.3, 0.5), 90),))
    assert any("No reliable change on any" in str(each.fact) for each in Starters.build(unchanged).starters)


def test_what_people_have_typed_is_text_and_nothing_else():
    action = coachees.action(NASTY, date(2026, 3, 1), date(2026, 3, 1), what=NASTY, how_often=NASTY, remark=NASTY)
    goal = coachees.goal(
        NASTY, subject="scale", code="tact", towards="low", sign=NASTY, evidence=NASTY, actions=(action,),
        due_on=date(2026, 1, 1),
    )  # fmt: skip
    held = coachees.talk(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), is_held=True, notes=NASTY)
    comments = tuple(replace(each, words=NASTY) for each in coachees.feedback().comments)
    work = coachees.work(
        coach=NASTY, plan=replace(coachees.plan(goal), title=NASTY), talks=(replace(held, place=NASTY),),
        feedback=coachees.feedback(comments=comments),
    )  # fmt: skip
    for language in ("en", "ar"):
        html = to_html(build_coaching(coachees.context(work=work, person=NASTY, language=language)))
        assert "<script" not in html
        assert "\u202e" not in html
        assert "&lt;script&gt;" in html
        assert "{{ 7 * 7 }}" in html


def test_long_notes_are_printed_whole():
    notes = "\n".join(f"Line {n} of what we agreed on in this talk." for n in range(120))
    talks = (coachees.talk(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), is_held=True, notes=notes),)
    assert "Line 119 of what" in words(build_coaching(coachees.context(work=coachees.work(talks=talks))))


def test_same_inputs_make_the_same_bytes_and_numbers_hold_no_words_of_anybody():
    first, second = (to_pdf(to_html(build_coaching(coachees.full())), made_at=FULL.made_at) for _ in range(2))
    assert first == second
    numbers = coaching_numbers(FULL)
    assert numbers["plan"] == {
        "begins_on": "2026-02-01", "ends_on": "2026-07-31", "actions": 4, "actions_done": 1,
        "goals": {"reached": 1, "open": 2, "dropped": 1},
    }  # fmt: skip
    assert numbers["check_ins"] == {"held": 4, "ahead": 1}
    assert numbers["feedback"]["scales"][1]["gap"] == {"value": 1.7, "low": 1.2, "high": 2.2}
    assert "sigh" not in str(numbers)
    assert "chose two goals" not in str(numbers)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_first_page_and_pairs_of_behaviours_keep_to_their_pages(language, paper):
    context = coachees.full(language=language, paper=paper, person=people.LONG_NAME)
    for section, n in ((CoachingGlance, 1), (CoachingScales, 3)):
        document = replace(build_coaching(context), sections=(section.build(context),))
        made = PdfReader(io.BytesIO(to_pdf(to_html(document), made_at=context.made_at)))
        assert len(made.pages) == n, section


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_first_page_has_room_for_five_who_stand_out_and_one_who_does_not(language, paper):
    marked = placed(trust=7.2, tact=8.1, conformity=3.2, focus=2.9, flexibility=7.6)
    context = coachees.context(marked, language=language, paper=paper)
    section = CoachingGlance.build(context)
    assert len(section.said) == 3
    document = replace(build_coaching(context), sections=(section,))
    assert len(PdfReader(io.BytesIO(to_pdf(to_html(document), made_at=context.made_at))).pages) == 1


def test_words_of_people_keep_their_direction_among_arabic():
    did = coachees.action("Sum up first.", date(2026, 5, 1), date(2026, 4, 1), remark="Works before noon.")
    goal = coachees.goal("Calm days", evidence="Fewer calls.", own_evidence="I slept well.", actions=(did,))
    talk = coachees.talk(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), is_held=True, notes="We agreed.")
    work = coachees.work(plan=coachees.plan(goal), talks=(talk,))
    html = to_html(build_coaching(coachees.context(work=work, language="ar")))
    for said in ("Sum up first.", "Works before noon.", "Fewer calls.", "I slept well.", "We agreed."):
        assert f'<span dir="ltr">{said}</span>' in html, said  # over several lines, isolating letters would not hold
