"""
Forms that make something make it once: sent again, by a second click or a reload, they lead to what they have made.

Each rendering of such a form bears a number of its own (`hidden(form, once=true)`). What counts as the same form is
that number with all that was filled in, so that going back and changing something makes something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from assess.services import sent_forms
from assess.services.tokens import hash_token
from assess.web import guards
from assess.web.db import get_session
from assess.web.i18n import gettext as _

NUMBER = "once"
View = Callable[..., ResponseReturnValue]


def only(view: View) -> View:
    """Have `view`, which ends with `made`, make something once for each form."""

    @wraps(view)
    def answer(**address: object) -> ResponseReturnValue:
        key = _key() if request.method == "POST" else None
        led_to = sent_forms.made_by(get_session(), key) if key else None
        if led_to is None:
            return view(**address)
        flash(_("You have sent this form more than once. It counts once, and this is what came of it."))
        return redirect(led_to, 303)

    return answer


def made(led_to: str, said: str) -> ResponseReturnValue:
    """Commit what the form has made, and lead to it with a sentence."""
    session, key = get_session(), _key()
    if key:
        sent_forms.note(session, key, led_to, now=datetime.now(UTC))
    session.commit()
    flash(said)
    return redirect(led_to, 303)


def _key() -> str | None:
    """Return what tells this form from all others, a hash; None of a form without a number."""
    if not request.form.get(NUMBER):
        return None
    said = sorted(each for each in request.form.items(multi=True) if each[0] != "csrf_token")
    return hash_token(json.dumps([guards.signed_in().id, request.full_path, said]))
