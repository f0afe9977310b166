"""Asking for something about one's own data."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import RequestKind
from assess.services import privacy_requests
from assess.web import guards
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.mine.forms import WishForm
from assess.web.mine.visitor import current_person


def register(bp: Blueprint) -> None:
    """Add the page to `bp`."""
    bp.add_url_rule("/ask", "ask", ask, methods=["GET", "POST"])


def ask() -> ResponseReturnValue:
    """Ask for a correction, for erasure, or for a person to look at the results."""
    person, form = current_person(), _form()
    if not form.validate_on_submit():
        return _page(form), 422 if request.method == "POST" else 200
    guards.require_page_of("person", person.public_id)
    try:
        privacy_requests.ask(get_session(), person, form.kind.data, form.words.data or "", now=datetime.now(UTC))
    except Refused as refusal:
        form.words.errors = [str(refusal)]
        return _page(form), 422
    get_session().commit()
    flash(_("%(name)s has been told. You find the answer in your mail and here.", name=person.organization.name))
    return redirect(url_for("mine.inside.page", _anchor="requests"), 303)


def _form() -> WishForm:
    """Return the form; a link may choose what is asked for."""
    wished = request.args.get("kind")
    known = {kind.value: kind for kind in RequestKind}
    return WishForm(data={"kind": known.get(wished or "")})


def _page(form: WishForm) -> str:
    person = current_person()
    return render_template("mine/ask.html", form=form, person=person, organization=person.organization)
