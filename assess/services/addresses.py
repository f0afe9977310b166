"""Names and mail addresses as people type them, put in order or refused."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

from assess.errors import Refused

NO_ADDRESS = "An e-mail address looks like name@example.org. Please enter one, in plain letters."
JOINERS = "\u200c\u200d"  # Persian and Indic names are written with them
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def tidy(text: str) -> str:
    """Return `text` composed, in one line, without control and direction characters that could hide what it says."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = "".join(c for c in composed if c in JOINERS or unicodedata.category(c) not in UNPRINTABLE)
    return " ".join(kept.split()).strip(JOINERS)


def tidy_lines(text: str) -> str:
    """Return `text` with its lines as they are and what `tidy` removes gone: PostgreSQL keeps no NUL, for one."""
    lines = (unicodedata.normalize("NFC", line) for line in text.strip().splitlines())
    kept = ("".join(c for c in line if c in JOINERS or unicodedata.category(c) not in UNPRINTABLE) for line in lines)
    return "\n".join(kept).strip()


def email(text: str) -> str:
    """Return the one mail address in `text`, lower case and in ASCII; `Refused` when mail could not reach it."""
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except EmailNotValidError:
        raise Refused(NO_ADDRESS) from None
    if "." not in found.ascii_domain:
        raise Refused(NO_ADDRESS)
    return f"{found.ascii_local_part or found.local_part}@{found.ascii_domain}".lower()
