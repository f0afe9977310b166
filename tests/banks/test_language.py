"""Readability and lists of words."""

from __future__ import annotations

import pytest

from assess.banks.language import all_matches, grade, matches, syllables, words_of


def test_hyphens_divide_words_and_apostrophes_do_not():
    assert words_of("A well-kept customer's note, isn't it? 24 items") == [
        "A", "well", "kept", "customer's", "note", "isn't", "it", "items"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "n"),
    [("the", 1), ("table", 2), ("colleague", 2), ("customer", 3), ("Customers’", 3), ("procedure", 3),
     ("information", 4), ("rebooked", 2), ("unsmiled", 2), ("glimped", 1), ("voucherless", 3)],
)  # fmt: skip
def test_syllables(word, n):
    assert syllables(word) == n


def test_grade_by_hand():
    # 6 words, 1 sentence, 6 syllables: .39 x 6 + 11.8 x 1 - 15.59 = -1.45
    assert grade(["The cat sat on the mat."]) == pytest.approx(-1.45)
    # 13 words in 2 sentences, the second without its stop, 22 syllables:
    # Cus-to-mers of-ten com-plain a-bout the price (10); I an-swer po-lite-ly and ex-plain why once (12)
    texts = ["Customers often complain about the price.", "I answer politely and explain why once"]
    assert grade(texts) == pytest.approx(0.39 * 13 / 2 + 11.8 * 22 / 13 - 15.59)


def test_nothing_to_read_has_no_grade():
    with pytest.raises(ValueError, match="no words"):
        grade(["24", ""])


def test_stems_match_whole_words_only_unless_they_end_in_an_asterisk():
    assert matches("I wait for the manager.", ["man", "age"]) is None
    assert matches("A man's word", ["man"]) == "man's"
    assert matches("Sleepless nights", ["sleep*"]) == "Sleepless"
    assert matches("Sleepless nights", ["sleep"]) is None
    assert matches("Sleepless nights", []) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I say 'never' and “always” and \"never\"", ["never", "always", "never"]),
        ("I don't, can’t and won't; ant and want do", ["don't", "can’t", "won't"]),
        ("No one, no-one, NO  ONE; no man's one", ["No one", "no-one", "NO  ONE", "no"]),
        ("Nothing to note, nor to know; I'd never've", []),
    ],
)
def test_quotes_contractions_and_several_words_are_found(text, found):
    assert all_matches(text, ["never", "always", "no", "no one", "*n't"]) == found
