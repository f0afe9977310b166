"""One question per page: shown, saved on change and on Continue, open to change until handed in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.banks.parts import Part
from assess.errors import InvalidValue, Refused
from assess.services import asking, clocks, saving
from assess.services.saving import Outcome, Save
from assess.services.sitting import Shown, Sitting
from assess.web.db import autocommitted, get_session
from assess.web.i18n import gettext as _
from assess.web.take import words
from assess.web.take.forms import read_answer, read_answers
from assess.web.take.visitor import as_read, current_attempt, current_sitting, registry, token

POSITION = "int(min=1, max=9999)"
CLOCK_COOKIE = "rapport-clock"  # the script's: whether the visitor has hidden the clock


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/part", "part", part)
    bp.add_url_rule("/part", "open_part", open_part, methods=["POST"])
    bp.add_url_rule(f"/questions/<{POSITION}:position>", "question", question)
    bp.add_url_rule(f"/questions/<{POSITION}:position>", "answer", answer, methods=["POST"])
    bp.add_url_rule("/questions/resume", "resume", resume)
    bp.add_url_rule("/clock", "clock", clock)
    bp.add_url_rule("/clock", "start_clock", start_clock, methods=["POST"])
    bp.add_url_rule("/save", "save", save, methods=["POST"])


def part() -> ResponseReturnValue:
    """Say what the next part is; for statements, with one to practise on. Nothing is shown and no clock runs yet."""
    found = current_sitting()
    upcoming, plan, bank = found.upcoming, found.plan, found.bank
    if upcoming is None or found.pause is not None:
        return redirect(url_for("take.inside.check"))
    shown = as_read(bank, found.attempt)
    return render_template(
        "take/part.html",
        assignment=found.attempt.assignment,
        part=upcoming,
        cut_short=words.name(found.cut_short) if found.cut_short else None,
        words=words.introduction(upcoming),
        number=plan.parts.index(upcoming) + 1,
        n_parts=len(plan.parts),
        n_items=plan.n_items(upcoming),
        is_adaptive=plan.is_adaptive,
        minutes=asking.minutes(found.attempt, upcoming),
        may_stop=clocks.may_stop(found.attempt),
        stem=shown.form(plan.form).practice,
        options=words.agreement(shown),
        spoken=shown.language,
    )


def open_part() -> ResponseReturnValue:
    """Show the first question of the next part; a practice answer is kept nowhere."""
    shown = asking.open_part(get_session(), current_sitting(hold=True))
    get_session().commit()
    if shown is None:
        return redirect(url_for("take.inside.check"), 303)
    return redirect(url_for("take.inside.question", position=shown.position), 303)


def resume() -> ResponseReturnValue:
    """Go where the visitor stopped: the clock that stands still, the question shown last, the next part, the end."""
    found = current_sitting()
    if found.pause is not None:
        return redirect(url_for("take.inside.clock"))
    last = found.shown[-1] if found.shown else None
    if last and (last.position in found.gaps or (found.part_of(last) is found.upcoming)):
        return redirect(url_for("take.inside.question", position=last.position))  # gaps before are listed at the end
    return redirect(url_for("take.inside.check" if found.is_complete else "take.inside.part"))


def question(position: int) -> ResponseReturnValue:
    """Show the question at `position`, with the answers that it has."""
    return _page(current_sitting(), position)


def answer(position: int) -> ResponseReturnValue:
    """Save what was chosen and go on, or back, or stop the clock, or to the display settings."""
    for choice in read_answers(request.form):  # first, and on their own: what is saved stays saved whatever follows
        _store(choice, datetime.now(UTC))
    found, go = current_sitting(hold=True), request.form.get("go")
    away = {
        "back": url_for("take.inside.question", position=max(position - 1, 1)),
        "display": url_for("take.display.show", back=request.path),
    }
    if go in away:
        return redirect(away[go], 303)
    item = found.at(position)
    if item.is_closed(now=found.now):
        return redirect(url_for("take.inside.resume"), 303)
    if go == "stop":
        clocks.stop(get_session(), found)
        get_session().commit()
        return redirect(url_for("take.inside.clock"), 303)
    problem = None if go in ("skip", "check") else words.problem(found.bank, item.code, found.answers_to(item.code))
    if problem:
        return make_response(_page(found, position, problem=problem), 422)
    return _further(found, position, go)


def _further(found: Sitting, position: int, go: str | None) -> ResponseReturnValue:
    """Go to what follows."""
    shown = asking.advance(get_session(), found, position)
    get_session().commit()
    if go == "check":
        return redirect(url_for("take.inside.check"), 303)
    if shown is None:
        return redirect(url_for("take.inside.part"), 303)
    return redirect(url_for("take.inside.question", position=shown.position), 303)


def clock() -> ResponseReturnValue:
    """Say that the clock stands still, and for how long it may; the questions stay hidden meanwhile."""
    found = current_sitting()
    if found.pause is None:
        return redirect(url_for("take.inside.resume"))
    left = clocks.time_left(found, found.pause)
    return render_template(
        "take/clock.html",
        assignment=found.attempt.assignment,
        seconds_left=int(left.total_seconds()),
        until=clocks.goes_on_by_itself(found, found.pause),
        now=found.now,
    )


def start_clock() -> ResponseReturnValue:
    """Let the clock go on."""
    clocks.go_on(get_session(), current_sitting(hold=True))
    get_session().commit()
    return redirect(url_for("take.inside.resume"), 303)


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
    attempt, _bank = current_attempt()
    if sent.attempt != attempt.public_id:
        raise Refused(_("Another questionnaire has been opened in this browser since, so nothing was saved here."))
    found = current_sitting()
    if not found.bank.offers(sent.code, sent.value):
        raise InvalidValue
    if sent.code.partition(".")[0] not in {item.code for item in found.shown}:
        raise Refused(_("This question has not been shown yet, so nothing was saved."))
    if request.path == url_for("take.inside.save"):
        raise Refused(
            _("The clock stands still, so nothing was saved. Let it go on, then answer.")
            if found.pause
            else _("The time for this part is over. What was saved before counts.")
        )


def _page(found: Sitting, position: int, *, problem: str | None = None) -> ResponseReturnValue:
    item = found.at(position)
    if item.is_closed(now=found.now) or found.pause is not None:
        return redirect(url_for("take.inside.resume"))
    asked, read = found.part_of(item), as_read(found.bank, found.attempt)
    return render_template(
        "take/question.html",
        assignment=found.attempt.assignment,
        code=item.code,
        part=asked,
        content=words.content(read, item.code),
        spoken=read.language,
        chosen=found.answers_to(item.code),
        position=position,
        n_items=found.n_items,
        about=found.plan.is_adaptive and found.upcoming is Part.STATEMENTS,
        has_back=position > 1 and found.part_of(found.at(position - 1)) is asked,
        is_complete=found.is_complete,
        is_last=position == found.n_presented,
        seconds_left=_seconds_left(item, found.now),
        clock_hidden=request.cookies.get(CLOCK_COOKIE) == "hidden",
        can_stop=clocks.can_stop(found) and item.closes_at is not None,
        revision=saving.to_revision(found.now),
        key=secrets.token_urlsafe(12),
        problem=problem,
    )


def _seconds_left(item: Shown, now: datetime) -> int | None:
    return None if item.closes_at is None else max(int((item.closes_at - now).total_seconds()), 0)
