"""What HR sends about surveys: a round, one person to ask, a list of them, a later last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from assess.banks.model import Bank
from assess.models import Person, Position, SurveyKind
from assess.services.invitations import Invitee
from assess.services.surveys import OF_A_POSITION
from assess.web.console.campaign_forms import BY_HAND, BY_MAIL
from assess.web.console.forms import NOT_OFFERED, USUAL_TIME
from assess.web.forms import CheckboxesField, HtmlForm, address_field, day_field, name_field, tidy
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

LONGEST_GROUP = 60


class RoundForm(HtmlForm):
    """A new round; fields that its kind does not need are left out."""

    title = StringField(
        _("Name of the survey"),
        description=_("It stands on your pages and in the subject of letters."),
        filters=[tidy],
        validators=[
            DataRequired(_("Please give the survey a name.")),
            Length(max=120, message=_("Please use at most 120 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    edition = SelectField(
        _("Edition"),
        description=_("Its statements on good service are asked."),
        invalid_choice_message=NOT_OFFERED,
    )
    position = SelectField(
        _("Position"),
        validators=[InputRequired(_("Please choose a position."))],
        invalid_choice_message=NOT_OFFERED,
    )
    rated = CheckboxesField(
        _("Whose work is rated"),
        description=_("People with a result for this position. They are not told who rates them."),
        validators=[InputRequired(_("Please choose at least one person whose work is rated."))],
        invalid_choice_message=lambda _n: NOT_OFFERED,
    )
    until = day_field(_("Last day"))

    def __init__(
        self,
        kind: SurveyKind,
        chosen: Position | None,
        *,
        banks: Sequence[Bank],
        edition: str,
        positions: Sequence[Position],
        people: Sequence[Person],
        today: date,
    ) -> None:
        self.today = today
        position = str(chosen.public_id) if chosen else ""
        super().__init__(data={"until": today + USUAL_TIME, "position": position, "edition": edition})
        self.edition.choices = [SelectChoice(bank.edition, f"{bank.title} {bank.version}") for bank in banks]
        first = SelectChoice("", gettext("Choose a position"))
        self.position.choices = [first, *(SelectChoice(str(each.public_id), each.title) for each in positions)]
        self.rated.choices = [SelectChoice(str(each.public_id), each.name) for each in people]
        if kind is not SurveyKind.PERSPECTIVE:
            del self.edition
        if kind not in OF_A_POSITION or kind is SurveyKind.PERFORMANCE:
            del self.position  # the rated people's position has been chosen before
        if kind is not SurveyKind.PERFORMANCE:
            del self.rated

    @property
    def rated_ids(self) -> set[UUID]:
        """Return whose work is to be rated."""
        return {UUID(each) for each in self.rated.data}


def _group_field(description: str) -> StringField:
    return StringField(
        _("Group"),
        description=description,
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST_GROUP, message=_("Please use at most 60 characters."))],
        render_kw={"autocomplete": "off"},
    )


class AskForm(HtmlForm):
    """One person to ask."""

    name = name_field(_("Please enter the person's name."))
    email = address_field(
        _("Please enter the person's e-mail address."),
        _("Somebody known from before is found again by this address, with the name as it was then."),
    )
    group = _group_field(_("Such as a department or a place; may stay empty."))
    delivery = RadioField(
        _("How does the letter reach them?"),
        choices=lambda: [
            SelectChoice(BY_MAIL, gettext("By mail, now")),
            SelectChoice(BY_HAND, gettext("Not yet: I send it with others, or hand over a link")),
        ],
        default=BY_MAIL,
        invalid_choice_message=NOT_OFFERED,
    )

    @property
    def invitee(self) -> Invitee:
        """Return who is to be asked."""
        return Invitee(name=self.name.data, email=self.email.data)


class ListForm(HtmlForm):
    """People as lines that somebody pasted; a file comes beside the form."""

    lines = TextAreaField(
        _("One person a line"),
        description=_("Like “Anna Able, anna@example.org”, or “Anna Able <anna@example.org>”."),
        validators=[Optional()],
        render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"},
    )
    common_group = _group_field(_("Of all in this list for whom the file names no group of their own."))


class LaterForm(HtmlForm):
    """A later last day."""

    until = day_field(_("New last day"))

    def __init__(self, *, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(**options)
