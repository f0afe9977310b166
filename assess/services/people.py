"""What people who are assessed say about themselves. As in all services, the caller commits."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from assess import languages
from assess.errors import InvalidValue, LinkClosed, NotFound
from assess.models import LinkPurpose, Person
from assess.services import links

THEIRS = (LinkPurpose.TAKE, LinkPurpose.MY_PAGE, LinkPurpose.SURVEY, LinkPurpose.COACHING)


def set_language(session: Session, token: str, language: str, *, now: datetime) -> bool:
    """Note the language in which whoever has this personal link wants pages and mail; False where it opens nothing."""
    if language not in languages.LANGUAGES:
        raise InvalidValue
    person = _whose(session, token, now=now)
    if person is None or person.erased_at is not None:
        return False
    person.language = language
    return True


def _whose(session: Session, token: str, *, now: datetime) -> Person | None:
    for purpose in THEIRS:
        with suppress(NotFound, LinkClosed):
            link = links.find(session, token, purpose, now=now)
            asked = link.assignment or link.survey_place or link.coaching
            return asked.person if asked else link.person
    return None
