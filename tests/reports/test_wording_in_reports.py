"""Reports in another language say what is translated in it, and mark as English what is not."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html import unescape

import coachees
import pytest
import report_people as people
import rosters

from assess.banks.registry import Registry
from assess.scoring.interpret import read_band
from reports.document import to_html
from reports.kinds import build, build_coaching, build_promotion, build_team
from reports.sections.coaching_scales import CoachingScales
from tests.translated import translated, with_translations

NAMES_ALONE = "Los nombres de las conductas y las breves descripciones que los acompañan"
ALL_OF_IT = "Las descripciones de las conductas están por ahora solo en inglés."
PAIR = people.result((2.0, 2.0, 0.0, 0.0, 0.0, 0.0))  # two behaviours that stand out


@cache
def spanish() -> Registry:
    """Return the content with its wording in Spanish by exchanging capitals and small letters."""
    return translated(people.registry())


@cache
def english() -> Registry:
    """Return the content without any translation of its wording."""
    return with_translations(people.registry())


def personal(registry: Registry, language: str = "es", **changes) -> str:
    bank = registry.newest("general")
    context = people.context(PAIR, targets=(), wording=registry.wording, bank=bank, language=language, **changes)
    return to_html(build("individual", context))


def coaching(registry: Registry, language: str = "es", **changes):
    found = {"wording": registry.wording, "bank": registry.newest("general"), "language": language, **changes}
    return coachees.full(**found) if "work" not in found else coachees.context(**found)


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def told_to_the_person() -> list[str]:
    """Return what the personal report says of the person in English."""
    own = english().wording
    bands = {score.scale: read_band(score).band for score in PAIR.scales}
    narratives = [own.person(scale, band) for scale, band in bands.items()]
    return [text for each in narratives for text in (each.text, *each.helps, *each.hinders)]


def in_english(html: str) -> str:
    """Return what bears the mark of English, in elements that hold no other of their kind."""
    return words(
        " ".join(found for _tag, found in re.findall(r'<(\w+)[^>]* lang="en" dir="ltr">(.*?)</\1>', html, re.DOTALL))
    )


def test_personal_report_speaks_the_person_s_language():
    said, marked = words(personal(spanish())), in_english(personal(spanish()))
    texts = told_to_the_person()
    assert len(texts) == 6 * 5
    for text in texts:
        assert text.swapcase() in said
        assert text not in said
        assert text.swapcase() not in marked
    assert NAMES_ALONE not in said
    assert ALL_OF_IT not in said


def test_what_to_try_and_two_behaviours_together_are_in_the_language():
    own, html = english().wording, personal(spanish())
    steps = [own.person(each.scale, read_band(each).band).try_this.swapcase() for each in PAIR.scales]
    assert sum(step in words(html) for step in steps) == 3
    [pair] = own.combination({"trust": "high", "tact": "high"})
    assert pair.for_person.swapcase() in words(html)
    assert pair.for_person.swapcase() not in in_english(html)


def test_personal_report_that_is_not_translated_is_marked_as_english():
    html = personal(english())
    said, marked = words(html), in_english(html)
    assert all(text in marked for text in told_to_the_person())
    assert ALL_OF_IT in said
    assert NAMES_ALONE not in said


def test_one_narrative_that_is_not_whole_stays_english_as_a_whole():
    first = f"narrative.trust.person.{read_band(PAIR['trust']).band}"
    html = personal(translated(people.registry(), leaving=[f"{first}:hinders.1"]))
    own = english().wording.person("trust", read_band(PAIR["trust"]).band)
    assert all(text in in_english(html) for text in (own.text, *own.helps, *own.hinders))
    assert ALL_OF_IT in words(html)


def test_english_reports_are_what_they_were():
    assert personal(spanish(), "en") == personal(english(), "en")
    assert to_html(build_coaching(coaching(spanish(), "en"))) == to_html(build_coaching(coaching(english(), "en")))
    hiring = people.context(PAIR, language="es", wording=spanish().wording)
    said = words(to_html(build("hiring", hiring)))
    assert english().wording.hiring("trust", read_band(PAIR["trust"]).band).text in said  # for staff


def test_coaching_report_speaks_the_language_of_the_talk():
    html = to_html(build_coaching(coaching(spanish(), result=PAIR)))
    said, marked, own = words(html), in_english(html), english().wording
    for score in PAIR.scales:
        narrative = own.coach(score.scale, read_band(score).band)
        for text in (narrative.text, *narrative.helps, *narrative.hinders, *narrative.ask):
            assert text.swapcase() in said
            assert text.swapcase() not in marked
    offered = [offer.action for part in CoachingScales.build(coaching(spanish())).parts for offer in part.offers]
    assert offered
    assert {each.language for each in offered} == {"es"}
    assert NAMES_ALONE not in said


@pytest.mark.parametrize("make", [build_promotion, build_team])
def test_actions_in_reports_for_staff_are_in_the_language_too(make):
    context = rosters.promotion() if make is build_promotion else rosters.team(5)
    titles = [each.title for found in english().wording.coaching.values() for each in found.action]
    told = words(to_html(make(replace(context, wording=spanish().wording, language="es"))))
    assert any(title.swapcase() in told for title in titles)
    assert not any(title in told for title in titles)


def test_technical_note_names_the_translation():
    fingerprint = spanish().wording.in_language("es").translated_by
    said = words(to_html(build_coaching(coaching(spanish()))))
    assert f"{spanish().wording.checksum[:12]}, {fingerprint}" in said
    assert fingerprint not in words(to_html(build_coaching(coaching(spanish(), "en"))))


def planned(**changes):
    """Return work with one action of the library, towards the low pole of tact, in the plan."""
    goal = coachees.goal("Short no", subject="scale", code="tact", towards="low")
    action = coachees.action(changes.pop("title", "Anything"), goal.due_on, **changes)
    return coachees.work(plan=coachees.plan(replace(goal, actions=(action,))))


def first_offer(registry: Registry, language: str, work=None) -> str:
    context = coaching(registry, language, work=work or planned())
    part = next(each for each in CoachingScales.build(context).parts if each.row.code == "tact")
    return part.offers[0].action.title


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_in_the_plan_is_not_offered_again_in_whatever_language(language):
    found = spanish()
    code, action = next(
        (code, each) for code, each in found.wording.actions("tact").items() if each.direction == "less"
    )
    told = found.wording.in_language(language).action(code)
    assert first_offer(found, language) == told.title
    for known in (
        {"title": told.title, "library": code, "language": language},
        {"title": "As somebody has changed it", "library": code},
        {"title": action.title},  # as reports kept it before codes were kept
    ):
        assert first_offer(found, language, planned(**known)) != told.title


def test_action_of_the_plan_says_in_which_language_its_words_are():
    told = spanish().wording.in_language("es").action("tact.1")
    work = planned(title=told.title, what=told.what, library="tact.1", language="es")
    html = to_html(build_coaching(coaching(spanish(), work=work)))
    assert f'<th scope="row">{told.title} <span>{told.what}</span></th>' in unescape(html)
    own = spanish().wording.action("tact.1")
    html = to_html(build_coaching(coaching(english(), work=planned(title=own.title, library="tact.1", language="en"))))
    assert f'<th scope="row"><span lang="en" dir="ltr">{own.title}</span>' in html
    html = to_html(build_coaching(coaching(spanish(), work=planned(title="Jede Woche <eins>"))))
    assert '<th scope="row">Jede Woche &lt;eins&gt; ' in html


def test_question_of_a_comment_says_in_which_language_it_is():
    feedback = coachees.feedback()
    told = replace(feedback, comments=(replace(feedback.comments[0], question="¿Qué ayuda?", language="es"),))
    html = to_html(build_coaching(coaching(spanish(), work=coachees.work(feedback=told))))
    assert "<h4>¿Qué ayuda?</h4>" in html
    html = to_html(build_coaching(coaching(spanish(), work=coachees.work(feedback=feedback))))
    assert f'<h4><span lang="en" dir="ltr">{feedback.comments[0].question}</span></h4>' in html
