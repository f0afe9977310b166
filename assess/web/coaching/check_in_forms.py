"""What a coach sends about talks: when and where, and what was said."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from wtforms import IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange

from assess.models import CheckIn
from assess.services.check_ins import Notes, Slot, slot_of
from assess.web.coaching.plan_forms import day_field, line_field, words_field
from assess.web.forms import HtmlForm
from assess.web.i18n import lazy_gettext as _

USUAL = {"at": time(10), "minutes": 45}
SHARED = _("The person reads this, too, and so does a coach who follows you. It stands in coaching reports.")
PRIVATE = _(
    "For yourself. No other coach and nobody of HR reads it, and it is not on the person's page. It is in the copy of "
    "everything that the person may ask for."
)


class SlotForm(HtmlForm):
    """When and where a talk is."""

    day = day_field(_("Day"), _("Please choose a day."))
    at = TimeField(
        _("Time"),
        validators=[InputRequired(_("Please choose a time."))],
        format=["%H:%M", "%H:%M:%S"],
        invalid_value_message=_("Please write the time as hours and minutes, such as 14:30."),
    )
    minutes = IntegerField(
        _("Minutes"),
        validators=[
            InputRequired(_("Please say how many minutes it takes.")),
            NumberRange(5, 480, message=_("A talk takes between 5 and 480 minutes.")),
        ],
        invalid_value_message=_("Please write the minutes as a number."),
    )
    place = line_field(_("Where, or how to join"))

    @property
    def slot(self) -> Slot:
        """Return when and where."""
        return Slot(self.day.data, self.at.data, self.minutes.data, self.place.data or "")


class NotesForm(HtmlForm):
    """What is noted of a talk."""

    shared = words_field(_("Shared notes"), SHARED, rows=6)
    private = words_field(_("Private notes"), PRIVATE, rows=4)

    @property
    def notes(self) -> Notes:
        """Return what is noted."""
        return Notes(self.shared.data, self.private.data)


class HeldForm(NotesForm, SlotForm):
    """A talk that was held without being planned here, and what is noted of it."""


def of_slot(check_in: CheckIn, time_zone: str) -> SlotForm:
    """Return the form as it stands on the page: with how things are."""
    slot = slot_of(check_in, time_zone)
    return SlotForm(data={"day": slot.day, "at": slot.at, "minutes": slot.minutes, "place": slot.place})


def of_notes(check_in: CheckIn) -> NotesForm:
    """Return the same of notes."""
    return NotesForm(data={"shared": check_in.shared_notes, "private": check_in.private_notes})


def proposed(day: date) -> dict[str, Any]:
    """Return what stands in the form of a new talk."""
    return {"day": day, **USUAL}
