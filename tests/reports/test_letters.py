"""Arabic is read back from reports letter by letter, whatever stands where for the first time."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from fontTools.ttLib import TTFont
from tagged import Tagged

from reports.letters import ARABIC
from reports.pdf import to_pdf

PAGE = '<html lang="ar" dir="rtl"><head><title>كلمات</title></head><body><p>{}</p></body></html>'
NOON = datetime(2026, 4, 3, 12, 0, tzinfo=UTC)


def read_back(text: str, look: str = "") -> str:
    """Return the letters of the text in the PDF, in whatever order."""
    page = PAGE.format(f'<span style="{look}">{text}</span>')
    found = Tagged(to_pdf(page, made_at=NOON)).text()
    return "".join(sorted(unicodedata.normalize("NFC", found.replace(" ", ""))))


@pytest.mark.parametrize("look", ["", "font-weight: 600"])
@pytest.mark.parametrize(
    "text",
    [
        "شيئًا",  # a letter that was never met without its vowel
        "شيئًا ملائمة",  # and then without it
        "فعلًا",  # within a ligature
        "كلًا جدًا دائمًا",
        "حقًّا",  # two signs on one letter
        "الأسئلة والإجابات آراء",
    ],
)
def test_every_letter_is_read_back_once(text, look):
    assert read_back(text, look) == "".join(sorted(unicodedata.normalize("NFC", text.replace(" ", ""))))


def test_both_fonts_number_their_glyphs_alike():
    with TTFont(ARABIC) as regular, TTFont(ARABIC.with_name("NotoSansArabic-Bold.ttf")) as bold:
        assert regular.getGlyphOrder() == bold.getGlyphOrder()
