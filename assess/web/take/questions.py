"""One question per page: shown, saved on change and on Continue, open to change until handed in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.errors import InvalidValue, Refused
from assess.models import Attempt, PresentedItem
from assess.services import asking, attempts, saving
from assess.services.saving import Outcome, Save
from assess.web.db import autocommitted, get_session
from assess.web.i18n import gettext as _
from assess.web.take import words
from assess.web.take.forms import read_answer, read_answers
from assess.web.take.visitor import current_attempt, registry, token

POSITION = "int(min=1, max=9999)"


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/part", "part", part)
    bp.add_url_rule("/part", "open_part", open_part, methods=["POST"])
    bp.add_url_rule(f"/questions/<{POSITION}:position>", "question", question)
    bp.add_url_rule(f"/questions/<{POSITION}:position>", "answer", answer, methods=["POST"])
    bp.add_url_rule("/questions/resume", "resume", resume)
    bp.add_url_rule("/save", "save", save, methods=["POST"])


def part() -> ResponseReturnValue:
    """Say what the next part is; for statements, with one to practise on. Nothing is shown and no clock runs yet."""
    attempt, bank = current_attempt()
    now = datetime.now(UTC)
    attempts.require_open(attempt.assignment, now=now)
    found = asking.progress(get_session(), attempt, bank, now=now)
    if found.upcoming is None:
        return redirect(url_for("take.inside.check"))
    plan = asking.plan_of(get_session(), attempt, bank)
    return render_template(
        "take/part.html",
        assignment=attempt.assignment,
        part=found.upcoming,
        words=words.introduction(found.upcoming),
        number=plan.parts.index(found.upcoming) + 1,
        n_parts=len(plan.parts),
        n_items=plan.n_items(found.upcoming),
        is_adaptive=plan.is_adaptive,
        minutes=asking.minutes(attempt, found.upcoming),
        stem=bank.form(attempt.form).practice,
        options=words.agreement(bank),
    )


def open_part() -> ResponseReturnValue:
    """Show the first question of the next part; a practice answer is kept nowhere."""
    attempt, bank = current_attempt()
    now = datetime.now(UTC)
    attempts.require_open(attempt.assignment, now=now)
    shown = asking.open_part(get_session(), attempt, bank, now=now)
    get_session().commit()
    if shown is None:
        return redirect(url_for("take.inside.check"), 303)
    return redirect(url_for("take.inside.question", position=shown.position), 303)


def resume() -> ResponseReturnValue:
    """Go where the visitor stopped: the question shown last, the next part, or the overview."""
    attempt, bank = current_attempt()
    now = datetime.now(UTC)
    attempts.require_open(attempt.assignment, now=now)
    found = asking.progress(get_session(), attempt, bank, now=now)
    last = found.n_presented
    if last in found.gaps or (last and not found.is_complete and _goes_on(attempt, bank, last, found.upcoming, now)):
        return redirect(url_for("take.inside.question", position=last))  # what was left out is listed at the end
    return redirect(url_for("take.inside.check" if found.is_complete else "take.inside.part"))


def _goes_on(attempt: Attempt, bank: Bank, last: int, upcoming: Part | None, now: datetime) -> bool:
    item = asking.presented_at(get_session(), attempt, last)
    return bank.asked[item.code].part is upcoming and not asking.is_closed(item, now=now)


def question(position: int) -> ResponseReturnValue:
    """Show the question at `position`, with the answers that it has."""
    return _page(position)


def answer(position: int) -> ResponseReturnValue:
    """Save what was chosen and go on, or back."""
    sent = read_answers(request.form)
    now = datetime.now(UTC)
    for choice in sent:  # first, and on their own: what is saved stays saved whatever follows
        _store(choice, now)
    attempt, bank = current_attempt()
    go = request.form.get("go")
    away = {
        "back": url_for("take.inside.question", position=max(position - 1, 1)),
        "display": url_for("take.display.show", back=request.path),
    }
    if go in away:
        return redirect(away[go], 303)
    item = asking.presented_at(get_session(), attempt, position)
    if asking.is_closed(item, now=now):
        return redirect(url_for("take.inside.resume"), 303)
    if go not in ("skip", "check"):
        answers = asking.answers_to(get_session(), attempt, bank, item.code)
        problem = words.problem(bank, item.code, answers)
        if problem:
            return make_response(_page(position, problem=problem), 422)
    shown = asking.advance(get_session(), attempt, bank, position, now=now)
    get_session().commit()
    if go == "check":
        return redirect(url_for("take.inside.check"), 303)
    if shown is None:
        return redirect(url_for("take.inside.part"), 303)
    return redirect(url_for("take.inside.question", position=shown.position), 303)


def save() -> ResponseReturnValue:
    """Save one answer for the script on the page; what is acknowledged here is committed."""
    sent = read_answer(request.form)
    if sent is None:
        raise InvalidValue
    _store(sent, datetime.now(UTC))
    return {"saved": True}


def _store(sent: Save, now: datetime) -> None:
    """Save an answer; raise why it cannot be kept."""
    banks = [key for key, bank in registry().banks.items() if bank.offers(sent.code, sent.value)]
    outcome = autocommitted(lambda connection: saving.save(connection, token(), sent, banks=banks, now=now))
    if outcome is not Outcome.REFUSED:
        return
    attempt, bank = current_attempt()
    if sent.attempt != attempt.public_id:
        raise Refused(_("Another questionnaire has been opened in this browser since, so nothing was saved here."))
    attempts.require_open(attempt.assignment, now=now)
    if not bank.offers(sent.code, sent.value):
        raise InvalidValue
    item = asking.presented(get_session(), attempt, sent.code.partition(".")[0])
    if item is None:
        raise Refused(_("This question has not been shown yet, so nothing was saved."))
    if request.path == url_for("take.inside.save"):
        raise Refused(_("The time for this part is over. What was saved before counts."))


def _page(position: int, *, problem: str | None = None) -> ResponseReturnValue:
    attempt, bank = current_attempt()
    now = datetime.now(UTC)
    attempts.require_open(attempt.assignment, now=now)
    item = asking.presented_at(get_session(), attempt, position)
    if asking.is_closed(item, now=now):
        return redirect(url_for("take.inside.resume"))
    found = asking.progress(get_session(), attempt, bank, now=now)
    asked = bank.asked[item.code].part
    return render_template(
        "take/question.html",
        assignment=attempt.assignment,
        code=item.code,
        part=asked,
        content=words.content(bank, item.code),
        chosen=asking.answers_to(get_session(), attempt, bank, item.code),
        position=position,
        n_items=found.n_items,
        about=asking.plan_of(get_session(), attempt, bank).is_adaptive and found.upcoming is Part.STATEMENTS,
        has_back=position > 1 and _is_same_part(attempt, bank, position - 1, asked),
        is_complete=found.is_complete,
        is_last=position == found.n_presented,
        seconds_left=_seconds_left(item, now),
        revision=saving.to_revision(now),
        key=secrets.token_urlsafe(12),
        problem=problem,
    )


def _is_same_part(attempt: Attempt, bank: Bank, position: int, asked: Part) -> bool:
    return bank.asked[asking.presented_at(get_session(), attempt, position).code].part is asked


def _seconds_left(item: PresentedItem, now: datetime) -> int | None:
    return None if item.closes_at is None else max(int((item.closes_at - now).total_seconds()), 0)
