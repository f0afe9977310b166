"""Names of behaviours, poles, facets and themes in other languages: all together or none, and the originals' own."""

from __future__ import annotations

import pytest

from assess.banks.names import names_of
from assess.banks.registry import default_folder, read_all
from assess.banks.translations import State, TranslatedText, hash_of
from assess.banks.wording_checks import wording_line, wording_problems
from assess.errors import InvalidBank
from tests.translated import translated, translation, with_translations


@pytest.fixture(scope="module")
def registry():
    return read_all(default_folder())


def swapped(bank):
    return {code: text.swapcase() for code, text in names_of(bank).items()}


def test_all_that_is_read_of_a_behaviour_or_a_theme_has_a_code(registry):
    bank = registry.newest("general")
    scale, theme = bank.scale("empathy"), bank.themes[0]
    found = names_of(bank)
    assert (found["scale.empathy:name"], found["scale.empathy:measures"]) == (scale.name, scale.measures)
    assert (found["scale.empathy:low"], found["scale.empathy:high"]) == (scale.low, scale.high)
    assert found["scale.empathy.listening:measures"] == next(
        each.measures for each in scale.facet if each.code == "listening"
    )
    assert found[f"theme.{theme.code}:name"] == theme.name
    facets = sum(len(each.facet) for each in bank.scales)
    assert len(found) == 4 * len(bank.scales) + 2 * facets + 2 * len(bank.themes)


def test_every_edition_of_the_newest_core_is_named_in_the_language(registry):
    found = translated(registry)
    for own in registry.editions:
        told = found.newest(own.edition).named_in("es")
        assert names_of(told) == swapped(own)
        assert {each.language for scale in told.scales for each in (scale, *scale.facet)} == {"es"}
        assert told.is_named_in("es")
        assert told.checksum == own.checksum
        assert told.items_by_code == own.items_by_code


def test_original_is_what_it_was_and_can_be_returned_to(registry):
    bank = translated(registry).newest("general")
    assert names_of(bank) == names_of(registry.newest("general"))
    assert bank.named_in("fi") is bank.named_in("en") is bank
    assert bank.named_in("es").named_in("en") is bank
    assert (bank.named_by, bank.is_named_in("es")) == ("", False)


@pytest.mark.parametrize(
    "missing", ["scale.tact:low", "scale.focus.persistence:measures", "theme.commerce:name", "theme.recovery:measures"]
)
def test_names_that_lack_one_stay_in_english_all_of_them(registry, missing):
    bank = translated(registry, leaving=[missing]).newest("general")
    assert bank.named_in("es") is bank


def test_draft_names_are_shown_to_nobody(registry):
    bank = translated(registry, state=State.DRAFT).newest("general")
    assert bank.named_in("es") is bank


def test_earlier_version_that_names_its_poles_otherwise_keeps_its_own(registry):
    found = translated(registry)
    old, new = found.bank("general", "0.1"), found.newest("general")
    assert old.scale("conformity").high != new.scale("conformity").high
    assert old.named_in("es") is old


def test_names_stay_when_questions_are_in_the_language_too(registry):
    bank = translated(registry).newest("general")
    asked = bank.in_language("es", "short", ["statements"])
    assert asked.language == "es"
    assert names_of(asked) == names_of(bank)
    assert bank.named_in("es").language == "en"  # of what is asked


def test_what_changes_a_name_changes_the_fingerprint(registry):
    names = translation(registry, "scales")
    first = names.text[0]
    mended = names.model_copy(update={"text": (first.model_copy(update={"text": "Fe"}), *names.text[1:])})
    before, after, again = (
        with_translations(registry, each).newest("general").named_in("es").named_by for each in (names, mended, names)
    )
    assert before == again != after


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("scale.patience:name", "Beth?", "'scale.patience:name' is no text of the scales"),
        ("scale.tact:low-serves", "Beth?", "'scale.tact:low-serves' is no text of the scales"),
        ("scale.tact.sense:name", "Beth?", "'scale.tact.sense:name' is no text of the scales"),
        ("scale.tact:name", "Tact", "'scale.tact:name' is the original itself"),
        ("scale.tact:high", "Yn {dyner}", "'scale.tact:high' holds '{'"),
        ("scale.tact:high", "tACT", "'scale.tact:high' says the same as 'scale.tact:name'"),
    ],
)
def test_mistake_is_explained(registry, code, text, words):
    found = translation(registry, "scales", "cy")
    of = hash_of(registry.names.get(code, ""))
    row = TranslatedText(code=code, of=of, state=State.REVIEWED, text=text)
    rows = {**{each.code: each for each in found.text}, code: row}
    wrong = found.model_copy(update={"text": tuple(rows.values())})
    problems = list(wording_problems(wrong, registry.wording, registry.surveys, registry.names))
    assert any(problem.startswith(f"translations/cy/wording/scales.toml: {words}") for problem in problems), problems


def test_original_that_changed_and_broken_files_stop_the_start(folder, registry):
    file = folder / "translations" / "cy" / "wording" / "scales.toml"
    file.parent.mkdir(parents=True)
    head = 'language = "cy"\nsource = "made up"\n'
    row = f'[[text]]\ncode = "scale.tact:name"\nof = "{hash_of("Tact")}"\nstate = "reviewed"\ntext = "Tringarwch"\n'
    file.write_text(head + row, encoding="utf-8")
    assert "cy" in {each.language for each in read_all(folder).translations}
    file.write_text(head + row.replace(hash_of("Tact"), hash_of("Taste")), encoding="utf-8")
    with pytest.raises(InvalidBank, match=r"cy/wording/scales\.toml: 'scale\.tact:name' translates another original"):
        read_all(folder)
    file.write_text(head + row.replace("reviewed", "read"), encoding="utf-8")
    with pytest.raises(InvalidBank, match=r"cy/wording/scales\.toml.*Input should be 'draft'"):
        read_all(folder)


def test_bank_check_says_whether_names_are_shown(registry):
    n = len(registry.names)
    whole, less = translation(registry, "scales"), translation(registry, "scales", leaving=["scale.tact:name"])
    lines = [wording_line(each, registry.wording, registry.surveys, registry.names) for each in (whole, less)]
    assert lines[0] == f"scales in es: {n} of {n} texts ({n} reviewed); shown: 1 of 1 set of names"
    assert lines[1] == f"scales in es: {n - 1} of {n} texts ({n - 1} reviewed); shown: 0 of 1 set of names"
