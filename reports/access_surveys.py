"""Surveys in the copy of everything that is held about a person: what they said, and what was said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.access_blocks import NOTHING, AccessSection, Block, Table, Words
from reports.language import number


def surveys_sections(held: Mapping[str, Any], words: Words) -> tuple[AccessSection, ...]:
    """Return a section for each survey that the person was asked to answer, and for what was said about them."""
    _ = words.translate
    asked = tuple(
        AccessSection(_("Survey: %(title)s") % each, is_first=False, blocks=_survey(each, words))
        for each in held["surveys"]
    )
    blocks = tuple(_ratings(each, words) for each in held["ratings"])
    rated = (AccessSection(_("What was said about your work"), is_first=False, blocks=blocks),) if blocks else ()
    rounds = tuple(_feedback(each, words) for each in held["feedback"])
    seen = (AccessSection(_("Feedback from colleagues"), is_first=False, blocks=rounds),) if rounds else ()
    return asked + rated + seen


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
        *([Block(_("In own words"), table=_quotes(each["own_words"], words))] if each["own_words"] else []),
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


def _feedback(each: Mapping[str, Any], words: Words) -> Block:
    """Return what pages show of one round of feedback on the person."""
    _ = words.translate
    facts = (
        (_("Proposed"), words.time(each["proposed_at"])),
        (_("You said yes"), words.time(each["agreed_at"])),
        (_("Closed"), words.time(each["closed_at"])),
        (_("Comments that are not shown"), str(each["withheld"])),
    )
    names = {
        "you": _("You"),
        "manager": _("Managers"),
        "colleagues": _("Colleagues"),
        "customers": _("Internal customers"),
        "led": _("People you lead"),
        "together": _("Smaller groups together"),
    }
    rows = tuple(
        (line["scale"], names[line["who"]], str(line["n"]), number(line["mean"], 1, words.language))
        for line in each["figures"]
    )
    heads = (_("Scale"), _("Who"), _("People"), _("Mean, from 1 to 5"))
    said = tuple(f"{comment['question']} {comment['words']}" for comment in each["comments"])
    heading = _("Feedback prepared on %(day)s") % {"day": words.time(each["prepared_at"])}
    return Block(heading, paragraphs=said, facts=facts, table=Table(heads, rows) if rows else None)


def _quotes(own_words: Sequence[Mapping[str, Any]], words: Words) -> Table:
    _ = words.translate
    return Table((_("Question"), _("Words")), tuple((each["question"], each["words"]) for each in own_words))
