"""
Lists of people on their way through a page: read, shown, and sent back unchanged by the browser.

Names and addresses live in people alone, so nothing is kept of a list until somebody is invited; the page carries it,
sealed, so that what is done is what was shown, by whom and for what it was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from assess.errors import Refused
from assess.services.people_files import read_csv, read_lines
from assess.services.people_rows import Sheet


@dataclass(frozen=True, slots=True)
class SentList:
    """A list as it was sent: a file's bytes, or lines that were pasted."""

    content: bytes
    is_file: bool

    def read(self) -> Sheet:
        """Return what it says; raise `Refused` with why it cannot be read."""
        return read_csv(self.content) if self.is_file else read_lines(self.content.decode())

    def sealed(self, *purpose: object) -> str:
        """Return it as text for a hidden field of a page for `purpose`: whose, and of what."""
        return _sealer(purpose).dumps([self.is_file, self.content.decode("latin-1")])

    @classmethod
    def opened(cls, seal: str, *purpose: object) -> Self:
        """Return the list in `seal`; one that was not sealed here for `purpose` is refused."""
        try:
            is_file, content = _sealer(purpose).loads(seal)
        except BadData:
            raise Refused("The list on that page cannot be used any more. Please choose the file again.") from None
        return cls(content.encode("latin-1"), is_file)


def _sealer(purpose: tuple[object, ...]) -> URLSafeSerializer:
    salt = ":".join(["list of people", *map(str, purpose)])
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)
