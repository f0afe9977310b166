"""A company's view for the tests: seven raters who agree on most statements, and on some not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import report_people as people

from assess.scoring.company_view import Groups, GroupView, view_of
from assess.scoring.perspective import CompanyKey
from reports.company import ClimateArea, ClimateSummary, CompanyContext, LeaderTheme

AGREED, SPLIT, LEANING = (3, 3, 3, 4, 4, 3, 3), (0, 0, 0, 4, 4, 4, 4), (2, 2, 3, 4, 4, 2, 4)
CLIMATE = ClimateSummary(
    areas=(ClimateArea("culture", 0.714, 3, 41), ClimateArea("systems", 0.48, 3, 41)),
    leaders=(LeaderTheme("thanks", 4.25, 6),),
    climate_closed="2026-03-31",
    leaders_closed="2026-02-28",
)


def ratings() -> dict[str, list[int | None]]:
    """Return what seven raters chose, in categories: every sixth statement splits them, and one few have answered."""
    codes = [policy.code for policy in people.bank().perspective]
    found: dict[str, list[int | None]] = {}
    for number, code in enumerate(codes):
        found[code] = list(SPLIT if number % 6 == 0 else LEANING if number == 1 else AGREED)
    found[codes[2]] = [3, None, None, None, 3, 3, 3]
    return found


def context(**changes: Any) -> CompanyContext:
    """Return the report on version 2 of Acme's view, with `changes`."""
    bank = people.bank()
    codes = [policy.code for policy in bank.perspective]
    means = dict.fromkeys(codes[1:], (4.3, 0.2)) | {codes[3]: (2.6, 0.4)}
    base = CompanyContext(
        **people.frame(datetime(2026, 4, 20, 8, 0, tzinfo=UTC)),
        simulated=False,
        bank=bank,
        view=view_of(bank, CompanyKey(2, {}, ratings(), {codes[4]: 0.0, codes[5]: 3.0})),
        version=2,
        source="Acme <team> leads",
        note="",
        published_at=datetime(2026, 4, 19, 9, 30, tzinfo=UTC),
        raters=Groups((GroupView("Acme Stores", 5, means),), n_withheld=1),
        assessed=Groups(),
        climate=None,
        kept_until=date(2028, 4, 19),
    )
    return replace(base, **changes)
