"""Actions, narratives and the form of colleagues' feedback in other languages: what is checked, and never half."""

from __future__ import annotations

import pytest

from assess.banks.registry import default_folder, read_all
from assess.banks.translations import State, TranslatedText, hash_of
from assess.banks.wording import BANDS
from assess.banks.wording_checks import wording_line, wording_problems
from assess.banks.wording_translations import KINDS, units_of
from assess.errors import InvalidBank
from tests.translated import translated, translation, with_translations


@pytest.fixture(scope="module")
def registry():
    return read_all(default_folder())


def problems(registry, found):
    return list(wording_problems(found, registry.wording, registry.surveys, registry.names))


def with_texts(found, texts, of=""):
    """Return a translation with `texts` in place of its own or besides them."""
    rows = {row.code: row for row in found.text}
    for code, text in texts.items():
        known = of or (rows[code].of if code in rows else "00000000")
        rows[code] = TranslatedText(code=code, of=known, state=State.REVIEWED, text=text)
    return found.model_copy(update={"text": tuple(rows.values())})


def test_everything_is_in_the_language_where_all_of_it_is_translated(registry):
    own, told = registry.wording, translated(registry).wording.in_language("es")
    for scale, coaching in own.coaching.items():
        for code, action in own.actions(scale).items():
            assert told.action(code).words == tuple(map(str.swapcase, action.words))
        assert [each.direction for each in told.coaching[scale].action] == [each.direction for each in coaching.action]
        for band in BANDS:
            coach, person = own.coach(scale, band), own.person(scale, band)
            assert told.coach(scale, band).ask == tuple(map(str.swapcase, coach.ask))
            assert told.person(scale, band).hinders == tuple(map(str.swapcase, person.hinders))
            assert told.person(scale, band).try_this == person.try_this.swapcase()
            assert {told.coach(scale, band).language, told.person(scale, band).language} == {"es"}
    pairs = zip(own.combinations, told.combinations, strict=True)
    assert all(there.for_person == each.for_person.swapcase() and there.language == "es" for each, there in pairs)


def test_what_staff_read_stays_in_english(registry):
    own, told = registry.wording, translated(registry).wording.in_language("es")
    assert told.interviews == own.interviews
    for scale, narratives in own.narratives.items():
        assert (told.narratives[scale].hiring, told.narratives[scale].promoter) == (
            narratives.hiring,
            narratives.promoter,
        )
    assert [each.for_hiring for each in told.combinations] == [each.for_hiring for each in own.combinations]


def test_originals_and_their_checksum_stay_as_they_are(registry):
    found = translated(registry)
    assert found.wording.action("trust.1") == registry.wording.action("trust.1")
    assert found.wording.checksum == found.wording.in_language("es").checksum == registry.wording.checksum
    assert found.wording.in_language("fi") is found.wording
    assert found.surveys.feedback == registry.surveys.feedback


@pytest.mark.parametrize(
    "missing",
    ["coaching.trust.1:how-often", "narrative.tact.coach.1-2:helps.2", "narrative.tact.person.1-2:try-this"],
)
def test_action_or_narrative_that_lacks_one_text_stays_in_english(registry, missing):
    told = translated(registry, leaving=[missing]).wording.in_language("es")
    languages = {
        "coaching.trust.1": told.action("trust.1").language,
        "narrative.tact.coach.1-2": told.coach("tact", "1-2").language,
        "narrative.tact.person.1-2": told.person("tact", "1-2").language,
    }
    assert languages.pop(missing.partition(":")[0]) == "en"
    assert set(languages.values()) == {"es"}
    assert told.coach("tact", "3-4").language == told.action("trust.2").language == "es"


def test_form_of_colleagues_is_asked_in_one_language(registry):
    own, form = registry.surveys.feedback_in("en"), translated(registry).surveys.feedback_in("es")
    assert form.language == "es"
    assert [each.stem for each in form.survey.statement] == [each.stem.swapcase() for each in own.survey.statement]
    assert [each.stem for each in form.survey.question] == [each.stem.swapcase() for each in own.survey.question]
    assert (form.survey.not_seen, form.survey.own_words) == (
        own.survey.not_seen.swapcase(),
        own.survey.own_words.swapcase(),
    )
    assert [(each.value, each.label) for each in form.choices.option] == [
        (each.value, each.label.swapcase()) for each in own.choices.option
    ]
    assert [each.pole for each in form.survey.statement] == [each.pole for each in own.survey.statement]


@pytest.mark.parametrize("missing", ["feedback:fee-07", "feedback:keep", "feedback:not-seen", "format:frequency:3"])
def test_form_of_colleagues_that_lacks_one_text_is_asked_in_english(registry, missing):
    found = translated(registry, leaving=[missing]).surveys.feedback_in("es")
    assert (found.language, found.survey) == ("en", registry.surveys.feedback)


def test_draft_is_shown_to_nobody(registry):
    found = translated(registry, state=State.DRAFT)
    assert found.wording.in_language("es") is found.wording
    assert found.surveys.feedback_in("es").language == "en"


def test_what_changes_a_word_changes_the_fingerprint(registry):
    coaching = translation(registry, "coaching")
    mended = with_texts(coaching, {"coaching.trust.1:title": "Tres razones"})
    before, after, again = (
        with_translations(registry, each).wording.in_language("es").translated_by
        for each in (coaching, mended, coaching)
    )
    assert before == again != after
    assert registry.wording.in_language("fi").translated_by == ""


def test_sound_translation_has_no_problems(registry):
    assert [problem for kind in KINDS for problem in problems(registry, translation(registry, kind, "cy"))] == []


@pytest.mark.parametrize(
    ("kind", "texts", "words"),
    [
        ("coaching", {"coaching.trust.17:title": "Beth?"}, "'coaching.trust.17:title' is no text of the coaching"),
        ("coaching", {"coaching.trust.1:why": "Beth?"}, "'coaching.trust.1:why' is no text of the coaching"),
        ("narratives", {"coaching.trust.1:title": "Beth?"}, "'coaching.trust.1:title' is no text of the narratives"),
        ("narratives", {"narrative.trust.hiring.1-2:text": "Beth?"}, "is no text of the narratives"),
        ("narratives", {"narrative.trust.coach.1-2:helps.3": "Beth?"}, "is no text of the narratives"),
        ("coaching", {"coaching.trust.1:title": "Rwy'n TODO"}, "holds 'TODO', as if it were not finished"),
        ("feedback", {"feedback:fee-01": "Mae {name} yma"}, "holds '{'"),
        ("coaching", {"coaching.trust.1:title": "Yr un", "coaching.tact.2:title": "yr un"}, "says the same as"),
        ("feedback", {"format:frequency:1": "Byth", "format:frequency:2": "byth!"}, "says the same as"),
    ],
)
def test_mistake_is_explained(registry, kind, texts, words):
    found = problems(registry, with_texts(translation(registry, kind, "cy"), texts))
    assert any(words in problem for problem in found), found
    assert all(problem.startswith(f"translations/cy/wording/{kind}.toml: ") for problem in found)


def test_different_actions_may_take_as_long(registry):
    same = {"coaching.trust.1:time-needed": "10 munud", "coaching.tact.2:time-needed": "10 munud"}
    assert problems(registry, with_texts(translation(registry, "coaching", "cy"), same)) == []


def test_text_left_in_english_is_found(registry):
    same = {"coaching.trust.1:title": registry.wording.action("trust.1").title}
    assert problems(registry, with_texts(translation(registry, "coaching", "cy"), same)) == [
        "translations/cy/wording/coaching.toml: 'coaching.trust.1:title' is the original itself"
    ]


def test_changed_original_makes_its_translation_stale(registry):
    stale = with_texts(translation(registry, "feedback", "cy"), {"feedback:fee-01": "Beth?"}, of=hash_of("Once."))
    [problem] = problems(registry, stale)
    original = registry.surveys.feedback.statement[0].stem
    assert f"'feedback:fee-01' translates another original. Compare it with \"{original}\"" in problem
    assert f'of = "{hash_of(original)}"' in problem


def test_bank_check_says_how_far_a_translation_is(registry):
    found = translation(registry, "coaching", "cy", leaving=["coaching.trust.1:what"])
    line = wording_line(found, registry.wording, registry.surveys, registry.names)
    assert line == "coaching in cy: 479 of 480 texts (479 reviewed); shown: 95 of 96 actions"
    drafted = translation(registry, "feedback", "cy", state=State.DRAFT)
    line = wording_line(drafted, registry.wording, registry.surveys, registry.names)
    assert line == "feedback in cy: 29 of 29 texts (29 draft); shown: 0 of 1 form"


ROW = '[[text]]\ncode = "coaching.trust.1:title"\nof = "{}"\nstate = "{}"\ntext = "Beth?"\n'


@pytest.mark.parametrize(
    ("name", "head", "row", "words"),
    [
        ("cy/wording/coaching.toml", "cy", ROW.format("00000000", "drafted"), "Input should be 'draft'"),
        ("cy/wording/coaching.toml", "cy", ROW.format("", "draft"), r"\(coaching.trust.1:title\): of: String should"),
        ("cy/wording/coaching.toml", "cy", ROW.replace("of = ", "off = "), "of: Field required"),
        ("cy/wording/coaching.toml", "cy", "text = [", "Invalid value"),
        ("cy/wording/coaching.toml", "cy", 'edition = "general"\ntext = []', "edition: Extra inputs are not permitted"),
        ("cy/wording/coaching.toml", "cy", ROW.format("00000000", "draft") * 2, "stands there 2 times"),
        ("cy/wording/coaching.toml", "cy", ROW.format("00000000", "draft"), "translates another original"),
        ("cy/wording/coaching.toml", "gd", "text = []", "says of itself that it is in 'gd'"),
        ("en/wording/coaching.toml", "en", "text = []", "nothing is to be translated"),
        ("cy/wording/interview.toml", "cy", "text = []", "there is no bank of this name, and no kind of wording"),
        ("cy/wording/more/coaching.toml", "cy", "text = []", "there is no bank of this name, and no kind of wording"),
        ("cy/coaching.toml", "cy", "text = []", "there is no bank of this name, and no kind of wording"),
    ],
)
def test_file_that_is_wrong_stops_the_start(folder, name, head, row, words):
    file = folder / "translations" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'language = "{head}"\nsource = "made up"\n' + row, encoding="utf-8")
    with pytest.raises(InvalidBank, match=words):
        read_all(folder)


def test_original_that_changed_stops_the_start(folder, registry):
    file = folder / "translations" / "cy" / "wording" / "coaching.toml"
    file.parent.mkdir(parents=True)
    row = ROW.format(hash_of(registry.wording.action("trust.1").title), "reviewed")
    file.write_text('language = "cy"\nsource = "made up"\n' + row, encoding="utf-8")
    assert "cy" in {each.language for each in read_all(folder).translations}
    original = folder / "wording" / "coaching" / "trust.toml"
    text = original.read_text(encoding="utf-8")
    original.write_text(text.replace("Write three honest reasons", "Write down three reasons"), encoding="utf-8")
    with pytest.raises(InvalidBank, match=r"cy/wording/coaching\.toml: 'coaching\.trust\.1:title' translates another"):
        read_all(folder)


def test_every_text_has_a_code_of_its_own(registry):
    codes = [
        code
        for kind in KINDS
        for unit in units_of(kind, registry.wording, registry.surveys, registry.names)
        for code in unit
    ]
    assert len(set(codes)) == len(codes)
