"""What HR sends about benches and teams."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from assess.models import Campaign, Person, Position, RosterKind, RosterMember
from assess.web.console import words
from assess.web.console.forms import NOT_OFFERED
from assess.web.console.person_forms import SearchForm
from assess.web.forms import CheckboxesField, HtmlForm, tidy
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

NONE = ""
LONGEST_LIST = 20_000  # characters of employee numbers


class RosterForm(HtmlForm):
    """What a bench or team is called, which role it is for, and what reports may say of the others on it."""

    title = StringField(
        _("Title"),
        filters=[tidy],
        validators=[
            DataRequired(_("Please give it a title.")),
            Length(max=120, message=_("Please use at most 120 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    position = SelectField(invalid_choice_message=NOT_OFFERED)
    names_others = BooleanField(_("Reports on one person name the others"))

    def __init__(self, kind: RosterKind, positions: Sequence[Position], **options: Any) -> None:
        super().__init__(**options)
        self.by_id = {str(each.public_id): each for each in positions}
        is_bench = kind is RosterKind.BENCH
        self.position.label.text = gettext("Target role") if is_bench else gettext("Role of the team")
        self.position.description = (
            gettext("Everybody on the bench is laid beside what this position asks for.")
            if is_bench
            else gettext("Whoever has no role of their own noted is laid beside this one in the team report.")
        )
        self.names_others.description = (
            gettext(
                "A promotion report shows where somebody stands among the others on the bench. Without this, they are "
                "counted and nobody is named."
            )
            if is_bench
            else gettext("It has no effect on the team report, which names people only in a list and in pairs.")
        )
        first = gettext("Choose a position") if is_bench else gettext("No role for all")
        self.position.choices = [
            SelectChoice(NONE, first),
            *(SelectChoice(value, position.title) for value, position in self.by_id.items()),
        ]
        self.is_bench = is_bench

    def validate_position(self, field: Field) -> None:
        """Validate that a bench has a target role."""
        if self.is_bench and field.data == NONE:
            raise ValidationError(gettext("Please choose the role that the bench is for."))

    @property
    def chosen(self) -> Position | None:
        """Return the role."""
        return self.by_id.get(self.position.data)


class MembersForm(HtmlForm):
    """Whom of a roster something is done with: a role noted, or taken off."""

    people = CheckboxesField(_("Who"), invalid_choice_message=lambda _n: NOT_OFFERED)
    role = SelectField(_("Present role of whoever is ticked"), invalid_choice_message=NOT_OFFERED)

    def __init__(self, members: Sequence[RosterMember], positions: Sequence[Position], **options: Any) -> None:
        super().__init__(**options)
        self.members = {str(each.person.public_id): each for each in members}
        self.positions = {str(each.public_id): each for each in positions}
        self.people.choices = [SelectChoice(value, _member_words(each)) for value, each in self.members.items()]
        self.role.choices = [
            SelectChoice(NONE, gettext("Not known")),
            *(SelectChoice(value, each.title) for value, each in self.positions.items()),
        ]

    def validate_people(self, field: Field) -> None:
        """Validate that somebody is ticked."""
        if not field.data:
            raise ValidationError(gettext("Please tick at least one person."))

    @property
    def chosen(self) -> list[Person]:
        """Return who was ticked."""
        return [self.members[each].person for each in self.people.data]

    @property
    def chosen_role(self) -> Position | None:
        """Return the role that was chosen."""
        return self.positions.get(self.role.data)


class CandidatesForm(SearchForm):
    """Who is looked for, to be put on a roster."""

    campaign = SelectField(_("From the shortlist of"), validate_choice=False)

    def __init__(self, campaigns: Sequence[Campaign], **options: Any) -> None:
        super().__init__(**options)
        self.by_id = {str(each.public_id): each for each in campaigns}
        self.campaign.choices = [
            SelectChoice(NONE, gettext("Everybody, shortlisted or not")),
            *(SelectChoice(value, each.name) for value, each in self.by_id.items()),
        ]

    @property
    def address(self) -> Mapping[str, object]:
        """Return what was asked for, as the page's address says it."""
        return {**super().address, "campaign": self.campaign.data or None}

    @property
    def chosen(self) -> Campaign | None:
        """Return the campaign whose shortlist is meant, if any."""
        return self.by_id.get(self.campaign.data or NONE)


class AdditionsForm(HtmlForm):
    """Who was ticked among the people found."""

    people = CheckboxesField(_("Who"), validate_choice=False)

    def __init__(self, people: Sequence[Person] = (), **options: Any) -> None:
        super().__init__(**options)
        self.people.choices = [SelectChoice(str(each.public_id), _person_words(each)) for each in people]

    def validate_people(self, _field: Field) -> None:
        """Validate that somebody is ticked."""
        if not self.ids:
            raise ValidationError(gettext("Please tick at least one person."))

    @property
    def ids(self) -> list[UUID]:
        """Return the ids that were ticked; what is no id means nobody."""
        found = []
        for each in self.people.data or ():
            with suppress(ValueError):
                found.append(UUID(each))
        return found


class NumbersForm(HtmlForm):
    """A list of employee numbers."""

    numbers = TextAreaField(
        _("Employee numbers"),
        description=_("One to a line, or with commas between them."),
        validators=[
            DataRequired(_("Please enter at least one employee number.")),
            Length(max=LONGEST_LIST, message=_("That list is too long. Please add people in several steps.")),
        ],
        render_kw={"rows": 5, "autocomplete": "off", "spellcheck": "false"},
    )

    @property
    def listed(self) -> list[str]:
        """Return the numbers, each once, as they are kept."""
        lines = (tidy(line) or "" for line in re.split(r"[,;\t\r\n]+", self.numbers.data or ""))
        return [line for line in dict.fromkeys(lines) if line]


def _member_words(member: RosterMember) -> str:
    role = member.position.title if member.position else gettext("role not known")
    return f"{words.labelled_name(member.person)} · {role}"


def _person_words(person: Person) -> str:
    """Return the name with what tells people of one name apart."""
    known = [person.employee_number, person.email]
    return " · ".join([words.labelled_name(person), *(each for each in known if each)])
