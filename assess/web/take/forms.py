"""What candidates send."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from uuid import UUID

from wtforms import BooleanField
from wtforms.validators import InputRequired

from assess.errors import InvalidValue
from assess.services.saving import Save
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext as _

DAY = 24 * 3600 * 1_000  # milliseconds; a page left open for longer says nothing about the time taken
PATTERNS = {  # of what a page's form and the script send with an answer
    "code": re.compile(r"[a-z0-9.-]{1,60}"),
    "value": re.compile(r"(-?[0-9]{1,4})?"),  # none: nothing chosen
    "revision": re.compile(r"[0-9]{1,15}"),
    "counter": re.compile(r"[0-9]{1,9}"),
    "key": re.compile(r"[A-Za-z0-9_-]{8,80}"),
    "attempt": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}

OF_PAGE = {"code", "revision", "attempt"}  # the same for all choices of a page
SUFFIXED = re.compile(r"key(\.[a-z]{1,5})?")
MOST_CHOICES = 4  # of one page


class ConsentForm(HtmlForm):
    """Agreement to begin."""

    consent = BooleanField(validators=[InputRequired()])


def read_answer(sent: Mapping[str, str], suffix: str = "") -> Save | None:
    """
    Return the choice that the page sends with Continue and the script on change; None when nothing was chosen.

    A page with several choices names the fields of each with the `suffix` of its answer's code. Anything else is
    `InvalidValue`. Whether the value is a choice of the question is the bank's business. A form of WTForms would say
    the same at the price of half a request, and nobody sees its messages.
    """
    found = {name: sent.get(name if name in OF_PAGE else name + suffix, "") for name in PATTERNS}
    if not all(pattern.fullmatch(found[name]) for name, pattern in PATTERNS.items()):
        raise InvalidValue
    if not found["value"]:
        return None
    return Save(
        code=found["code"] + suffix,
        value=int(found["value"]),
        revision=int(found["revision"]),
        counter=int(found["counter"]),
        key=_key(found["key"], int(found["counter"])),
        milliseconds=_plausible_time(sent.get("milliseconds" + suffix, "")),
        attempt=UUID(found["attempt"]),
    )


def read_answers(sent: Mapping[str, str]) -> list[Save]:
    """Return all choices of a page that was sent with Continue."""
    suffixes = [name.removeprefix("key") for name in sent if SUFFIXED.fullmatch(name)]
    found = [read_answer(sent, suffix) for suffix in suffixes[:MOST_CHOICES]] or [read_answer(sent)]
    return [each for each in found if each is not None]


def _key(key: str, counter: int) -> str:
    """
    Return what makes this save the same as another.

    The script makes a key for each choice. Without it there is one for the page, and a browser that restores the
    page from its cache sends it again with whatever is chosen then: each sending is a choice of its own.
    """
    return f"{key}-{secrets.token_urlsafe(8)}" if counter == 0 else key


def _plausible_time(said: str) -> int | None:
    """Return the time taken if the browser says one that can be meant; the answer counts in any case."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 8 and int(said) <= DAY else None


def missing_consent() -> str:
    """Return what to say when the box was not ticked."""
    return _("Please tick the box to agree, or close the page if you would rather not take part.")
