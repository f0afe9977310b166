"""Passwords: asking for a link, and setting a new one with it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import LinkPurpose
from assess.services import accounts, limits, links
from assess.web.auth.forms import ForgottenForm, PasswordForm
from assess.web.db import get_session, reading_session
from assess.web.i18n import gettext as _


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/auth/forgotten", "forgotten", forgotten, methods=["GET", "POST"])
    bp.add_url_rule("/auth/forgotten/sent", "reset_asked", reset_asked)
    bp.add_url_rule("/auth/password/<token>", "password", password, methods=["GET", "POST"])


def forgotten() -> ResponseReturnValue:
    """Have a link sent to the address, if it is an account's; the answer is the same if it is not."""
    form = ForgottenForm()
    if request.method == "GET":
        return render_template("auth/forgotten.html", form=form)
    if not form.validate():
        return render_template("auth/forgotten.html", form=form), 422
    address = request.remote_addr or ""
    accounts.request_reset(get_session(), form.email.data, address=address, now=datetime.now(UTC))
    get_session().commit()
    return redirect(url_for("auth.reset_asked"), 303)


def reset_asked() -> ResponseReturnValue:
    """Say what happens next."""
    return render_template("auth/reset_asked.html")


def password(token: str) -> ResponseReturnValue:
    """Show the form to whoever has the link; only sending it changes something."""
    form, now = PasswordForm(), datetime.now(UTC)
    if request.method == "POST":
        _count_try(now)
    with reading_session() as reading:
        link = links.find(reading, token, LinkPurpose.SET_PASSWORD, now=now)
        if not form.validate_on_submit():
            return _page(form), 422 if request.method == "POST" else 200
        try:
            password_hash = accounts.new_password_hash(link, form.password.data)
        except Refused as refusal:
            form.password.errors = [str(refusal)]
            return _page(form), 422
    link = links.find(get_session(), token, LinkPurpose.SET_PASSWORD, now=now)
    accounts.set_password(get_session(), link, password_hash, now=now)
    get_session().commit()
    flash(_("Your password is set. You can sign in with it now."))
    return redirect(url_for("auth.sign_in"), 303)


def _count_try(now: datetime) -> None:
    """Count a try with a link, whatever comes of it."""
    address = request.remote_addr or ""
    limits.check(get_session(), limits.REDEMPTIONS, address, now=now)
    limits.count(get_session(), limits.REDEMPTIONS, address, now=now)
    get_session().commit()


def _page(form: PasswordForm) -> str:
    return render_template("auth/password.html", form=form)
