"""Forms that were sent and made something, remembered for a day, so that each makes it once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import SentForm
from assess.services.database import alone


def made_by(session: Session, key: str) -> str | None:
    """Return where the form of `key` led when it was sent before; who sends it at the same moment waits here."""
    alone(session, f"form {key}")
    return session.scalar(select(SentForm.led_to).where(SentForm.key == key))


def note(session: Session, key: str, led_to: str, *, now: datetime) -> None:
    """Remember, in the transaction that makes it, where what the form of `key` makes can be seen."""
    session.add(SentForm(key=key, led_to=led_to, sent_at=now))
