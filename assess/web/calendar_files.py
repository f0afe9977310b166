"""Talks as files for calendars, for whoever takes part in them."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Response, current_app

from assess.models import CheckIn
from assess.services import calendars
from assess.web import downloads


def hand_out(talk: CheckIn, *, for_coach: bool) -> Response:
    """Return the entry of a talk as a file."""
    host = urlsplit(current_app.config["SETTINGS"].url).hostname or "localhost"
    entry = calendars.entry(talk, for_coach=for_coach, host=host, now=datetime.now(UTC))
    return downloads.file(entry, "checkin.ics", calendars.TYPE)
