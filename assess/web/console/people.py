"""Everybody whom the organisation has asked something or may ask: the list, their facts, their page over the years."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Person
from assess.services import access, person_facts, person_lists
from assess.services.access import Permission
from assess.services.person_facts import Facts
from assess.web import guards, once
from assess.web.console import person_page, words
from assess.web.console.person_forms import FactsForm, SearchForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's people, a page at a time."""
    form = SearchForm()
    listing = person_lists.people_of(
        get_session(),
        guards.signed_in(),
        sought=form.sought,
        only=form.narrowed,
        page=request.args.get("page", 1, type=int),
        now=datetime.now(UTC),
    )
    return render_template(
        "console/people/index.html",
        form=form,
        listing=listing,
        address=lambda **chosen: url_for(".index", **chosen),
        words=words,
    )


@bp.route("/new", methods=["GET", "POST"])
@once.only
def new() -> ResponseReturnValue:
    """Enter somebody who is not asked anything yet."""
    form, session = FactsForm(), get_session()
    if not form.validate_on_submit():
        return _form_page(form), 422 if request.method == "POST" else 200
    try:
        person = person_facts.enter(session, guards.signed_in(), form.facts, now=datetime.now(UTC))
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _form_page(form), 422
    return once.made(url_for(".show", public_id=person.public_id), _("%(name)s is entered.", name=person.name))


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show the person's page over the years."""
    return person_page.page(_get(public_id, Permission.PERSON_READ))


@bp.route("/<uuid:public_id>/facts", methods=["GET", "POST"])
def facts(public_id: UUID) -> ResponseReturnValue:
    """Put right who somebody is."""
    person, session = _get(public_id, Permission.PERSON_WRITE), get_session()
    form = FactsForm.of(person)
    if not form.validate_on_submit():
        return _form_page(form, person), 422 if request.method == "POST" else 200
    try:
        person_facts.change(session, guards.signed_in(), person, form.facts, seen=form.seen.data, now=datetime.now(UTC))
    except Refused as refusal:
        form.seen.data = Facts.of(person).sign
        form.form_errors.append(str(refusal))
        return _form_page(form, person), 422
    session.commit()
    flash(_("The facts about %(name)s are kept.", name=person.name))
    return redirect(url_for(".show", public_id=public_id), 303)


def _get(public_id: UUID, to: Permission) -> Person:
    return access.get_person(get_session(), guards.signed_in(), public_id, to)


def _form_page(form: FactsForm, person: Person | None = None) -> str:
    return render_template("console/people/facts_form.html", form=form, person=person, words=words)
