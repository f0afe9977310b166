"""The reports' own words in the reader's language; content is translated in the banks."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parent / "locales"

Translate = Callable[[str], str]


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of `language`; English, in which the reports are written, where there is none."""
    return gettext.translation("reports", LOCALES, languages=[language], fallback=True)


def translator(language: str) -> Translate:
    """Return the function that sections call `_`."""
    return translations(language).gettext
