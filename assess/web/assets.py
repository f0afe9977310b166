"""Files that are the same for everybody: styles, script, mark and fonts, some of them shared with the reports."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request, send_file, send_from_directory, url_for

import reports
from assess.web.security import PUBLIC
from reports.sheets import screen_sheet

HOUSE = Path(reports.__file__).parent
MAX_AGE = 365 * 24 * 3600  # addresses change with the files, so they can be kept for long
TEXT = frozenset({"text/css", "text/javascript", "image/svg+xml"})  # fonts are compressed already

bp = Blueprint("assets", __name__, url_prefix="/assets")


def init_app(app: Flask) -> None:
    """Serve the shared files, compressed, and let browsers keep them."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = MAX_AGE
    app.register_blueprint(bp)
    app.after_request(_compress)

    known: dict[tuple[str, ...], str] = {}  # asked for several times by every page

    @app.template_global()
    def asset(endpoint: str, **values: str) -> str:
        """Return an address that changes with what the file holds."""
        key = (request.script_root, endpoint, *values.values())
        if key not in known:
            variables: dict[str, Any] = {**values, "v": _digest(_content(app, endpoint, **values))}
            known[key] = url_for(endpoint, **variables)
        return known[key]


def _content(app: Flask, endpoint: str, filename: str = "", direction: str = "") -> bytes:
    """Return what is served there."""
    if endpoint == "assets.report":
        return _report_sheet(direction)
    file = Path(app.static_folder or "") / filename if filename else HOUSE / "styles" / "tokens.css"
    return file.read_bytes()


def _report_sheet(direction: str) -> bytes:
    return screen_sheet(from_the_right=direction == "rtl").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _compress(response: Response) -> Response:
    """
    Compress a file that is the same for everybody; pages are left alone.

    They bear form tokens, and the length of what is compressed can tell of a secret beside what a stranger chose.
    """
    if request.endpoint not in PUBLIC or response.mimetype not in TEXT:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
        response.direct_passthrough = False
        response.data = _gzipped(response.get_data())
        response.content_encoding = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)  # the same file in other bytes
    return response


@lru_cache(maxsize=16)
def _gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@bp.get("/tokens.css")
def tokens() -> Response:
    """Serve the design tokens."""
    return send_from_directory(HOUSE / "styles", "tokens.css")


@bp.get("/report-<any('ltr', 'rtl'):direction>.css")
def report(direction: str) -> Response:
    """Serve what the sections of reports look like on a page."""
    content = _report_sheet(direction)
    return send_file(BytesIO(content), mimetype="text/css", etag=_digest(content), max_age=MAX_AGE)


@bp.get("/<any('FiraSans-Regular.woff2', 'FiraSans-SemiBold.woff2'):name>")
def font(name: str) -> Response:
    """Serve a font."""
    return send_from_directory(HOUSE / "fonts", name, mimetype="font/woff2")
