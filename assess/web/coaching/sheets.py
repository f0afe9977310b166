"""Forms about a coachee, each on a page of its own: shown, sent back with what is wrong, or done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Coaching
from assess.web.db import get_session
from assess.web.forms import HtmlForm


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the fields of a form."""

    coaching: Coaching
    title: str
    button: str
    back: str  # the address that one came from, and goes back to
    template: str = "coaching/form.html"
    intro: str = ""
    danger: bool = False


def show(sheet: Sheet, form: HtmlForm, **context: object) -> ResponseReturnValue:
    """Show the form, or show it again with what is wrong."""
    page = render_template(sheet.template, sheet=sheet, coaching=sheet.coaching, form=form, **context)
    return page, 422 if request.method == "POST" else 200


def attempt(form: HtmlForm, do: Callable[[], object]) -> bool:
    """Do what the form asks for; whether it was done. A refusal stands above the form, with all that was typed."""
    try:
        do()
    except Refused as refusal:
        get_session().rollback()
        form.form_errors.append(str(refusal))
        return False
    return True


def carry_out(sheet: Sheet, form: HtmlForm, do: Callable[[], object], said: str) -> ResponseReturnValue:
    """Show the form until what it asks for is done; then lead back with a sentence."""
    if form.validate_on_submit() and attempt(form, do):
        return done(sheet.back, said)
    return show(sheet, form)


def done(back: str, said: str) -> ResponseReturnValue:
    """Commit, and lead back with a sentence."""
    get_session().commit()
    flash(said)
    return redirect(back, 303)
