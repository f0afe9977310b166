"""
What a page showed of something that several people may change, as a sign that comes back with the form.

Whoever changes it says so what they looked at, and nothing newer is replaced unread.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime


def sign(*facts: object) -> str:
    """Return a short text that is another one for other facts."""
    return hashlib.sha256(json.dumps(facts, default=_plain).encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no sign")
