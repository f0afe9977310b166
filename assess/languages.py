"""The languages that people are spoken to in: their catalogues, names, direction of writing, and dates."""

from __future__ import annotations

import gettext as standard
import re
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"  # that all texts are written in
FOLDER = Path(__file__).parent / "translations"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
DATES = {"en": "en_GB"}  # where dates are not written as the bare language has them
PLACEHOLDER = re.compile(r"%\(\w+\)[sd](?:%%)?")  # with the sign of per cent where it touches the number
APART = "\u2068{}\u2069"  # what is put in keeps its own direction, and the words around it theirs

Translate = Callable[..., str]


def direction(language: str) -> str:
    """Return the direction of writing, as HTML calls it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def own_name(language: str) -> str:
    """Return what speakers call their language."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def english_name(language: str) -> str:
    """Return what the language is called in English."""
    return Locale.parse(language).english_name or language


LANGUAGES = (SOURCE, *sorted((file.stem for file in FOLDER.glob("*.po")), key=own_name))


def locale(language: str) -> str:
    """Return whose way of writing dates goes with `language`."""
    return DATES.get(language, language)


def long_date(value: date, language: str) -> str:
    """Return `value` as people write it."""
    return format_date(value, "long", locale=locale(language))


def gettext(language: str, message: str, /, **values: object) -> str:
    """Return `message` in `language`, its ``%(name)s`` filled in."""
    text = translations(language).gettext(message)
    return text % values if values else text


def ngettext(language: str, singular: str, plural: str, n: int, /, **values: object) -> str:
    """Return the form of the message that goes with `n`."""
    return translations(language).ngettext(singular, plural, n) % {"num": n, **values}


def translator(language: str) -> Translate:
    """Return the function that writers call `_`."""
    return partial(gettext, language)


@cache
def translations(language: str) -> standard.NullTranslations:
    """Return the pages' catalogue of `language`, read once in a process; English where there is none."""
    return read(FOLDER, language)


def read(folder: Path, language: str) -> standard.NullTranslations:
    """Return the catalogue of `language` in `folder`; English where there is none."""
    file = folder / f"{language}.po"
    if language == SOURCE or not file.exists():
        return standard.NullTranslations()
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    for message in catalogue if direction(language) == "rtl" else ():
        if isinstance(message.string, str):
            message.string = _apart(message.string)
        elif message.string:
            message.string = tuple(map(_apart, message.string))
    compiled = BytesIO()
    write_mo(compiled, catalogue)  # leaves out what is fuzzy or not translated yet
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def _apart(text: str) -> str:
    """Return a right-to-left text in which names and numbers that are put in do not turn their neighbours round."""
    return PLACEHOLDER.sub(lambda found: APART.format(found[0]), text)
