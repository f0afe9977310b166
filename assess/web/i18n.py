"""Texts of pages in the reader's language, and dates in the reader's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.support import LazyProxy, NullTranslations, Translations
from flask import Flask, g, request

FOLDER = Path(__file__).parent / "translations"
LANGUAGES = ("en", *sorted(path.name for path in FOLDER.glob("*/") if path.is_dir()))
DATES = {"en": "en_GB"}  # where dates are not written as the bare language has them
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def init_app(app: Flask) -> None:
    """Give templates gettext, the language and local times."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, longdate=longdate)
    app.jinja_env.globals.update(language=language, direction=direction)


def language() -> str:
    """Return the language of this page."""
    if "language" not in g:
        g.language = request.accept_languages.best_match(LANGUAGES) or "en"
    found: str = g.language
    return found


def direction() -> str:
    """Return the direction of writing of this page's language."""
    return "rtl" if language() in RIGHT_TO_LEFT else "ltr"


def gettext(message: str, **values: Any) -> str:
    """Return `message` in the reader's language, its ``%(name)s`` filled in."""
    text: str = _translations().ugettext(message)
    return text % values if values else text


def lazy_gettext(message: str) -> str:
    """Return `message` as a text that finds its language when it is shown: for forms, which are older than requests."""
    return cast("str", LazyProxy(gettext, message, enable_cache=False))


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """Return the form of the message that goes with `n`."""
    text: str = _translations().ungettext(singular, plural, n)
    return text % {"num": n, **values}


def day(value: datetime, time_zone: str, *, ends: bool = False) -> str:
    """Return the local date of `value`; with `ends`, the day that is over at that moment."""
    local = (value - timedelta(seconds=1) if ends else value).astimezone(ZoneInfo(time_zone))
    return format_date(local, "long", locale=_dates())


def longdate(value: date) -> str:
    """Return `value` as people write it."""
    return format_date(value, "long", locale=_dates())


def moment(value: datetime, time_zone: str) -> str:
    """Return the local date and time of `value` with its zone."""
    local = value.astimezone(ZoneInfo(time_zone))
    return f"{format_datetime(local, 'd MMM yyyy, HH:mm', locale=_dates())} {local:%Z}"


def clock(value: datetime, time_zone: str) -> str:
    """Return the local time of day of `value`."""
    return format_time(value.astimezone(ZoneInfo(time_zone)), "HH:mm", locale=language())


def _dates() -> str:
    return DATES.get(language(), language())


def _translations() -> NullTranslations:
    if "translations" not in g:
        g.translations = Translations.load(FOLDER, [language()])
    found: NullTranslations = g.translations
    return found
