"""Reports in another language call behaviours, poles and themes by their names there, or mark them as English."""

from __future__ import annotations

from dataclasses import replace

import coachees
import company_views
import comparisons
import pytest
import report_people as people
import rosters
from test_wording_in_reports import ALL_OF_IT, NAMES_ALONE, PAIR, coaching, english, in_english, personal, words

from assess.services.report_contexts import inputs_hash
from reports.document import to_html
from reports.kinds import build, build_coaching, build_company, build_comparison, build_promotion, build_team
from reports.numbers import comparison_numbers, numbers
from reports.sections.coaching_perspective import PerspectiveGaps
from reports.sections.row import strip_title
from reports.sections.scales import Scales
from reports.sections.since import Since
from tests.translated import translated

OTHERS = ("es", "ar")
NAMES = {
    "es": ("Confianza", "Tacto", "Empatía", "Apego a las normas", "Concentración", "Flexibilidad"),
    "ar": ("الثقة", "اللباقة", "التعاطف", "الالتزام بالقواعد", "التركيز", "المرونة"),
}
QUESTIONS = {
    "es": "Las descripciones de las conductas y las preguntas están por ahora solo en inglés.",
    "ar": "أوصاف السلوكيات والأسئلة متاحة بالإنجليزية فقط حتى الآن.",
}


def every(language):
    """Give the reports of every kind in which behaviours are named, on the content as it is."""
    context = people.context(PAIR, language=language, further=people.further_parts())
    yield to_html(build("hiring", context))
    yield to_html(build("individual", context))
    yield to_html(build_coaching(coachees.full(language=language)))
    yield to_html(build_comparison(replace(comparisons.crowd(4), language=language)))
    yield to_html(build_promotion(rosters.promotion(language=language)))
    yield to_html(build_team(replace(rosters.team(7), language=language)))


@pytest.mark.parametrize("language", OTHERS)
def test_behaviours_are_called_by_their_names_in_the_language(language):
    own = people.bank().scales
    for html in every(language):
        said = words(html)
        assert all(name in said for name in NAMES[language])
        for scale in own:
            assert f">{scale.name}<" not in html
            assert scale.measures not in html
            assert scale.low not in html
            assert scale.high not in html


@pytest.mark.parametrize("language", OTHERS)
def test_names_bear_no_mark_of_another_language(language):
    for html in every(language):
        marked = in_english(html)
        assert not any(name in marked for name in NAMES[language])


@pytest.mark.parametrize("language", OTHERS)
def test_themes_are_called_by_their_names_in_the_language(language):
    bank = people.bank()
    html = to_html(build_company(replace(company_views.context(), language=language)))
    html += to_html(build("individual", people.context(language=language, further=people.further_parts())))
    html += to_html(build_coaching(coachees.full(language=language)))
    for own, told in zip(bank.themes, bank.named_in(language).themes, strict=True):
        assert told.language == language
        assert told.name in words(html)
        assert f">{own.name}<" not in html
        assert own.measures not in html
    found = PerspectiveGaps.build(coachees.full(language=language))
    assert {theme.language for theme in found.themes} == {language}


@pytest.mark.parametrize("language", OTHERS)
def test_facets_are_named_where_nothing_is_known_of_a_behaviour(language):
    context = people.context(people.incomplete_result(), language=language)
    html = to_html(replace(build("hiring", context), sections=(Scales.build(context),)))
    own, told = (bank.scale("focus").facet for bank in (people.bank(), people.bank().named_in(language)))
    for before, after in zip(own, told, strict=True):
        assert f'<th scope="row">{after.name}</th><td>{after.measures}</td>' in html
        assert before.measures not in html


def test_text_alternatives_of_drawings_name_them_too():
    context = coachees.full(language="es")
    scale = context.bank.scale("tact")
    assert strip_title(scale, context.result["tact"], None, language="es").startswith("Tacto: ")
    html = to_html(build_coaching(context))
    assert "<title>Tacto. 1 es «va al grano, de forma directa», 5 es «con diplomacia, suave" in html
    assert "Tacto" in str(Since.build(context))


@pytest.mark.parametrize("language", OTHERS)
def test_report_says_what_is_in_english_still_and_no_more(language):
    hiring = words(to_html(build("hiring", people.context(language=language))))
    assert QUESTIONS[language] in hiring  # narratives for staff
    team = words(to_html(build_team(replace(rosters.team(7), language=language))))
    assert QUESTIONS[language] not in team
    spoken = personal(people.registry())
    assert NAMES_ALONE not in words(spoken)
    assert ALL_OF_IT not in words(spoken)


def test_names_that_are_not_whole_are_english_and_marked_all_of_them():
    html = personal(translated(people.registry(), leaving=["theme.commerce:measures"]))
    said, marked = words(html), in_english(html)
    for scale in people.bank().scales:
        assert all(text in marked for text in (scale.name, scale.measures, scale.low, scale.high))
        assert scale.measures.swapcase() not in said
    assert NAMES_ALONE in said
    assert ALL_OF_IT not in said
    html = to_html(build_coaching(coaching(english())))
    assert "Los nombres y descripciones de las conductas, y las preguntas, están" in words(html)
    assert people.bank().scale("tact").high in in_english(html)


def test_english_reports_say_english_names_whatever_there_is():
    context = people.context(PAIR, further=people.further_parts())
    for kind in ("hiring", "individual"):
        plain = replace(context, bank=english().newest("general"))
        assert to_html(build(kind, context)) == to_html(build(kind, plain))
    told = replace(context, language="ar")
    assert told.bank.scale("trust").name == "الثقة"
    assert replace(told, language="en").bank.scale("trust").name == "Trust"


def test_numbers_know_codes_alone():
    context = people.context(PAIR)
    found = [numbers("hiring", replace(context, language=language))["scales"] for language in ("en", *OTHERS)]
    assert found[0] == found[1] == found[2]
    crowd = comparisons.crowd(3)
    told = [comparison_numbers(replace(crowd, language=language))["people"] for language in ("en", "es")]
    assert told[0] == told[1]


def test_what_a_report_was_made_from_includes_the_names():
    registry, context = english(), people.context(PAIR)
    renamed = translated(people.registry()).newest("general")
    for language in ("en", "es"):
        told = [
            inputs_hash(replace(context, bank=bank, wording=registry.wording, language=language), "hiring", registry)
            for bank in (registry.newest("general"), renamed)
        ]
        assert (told[0] == told[1]) == (language == "en")


def test_technical_note_names_the_names():
    bank = people.bank().named_in("es")
    said = words(to_html(build("hiring", people.context(language="es"))))
    assert f"{bank.checksum[:12]}, {bank.named_by}" in said
    assert bank.named_by not in words(to_html(build("hiring", people.context())))
