"""Raters that a coach has pasted: a line for each, as “Name <address>, source”."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assess.errors import Refused
from assess.models import SurveyRound, User
from assess.services import addresses, feedback
from assess.services.feedback import Rater
from assess.services.invitations import Invitee
from assess.services.people_rows import LONGEST_NAME, UNREACHABLE

MOST_LINES = 100
WORDS: Mapping[str, str] = {  # for a source, in small letters
    "manager": "manager", "managers": "manager", "boss": "manager", "lead": "manager",
    "colleague": "colleagues", "colleagues": "colleagues", "peer": "colleagues", "peers": "colleagues",
    "internal customer": "customers", "internal customers": "customers", "customer": "customers",
    "customers": "customers",
    "person they lead": "led", "people they lead": "led", "report": "led", "direct report": "led", "led": "led",
}  # fmt: skip
_LINE = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>\s*[,;]?\s*(?P<source>[^<>]*)")


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was not taken, and why."""

    number: int
    line: str
    sentence: str


def enter(session: Session, user: User, survey: SurveyRound, text: str, *, now: datetime) -> tuple[int, list[Problem]]:
    """Put everybody on the list whose line is sound; return how many that were, and what is wrong with the others."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise Refused("Please paste at least one line.")
    if len(lines) > MOST_LINES:
        raise Refused(f"Please paste {MOST_LINES} lines at most.")
    n_added, problems = 0, list[Problem]()
    for number, line in lines:
        try:
            feedback.add(session, user, survey, read(line), now=now)
            n_added += 1
        except Refused as refusal:
            problems.append(Problem(number, line, str(refusal)))
    return n_added, problems


def left(problems: Sequence[Problem]) -> str:
    """Return the lines that were not taken, for them to be mended."""
    return "\n".join(each.line for each in problems)


def read(line: str) -> Rater:
    """Return whom a line names; refuses it with what is wrong."""
    found = _LINE.fullmatch(addresses.tidy(line))
    if found is None:
        raise Refused("Please write the line as: Name <name@example.org>, colleague")
    name, source = found["name"].strip(' "'), found["source"].strip(" .,;").lower()
    if not name:
        raise Refused("The name is missing.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters.")
    try:
        email = addresses.email(found["email"])
    except Refused:
        raise Refused(UNREACHABLE) from None
    if source not in WORDS:
        known = "manager, colleague, internal customer, or person they lead"
        raise Refused(f"Please write who they are after the address: {known}.")
    return Rater(Invitee(name=name, email=email), WORDS[source])
