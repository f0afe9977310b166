"""The reports' own words in the reader's language; content is translated in the banks."""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from babel.lists import format_list
from babel.numbers import get_decimal_symbol
from markupsafe import Markup

from assess.languages import APART, SOURCE, direction, locale, read

FOLDER = Path(__file__).resolve().parent / "translations"
LANGUAGES = (SOURCE, *sorted(file.stem for file in FOLDER.glob("*.po")))
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # Hebrew, Arabic and their neighbours

Translate = Callable[[str], str]


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of `language`; English, in which the reports are written, where there is none."""
    return read(FOLDER, language)


def translator(language: str) -> Translate:
    """Return the function that sections call `_`."""
    return translations(language).gettext


def foreign(language: str, content: str = SOURCE) -> Markup:
    """Return the attributes of what is in the language `content` within a report in `language`, if they differ."""
    if language == content:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(content, direction(content))


def quoted(text: str, language: str, content: str = SOURCE) -> str:
    """Return a text in the language `content` as a part of one in `language`."""
    return Markup("<span{}>{}</span>").format(foreign(language, content), text) if language != content else text


def apart(text: str, language: str) -> str:
    """Return a name in the midst of a text in `language`, so that neither turns the other round."""
    turns = direction(language) == "rtl" or RIGHT_TO_LEFT.search(text)
    return APART.format(text) if text and turns else text


def typed(text: str, language: str) -> str:
    """Return somebody's own words, over however many lines, so that they run in the direction of their own letters."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}), "")
    own = {"L": "ltr", "": direction(language)}.get(strong, "rtl")
    return text if own == direction(language) else Markup('<span dir="{}">{}</span>').format(own, text)


def running(name: str, most: int, language: str) -> str:
    """Return a name for the head or foot of a page; style sheets would cut it at the wrong end among Arabic letters."""
    return f"{name[: most - 1]}…" if direction(language) == "rtl" and len(name) > most else name


def number(value: float, places: int, language: str) -> str:
    """Return `value` with so many decimal places, as it is written in `language`, minus as typography has it."""
    shown = f"{value:.{places}f}"
    if not shown.strip("-0."):  # nothing is a little less than nothing
        shown = shown.removeprefix("-")
    written = shown.replace(".", _decimal_symbol(language)).replace("-", "−")
    return apart(written, language) if "−" in written else written


def signed(value: float, places: int, language: str) -> str:
    """Return a difference with its sign, which nothing has none of."""
    shown = number(value, places, language)
    return apart(f"+{shown}", language) if value > 0 and shown != number(0, places, language) else shown


def listed(parts: Sequence[str], language: str) -> Markup:
    """Return `parts` as a list in words."""
    return Markup(format_list(["{}"] * len(parts), locale=locale(language))).format(*parts)  # noqa: S704


@cache
def _decimal_symbol(language: str) -> str:
    return get_decimal_symbol(locale(language))
