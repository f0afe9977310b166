"""Reports in Spanish and Arabic: their own words are translated, and what banks say is marked as English."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain
from xml.etree import ElementTree as ET

import coachees
import pytest
import report_people as people
import rosters
from pypdf import PdfReader
from tagged import Tagged

from assess.scoring.flags import flags_of, sign_of
from assess.scoring.result import Consistency, Flag, Quality, ScaleScore
from reports.coaching import CoachingContext
from reports.dates import day_words, local_time
from reports.document import to_html
from reports.kinds import COACHING, KINDS, PROMOTION, TEAM, build, build_coaching, build_promotion, build_team
from reports.language import apart, number, quoted, translator
from reports.pdf import to_pdf
from reports.rosters import PromotionContext, TeamContext
from reports.sections.care import care_words
from reports.sections.further import FurtherParts
from reports.sections.summary import Summary
from reports.sheets import mirrored
from reports.shortcut import well_formed
from tests.catalogues import REPORTS_KEPT, strings

OTHERS = ("es", "ar")
EVERY = (*KINDS, PROMOTION, COACHING, TEAM)
NAMES = {"es": "Ελένη Пётр Núñez", "ar": "محمد الفارسي"}
SVG_TITLE, SVG_TEXT = "{http://www.w3.org/2000/svg}title", "{http://www.w3.org/2000/svg}text"
SCALES = {scale.name for scale in people.bank().scales}  # their names stand in drawings, where no language is said
WORD = re.compile(r"[^\W\d_]{2,}")
LATIN = re.compile(r"[A-Za-z]{2,}")
CODES = re.compile(r"\b(?=\w*\d)\w+\b")  # references and checksums, letters of which may look like a word
# Names, signs and codes, which are the same in every language, as they are in the reports of Cora
SAME = {
    "Acme",
    "Stores",
    "Retail",
    "associate",
    "Rapport",
    "CET",
    "CEST",
    "SEM",
    "SE",
    "SD",
    "people",
    "acme",
    "example",
}
SAME |= {"general", "start", "standard", "CET"}
CARELESS = Quality(108, 84, 84, 0.0, 84, 84, 0.4, 3, 3, Consistency(-0.5, 0.1, 6, -5.0, 400.0, 0.0))
FAVOURABLE = ScaleScore("impression", 12, 12, theta=2.0, sten=10, position=10.0, sem=0.9)
LONG_FIRM = "Acme Stores and Warehouses of the Northern Region Ltd"


def careless(**changes):
    """Return the context of somebody with every reason for care."""
    flags = flags_of(CARELESS, FAVOURABLE)
    found = replace(people.result(), quality=CARELESS, impression=FAVOURABLE, flags=flags)
    return people.context(found, **changes)


@cache
def html(kind: str, language: str) -> str:
    """Return the report of somebody with every section and every reason for care."""
    if kind == PROMOTION:
        return to_html(build_promotion(on_a_bench(language)))
    if kind == COACHING:
        return to_html(build_coaching(of_a_coachee(language)))
    if kind == TEAM:
        return to_html(build_team(in_a_team(language)))
    context = careless(person=NAMES[language], language=language, further=people.further_parts())
    return to_html(build(kind, context))


def on_a_bench(language: str) -> PromotionContext:
    """Return what a promotion report says, every title in letters of the language."""
    name, present = NAMES[language], rosters.role("retail-associate", NAMES[language])
    before = (rosters.earlier(rosters.BEFORE, 200), rosters.earlier(rosters.BEFORE, 400, bank_version="0.9"))
    titles = {"person": name, "bench": name, "position": name, "answered_for": name, "language": language}
    return rosters.promotion(careless().result, n_others=2, present=present, earlier=before, **titles)


def of_a_coachee(language: str) -> CoachingContext:
    """Return what a full coaching report says, all that people type in letters of the language."""
    found, name = coachees.full(result=careless().result, person=NAMES[language], language=language), NAMES[language]
    plan, typed = found.work.plan, {"title": name, "sign": name, "evidence": name}
    actions = {"title": name, "what": name, "how_often": name, "sign": name, "remark": name}
    goals = tuple(
        replace(goal, **typed, actions=tuple(replace(action, **actions) for action in goal.actions))
        for goal in plan.goals
    )
    talks = tuple(replace(talk, place=name, notes=name) for talk in found.work.talks)
    comments = tuple(replace(each, words=name) for each in found.work.feedback.comments)
    work = replace(
        found.work,
        coach=name,
        plan=replace(plan, title=name, goals=goals),
        talks=talks,
        feedback=replace(found.work.feedback, comments=comments),
    )
    return replace(found, work=work)


def in_a_team(language: str) -> TeamContext:
    """Return what a team's report says, every title in letters of the language; one member has no role."""
    found, role = rosters.team(7), rosters.role("retail-associate", NAMES[language])
    members = tuple(replace(member, name=NAMES[language], role=role) for member in found.members)
    alone = replace(members[0], role=None, result=careless().result)
    return replace(found, members=(alone, *members[1:]), team=NAMES[language], language=language)


@cache
def pdf(language: str) -> bytes:
    return to_pdf(html("hiring", language), made_at=people.context().made_at)


def own_words(element: ET.Element) -> Iterator[str]:
    """Give a page's own texts: in no drawing's text alternative, not marked as English, no scale's name."""
    if element.tag != SVG_TITLE and not (element.tag == SVG_TEXT and element.text in SCALES):
        yield element.text or ""
        for child in element:
            if child.get("lang") != "en":
                yield from own_words(child)
            yield child.tail or ""


def shown(kind: str, language: str) -> str:
    page = well_formed(html(kind, language))
    assert page is not None
    return " ".join(own_words(page.find("body")))


@cache
def english(language: str) -> frozenset[str]:
    """Return the words that only the English texts of reports have."""
    own = REPORTS_KEPT.catalogue(language)
    said = [(message.id, *strings(message)) for message in own if message.id]
    originals = chain.from_iterable(WORD.findall(str(text)) for text, *_ in said)
    told = (each.text for found in people.registry().translations if found.language == language for each in found.text)
    texts = chain(told, chain.from_iterable(texts for _, *texts in said))
    translated = chain.from_iterable(map(WORD.findall, texts))
    return frozenset(map(str.lower, originals)) - frozenset(map(str.lower, translated)) - set(map(str.lower, SAME))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", EVERY)
def test_no_word_of_the_report_itself_is_left_in_english(kind, language):
    own = WORD.findall(CODES.sub("", shown(kind, language)))
    assert {word for word in own if word.lower() in english(language)} == set()


@pytest.mark.parametrize("kind", EVERY)
def test_all_that_banks_say_is_marked_as_english(kind):
    """In Arabic every Latin letter tells."""
    assert set(LATIN.findall(CODES.sub("", shown(kind, "ar")))) <= SAME
    assert 'lang="en" dir="ltr"' in html(kind, "ar")
    assert 'lang="en"' not in html(kind, "es").replace('lang="en" dir="ltr"', "")


@pytest.mark.parametrize(("language", "direction"), [("es", "ltr"), ("ar", "rtl")])
def test_paper_says_its_language_and_that_of_quotations(language, direction):
    assert f'<html lang="{language}" dir="{direction}">' in html("hiring", language)
    tagged = Tagged(pdf(language))
    assert str(tagged.pdf.Root.Lang) == language
    quotations = [each for each in tagged.elements if str(each.raw.get("/Lang", "")) == "en"]
    assert any("Trust" in each.text for each in quotations)
    assert not any(NAMES[language] in each.text for each in quotations)


@pytest.mark.parametrize("language", OTHERS)
def test_names_are_read_back_as_they_were_written(language):
    reader = PdfReader(io.BytesIO(pdf(language)))
    first = re.sub("[\u2066-\u2069]", "", reader.pages[0].extract_text())
    assert NAMES[language] in first
    assert NAMES[language] in reader.metadata.title
    found = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert any("Arabic" in name for name in found) == (language == "ar")
    assert all(re.fullmatch(r"/[A-Z]{6}\+(Fira-Sans|Noto-Sans-Arabic)(-Semi-Bold)?", name) for name in found)


def test_reports_without_arabic_letters_hold_no_arabic_font():
    assert b"Noto-Sans-Arabic" not in pdf("es")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("language", OTHERS)
def test_summary_and_further_parts_keep_to_their_pages(language, paper):
    context = careless(
        person=people.LONG_NAME, organization=LONG_FIRM, language=language, paper=paper, further=people.further_parts()
    )
    for section in (Summary, FurtherParts):
        document = replace(build("hiring", context), sections=(section.build(context),))
        made = PdfReader(io.BytesIO(to_pdf(to_html(document), made_at=context.made_at)))
        assert len(made.pages) == 1, section


@pytest.mark.parametrize("language", OTHERS)
def test_reasons_for_care_are_translated_with_their_numbers(language):
    context = careless(language=language)
    for flag, words in zip(sorted_by_weight(context), care_words(context.result, language), strict=True):
        sign = sign_of(flag, CARELESS, FAVOURABLE)
        assert sign is not None
        assert words != flag.sentence
        assert all(number(value, 1, language) in words for value in sign.values.values() if isinstance(value, float))


def sorted_by_weight(context):
    return Summary.build(replace(context, language="en")) and [
        next(flag for flag in context.result.flags if flag.sentence == sentence)
        for sentence in care_words(context.result, "en")
    ]


def test_reason_in_the_words_of_an_earlier_release_is_quoted():
    flag = Flag("fast", "Most answers came in less than a second.")
    found = replace(careless().result, flags=(flag,))
    assert care_words(found, "es") == (f'<span lang="en" dir="ltr">{flag.sentence}</span>',)
    assert care_words(found, "en") == (flag.sentence,)


def test_numbers_and_days_are_written_as_the_language_has_them():
    assert [number(-0.254, 2, language) for language in ("en", "es")] == ["−0.25", "−0,25"]
    assert number(-0.001, 2, "es") == "0,00"
    assert number(-0.25, 2, "ar") == "\u2068−0.25\u2069"  # else the sign would stand on the other side
    assert translator("es")("%(n)s %%") % {"n": 5} == "5\u00a0%"
    assert translator("ar")("%(n)s %%") % {"n": 5} == "\u20685%\u2069"
    assert [day_words(date(2026, 4, 3), language=language) for language in ("en", "es", "ar")] == [
        "3 April 2026",
        "3 de abril de 2026",
        "3 أبريل 2026",
    ]
    noon = datetime(2026, 4, 3, 12, 0, tzinfo=UTC)
    assert local_time(noon, zone="Europe/Madrid", language="es") == "3 de abril de 2026, 14:00 CEST"


def test_names_are_kept_apart_where_they_might_turn_their_neighbours_round():
    assert apart("Acme (Berlin)", "en") == "Acme (Berlin)"
    assert apart("Acme (Berlin)", "ar") == "\u2068Acme (Berlin)\u2069"
    assert apart("شركة النور (الرياض)", "en") == "\u2068شركة النور (الرياض)\u2069"
    assert apart("", "ar") == ""


def test_quotations_are_escaped():
    assert quoted("<b>", "ar") == '<span lang="en" dir="ltr">&lt;b&gt;</span>'


def test_left_and_right_change_places_for_languages_from_the_right():
    css = "p { padding: 1mm 2mm 3mm 4mm; border-left: 1pt; text-align: right } @page { @top-left { a: b } }"
    turned = "p { padding: 1mm 4mm 3mm 2mm; border-right: 1pt; text-align: left } @page { @top-right { a: b } }"
    assert mirrored(css).startswith(turned)
