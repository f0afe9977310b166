"""Files that pages hand out."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response


def file(content: str | bytes | Iterable[bytes], name: str, mimetype: str, *, shown: bool = False) -> Response:
    """Return a file called `name`, to be kept or, if the browser can, `shown`."""
    way = "inline" if shown else "attachment"
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'{way}; filename="{name}"'})
