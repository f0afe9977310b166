"""What HR sends to have people asked: a campaign, a person for it, or one person with a campaign of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from wtforms import BooleanField, DateField, Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from assess.banks.model import Bank, Form
from assess.banks.parts import Part
from assess.models import Feedback, Position, Purpose
from assess.services import campaigns, days, sequence
from assess.services.invitations import Invitee
from assess.web.console import words
from assess.web.console.forms import NOT_OFFERED, USUAL_TIME
from assess.web.console.reminder_forms import USUAL as REMINDERS
from assess.web.console.reminder_forms import ReminderFields
from assess.web.forms import HtmlForm, address_field, day_field, name_field, tidy
from assess.web.i18n import gettext, ngettext
from assess.web.i18n import lazy_gettext as _

NO_POSITION = "none"
NOT_ASKED = ""
BY_MAIL, BY_HAND = "mail", "hand"
Minutes = Callable[[Bank, str, Sequence[Part]], int]


class PersonForm(HtmlForm):
    """One person to invite."""

    name = name_field(_("Please enter the person's name."))
    email = address_field(
        _("Please enter the person's e-mail address."),
        _("Somebody invited before is found again by this address, with the name as it was then."),
    )
    delivery = RadioField(
        _("How does the invitation reach them?"),
        choices=lambda: [
            SelectChoice(BY_MAIL, gettext("By mail, now")),
            SelectChoice(BY_HAND, gettext("I hand over a link myself; the next page makes it")),
        ],
        default=BY_MAIL,
        invalid_choice_message=NOT_OFFERED,
    )

    @property
    def invitee(self) -> Invitee:
        """Return who is to be invited."""
        return Invitee(name=self.name.data, email=self.email.data)


def _place() -> SelectField:
    """Return the field for a part's place in the order."""
    return SelectField(choices=_places, invalid_choice_message=NOT_OFFERED)


def _places() -> list[SelectChoice]:
    return [SelectChoice(NOT_ASKED, gettext("not asked")), *(SelectChoice(*each) for each in _ordinals().items())]


def _ordinals() -> dict[str, str]:
    return {
        "1": gettext("first"),
        "2": gettext("second"),
        "3": gettext("third"),
        "4": gettext("fourth"),
        "5": gettext("fifth"),
        "6": gettext("sixth"),
    }


def title_field() -> StringField:
    """Return the field for a campaign's name."""
    return StringField(
        _("Name of the campaign"),
        description=_("It stands on your pages only; the people invited do not see it."),
        filters=[tidy],
        validators=[
            DataRequired(_("Please give the campaign a name.")),
            Length(max=120, message=_("Please use at most 120 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )


def feedback_field() -> RadioField:
    """Return the field for when people get their own report."""
    return RadioField(
        _("When does the person get their personal report?"),
        choices=lambda: [SelectChoice(each.value, words.feedback_words(each)) for each in Feedback],
        coerce=Feedback,
        default=Feedback.AT_ONCE,
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )


class OrderForm(HtmlForm):
    """What is asked, for which position, until when; every part has a field for its place, named as the part is."""

    position = SelectField(
        _("Position"),
        validators=[InputRequired(_("Please choose a position, or say that there is none."))],
        invalid_choice_message=NOT_OFFERED,
    )
    purpose = SelectField(
        _("Purpose"),
        description=_("The person is told what the assessment is for."),
        choices=lambda: [SelectChoice(each.value, words.purpose_words(each)) for each in Purpose],
        coerce=Purpose,
        default=Purpose.HIRING,
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    questionnaire = SelectField(_("Edition and form"), invalid_choice_message=NOT_OFFERED)
    statements = _place()
    triplets = _place()
    perspective = _place()
    situations = _place()
    vocabulary = _place()
    numerical = _place()
    until = day_field(_("Last day"))
    feedback = feedback_field()

    def __init__(
        self,
        *,
        positions: Sequence[Position],
        banks: Sequence[Bank],
        edition: str,
        minutes: Minutes,
        today: date,
        time_zone: str,
        like: Mapping[str, Any] | None = None,
    ) -> None:
        self.today, self.time_zone = today, time_zone
        self._forms = {f"{bank.edition}/{form.code}": (bank, form) for bank in banks for form in _forms_of(bank)}
        usual = next((value for value, (bank, _form) in self._forms.items() if bank.edition == edition), None)
        offered = {"until": today + USUAL_TIME, "statements": "1", "questionnaire": usual}
        super().__init__(data={**offered, **(like or {})})
        self.position.choices = [
            SelectChoice("", gettext("Choose a position")),
            *(SelectChoice(str(each.public_id), each.title) for each in positions),
            SelectChoice(NO_POSITION, gettext("No position: the result shows no match")),
        ]
        self.questionnaire.choices = [
            SelectChoice(value, _questionnaire_words(bank, form, minutes(bank, form.code, [Part.STATEMENTS])))
            for value, (bank, form) in self._forms.items()
        ]
        self.statements.choices = _places()[1:]
        self._name_places(banks, minutes)

    def _name_places(self, banks: Sequence[Bank], minutes: Minutes) -> None:
        """Say what each part is and how long it takes, and leave out what no edition has."""
        for part in Part:
            longest = [minutes(bank, bank.forms[0].code, [part]) for bank in banks if part in campaigns.parts_of(bank)]
            if not longest:
                del self[part.value]
                continue
            self[part.value].label.text = words.part_words(part)
            self[part.value].description = _note(part, max(longest))

    @property
    def places(self) -> list[tuple[Part, Field]]:
        """Return the parts with their fields, in the usual order."""
        return [(part, self[part.value]) for part in Part if part.value in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that no two parts have the same place."""
        sound: bool = super().validate(extra_validators)
        taken: dict[str, Part] = {}
        for part, field in self.places:
            other = taken.setdefault(field.data, part)
            if field.data != NOT_ASKED and other is not part:
                field.errors = [
                    gettext(
                        "%(other)s and %(part)s cannot both come %(place)s. Please give each a place of its own.",
                        part=words.part_words(part),
                        other=words.part_words(other),
                        place=_ordinals().get(field.data, field.data),
                    )
                ]
        return sound and not self.errors

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what is asked, in its order; only the order of the places counts, so gaps are harmless."""
        asked = [(field.data, part) for part, field in self.places if field.data != NOT_ASKED]
        return tuple(part for _place, part in sorted(asked))

    @property
    def chosen(self) -> tuple[Bank, Form]:
        """Return the edition and the form."""
        return self._forms[self.questionnaire.data]


class InviteForm(PersonForm, OrderForm):
    """One person to invite, and what to."""

    remind = BooleanField(default=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.remind.label.text = gettext(
            "Remind them by mail %(when)s, unless they have finished", when=words.reminder_words(REMINDERS)
        )
        self.until.description = gettext(
            "The invitation ends at midnight after this day, %(zone)s time. Who has begun by then gets 14 days more.",
            zone=self.time_zone,
        )

    @property
    def reminders(self) -> Sequence[int]:
        """Return on how many days before the last one they are reminded, whether they have begun or not."""
        return REMINDERS if self.remind.data else ()

    reminders_begun = reminders


class CampaignForm(ReminderFields, OrderForm):
    """What is asked of many."""

    title = title_field()
    opens = DateField(
        _("First day"),
        description=_(
            "Leave it empty to open at once. Letters go out as soon as you invite somebody; they name this day, and "
            "before it nobody can begin."
        ),
        validators=[Optional()],
        invalid_value_message=_("Please write the first day as a date, such as 2030-06-01, or leave it empty."),
    )
    zone = SelectField(
        _("Time zone"),
        description=_("The first day begins and the last day ends at midnight there."),
        invalid_choice_message=NOT_OFFERED,
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.zone.choices = _zones(self.time_zone)
        if self.zone.data is None:
            self.zone.data = self.time_zone
        self.until.description = gettext("Who has begun by then gets 14 days more.")


def _forms_of(bank: Bank) -> list[Form]:
    """Return the forms that can be given, fixed ones first."""
    return [*bank.fixed_forms, *(form for form in bank.forms if form.adaptive and bank.exposure is not None)]


def _questionnaire_words(bank: Bank, form: Form, minutes: int) -> str:
    n = sequence.n_pages(bank, form.code, Part.STATEMENTS)
    if form.adaptive:
        statements = ngettext("at most %(num)s statement", "at most %(num)s statements", n)
    else:
        statements = ngettext("%(num)s statement", "%(num)s statements", n)
    return f"{bank.title} {bank.version}, {form.title} ({statements}, {words.minutes_words(minutes)})"


def _note(part: Part, minutes: int) -> str:
    """Return what a part is and how long it takes."""
    if part is Part.STATEMENTS:
        return words.part_note(part)
    clock = gettext("with a clock") if part in sequence.LIMITS else ""
    length = ", ".join(filter(None, [words.minutes_words(minutes), clock]))
    return f"{words.part_note(part)} ({length})"


def _zones(own: str) -> dict[str, list[tuple[str, str]]]:
    """Return the world's time zones by continent, after the organisation's `own`."""
    others = sorted(set(days.places()) - {own})
    groups = {name: [(zone, zone) for zone in zones] for name, zones in groupby(others, key=_continent)}
    return {gettext("Your organisation"): [(own, own)], **groups}


def _continent(zone: str) -> str:
    return zone.partition("/")[0]
