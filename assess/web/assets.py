"""Files that the pages share with the reports: design tokens and fonts."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory, url_for

import reports
from assess import __version__

HOUSE = Path(reports.__file__).parent
MAX_AGE = 365 * 24 * 3600  # addresses carry the version, so they can be kept for long

bp = Blueprint("assets", __name__, url_prefix="/assets")


def init_app(app: Flask) -> None:
    """Serve the shared files and let browsers keep them."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = MAX_AGE
    app.register_blueprint(bp)

    @app.template_global()
    def asset(endpoint: str, **values: str) -> str:
        """Return an address that changes with the program's version."""
        return url_for(endpoint, **{**values, "v": __version__})  # type: ignore[arg-type]  # of an address, all are strings


@bp.get("/tokens.css")
def tokens() -> Response:
    """Serve the design tokens."""
    return send_from_directory(HOUSE / "styles", "tokens.css")


@bp.get("/<any('FiraSans-Regular.woff2', 'FiraSans-SemiBold.woff2'):name>")
def font(name: str) -> Response:
    """Serve a font."""
    return send_from_directory(HOUSE / "fonts", name, mimetype="font/woff2")
