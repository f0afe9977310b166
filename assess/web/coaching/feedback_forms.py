"""What a coach sends about feedback from colleagues."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from assess.scoring.feedback import SOURCES
from assess.services.feedback import Rater
from assess.services.invitations import Invitee
from assess.web.forms import HtmlForm, address_field, day_field, name_field
from assess.web.i18n import lazy_gettext as _

USUAL_TIME = timedelta(days=21)
WHO = {
    "manager": _("Manager"),
    "colleagues": _("Colleague"),
    "customers": _("Internal customer"),
    "led": _("Person they lead"),
}


class UntilForm(HtmlForm):
    """The last day of a round."""

    until = day_field(_("Last day"))

    def __init__(self, *, today: date, proposed: date | None = None, **options: Any) -> None:
        self.today = today
        super().__init__(data={"until": proposed}, **options)


class LaterForm(UntilForm):
    """A later last day."""

    until = day_field(_("New last day"))


class RaterForm(HtmlForm):
    """Somebody to ask."""

    name = name_field(_("Please enter the person's name."))
    email = address_field(_("Please enter the person's e-mail address."))
    source = RadioField(
        _("Who they are to the coachee"),
        choices=[SelectChoice(source, WHO[source]) for source in SOURCES],
        validators=[InputRequired(_("Please choose who they are."))],
    )

    @property
    def rater(self) -> Rater:
        """Return whom to ask."""
        return Rater(Invitee(name=self.name.data, email=self.email.data), self.source.data)


class LinesForm(HtmlForm):
    """Several people to ask, a line for each."""

    lines = TextAreaField(
        _("Lines"),
        description=_("For example: Rita Rater <rita@example.org>, colleague"),
        validators=[DataRequired(_("Please paste at least one line."))],
        render_kw={"rows": 6, "spellcheck": "false"},
    )
