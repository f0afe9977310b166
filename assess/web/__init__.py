"""The web application: pages for candidates and staff."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from assess import logs as log_lines
from assess.banks.registry import Registry, default_folder, read_all
from assess.config import Settings
from assess.web import (
    admin,
    assets,
    auth,
    bodies,
    coachee,
    coaching,
    console,
    db,
    errors,
    genuine,
    health,
    i18n,
    language,
    logs,
    mine,
    navigation,
    report_ways,
    security,
    survey,
    take,
)


class Application(Flask):
    """Flask, but for its log line of an error, which would hold the address and with it secret links."""

    def log_exception(self, exc_info: Any) -> None:
        """Note an error by view and reference."""
        extra = {"reference": g.get("reference", "-"), "endpoint": request.endpoint or "-"}
        self.logger.error("an error that is ours", exc_info=exc_info, extra=extra)


def production() -> Flask:
    """Return the application as a server runs it, with log lines in the form that the settings ask for."""
    settings = Settings.read()
    log_lines.configure(settings.log_format)
    app = create_app(settings)
    freeze()
    return app


def freeze() -> None:
    """Leave what is there to stay, item banks above all, out of every later search for garbage: each took 0.1 s."""
    gc.collect()
    gc.freeze()


def create_app(settings: Settings | None = None, *, registry: Registry | None = None) -> Flask:
    """
    Return the application.

    Unusable settings, a malformed item bank or a database without its tables stop the start with the reasons.
    """
    settings = settings or Settings.read()
    app = Application(__name__)
    prefix = "__Host-" if settings.is_secure else ""
    app.config.update(
        SETTINGS=settings,
        COOKIE_PREFIX=prefix,
        SECRET_KEY=settings.key(),
        SESSION_COOKIE_NAME=f"{prefix}rapport-form",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # people may think about a page for as long as they like
        WTF_CSRF_SSL_STRICT=False,  # asks for a Referer, which our own policy keeps browsers from sending
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.extensions["registry"] = registry or read_all(settings.item_banks or default_folder())
    logs.init_app(app)
    db.init_app(app, settings.database, threads=settings.threads)
    i18n.init_app(app)
    security.init_app(app)
    bodies.init_app(app)
    CSRFProtect(app)
    errors.init_app(app)
    navigation.init_app(app)
    report_ways.init_app(app)
    assets.init_app(app)
    for area in (health, language, genuine, auth, take, survey, mine, coachee, console, coaching, admin):
        app.register_blueprint(area.bp)
    return app
