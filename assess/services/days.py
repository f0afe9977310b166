"""Days as people mean them: from one local midnight to the next, wherever that is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from assess.errors import Refused

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)  # days to look for: their midnights are moments in every time zone


def start_of_day(day: date, time_zone: str) -> datetime:
    """Return the moment at which `day` begins in `time_zone`, also where the clocks change at midnight."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone))


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the local midnight with which `day` ends in `time_zone`."""
    return start_of_day(day + timedelta(days=1), time_zone)


def last_day(ends_at: datetime, time_zone: str) -> date:
    """Return the day, in `time_zone`, with or in which something ends that ends at `ends_at`."""
    return (ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(time_zone)).date()


def can_be_looked_for(day: date) -> bool:
    """Return whether both midnights of `day` can be told in every time zone."""
    return FIRST <= day <= LAST


@cache
def places() -> tuple[str, ...]:
    """Return the time zones of the world's places and UTC, without the many other names that they have had."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    return ("UTC", *sorted(line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")))


def require_zone(name: str) -> str:
    """Return `name` if it is that of a time zone; raise `Refused` if not."""
    if name not in _names():
        raise Refused(f"There is no time zone called {name}. A time zone is named by a place, such as Europe/Berlin.")
    return name


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
