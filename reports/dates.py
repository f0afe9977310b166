"""Days and moments in words, local to the organisation."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from assess.languages import long_date
from reports.language import translator


def day_words(day: date, *, language: str) -> str:
    """Return a day, e.g. "3 April 2026": the month in words, as 3/4 is March in one country and April in another."""
    return long_date(day, language)


def local_day(moment: datetime, *, zone: str, language: str) -> str:
    """Return the day of `moment` where the organisation is."""
    return day_words(_local(moment, zone).date(), language=language)


def local_time(moment: datetime, *, zone: str, language: str) -> str:
    """Return day, minute and zone of `moment` where the organisation is, e.g. "3 April 2026, 14:05 CEST"."""
    local = _local(moment, zone)
    name = local.strftime("%Z")
    zone_words = name if name.isalpha() else f"UTC{name}"
    _ = translator(language)
    words = {"day": day_words(local.date(), language=language), "time": f"{local:%H:%M} {zone_words}"}
    return _("%(day)s, %(time)s") % words


def _local(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} says nothing about its time zone")
    return moment.astimezone(ZoneInfo(zone))
