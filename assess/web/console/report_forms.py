"""What HR sends to have many reports made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from assess.models import Assignment
from assess.web.console import words
from assess.web.forms import CheckboxesField
from assess.web.i18n import gettext, ngettext
from assess.web.i18n import lazy_gettext as _
from assess.web.report_ways import NOT_OFFERED, WayForm, choices_of

EVERYBODY, MISSING, CHOSEN = "everybody", "missing", "chosen"


class BatchForm(WayForm):
    """Which reports, and on whom of a campaign."""

    kind = SelectField(_("Report"), choices=lambda: choices_of(words.kinds()), invalid_choice_message=NOT_OFFERED)
    who = RadioField(
        _("On whom"),
        default=EVERYBODY,
        validators=[InputRequired(_("Please choose on whom."))],
        invalid_choice_message=NOT_OFFERED,
    )
    people = CheckboxesField(
        _("Chosen people"), invalid_choice_message=lambda _n: gettext("Please tick people of this campaign.")
    )

    def __init__(self, people: Sequence[Assignment], *, n_people: int, **options: Any) -> None:
        super().__init__(**options)
        by_name = sorted(people, key=lambda each: (each.person.name.casefold(), each.id))
        self.by_id = {str(each.public_id): each for each in by_name}
        self.people.choices = list(map(SelectChoice, self.by_id, words.told_apart(by_name)))
        everybody = ngettext("The one person who has handed in", "All %(num)s people who have handed in", n_people)
        self.who.choices = [
            SelectChoice(EVERYBODY, everybody),
            SelectChoice(MISSING, gettext("Those of them who have no such report yet")),
            SelectChoice(CHOSEN, gettext("Only the people whom I tick below")),
        ]

    @property
    def chosen(self) -> list[Assignment]:
        """Return who was ticked."""
        return [self.by_id[each] for each in self.people.data]

    def validate_who(self, field: Field) -> None:
        """Validate that whoever has ticked people means them alone: reports on all would be far more than was meant."""
        if field.data != CHOSEN and self.people.data:
            raise ValidationError(gettext("You have ticked people. Please choose only those, or take the ticks away."))

    def validate_people(self, field: Field) -> None:
        """Validate that somebody is ticked, if only who is ticked is meant."""
        if self.who.data == CHOSEN and not field.data:
            raise ValidationError(gettext("Please tick at least one person."))
