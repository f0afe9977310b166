"""The loader explains every mistake with its file and place, all of them at once."""

from __future__ import annotations

import pytest

from assess.banks.registry import read_all
from assess.errors import InvalidBank


def spoil(folder, file, old, new):
    toml = folder / file
    text = toml.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old}"
    toml.write_text(text.replace(old, new, 1), encoding="utf-8")


TRUST = "core/0.1/statements/trust.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (TRUST, 'keyed = "+"', 'keyed = "plus"', r"statement number 1 \(tru-gf1\): keyed: Input should be '\+' or '-'"),
        (
            TRUST,
            "location = 0.7",
            "location = 7",
            r"statement number 1 \(tru-gf1\): location: Input should be less than or equal to 2",
        ),
        (
            TRUST,
            'facet = "good-faith"',
            'facet = "good faith"',
            r"statement number 1 \(tru-gf1\): facet: String should match",
        ),
        (TRUST, 'facet = "good-faith"', 'facet = "listening"', "'listening' is not a facet of 'trust'"),
        (TRUST, 'code = "tru-gf2"', 'code = "tru-gf1"', "the code 'tru-gf1' is taken by"),
        (TRUST, 'scale = "trust"', 'scale = "thrust"', "names the unknown scale 'thrust'"),
        (TRUST, "desirability =", "desirable =", r"statement number 1 \(tru-gf1\): desirability: Field required"),
        (TRUST, "[[statement]]", "[[statements]]", "statements: Extra inputs are not permitted"),
        (TRUST, "[[statement]]", "[[statement]", "trust.toml: "),
        ("core/0.1/validity.toml", "expected = 4", "expected = 9", "expects 9, which is not a choice"),
        ("core/0.1/formats.toml", "value = 3", "value = 4", "the values of the options must rise by one"),
        ("core/0.1/parameters.toml", "slope = 1.3", "slope = -1", "slope: Input should be greater than 0"),
        ("core/0.1/parameters.toml", "[1, 0.331", "[1, 0.9", "sigma: must be symmetric"),
        ("core/0.1/pairs.toml", 'relation = "same"', 'relation = "opposite"', "keyed alike"),
        ("core/0.1/scales.toml", "low = ", "lo = ", r"scale number 1 \(trust\): low: Field required"),
        ("general/0.1/forms.toml", '"tru-gf1"', '"tru-gf99"', "'standard' names the unknown item 'tru-gf99'"),
        ("general/0.1/forms.toml", '"tru-gf1"', '"tru-gf2"', "'standard' has 'tru-gf2' 2 times"),
        ("general/0.1/edition.toml", 'core = "0.1"', 'core = "9.9"', "core/9.9/core.toml: the file is missing"),
        ("general/0.1/edition.toml", 'version = "0.1"', 'version = "0.2"', "not named general/0.2"),
        ("patterns/families.toml", "weight = 1", "weight = 5", r"weight: Input should be less than or equal to 3"),
        ("patterns/families.toml", 'scale = "tact"', 'scale = "trust"', "must have one target for each of"),
        ("wording/narratives/tact.toml", 'band = "1-2"', 'band = "3-4"', "must have the bands"),
        ("wording/narratives/tact.toml", "[[coach]]", "[[coaches]]", "coaches: Extra inputs are not permitted"),
        ("wording/interview/tact.toml", 'direction = "below"', 'direction = "under"', "Input should be 'below'"),
        ("wording/coaching/tact.toml", 'direction = "more"', 'direction = "less"', "at least 8 actions .* 'more'"),
        ("wording/combinations.toml", 'first_is = "low"', 'first_is = "up"', "Input should be 'high' or 'low'"),
        ("wording/combinations.toml", 'first = "trust"', 'first = "thrust"', "'thrust' is not a scale of any bank"),
        ("surveys/leader.toml", 'format = "agreement"', 'format = "yes-no"', "names the unknown format 'yes-no'"),
        ("surveys/climate.toml", 'code = "cli-02"', 'code = "cli-01"', "has the code 'cli-01' twice"),
        ("surveys/leader.toml", "action = ", "deed = ", r"statement number 1 \(lea-01\): action: Field required"),
        ("surveys/performance.toml", 'code = "wrk-02"', 'code = "wrk-01"', "has the code 'wrk-01' twice"),
        ("surveys/job.toml", "value = 3", "value = 4", "job.toml: the weights must be 0, 1, 2, 3, in this order"),
        ("surveys/feedback360.toml", 'pole = "low"', 'pole = "high"', "behaviours of 'trust' must be of both poles"),
        (
            "surveys/equality.toml",
            'code = "man"',
            'code = "woman"',
            r"question number 1 \(gender\): 'woman' stands there",
        ),
        (
            "surveys/equality.toml",
            'label = "Man"',
            'label = "Woman"',
            r"question number 1 \(gender\): 'Woman' stands there",
        ),
        ("surveys/equality.toml", 'code = "age"', 'code = "gender"', "equality.toml: 'gender' stands there twice"),
        ("surveys/equality.toml", 'not_said = "I would rather not say"', "", "equality.toml: not_said: Field required"),
        (
            "surveys/equality.es.toml",
            'code = "man"',
            'code = "male"',
            "equality.es.toml: its questions and options must",
        ),
        (
            "proficiency/1.0/vocabulary.toml",
            "key = 3",
            "key = 5",
            r"item number 1 \(voc-01\): the key 5 is none of the 4 options",
        ),
        ("proficiency/1.0/vocabulary.toml", 'word = "receipt"', 'word = "recipe"', r"must hold '\*recipe\*'"),
        ("proficiency/1.0/numerical.toml", 'key = "boxes * per"', 'key = "boxes / per"', "num-01"),
        ("general/1.0/situations.toml", 'code = "b"', 'code = "a"', "the responses must be a, b, c, d"),
        ("general/1.0/situations.toml", 'shows = "', 'shows = "un', "'gen-sit-01' shows the unknown scale 'un"),
        (
            "general/1.0/situations.toml",
            "effectiveness = ",
            "effectiveness = 1",
            r"situation number 1 \(gen-sit-01\): response number 1 \(a\): effectiveness: Input should be less",
        ),
        ("wording/narratives/tact.toml", "try_this = ", "tries = ", r"person number 1: try_this: Field required"),
        (
            "proficiency/1.0/numerical.toml",
            "came = 590",
            "came = 591",
            r"template number 2 \(answer-time\): num-04: start = '09:50' is 590 minutes after midnight",
        ),
        ("core/1.0/pairs.toml", 'first = "tru-cr2"', 'first = "tru-cr22"', "pair number 1: unknown item 'tru-cr22'"),
        ("general/1.0/triplets.toml", 'code = "tri-02"', 'code = "tri-01"', "the code 'tri-01' is taken by"),
        ("general/1.0/default_key.toml", "per-01 =", "per-99 =", "'per-01' has no value"),
        ("general/1.0/default_key.toml", "per-01 = ", "per-01 = 1", "default_key: per-01: Input should be less"),
        ("general/1.0/exposure.toml", "con-ru4 = 0", "con-ru4 = 7", "alone: con-ru4: Input should be less"),
        ("general/1.0/exposure.toml", "con-ru4 =", "con-ru44 =", "'con-ru44' is no statement of this bank"),
        ("general/1.0/perspective.toml", 'theme = "', 'theme = "un', "unknown theme 'un"),
    ],
)
def test_says_what_is_wrong_and_where(folder, file, old, new, message):
    spoil(folder, file, old, new)
    with pytest.raises(InvalidBank, match=message) as caught:
        read_all(folder)
    assert all("/" in problem.partition(":")[0] for problem in caught.value.problems)  # each names its file


def test_combinations_of_two_scales_differ_in_their_poles(folder):
    file = folder / "wording/combinations.toml"
    head, first, second, *others = file.read_text(encoding="utf-8").split("[[combination]]")
    second = second.replace('_is = "high"', '_is = "low"')
    file.write_text("[[combination]]".join([head, first, second, *others]), encoding="utf-8")
    with pytest.raises(InvalidBank, match="'tact' and 'trust' stand there twice with the same poles"):
        read_all(folder)


def test_says_everything_at_once(folder):
    spoil(folder, TRUST, 'keyed = "+"', 'keyed = "plus"')
    spoil(folder, "core/0.1/statements/tact.toml", 'keyed = "+"', 'keyed = "plus"')
    spoil(folder, "wording/interview/focus.toml", "follow_up", "followup")
    with pytest.raises(InvalidBank) as caught:
        read_all(folder)
    places = " ".join(caught.value.problems)
    assert TRUST in places
    assert "tact.toml" in places
    assert "focus.toml" in places
    assert str(caught.value).startswith(f"{len(caught.value.problems)} problems in the item banks")


def test_missing_narratives_are_named(folder):
    (folder / "wording/narratives/empathy.toml").unlink()
    with pytest.raises(InvalidBank, match="there is no file for the scale 'empathy'"):
        read_all(folder)


def test_folder_without_banks_is_no_installation(tmp_path):
    with pytest.raises(InvalidBank, match="there are no item banks"):
        read_all(tmp_path)


def test_absolute_words_are_found(folder):
    spoil(folder, TRUST, "I assume there is an honest reason.", "I always assume an honest reason.")
    with pytest.raises(InvalidBank, match="has the absolute word 'always'"):
        read_all(folder)


def test_statement_that_is_too_long_is_found(folder):
    spoil(folder, TRUST, "I assume there is an honest reason.", "I assume " + "and assume " * 12)
    with pytest.raises(InvalidBank, match="words; 4 to 16 are allowed"):
        read_all(folder)


def test_two_statements_that_say_the_same_are_found(folder):
    stem = "When a customer's story sounds odd, I assume there is an honest reason."
    spoil(folder, TRUST, "I believe most customers who ask for an exception have a fair reason.", stem)
    with pytest.raises(InvalidBank, match="says the same as 'tru-gf1'"):
        read_all(folder)
