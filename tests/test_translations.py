"""
The texts that people who are assessed read, and those of reports, are there in every language that can be chosen.

`tests.catalogues` finds the texts; ``python -m tests.catalogues`` lists what is to be done.
"""

from __future__ import annotations

import re
from itertools import product

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from assess import languages
from reports import language as reports
from tests import catalogues

OTHERS = [language for language in languages.LANGUAGES if language != languages.SOURCE]
kept_catalogues = pytest.mark.parametrize(
    ("kept", "language"),
    [
        pytest.param(kept, language, id=f"{name}-{language}")
        for name, kept in (("pages", catalogues.PAGES_KEPT), ("reports", catalogues.REPORTS_KEPT))
        for language in OTHERS
    ],
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for catalogues, read anew."""
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    languages.translations.cache_clear()
    yield tmp_path
    languages.translations.cache_clear()


def write(folder, language, *messages, fuzzy=False):
    catalogue = Catalog(language)
    for text, translation in messages:
        catalogue.add(text, translation, flags=["fuzzy"] if fuzzy else [])
    with (folder / f"{language}.po").open("wb") as file:
        write_po(file, catalogue)


def kept_in(folder, texts):
    return catalogues.Kept("Words", folder, lambda: texts)


def test_spanish_and_one_language_that_is_written_from_right_to_left_are_there():
    assert "es" in OTHERS
    assert any(languages.direction(language) == "rtl" for language in OTHERS)


@kept_catalogues
def test_every_text_is_translated(kept, language):
    lacking = [f"{what}: {text}" for what, text, _places in catalogues.lacking(kept, language)]
    assert not lacking, "python -m tests.catalogues lists them"


@kept_catalogues
def test_no_catalogue_holds_what_nobody_says_any_more(kept, language):
    said = {message.id for message in kept.texts()}
    assert [message.id for message in kept.catalogue(language) if message.id not in said] == []


@kept_catalogues
def test_nothing_that_is_translated_puts_in_other_things_or_lacks_a_plural(kept, language):
    known = {"not translated", "fuzzy"}
    assert [problem for problem in catalogues.lacking(kept, language) if problem[0] not in known] == []


@kept_catalogues
def test_sentences_end_as_the_originals_do(kept, language):
    """A full stop too few is a small thing; it often means that the end of a text is missing."""
    for message in kept.catalogue(language):
        if message.id and message.string and not message.fuzzy and not message.pluralizable:
            ends = message.id.rstrip()[-1], message.string.rstrip()[-1]
            assert (ends[0] in ".:?,") == (ends[1] in ".:?,،؟"), (message.id, message.string)


def said(texts):
    return {message.id if isinstance(message.id, str) else message.id[0] for message in texts}


def test_texts_of_pages_letters_and_refusals_are_found():
    texts = said(catalogues.texts_of_pages())
    assert "Most like me" in texts  # a module
    assert "Open my questionnaire" in texts  # a template
    assert "This is your personal link:" in texts  # a letter
    assert "There are questions that you have not seen yet." in texts  # a refusal
    assert "This invitation has been withdrawn." in texts  # an error's own sentence
    assert not any("A new password" in text for text in texts)  # a letter to staff


def test_texts_of_sections_their_templates_and_reasons_for_care_are_found():
    texts = said(catalogues.texts_of_reports())
    assert "Where the views are furthest apart" in texts  # a template
    assert "The true position very probably lies inside this range" in texts  # a section
    assert "The choices hardly differ from statement to statement." in texts  # a flag
    assert "Hiring report" in texts  # the title of a kind


def test_reports_speak_every_language_that_pages_do():
    assert set(reports.LANGUAGES) == set(languages.LANGUAGES)


@pytest.mark.parametrize(
    ("translation", "what"),
    [
        ("Quedan %(n)s", None),
        ("", "not translated"),
        ("Quedan algunas", "puts in other things"),
        ("Quedan %(numero)s", "puts in other things"),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(folder, translation, what):
    texts = Catalog()
    texts.add("%(n)s are left", locations=[("page.html", 1)])
    write(folder, "es", ("%(n)s are left", translation))
    assert list(catalogues.lacking(kept_in(folder, texts), "es")) == (
        [(what, "%(n)s are left", ("page.html",))] if what else []
    )


def test_fuzzy_translation_counts_as_none_and_is_not_shown(folder):
    texts = Catalog()
    texts.add("Good morning")
    write(folder, "es", ("Good morning", "Buenas tardes"), fuzzy=True)
    assert [what for what, *_ in catalogues.lacking(kept_in(folder, texts), "es")] == ["fuzzy"]
    assert languages.gettext("es", "Good morning") == "Good morning"


def test_text_that_is_not_translated_is_shown_in_english(folder):
    write(folder, "es", ("Good morning", "Buenos días"))
    assert languages.gettext("es", "Good morning") == "Buenos días"
    assert languages.gettext("es", "Good night, %(name)s", name="Cora") == "Good night, Cora"
    assert languages.gettext("xx", "Good morning") == "Good morning"


def test_english_needs_no_catalogue(folder):
    assert languages.gettext("en", "%(n)s of %(total)s", n=1, total=2) == "1 of 2"
    assert languages.ngettext("en", "%(num)s day", "%(num)s days", 2) == "2 days"


def test_arabic_has_six_plural_forms():
    words = ("There is %(num)s question.", "There are %(num)s questions.")
    forms = [languages.ngettext("ar", *words, n) for n in (1, 2, 3, 11)]
    assert len(set(forms)) == 4
    assert "11" in forms[3]


def test_what_is_put_into_a_right_to_left_text_keeps_its_own_direction():
    name = "Acme (Berlin)"
    text = languages.gettext("ar", "%(organization)s: thank you for your answers", organization=name)
    assert text.startswith(f"\u2068{name}\u2069")
    assert "\u2068" not in languages.gettext("es", "%(organization)s: thank you for your answers", organization=name)


def test_languages_are_listed_by_their_own_names_english_first():
    names = [languages.own_name(language) for language in languages.LANGUAGES]
    assert names[0] == "English"
    assert "Español" in names
    assert "العربية" in names


def test_catalogues_say_who_keeps_them_and_nothing_of_the_day():
    for kept, language in product(catalogues.KEPT, OTHERS):
        text = (kept.folder / f"{language}.po").read_text(encoding="utf-8")
        assert "python -m tests.catalogues" in text
        assert not re.search(r"Creation-Date|Revision-Date|EMAIL", text)
