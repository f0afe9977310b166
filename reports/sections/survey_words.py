"""What areas of the service climate and themes of the leader's self-check are called."""

from __future__ import annotations

from collections.abc import Mapping

from reports.language import translator


def _(text: str) -> str:
    """Mark `text` for translation, which happens when the reader's language is known."""
    return text


AREAS: Mapping[str, tuple[str, str]] = {  # name, and what it is about
    "culture": (_("Culture"), _("How service is lived and valued.")),
    "systems": (_("Systems"), _("Complaints, escalation, tools, and what sales promises.")),
    "skills": (_("Skills"), _("Words, calm and solving problems.")),
}
THEMES: Mapping[str, tuple[str, str]] = {
    "example": (_("The example you set"), _("Serving customers yourself, and keeping to the rules that you ask for.")),
    "thanks": (_("Thanks given"), _("Seeing good service and saying so, by name and soon.")),
    "time": (_("Time with customers"), _("Talking with customers, and reading what they write.")),
    "rewards": (_("What gets rewarded"), _("What counts when you judge, promote and set targets.")),
    "complaints": (_("After a complaint"), _("What you ask first, whom you hear, and what changes.")),
}


def area_name(code: str, language: str) -> str:
    """Return what an area is called."""
    return translator(language)(AREAS[code][0])


def area_about(code: str, language: str) -> str:
    """Return what an area is about."""
    return translator(language)(AREAS[code][1])


def theme_name(code: str, language: str) -> str:
    """Return what a theme is called."""
    return translator(language)(THEMES[code][0])


def theme_about(code: str, language: str) -> str:
    """Return what a theme is about."""
    return translator(language)(THEMES[code][1])
