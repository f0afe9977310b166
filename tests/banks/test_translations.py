"""Translations of banks: what is checked, and that nobody is ever given half of one."""

from __future__ import annotations

import pytest

from assess.banks.loader import read_bank
from assess.banks.model import Bank
from assess.banks.parallel import parallel
from assess.banks.parts import Part
from assess.banks.registry import default_folder, read_all
from assess.banks.translation_checks import translation_lines, translations_are_of_these_texts
from assess.banks.translation_checks import translations_say_what_they_should as what_they_should_say
from assess.banks.translations import State, TranslatedText, Translation, hash_of, texts_of
from assess.errors import InvalidBank

STATEMENTS = [Part.STATEMENTS]


@pytest.fixture(scope="module")
def bank():
    return read_bank(default_folder() / "general" / "1.0")[0]


def welsh(bank, codes, state=State.REVIEWED, **changed):
    """Return the bank with made-up texts: capitals and small letters change places."""
    originals = texts_of(bank)
    texts = {code: originals[code].swapcase() for code in codes} | changed.pop("texts", {})
    rows = [
        TranslatedText(code=code, of=hash_of(originals.get(code, "")), state=state, text=text)
        for code, text in texts.items()
    ]
    translation = Translation(language="cy", edition="general", version="1.0", source="made up", text=tuple(rows))
    own = {name: getattr(bank, name) for name in Bank.model_fields}
    return Bank.model_construct(**{**own, "translations": (translation,)})


def short_form(bank):
    labels = [f"format:agreement:{value}" for value in range(1, 6)]
    return [*bank.form("short").items, *labels, "form:short:practice"]


def problems(bank):
    return [problem for rule in (translations_are_of_these_texts, what_they_should_say) for problem in rule(bank, {})]


def test_whole_form_can_be_read_in_its_language(bank):
    found = welsh(bank, short_form(bank))
    assert found.languages("short", STATEMENTS) == ("en", "cy")
    shown = found.in_language("cy", "short", STATEMENTS)
    assert shown.language == "cy"
    code = bank.form("short").items[0]
    assert shown.item(code).stem == bank.item(code).stem.swapcase()
    assert shown.formats_by_code["agreement"].label(5) == "sTRONGLY AGREE"
    assert shown.form("short").practice == bank.form("short").practice.swapcase()


def test_other_language_changes_nothing_but_words(bank):
    found = welsh(bank, short_form(bank))
    shown = found.in_language("cy", "short", STATEMENTS)
    assert shown.asked == bank.asked
    assert (shown.checksum, shown.form("short").items) == (bank.checksum, bank.form("short").items)
    code = bank.form("short").items[0]
    assert shown.item(code).model_copy(update={"stem": ""}) == bank.item(code).model_copy(update={"stem": ""})


@pytest.mark.parametrize("missing", ["an item", "format:agreement:3", "form:short:practice"])
def test_form_that_lacks_one_text_is_given_in_the_original(bank, missing):
    codes = short_form(bank)
    codes.remove(codes[20] if missing == "an item" else missing)
    found = welsh(bank, codes)
    assert found.languages("short", STATEMENTS) == ("en",)
    assert found.in_language("cy", "short", STATEMENTS) is found


def test_draft_is_shown_to_nobody(bank):
    found = welsh(bank, short_form(bank), State.DRAFT)
    assert found.in_language("cy", "short", STATEMENTS).language == "en"


def test_whole_attempt_is_in_one_language(bank):
    found = welsh(bank, short_form(bank))
    assert found.in_language("cy", "short", [Part.STATEMENTS, Part.SITUATIONS]).language == "en"
    assert found.in_language("cy", "standard", STATEMENTS).language == "en"
    assert found.in_language("es", "short", STATEMENTS).language == "en"


def test_form_put_together_for_somebody_needs_its_own_statements_in_the_language(bank):
    form = bank.form("short")
    own = parallel(bank, form, form.items)
    found = welsh(bank, short_form(bank))
    assert found.in_language("cy", "short", STATEMENTS, own).language == "en"
    found = welsh(bank, [*short_form(bank), *own])
    assert found.in_language("cy", "short", STATEMENTS, own).language == "cy"


def test_every_part_but_words_can_be_translated(bank):
    found = welsh(bank, texts_of(bank))
    others = [part for part in Part if part is not Part.VOCABULARY]
    assert all(found.in_language("cy", form.code, others).language == "cy" for form in bank.forms)
    assert found.in_language("cy", "short", [Part.STATEMENTS, Part.VOCABULARY]).language == "en"
    shown = found.in_language("cy", "short", others)
    assert shown.perspective[0].stem == bank.perspective[0].stem.swapcase()
    assert shown.situations[0].text == bank.situations[0].text.swapcase()
    assert shown.situations[0].response[3].text == bank.situations[0].response[3].text.swapcase()
    numbers, originals = shown.proficiency.numerical, bank.proficiency.numerical
    assert [each.stem for each in numbers] == [each.stem.swapcase() for each in originals]
    assert [each.options for each in numbers] == [tuple(map(str.swapcase, each.options)) for each in originals]
    assert shown.proficiency.vocabulary == bank.proficiency.vocabulary


def test_sound_translation_has_no_problems(bank):
    assert problems(welsh(bank, short_form(bank))) == []


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"tru-zz9": "Beth?"}, "'tru-zz9' is no text of general 1.0"),
        ({"voc-01": "Beth?"}, "'voc-01' is no text of general 1.0"),
        ({"tru-gf5": "Rwy'n TODO"}, "'tru-gf5' holds 'TODO', as if it were not finished"),
        ({"tru-gf5": "Rwy'n hoffi {name}"}, "holds '{'"),
        ({"format:agreement:1": "Yr un", "format:agreement:2": "yr un"}, "'format:agreement:2' says the same as"),
        ({"dir-1": "Dewiswch «Strongly agree»."}, "'dir-1' must name the choice that it asks for"),
        ({"dir-1": "Dewiswch rywbeth."}, "'dir-1' must name the choice that it asks for"),
    ],
)
def test_mistake_is_explained(bank, texts, words):
    found = problems(welsh(bank, short_form(bank), texts=texts))
    assert any(words in problem for problem in found), found
    assert all(problem.startswith("translations/cy/general-1.0.toml: ") for problem in found)


def test_text_left_in_english_is_found(bank):
    same = {"tru-gf5": bank.item("tru-gf5").stem}
    assert problems(welsh(bank, short_form(bank), texts=same)) == [
        "translations/cy/general-1.0.toml: 'tru-gf5' is the original itself"
    ]


def test_changed_original_makes_its_translation_stale(bank):
    found = welsh(bank, ["tru-gf5"])
    item = bank.item("tru-gf5").model_copy(update={"stem": "I trust what people tell me at work."})
    others = tuple(item if each.code == "tru-gf5" else each for each in found.statements)
    own = {name: getattr(found, name) for name in Bank.model_fields}
    changed = Bank.model_construct(**{**own, "statements": others})
    [problem] = problems(changed)
    assert "'tru-gf5' translates another original" in problem
    assert f'of = "{hash_of(item.stem)}"' in problem


def test_bank_check_says_how_far_a_translation_is(bank):
    [line] = translation_lines(welsh(bank, short_form(bank)))
    assert line.startswith(f"general 1.0 in cy: 63 of {len(texts_of(bank))} texts (63 reviewed)")
    assert line.endswith("can be given: statements (short)")


ROW = '[[text]]\ncode = "tru-gf1"\nof = "{}"\nstate = "{}"\ntext = "Beth?"\n'


@pytest.mark.parametrize(
    ("name", "head", "row", "words"),
    [
        ("cy/general-0.1.toml", "cy", ROW.format("00000000", "drafted"), "Input should be 'draft'"),
        ("cy/general-0.1.toml", "cy", ROW.format("", "draft"), r"\(tru-gf1\): of: String should match"),
        ("cy/general-0.1.toml", "cy", ROW.replace("of = ", "off = "), "of: Field required"),
        ("cy/general-0.1.toml", "cy", ROW.format("00000000", "draft") * 2, "'tru-gf1' stands there 2 times"),
        ("cy/general-0.1.toml", "cy", ROW.format("00000000", "draft"), "'tru-gf1' translates another original"),
        ("cy/general-0.1.toml", "gd", ROW.format("00000000", "draft"), "says of itself that it is gd/general-0.1.toml"),
        ("en/general-0.1.toml", "en", "text = []", "banks are written in English"),
        ("cy/general-0.9.toml", "cy", "text = []", "there is no bank of this name"),
        ("general-0.1.toml", "cy", "text = []", "there is no bank of this name"),
    ],
)
def test_file_that_is_wrong_stops_the_start(folder, name, head, row, words):
    file = folder / "translations" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    edition, version = file.stem.split("-")
    about = f'language = "{head}"\nedition = "{edition}"\nversion = "{version}"\nsource = "made up"\n'
    file.write_text(about + row, encoding="utf-8")
    with pytest.raises(InvalidBank, match=words):
        read_all(folder)


def test_translation_belongs_to_no_checksum(folder, bank):
    before = read_bank(folder / "general" / "1.0")[0].checksum
    file = folder / "translations" / "cy" / "general-1.0.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        'language = "cy"\nedition = "general"\nversion = "1.0"\nsource = "made up"\n'
        + ROW.format(hash_of(bank.item("tru-gf1").stem), "draft"),
        encoding="utf-8",
    )
    after = read_bank(folder / "general" / "1.0")[0]
    assert (after.checksum, len(after.translations)) == (before, len(bank.translations) + 1)


def test_short_form_of_the_general_edition_can_be_taken_in_spanish(bank):
    shown = bank.in_language("es", "short", STATEMENTS)
    assert shown.language == "es"
    assert shown.formats_by_code["agreement"].label(5) == "Muy de acuerdo"
    stems = {shown.item(code).stem for code in shown.form("short").items}
    assert not stems & {item.stem for item in bank.items_by_code.values()}
