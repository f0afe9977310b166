"""A leader's self-check for the tests: Lena agrees with most statements, and with some not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import report_people as people

from reports.leader import LeaderContext

CHOSEN = (4, 2, 3, 5, 5, 4, 4, 2, 1, 3, 4, 5, 4, 4, 3, 4, 5, 4, 5, 4)


def context(**changes: Any) -> LeaderContext:
    """Return the report on Lena's self-check, with `changes`."""
    surveys = people.registry().surveys
    statements = surveys.leader.statement
    labels = next(each for each in surveys.formats if each.code == surveys.leader.format).option
    given: dict[str, Any] = {
        **people.frame(),
        "simulated": False,
        "person": "Lena Leader",
        "answered_at": datetime(2026, 4, 3, 8, 0, tzinfo=UTC),
        "statements": statements,
        "labels": tuple(each.label for each in labels),
        "values": dict(zip([each.code for each in statements], CHOSEN, strict=True)),
        "kept_until": date(2028, 4, 3),
    }
    return LeaderContext(**{**given, **changes})
