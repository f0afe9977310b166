"""What a coach fills in to have somebody take the questionnaire again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, Field, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from assess.services.reassessments import Choice, Outlook
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext, ngettext
from assess.web.i18n import lazy_gettext as _

USUAL_TIME, MOST_TIME = timedelta(days=14), timedelta(days=365)


class AskAgainForm(HtmlForm):
    """Which form, until when, with or without the part on the company's view."""

    statements = RadioField(_("Statements"), invalid_choice_message=_("Please choose one of the forms."))
    perspective = BooleanField(_("Ask for the view of good service again, too"))
    until = DateField(
        _("Last day"),
        validators=[InputRequired(_("Please choose the last day."))],
        invalid_value_message=_("Please write the last day as a date, such as 2030-06-30."),
    )

    def __init__(self, *, outlook: Outlook, today: date, **options: Any) -> None:
        self.today = today
        codes = [each.form.code for each in outlook.choices]
        usual = "adaptive" if "adaptive" in codes else codes[0]
        super().__init__(data={"statements": usual, "until": today + USUAL_TIME}, **options)
        self.statements.choices = [
            SelectChoice(each.form.code, _title(each), render_kw={"note": _note(each)}) for each in outlook.choices
        ]
        if not outlook.has_perspective:
            del self.perspective

    @property
    def with_perspective(self) -> bool:
        """Whether the part on the company's view is wanted."""
        return "perspective" in self and bool(self.perspective.data)

    def validate_until(self, field: Field) -> None:
        """Validate that there is time until then, and that the day is near."""
        if field.data < self.today:
            raise ValidationError(gettext("The last day is over already; please choose a later one."))
        if field.data > self.today + MOST_TIME:
            raise ValidationError(gettext("Please choose a last day within a year from now."))


def _title(choice: Choice) -> str:
    if choice.form.adaptive:
        return gettext("Adaptive: statements chosen by the answers")
    return gettext("%(form)s, put together anew", form=choice.form.title)


def _note(choice: Choice) -> str:
    """Return how long the form is, and how much of it the person has been shown before."""
    if choice.form.adaptive:
        length = gettext("At most %(n)s statements.", n=choice.n_statements)
        others = gettext(
            "Others than before as long as there are any: %(n)s have not been asked yet.", n=choice.n_unseen
        )
        return f"{length} {others} {_marked(choice)}".strip()
    length = gettext("%(n)s statements, balanced as in the form that everybody gets.", n=choice.n_statements)
    rest = choice.n_again - choice.n_marked
    again = ngettext(
        "%(num)s is asked again, as no other of its kind is left.",
        "%(num)s are asked again, as no others of their kind are left.",
        rest,
    )
    return " ".join(filter(None, [length, _marked(choice), again if rest else ""]))


def _marked(choice: Choice) -> str:
    if not choice.n_marked:
        return ""
    return ngettext(
        "%(num)s was asked before, in the pairs that show whether somebody reads with care.",
        "%(num)s were asked before, in the pairs that show whether somebody reads with care.",
        choice.n_marked,
    )
