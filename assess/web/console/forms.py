"""What HR sends about people who have been invited: deadlines and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Self

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from assess.models import Basis, Outcome, Person, Purpose
from assess.services import accommodations, decisions
from assess.services.accommodations import Accommodations
from assess.web.console import words
from assess.web.forms import CheckboxesField, HtmlForm, day_field
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

USUAL_TIME = timedelta(days=14)
NOT_OFFERED = _("Please choose one of the options.")


def seen_field() -> HiddenField:
    """Return a field with the number of what a page shows, so that nothing newer is replaced unread."""
    return HiddenField(filters=[_number])


def _number(text: object) -> int | None:
    return int(str(text)) if str(text).isdecimal() else None


class DeadlineForm(HtmlForm):
    """A later last day."""

    until = day_field(_("New last day"))

    def __init__(self, *, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(**options)

    def validate_until(self, field: Field) -> None:
        """Validate that somebody could have time until then."""
        if field.data is not None and field.data < self.today:
            raise ValidationError(gettext("Please choose a day later than the present last day."))


class AccommodationsForm(HtmlForm):
    """Another way of taking part, for one person."""

    extra_time = SelectField(
        _("Time in parts with a clock"),
        description=_("Extra time reaches a clock that is running at once. A part whose time is over stays over."),
        choices=lambda: [
            SelectChoice(str(round(100 * share)), words.extra_time_words(share)) for share in accommodations.EXTRA_TIMES
        ],
        invalid_choice_message=NOT_OFFERED,
    )
    pauses = BooleanField(_("May stop the clock and go on later"))
    larger_text = BooleanField(_("Larger text"))
    easy_spacing = BooleanField(_("Shorter lines, and more space between lines, words and letters"))

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return the form as it stands on the page: with what is arranged for `person`."""
        found = accommodations.of(person)
        return cls(formdata=None, data={**asdict(found), "extra_time": str(round(100 * found.extra_time))})

    @property
    def wanted(self) -> Accommodations:
        """Return what is to be arranged."""
        return Accommodations(
            extra_time=int(self.extra_time.data) / 100,
            pauses=self.pauses.data,
            larger_text=self.larger_text.data,
            easy_spacing=self.easy_spacing.data,
        )


class DecisionForm(HtmlForm):
    """What a person decided, and why."""

    outcome = RadioField(
        _("What was decided"),
        coerce=Outcome,
        validators=[InputRequired(_("Please choose what was decided."))],
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    bases = CheckboxesField(
        _("What it rests on"),
        description=_("At least one besides the assessment, unless no decision is needed any more."),
        coerce=Basis,
        invalid_value_message=NOT_OFFERED,
        validate_choice=False,  # the use case says what is wrong, in a sentence
    )
    reasons = TextAreaField(
        _("Reasons"),
        description=_("What you saw and heard, and what the assessment added. The person can ask to read it."),
        validators=[
            DataRequired(decisions.NO_REASONS),
            Length(max=5_000, message=_("Please write at most 5,000 characters.")),
        ],
        render_kw={"rows": 4},
    )
    seen = seen_field()

    def __init__(self, purpose: Purpose, bases: Sequence[Basis], **options: Any) -> None:
        super().__init__(**options)
        offered = decisions.OUTCOMES[purpose]
        self.outcome.choices = [SelectChoice(each.value, words.outcome_words(each)) for each in offered]
        self.bases.choices = [SelectChoice(each.value, words.basis_words(each)) for each in bases]
