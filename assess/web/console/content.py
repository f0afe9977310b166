"""The installed content, and the day it is where the organisation is."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from assess.banks.registry import Registry
from assess.models import User


def registry() -> Registry:
    """Return the item banks with their wording and role families."""
    found: Registry = current_app.extensions["registry"]
    return found


def local_date(now: datetime, user: User) -> date:
    """Return the date at `now` in the time zone of the user's organisation."""
    return now.astimezone(ZoneInfo(user.organization.time_zone)).date()


def mail_reaches_people() -> bool:
    """Whether a mail server is set up; without one, letters are written to files."""
    return bool(current_app.config["SETTINGS"].mail_url)
