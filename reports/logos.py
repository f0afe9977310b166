"""Logos: PNG images that are small in every respect, the only thing beside fonts that a report may bring along."""

from __future__ import annotations

import base64
import binascii

PREFIX = "data:image/png;base64,"
WIDTH, HEIGHT = 800, 300  # pixels at most
MOST = 100 * 1024  # bytes at most
SIGNATURE, HEADER = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\rIHDR"


def logo_at(url: str) -> bytes | None:
    """
    Return the PNG that `url` itself holds; None for every other address, and for an image that is larger than a logo.

    Its size in pixels stands in its header, so that what it fills when it is unpacked is known beforehand.
    """
    if not url.startswith(PREFIX) or len(url) > len(PREFIX) + 4 * (MOST // 3 + 1):
        return None
    try:
        image = base64.b64decode(url.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return None
    is_small = 0 < _number(image, 16) <= WIDTH and 0 < _number(image, 20) <= HEIGHT and len(image) <= MOST
    return image if image.startswith(SIGNATURE + HEADER) and is_small else None


def _number(image: bytes, at: int) -> int:
    return int.from_bytes(image[at : at + 4], "big")
