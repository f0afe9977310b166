"""The report on a leader's self-check as a document. No list of kinds that HR may ask for has it."""

from __future__ import annotations

from reports.document import Document, framed
from reports.leader import LeaderContext
from reports.sections.leader import LeaderAnswers, LeaderOverview, LeaderWeek


def _(text: str) -> str:
    """Mark `text` for translation, which happens when the reader's language is known."""
    return text


LEADER = "leader"
TITLE = _("Leader's self-check")


def build_leader(context: LeaderContext) -> Document:
    """Return the report for `context`."""
    sections = tuple(section.build(context) for section in (LeaderOverview, LeaderWeek, LeaderAnswers))
    return framed(LEADER, TITLE, context.person, sections, context)
