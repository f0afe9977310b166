"""Letters that the server has written to its data folder, which is where people find their links."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


def written(server) -> list[EmailMessage]:
    """Every letter so far, the newest first."""
    files = sorted((server.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def to(server, email: str, words: str) -> EmailMessage:
    """The newest letter to `email` that says `words`; the worker sends it within seconds."""
    for _ in range(100):
        for letter in written(server):
            if letter["To"] == email and words in text_of(letter):
                return letter
        time.sleep(0.2)
    raise AssertionError(f"no mail to {email} says '{words}'")


def text_of(letter: EmailMessage) -> str:
    return letter.get_body(("plain",)).get_content()


def link_in(letter: EmailMessage, path: str) -> str:
    """The link below `path` that a letter leads to."""
    return re.search(rf"\S+{re.escape(path)}/link/\S+", text_of(letter))[0]
