"""What every page about a coachee begins with."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assess.banks.registry import Registry
from assess.models import Coaching
from assess.services import caseload
from assess.services.access import Permission
from assess.web import guards
from assess.web.db import get_session


def coaching_of(public_id: UUID, to: Permission = Permission.COACHING_READ) -> Coaching:
    """Return the coach's present coaching with this id; another is not found."""
    return caseload.get(get_session(), guards.signed_in(), public_id, to)


def registry() -> Registry:
    """Return the item banks."""
    found: Registry = current_app.extensions["registry"]
    return found
