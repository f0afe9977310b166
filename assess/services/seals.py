"""The sign that a report is genuine: its reference with a signature that only this installation can make."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

N_BYTES = 10  # 80 bits: 16 letters and digits, few enough to be typed
N_LETTERS = 16
MISREAD = str.maketrans("018", "olb")  # digits that no signature has, and what was printed


@dataclass(frozen=True, slots=True)
class Sealer:
    """Signs references of reports, and knows its own signatures again."""

    base_url: str
    key: str = field(repr=False)

    def address(self, reference: str) -> str:
        """Return the address of the page that confirms the report with `reference`."""
        return f"{self.base_url}/genuine/{reference}/{self.signature(reference)}"

    def signature(self, reference: str) -> str:
        """Return the signature of `reference`: 16 letters and digits in lower case."""
        digest = hmac.digest(self.key.encode(), b"report\0" + reference.encode(), hashlib.sha256)
        return base64.b32encode(digest[:N_BYTES]).decode().lower()

    def is_genuine(self, reference: str, signature: str) -> bool:
        """Whether `signature` is ours; how long the answer takes tells nothing about the right one."""
        return hmac.compare_digest(self.signature(reference).encode(), signature.lower().encode())


def typed_reference(text: str) -> str:
    """Return the reference that somebody typed from paper, as it was printed; spaces, hyphens and case do not count."""
    letters = "".join(filter(str.isalnum, text)).upper()
    return "-".join((letters[:1], letters[1:5], letters[5:]))


def typed_signature(text: str) -> str:
    """Return the signature that somebody typed from paper, as it was printed."""
    return "".join(filter(str.isalnum, text)).lower().translate(MISREAD)
