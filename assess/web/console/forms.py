"""What HR sends about people who have been invited: deadlines and decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, Field, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from assess.models import Outcome, Purpose
from assess.web.console import words
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

USUAL_TIME = timedelta(days=14)
MOST_TIME = timedelta(days=366)
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
