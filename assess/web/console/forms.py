"""What HR sends about people: invitations, deadlines, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, EmailField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from assess.banks.model import Bank, Form
from assess.banks.parts import Part
from assess.models import Feedback, Outcome, Position, Purpose
from assess.services import sequence
from assess.services.invitations import Invitee
from assess.web.console import words
from assess.web.forms import HtmlForm, one_address, tidy
from assess.web.i18n import gettext, ngettext
from assess.web.i18n import lazy_gettext as _

USUAL_TIME = timedelta(days=14)
MOST_TIME = timedelta(days=366)
REMINDERS = (7, 2)  # days before the last day
NO_POSITION = "none"
BY_MAIL, BY_HAND = "mail", "hand"
OUTCOMES = {
    Purpose.HIRING: (Outcome.HIRE, Outcome.RESERVE, Outcome.REJECT, Outcome.NONE),
    Purpose.PROMOTION: (Outcome.PROMOTE, Outcome.RESERVE, Outcome.REJECT, Outcome.NONE),
    Purpose.COACHING: (),
}
NOT_OFFERED = _("Please choose one of the options.")


def day_field(label: str) -> DateField:
    """Return a field for a last day."""
    return DateField(
        label,
        validators=[InputRequired(_("Please choose the last day.")), _is_near],
        invalid_value_message=_("Please write the last day as a date, such as 2030-06-30."),
    )


def _is_near(form: Any, field: Field) -> None:
    if field.data is not None and field.data > form.today + MOST_TIME:
        raise ValidationError(gettext("Please choose a last day within a year from now."))


class InviteForm(HtmlForm):
    """One person to invite, and what to."""

    name = StringField(
        _("Name"),
        filters=[tidy],
        validators=[
            DataRequired(_("Please enter the person's name.")),
            Length(max=120, message=_("Please use at most 120 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _("E-mail address"),
        description=_("Somebody invited before is found again by this address, with the name as it was then."),
        filters=[tidy],
        validators=[
            DataRequired(_("Please enter the person's e-mail address.")),
            one_address,
            Length(max=254, message=_("An e-mail address has at most 254 characters.")),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    position = SelectField(
        _("Position"),
        validators=[InputRequired(_("Please choose a position, or say that there is none."))],
        invalid_choice_message=NOT_OFFERED,
    )
    questionnaire = SelectField(_("Edition and form"), invalid_choice_message=NOT_OFFERED)
    triplets = BooleanField(
        _("Add thirty best-worst triplets"),
        description=_(
            "Of three statements one is most and one least like them: harder to embellish, and more precise."
        ),
    )
    purpose = SelectField(
        _("Purpose"),
        description=_("The person is told what the assessment is for."),
        choices=lambda: [SelectChoice(each.value, words.purpose_words(each)) for each in Purpose],
        coerce=Purpose,
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    until = day_field(_("Last day"))
    remind = BooleanField()
    feedback = RadioField(
        _("When does the person get their personal report?"),
        choices=lambda: [SelectChoice(each.value, words.feedback_words(each)) for each in Feedback],
        coerce=Feedback,
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    delivery = RadioField(
        _("How does the invitation reach them?"),
        choices=lambda: [
            SelectChoice(BY_MAIL, gettext("By mail, now")),
            SelectChoice(BY_HAND, gettext("I hand over a link myself; the next page makes it")),
        ],
        invalid_choice_message=NOT_OFFERED,
    )

    def __init__(self, *, positions: Sequence[Position], banks: Sequence[Bank], today: date, time_zone: str) -> None:
        self.today = today
        super().__init__(
            data={
                "until": today + USUAL_TIME,
                "remind": True,
                "purpose": Purpose.HIRING,
                "feedback": Feedback.AT_ONCE,
                "delivery": BY_MAIL,
            }
        )
        self._forms = {f"{bank.edition}/{form.code}": (bank, form) for bank in banks for form in _forms_of(bank)}
        self.position.choices = [
            SelectChoice("", gettext("Choose a position")),
            *(SelectChoice(str(each.public_id), each.title) for each in positions),
            SelectChoice(NO_POSITION, gettext("No position: the result shows no match")),
        ]
        self.questionnaire.choices = [
            SelectChoice(value, _questionnaire_words(bank, form)) for value, (bank, form) in self._forms.items()
        ]
        self.until.description = gettext(
            "The invitation ends at midnight after this day, %(zone)s time. Who has begun by then gets 14 days more.",
            zone=time_zone,
        )
        self.remind.label.text = gettext(
            "Remind them by mail %(when)s, unless they have finished", when=words.reminder_words(REMINDERS)
        )

    @property
    def reminders(self) -> tuple[int, ...]:
        """Return how many days before the last day they are to be reminded."""
        return REMINDERS if self.remind.data else ()

    @property
    def invitee(self) -> Invitee:
        """Return who is to be invited."""
        return Invitee(name=self.name.data, email=self.email.data)

    @property
    def chosen(self) -> tuple[Bank, Form]:
        """Return the edition and the form."""
        return self._forms[self.questionnaire.data]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what is asked, in its order."""
        return (Part.STATEMENTS, Part.TRIPLETS) if self.triplets.data else (Part.STATEMENTS,)


def _forms_of(bank: Bank) -> list[Form]:
    """Return the forms that can be given, fixed ones first."""
    return [*bank.fixed_forms, *(form for form in bank.forms if form.adaptive and bank.exposure is not None)]


def _questionnaire_words(bank: Bank, form: Form) -> str:
    n = sequence.n_pages(bank, form.code, Part.STATEMENTS)
    if form.adaptive:
        statements = ngettext("at most %(num)s statement", "at most %(num)s statements", n)
    else:
        statements = ngettext("%(num)s statement", "%(num)s statements", n)
    return f"{bank.title} {bank.version}, {form.title} ({statements})"


class DeadlineForm(HtmlForm):
    """A later last day."""

    until = day_field(_("New last day"))

    def __init__(self, *, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(**options)


class DecisionForm(HtmlForm):
    """What a person decided, and why."""

    outcome = RadioField(
        _("What was decided"),
        coerce=Outcome,
        validators=[InputRequired(_("Please choose what was decided."))],
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    reasons = TextAreaField(
        _("Reasons"),
        description=_("What it rests on: interview, references, work samples; and what the assessment added."),
        validators=[
            DataRequired(_("Please write down the reasons: a decision rests on more than an assessment.")),
            Length(max=5_000, message=_("Please write at most 5,000 characters.")),
        ],
        render_kw={"rows": 4},
    )

    def __init__(self, purpose: Purpose, **options: Any) -> None:
        super().__init__(**options)
        self.outcome.choices = [SelectChoice(each.value, words.outcome_words(each)) for each in OUTCOMES[purpose]]
