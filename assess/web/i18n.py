"""Texts of pages in the reader's language, and dates in the reader's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.support import LazyProxy
from flask import Flask, g, request, url_for
from markupsafe import Markup

from assess import languages
from assess.web import guards
from reports import language as language_of_reports

PEOPLE = {  # blueprints whose pages people read who are assessed or asked, with their first pages; staff read English
    "take": "take.inside.start",
    "mine": "mine.index",
    "survey": "survey.inside.start",
    "coachee": "coachee.inside.page",
    "language": "take.inside.start",
    "genuine": "genuine.index",
}
OWN_NAMES = {each: languages.own_name(each) for each in languages.LANGUAGES}


def init_app(app: Flask) -> None:
    """Give templates gettext, the language and local times."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, longdate=longdate)
    app.jinja_env.filters.update(shortdate=shortdate, signed=signed)
    app.jinja_env.globals.update(language=language, direction=direction, in_language=in_language)
    app.jinja_env.globals.update(language_menu=menu, here=here, own_name=languages.own_name)


def language() -> str:
    """Return the language of this page."""
    if "language" not in g:
        g.language = _chosen() if is_for_people() else languages.SOURCE
    found: str = g.language
    return found


def prefer(preferred: str) -> None:
    """Note the language of whom this page is for, if they have one; a choice in this very browser comes before it."""
    g.preferred = preferred
    g.pop("language", None)


def is_for_people() -> bool:
    """Whether people who are assessed read this page; where there is none, strangers: whoever is not signed in."""
    if request.endpoint is None:
        return guards.session_cookie() not in request.cookies
    return _area() in PEOPLE


def menu() -> list[tuple[str, str]]:
    """Return the languages to choose from with their own names; none where there is no choice."""
    return list(OWN_NAMES.items()) if is_for_people() and len(OWN_NAMES) > 1 else []


def here() -> str:
    """Return the address at which this page can be looked at again, or else that of its area's first page."""
    can_be_got = request.url_rule is None or "GET" in (request.url_rule.methods or ())
    return request.full_path.removesuffix("?") if can_be_got else url_for(PEOPLE[_area()])


def direction() -> str:
    """Return the direction of writing of this page's language."""
    return languages.direction(language())


def in_language(other: str, *, within: str | None = None) -> Markup:
    """Return the attributes of words in the language `other`; none where the words around them are in it already."""
    if other == (within or language()):
        return Markup("")
    return Markup(' lang="{}" dir="{}"').format(other, languages.direction(other))


def gettext(message: str, /, **values: Any) -> str:
    """Return `message` in the reader's language, its ``%(name)s`` filled in."""
    return languages.gettext(language(), message, **values)


def lazy_gettext(message: str) -> str:
    """Return `message` as a text that finds its language when it is shown: for forms, which are older than requests."""
    return cast("str", LazyProxy(gettext, message, enable_cache=False))


def ngettext(singular: str, plural: str, n: int, /, **values: Any) -> str:
    """Return the form of the message that goes with `n`."""
    return languages.ngettext(language(), singular, plural, n, **values)


def day(value: datetime, time_zone: str, *, ends: bool = False) -> str:
    """Return the local date of `value`; with `ends`, the day that is over at that moment."""
    local = (value - timedelta(seconds=1) if ends else value).astimezone(ZoneInfo(time_zone))
    return longdate(local.date())


def longdate(value: date) -> str:
    """Return `value` as people write it."""
    return languages.long_date(value, language())


def shortdate(value: datetime, time_zone: str) -> str:
    """Return the local date of `value` as it fits into a table."""
    return format_date(value.astimezone(ZoneInfo(time_zone)).date(), "d MMM yyyy", locale=languages.locale(language()))


def moment(value: datetime, time_zone: str) -> str:
    """Return the local date and time of `value` with its zone."""
    local = value.astimezone(ZoneInfo(time_zone))
    comma, time = gettext(", "), language_of_reports.apart(f"{clock(value, time_zone)} {local:%Z}", language())
    return f"{shortdate(value, time_zone)}{comma}{time}"


def signed(value: float) -> str:
    """Return a difference with its sign, to one decimal place."""
    return language_of_reports.signed(value, 1, language())


def clock(value: datetime, time_zone: str) -> str:
    """Return the local time of day of `value`."""
    return format_time(value.astimezone(ZoneInfo(time_zone)), "HH:mm", locale=language())


def _chosen() -> str:
    """Return what this browser's visitor chose, or what is known of them, or what their browser asks for."""
    for each in (request.cookies.get(guards.language_cookie()), g.get("preferred")):
        if each in languages.LANGUAGES:
            return str(each)
    return request.accept_languages.best_match(languages.LANGUAGES) or languages.SOURCE


def _area() -> str:
    return (request.blueprint or "").partition(".")[0]
