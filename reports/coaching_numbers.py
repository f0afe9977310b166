"""The numbers under a coaching report, as `reports.numbers` gives those of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assess.scoring.feedback import Summary
from reports.coaching import CoachingContext, PlannedWork
from reports.kinds import COACHING
from reports.numbers import change_numbers, head_numbers, instrument_numbers, scale_numbers


def coaching_numbers(context: CoachingContext) -> dict[str, Any]:
    """Return the numbers of a coaching report, ready for JSON: no words of anybody, and no match."""
    result, work, view = context.result, context.work, context.view
    return {
        **head_numbers(COACHING, context, result),
        "submitted": context.submitted_at.isoformat(),
        "as_of": work.as_of.isoformat(),
        "instrument": {**instrument_numbers(context, result), "form": result.form},
        "scales": [scale_numbers(result[scale.code], None, with_target=False) for scale in context.bank.scales],
        "perspective": [asdict(each) for each in view.alignment.differences] if view else None,
        "perspective_submitted": view.submitted_at.isoformat() if view else None,
        "feedback": _feedback(work.feedback) if work.feedback else None,
        "plan": _plan(work.plan) if work.plan else None,
        "check_ins": {"held": len(work.held) + work.n_talks_before, "ahead": len(context.ahead())},
        "changes": change_numbers(context),
        "programs": {"scored": context.scored_with, "made": context.program_version},
    }


def _feedback(found: Summary) -> Mapping[str, Any]:
    said = asdict(found)
    del said["comments"]
    return {
        **said,
        "scales": [{**asdict(view), "gap": asdict(view.gap) if view.gap else None} for view in found.scales],
    }


def _plan(plan: PlannedWork) -> Mapping[str, Any]:
    return {
        "begins_on": plan.begins_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "goals": dict(Counter(goal.state for goal in plan.goals)),
        "actions": len(plan.actions),
        "actions_done": sum(action.done_on is not None for action in plan.actions),
    }
