"""Talks with a coachee: planned, held, noted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.models import CheckIn, Coaching
from assess.services import check_ins, coached
from assess.services.access import Permission
from assess.web import calendar_files, guards, once
from assess.web.coaching import sheets
from assess.web.coaching.check_in_forms import HeldForm, SlotForm, of_notes, of_slot, proposed
from assess.web.coaching.own import coaching_of
from assess.web.coaching.sheets import Sheet
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import moment

WEEK = timedelta(days=7)

bp = Blueprint("check_ins", __name__)
one = Blueprint("one", __name__, url_prefix="/check-ins")


@bp.get("/<uuid:public_id>/check-ins")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show the talk that is next, what waits for a word, and earlier ones with what was noted."""
    coaching, now = coaching_of(public_id), datetime.now(UTC)
    return render_template(
        "coaching/check_ins.html",
        coaching=coaching,
        talks=check_ins.talks_of(get_session(), guards.signed_in(), coaching, now=now),
        private_notes_of=check_ins.private_notes_of,
        may_note=lambda talk: talk.planned_for <= now + check_ins.GRACE,
    )


@bp.route("/<uuid:public_id>/check-ins/new", methods=["GET", "POST"])
@once.only
def new(public_id: UUID) -> ResponseReturnValue:
    """Plan a check-in."""
    coaching, session, user, now = _coaching(public_id), get_session(), guards.signed_in(), datetime.now(UTC)
    form = SlotForm(data=proposed(_today(coaching) + WEEK))
    intro = f"{_('By the clocks of %(zone)s.', zone=_zone(coaching))} {_told(coaching)}"
    sheet = Sheet(coaching, _("Plan a check-in"), _("Plan the check-in"), _back(coaching), intro=intro)
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: check_ins.plan(session, user, coaching, form.slot, now=now)
    ):
        return once.made(sheet.back, f"{_('The check-in is planned.')} {_told(coaching)}")
    return sheets.show(sheet, form)


@bp.route("/<uuid:public_id>/check-ins/held", methods=["GET", "POST"])
@once.only
def write_down(public_id: UUID) -> ResponseReturnValue:
    """Note a talk that was held without being planned here."""
    coaching, session, user, now = _coaching(public_id), get_session(), guards.signed_in(), datetime.now(UTC)
    form = HeldForm(data=proposed(_today(coaching)))
    sheet = Sheet(coaching, _("Write down a check-in"), _("Save"), _back(coaching))
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: check_ins.write_down(session, user, coaching, form.slot, form.notes, now=now)
    ):
        return once.made(sheet.back, _("The check-in is written down."))
    return sheets.show(sheet, form)


@one.route("/<uuid:public_id>/move", methods=["GET", "POST"])
def move(public_id: UUID) -> ResponseReturnValue:
    """Have the talk at another time or place."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, talk = _find(public_id, Permission.COACHING_WRITE)
    form = of_slot(talk, _zone(coaching))
    intro = f"{_('By the clocks of %(zone)s.', zone=_zone(coaching))} {_told(coaching)}"
    sheet = Sheet(coaching, _("Move the check-in"), _("Save"), _back(coaching), intro=intro)
    if form.validate_on_submit() and sheets.attempt(
        form, lambda: check_ins.move(session, user, coaching, talk, form.slot, now=now)
    ):
        when = moment(talk.planned_for, _zone(coaching))
        return sheets.done(sheet.back, _("The check-in is on %(when)s.", when=when))
    return sheets.show(sheet, form)


@one.route("/<uuid:public_id>/call-off", methods=["GET", "POST"])
def call_off(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then call the talk off."""
    coaching, talk = _find(public_id, Permission.COACHING_WRITE)
    now, back = datetime.now(UTC), _back(coaching)
    if request.method == "GET":
        is_past, told = talk.planned_for <= now, _told(coaching)
        return render_template(
            "coaching/check_in_call_off.html", coaching=coaching, talk=talk, back=back, is_past=is_past, told=told
        )
    check_ins.call_off(get_session(), guards.signed_in(), coaching, talk, now=now)
    return sheets.done(back, _("The check-in is called off."))


@one.route("/<uuid:public_id>/notes", methods=["GET", "POST"])
def notes(public_id: UUID) -> ResponseReturnValue:
    """Note what was said; the talk counts as held from then on."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    coaching, talk = _find(public_id, Permission.COACHING_WRITE)
    form, intro = of_notes(talk), _("The check-in of %(when)s", when=moment(talk.planned_for, _zone(coaching)))
    title = _("Change the notes") if talk.held_at else _("The check-in was held")
    sheet = Sheet(coaching, title, _("Save"), _back(coaching), intro=intro)
    return sheets.carry_out(
        sheet,
        form,
        lambda: check_ins.note(session, user, coaching, talk, form.notes, now=now),
        _("The notes are saved."),
    )


@one.post("/<uuid:public_id>/taking-back")
def take_back(public_id: UUID) -> ResponseReturnValue:
    """Note that a talk was not held after all."""
    coaching, talk = _find(public_id, Permission.COACHING_WRITE)
    check_ins.take_back(get_session(), guards.signed_in(), coaching, talk, now=datetime.now(UTC))
    return sheets.done(_back(coaching), _("The check-in counts as not held."))


@one.get("/<uuid:public_id>/calendar.ics")
def calendar(public_id: UUID) -> ResponseReturnValue:
    """Give the talk out as a file for a calendar."""
    _coaching, talk = _find(public_id, Permission.COACHING_READ)
    return calendar_files.hand_out(talk, for_coach=True)


def _coaching(public_id: UUID) -> Coaching:
    return coaching_of(public_id, Permission.COACHING_WRITE)


def _find(public_id: UUID, to: Permission) -> tuple[Coaching, CheckIn]:
    return coached.check_in(get_session(), guards.signed_in(), public_id, to)


def _told(coaching: Coaching) -> str:
    """Return whether the person is told by mail."""
    person = coaching.person
    if person.email is None or person.is_simulated:
        return _("%(name)s gets no mail; please tell them.", name=person.name)
    return _("%(name)s is told by mail.", name=person.name)


def _zone(coaching: Coaching) -> str:
    return coaching.person.organization.time_zone


def _today(coaching: Coaching) -> date:
    return datetime.now(ZoneInfo(_zone(coaching))).date()


def _back(coaching: Coaching) -> str:
    return url_for("coaching.check_ins.index", public_id=coaching.public_id)


bp.register_blueprint(one)
