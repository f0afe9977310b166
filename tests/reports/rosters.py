"""People on benches and in teams for the tests: simulated, as many as are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import comparisons
import report_people as people

from assess.scoring.interpret import match_pattern
from assess.scoring.result import Result
from reports.context import Candidate, Earlier
from reports.rosters import PromotionContext, Role, TeamContext, TeamMember

SEED = 11
BEFORE = (0.2, -0.4, -0.4, 0.4, -1.0, 0.5)  # where Cora stood earlier


def role(family: str, title: str = "") -> Role:
    """Return the role of a family under a title."""
    found = people.registry().families[family]
    return Role(title=title or found.name, targets=found.target, source=f"{found.name}: {found.source}; version 1")


def earlier(theta: tuple[float, ...], days: int, **changes: Any) -> Earlier:
    """Return a result so many days before Cora's."""
    found = people.result(theta, **changes)
    return Earlier(
        result=found,
        parameters=people.parameters(found),
        submitted_at=datetime(2026, 4, 2, 23, 5, tzinfo=UTC) - timedelta(days=days),
    )


def others(n: int, *, target: Role, named: bool = False) -> tuple[Candidate, ...]:
    """Return so many others on the bench."""
    return tuple(
        comparisons.candidate(
            comparisons.NAMES[1 + i] if named else "", found, i, match=match_pattern(found, target.targets, seed=i)
        )
        for i, found in enumerate(comparisons.results(n))
    )


def promotion(
    found: Result | None = None, *, n_others: int = 4, named: bool = False, **changes: Any
) -> PromotionContext:
    """Return what Cora's promotion report says, who is a retail associate now, with `changes`."""
    found = found or people.result()
    target, present = role("service-team-leader"), role("retail-associate")
    present = changes.pop("present", present)
    base = people.context(found, targets=target.targets)
    shared = {name: getattr(base, name) for name in base.__dataclass_fields__}
    context = PromotionContext(
        **{**shared, "position": target.title, "pattern_source": target.source, "purpose": "promotion"},
        seed=SEED,
        present=present,
        present_match=match_pattern(found, present.targets, seed=SEED) if present else None,
        bench="Team leaders of tomorrow",
        others=others(n_others, target=target, named=named),
        n_without_result=1,
        earlier=(),
        answered_for="",
    )
    return replace(context, **changes)


def team(n: int = 7, **changes: Any) -> TeamContext:
    """Return what the report on a team at Acme says, with `changes`."""
    roles = (role("retail-associate"), role("front-desk"))
    base = people.context()
    context = TeamContext(
        **people.frame(),
        simulated=False,
        bank=base.bank,
        wording=base.wording,
        climate=people.registry().surveys.climate.statement,
        parameters=base.parameters,
        team="Ground floor",
        members=tuple(
            TeamMember(
                name=comparisons.NAMES[i],
                role=roles[i % 3 // 2],
                result=found,
                submitted_at=datetime(2026, 3, 1 + i, 9, 0, tzinfo=UTC),
                simulated=False,
            )
            for i, found in enumerate(comparisons.results(n))
        ),
        left_out=(("no result", 1), ("other ground", 1)),
        retention_until=date(2027, 3, 2),
        scored_with=("0.2.0",),
    )
    return replace(context, **changes)
