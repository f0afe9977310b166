"""One statement per page: shown, saved on change and on Continue, open to change until handed in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import InvalidValue, Refused
from assess.services import attempts, saving
from assess.services.saving import Outcome
from assess.web.db import autocommitted, get_session
from assess.web.i18n import gettext as _
from assess.web.take.forms import read_answer
from assess.web.take.visitor import current_attempt, registry, token

POSITION = "int(min=1, max=9999)"


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule(f"/statements/<{POSITION}:position>", "statement", statement)
    bp.add_url_rule(f"/statements/<{POSITION}:position>", "answer", answer, methods=["POST"])
    bp.add_url_rule("/statements/resume", "resume", resume)
    bp.add_url_rule("/save", "save", save, methods=["POST"])


def resume() -> ResponseReturnValue:
    """Go where the visitor stopped: the statement shown last, or the overview once all were shown."""
    attempt, bank = current_attempt()
    attempts.require_open(attempt.assignment, now=datetime.now(UTC))
    found = attempts.progress(get_session(), attempt, bank)
    last = max(found.n_presented, 1)
    if found.is_complete and last not in found.gaps:
        return redirect(url_for("take.inside.check"))
    return redirect(url_for("take.inside.statement", position=last))  # what was left out is listed at the end


def statement(position: int) -> ResponseReturnValue:
    """Show the statement at `position`, with the answer that it has."""
    return _page(position)


def answer(position: int) -> ResponseReturnValue:
    """Save what was chosen and go on, or back."""
    chosen = _stored()  # first, and on its own: what is saved stays saved whatever follows
    attempt, bank = current_attempt()
    go = request.form.get("go")
    if go == "back":
        return redirect(url_for("take.inside.statement", position=max(position - 1, 1)), 303)
    code = attempts.presented_at(get_session(), attempt, position).code
    if not chosen and go not in ("skip", "check") and attempts.current_response(get_session(), attempt, code) is None:
        return _page(position, problem=_("Please choose an answer, or leave this statement out.")), 422
    shown = attempts.advance(get_session(), attempt, bank, position, now=datetime.now(UTC))
    get_session().commit()
    if shown is None or go == "check":
        return redirect(url_for("take.inside.check"), 303)
    return redirect(url_for("take.inside.statement", position=shown.position), 303)


def save() -> ResponseReturnValue:
    """Save one answer for the script on the page; what is acknowledged here is committed."""
    if not _stored():
        raise InvalidValue
    return {"saved": True}


def _stored() -> bool:
    """Save the answer that was sent if there is one; raise why it cannot be kept."""
    sent = read_answer(request.form)
    if sent is None:
        return False
    banks = [key for key, bank in registry().banks.items() if bank.offers(sent.code, sent.value)]
    now = datetime.now(UTC)
    outcome = autocommitted(lambda connection: saving.save(connection, token(), sent, banks=banks, now=now))
    if outcome is Outcome.REFUSED:
        attempt, bank = current_attempt()
        attempts.require_open(attempt.assignment, now=now)
        if not bank.offers(sent.code, sent.value):
            raise InvalidValue
        raise Refused(_("This statement has not been shown yet, so nothing was saved."))
    return True


def _page(position: int, *, problem: str | None = None) -> str:
    attempt, bank = current_attempt()
    now = datetime.now(UTC)
    attempts.require_open(attempt.assignment, now=now)
    item = bank.item(attempts.presented_at(get_session(), attempt, position).code)
    return render_template(
        "take/statement.html",
        assignment=attempt.assignment,
        item=item,
        options=bank.formats_by_code[item.format].option,
        chosen=attempts.current_response(get_session(), attempt, item.code),
        position=position,
        n_items=len(bank.form(attempt.form).items),
        is_complete=attempts.is_all_shown(get_session(), attempt, bank),
        revision=saving.to_revision(now),
        key=secrets.token_urlsafe(12),
        problem=problem,
    )
