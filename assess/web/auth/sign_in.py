"""The way in and out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from assess.services import accounts
from assess.web import guards, security
from assess.web.auth.forms import SignInForm
from assess.web.db import get_session, reading_session
from assess.web.i18n import gettext as _
from assess.web.navigation import navigation


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/", "home", home)
    bp.add_url_rule("/auth/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    bp.add_url_rule("/auth/sign-out", "sign_out", sign_out, methods=["POST"])


def home() -> ResponseReturnValue:
    """Go where the user's work is."""
    user = guards.current_user()
    if user is None:
        return redirect(url_for("auth.sign_in"))
    areas = navigation(user)
    return redirect(url_for(areas[0][1] if areas else "auth.account"))


def sign_in() -> ResponseReturnValue:
    """Ask for address and password; say no in the same words whichever of them was wrong."""
    form = SignInForm()
    if request.method == "GET":
        return redirect(url_for("auth.home")) if guards.current_user() else _page(form)
    if not form.validate():
        return _page(form), 422
    token = _try(form.email.data, form.password.data)
    if token is None:
        form.form_errors.append(_("This address and password do not belong together. Please check both."))
        return _page(form), 422
    session.clear()  # form tokens from before the sign-in end with it
    response = redirect(security.local_path(request.args.get("next", "")) or url_for("auth.home"), 303)
    guards.set_cookie(response, guards.session_cookie(), token)
    return response


def _try(email: str, password: str) -> str | None:
    """Return a session's token if the password is right; it is checked while no transaction keeps others waiting."""
    address, now = request.remote_addr or "", datetime.now(UTC)
    with reading_session() as session:
        known = accounts.stored_hash(session, email, address=address, now=now)
    proven = known if accounts.verify(known, password) else None
    token = accounts.sign_in(get_session(), email, proven=proven, address=address, now=now)
    get_session().commit()  # a try that failed counts, too
    return token


def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    accounts.sign_out(get_session(), request.cookies.get(guards.session_cookie(), ""), now=datetime.now(UTC))
    get_session().commit()
    session.clear()
    response = redirect(url_for("auth.sign_in"), 303)
    guards.set_cookie(response, guards.session_cookie(), "")
    return response


def _page(form: SignInForm) -> str:
    return render_template("auth/sign_in.html", form=form)
