"""What the process that makes PDFs and the one that asks for them say to each other: a kind, a length and the bytes."""

from __future__ import annotations

import struct
from enum import Enum
from typing import IO

HEADER = struct.Struct("!cQ")
OUT_OF_MEMORY = 86  # exit status of the process that makes PDFs; a message might find no memory either


class Kind(Enum):
    """What a message holds."""

    READY = b"R"  # nothing: the process has started and can make PDFs
    DOCUMENT = b"D"  # a moment in ISO 8601, a line break and the HTML
    PDF = b"P"  # the finished file
    OUTSIDE = b"O"  # nothing: the document refers to something outside itself
    BUG = b"B"  # lines: the class of the error, then where it arose; nothing of the document


def send(stream: IO[bytes], kind: Kind, payload: bytes = b"") -> None:
    """Write one message and flush it."""
    stream.write(HEADER.pack(kind.value, len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Kind, bytes] | None:
    """Return the next message, or None when the other side has ended, be it in the middle of one."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    payload = stream.read(length)
    return (Kind(kind), payload) if len(payload) == length else None
