"""Coaching in the copy of everything that is held about a person: who coaches them, plans, and talks with all notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.access_blocks import NOTHING, AccessSection, Block, Table, Words


def coaching_sections(held: Mapping[str, Any], words: Words) -> tuple[AccessSection, ...]:
    """Return one section, or none where nobody coached or asked the person."""
    _ = words.translate
    blocks = tuple(
        block
        for block in (_coachings(held, words), *(_plan(plan, words) for plan in held["plans"]), _talks(held, words))
        if block is not None
    )
    return (AccessSection(_("Coaching"), is_first=False, blocks=blocks),) if blocks else ()


def _coachings(held: Mapping[str, Any], words: Words) -> Block | None:
    _ = words.translate
    rows = tuple(
        (each["coach"] or NOTHING, *(words.time(each[moment]) for moment in ("begun_at", "agreed_at", "ended_at")))
        for each in held["coachings"]
    )
    heads = (_("Coach"), _("Begun"), _("You said yes"), _("Ended"))
    return Block(_("Who coaches you"), table=Table(heads, rows)) if rows else None


def _plan(plan: Mapping[str, Any], words: Words) -> Block:
    _ = words.translate
    rows = []
    for goal in plan["goals"]:
        noted = " / ".join(filter(None, (goal["evidence"], goal["own_evidence"])))
        rows.append((goal["title"], goal["sign"] or NOTHING, words.day(goal["due_on"]), noted or NOTHING))
        rows += [
            (action["title"], action["what"] or NOTHING, words.day(action["due_on"]), action["remark"] or NOTHING)
            for action in goal["actions"]
        ]
    heads = (_("Goal or action"), _("How it is known, or what it is"), _("Until"), _("What was noted"))
    facts = ((_("From"), words.day(plan["begins_on"])), (_("Until"), words.day(plan["ends_on"])))
    heading = _("Plan: %(title)s") % plan
    return Block(heading, facts=facts, table=Table(heads, tuple(rows)) if rows else None)


def _talks(held: Mapping[str, Any], words: Words) -> Block | None:
    _ = words.translate
    rows = tuple(
        (
            words.time(talk["planned_for"]),
            talk["coach"] or NOTHING,
            talk["shared_notes"] or NOTHING,
            talk["private_notes"] or NOTHING,
        )
        for talk in held["talks"]
    )
    heads = (_("When"), _("With"), _("Notes that you share"), _("Your coach's own notes"))
    return Block(_("Check-ins"), table=Table(heads, rows)) if rows else None
