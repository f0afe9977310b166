"""Surveys in the copy of everything that is held about a person: what they said, and what was said about their work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.access_blocks import NOTHING, AccessSection, Block, Table, Words


def surveys_sections(held: Mapping[str, Any], words: Words) -> tuple[AccessSection, ...]:
    """Return a section for each survey that the person was asked to answer, and one for ratings of their work."""
    _ = words.translate
    asked = tuple(
        AccessSection(_("Survey: %(title)s") % each, is_first=False, blocks=_survey(each, words))
        for each in held["surveys"]
    )
    blocks = tuple(_ratings(each, words) for each in held["ratings"])
    rated = (AccessSection(_("What was said about your work"), is_first=False, blocks=blocks),) if blocks else ()
    return asked + rated


def _survey(each: Mapping[str, Any], words: Words) -> tuple[Block, ...]:
    _ = words.translate
    facts = (
        (_("Position"), each["position"] or NOTHING),
        (_("Group"), each["group"] or NOTHING),
        (_("Entered"), words.time(each["entered_at"])),
        (_("Invited"), words.time(each["invited_at"])),
        (_("Link opened"), words.time(each["opened_at"])),
        (_("Handed in"), words.time(each["handed_in_at"])),
        (_("Withdrawn"), words.time(each["withdrawn_at"])),
    )
    if each["kind"] == "climate":
        text = _("This survey is anonymous: of your answers nothing is kept that leads to you. The times are days.")
        return (Block(_("Facts"), paragraphs=(text,), facts=facts),)
    heads = (_("What you were asked"), _("About"), _("Your answer"))
    rows = tuple(
        (answer["question"] or answer["code"], answer["about"] or NOTHING, answer["words"] or str(answer["value"]))
        for answer in each["answers"]
    )
    return (
        Block(_("Facts"), facts=facts),
        *([Block(_("Questions and answers"), table=Table(heads, rows))] if rows else []),
    )


def _ratings(each: Mapping[str, Any], words: Words) -> Block:
    """Return the ratings of the person's work in one survey, without who gave them."""
    _ = words.translate
    rows = tuple((line["line"], ", ".join(map(str, line["ratings"]))) for line in each["lines"])
    heading = ", ".join(filter(None, (each["title"], each["position"])))
    if each["not_before"]:
        text = _(
            "This survey is not closed yet; its time is over at %(end)s. The ratings are in a copy that you make once "
            "it is closed, at the latest two weeks after that: until then, two copies could show what one person said."
        )
        return Block(heading, paragraphs=(text % {"end": words.time(each["not_before"])},))
    if not rows:
        return Block(heading, paragraphs=(_("Nobody has rated your work there."),))
    text = _("The numbers stand in order of size, so that they do not show who gave them.")
    return Block(heading, paragraphs=(text,), table=Table((_("Line"), _("Ratings")), rows))
