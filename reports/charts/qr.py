"""The QR code: an address to be read from paper by a camera, as one path."""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around it, as its standard asks
OVERLAP = 1.02  # height of a row of modules, so that no viewer shows seams between rows


def qr_code(address: str, *, title: str) -> Markup:
    """
    Return `address` as an SVG element of one path, one unit to a module; `title` is its text alternative.

    It is black on white whatever the house's colours are: cameras ask for nothing else. About 15 % of it may be soiled.
    """
    rows = [tuple(row) for row in segno.make_qr(address, error="m").matrix]
    size = len(rows) + 2 * QUIET
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" viewBox="0 0 {} {}"><title>{}</title>'
        '<path d="{}" fill="none" stroke="#000" stroke-width="{}"/></svg>'
    ).format(size, size, title, "".join(_runs(row, QUIET + 0.5 + y) for y, row in enumerate(rows)), OVERLAP)


def _runs(row: tuple[int, ...], middle: float) -> str:
    """Return one row's dark modules as lines along its middle."""
    dark = bytes(row).split(b"\0")
    found, x = [], QUIET
    for run in dark:
        if run:
            found.append(f"M{x} {middle}h{len(run)}")
        x += len(run) + 1
    return "".join(found)
