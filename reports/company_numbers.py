"""The numbers under the report on a company's view of good service, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assess.scoring.company_view import CRITICAL, GroupView, StatementView
from reports.company import CompanyContext
from reports.kinds import COMPANY
from reports.numbers import DIGITS, frame_numbers


def company_numbers(context: CompanyContext) -> dict[str, Any]:
    """Return the numbers of the report on the company's view, ready for JSON; choices are counted from 1 to 5."""
    return {
        **frame_numbers(COMPANY, context, provisional=False),
        "key": {
            "edition": context.bank.edition,
            "bank": context.bank.version,
            "version": context.version,
            "source": context.source,
            "published": context.published_at.isoformat(),
            "raters": context.view.n_raters,
        },
        "critical_distance": round(CRITICAL, DIGITS),
        "statements": [_view(each) for each in context.view.statements],
        "groups": {
            name: {"shown": list(map(_group, found.shown)), "withheld": found.n_withheld}
            for name, found in (("raters", context.raters), ("assessed", context.assessed))
        },
        "climate": asdict(context.climate) if context.climate else None,
        "programs": {"made": context.program_version},
    }


def _view(found: StatementView) -> Mapping[str, Any]:
    return {
        "code": found.code,
        "theme": found.theme,
        "raters": found.n,
        "counts": list(found.counts) or None,
        "mean": _rounded(found.mean),
        "agreement": _rounded(found.r_wg),
        "distance": _rounded(found.ad),
        "clear": found.is_clear,
        "importance": found.importance,
    }


def _group(found: GroupView) -> Mapping[str, Any]:
    means = {code: {"mean": mean, "se": error} for code, (mean, error) in found.means.items()}
    return {"name": found.name, "n": found.n, "means": means}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
