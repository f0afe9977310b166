"""What HR sends to find people, and to enter or change who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from flask import request
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from assess.languages import LANGUAGES, own_name
from assess.models import Person
from assess.services import people_rows
from assess.services.people_search import LONGEST
from assess.services.person_facts import Facts
from assess.services.person_lists import Only
from assess.web.console import words
from assess.web.console.forms import NOT_OFFERED
from assess.web.forms import CheckboxesField, HtmlForm, address_field, name_field, tidy
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _


class SearchForm(HtmlForm):
    """Whom to list; it is sent by GET, so that the page's address says it all."""

    class Meta(HtmlForm.Meta):
        """Nothing is changed, so nothing is to be protected."""

        csrf = False

    q = StringField(
        _("Name, e-mail or number"),
        filters=[tidy],
        render_kw={"autocomplete": "off", "maxlength": LONGEST, "type": "search"},
    )
    only = CheckboxesField(
        _("Only"),
        choices=lambda: [SelectChoice(each.value, words.only_words(each)) for each in Only],
        validate_choice=False,
    )

    def __init__(self, **options: object) -> None:
        super().__init__(formdata=request.args, **options)

    @property
    def sought(self) -> str:
        """Return the words that are sought."""
        return self.q.data or ""

    @property
    def narrowed(self) -> list[Only]:
        """Return whom the list is narrowed to; what else was sent means nothing."""
        return [each for each in Only if each.value in (self.only.data or ())]

    @property
    def is_empty(self) -> bool:
        """Whether everybody is asked for."""
        return not self.sought and not self.narrowed

    @property
    def address(self) -> Mapping[str, object]:
        """Return the same for the address of another page of the list."""
        return {"q": self.sought or None, "only": [each.value for each in self.narrowed] or None}


class FactsForm(HtmlForm):
    """Who somebody is."""

    name = name_field(_("Please enter the person's name."))
    email = address_field(None, _("Invitations go there. Leave it empty for somebody to whom you hand links over."))
    phone = StringField(
        _("Telephone"),
        filters=[tidy],
        validators=[Length(max=people_rows.LONGEST, message=_("Please use at most 60 characters."))],
        render_kw={"autocomplete": "off"},
    )
    employee_number = StringField(
        _("Employee number"),
        description=_("Whoever has one counts as an internal candidate."),
        filters=[tidy],
        validators=[Length(max=people_rows.LONGEST, message=_("Please use at most 60 characters."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    language = SelectField(
        _("Language of letters and pages to them"),
        choices=lambda: [
            SelectChoice("", gettext("Not known: their browser says it")),
            *(SelectChoice(code, own_name(code)) for code in LANGUAGES),
        ],
        invalid_choice_message=NOT_OFFERED,
    )

    seen = HiddenField()

    @classmethod
    def of(cls, person: Person) -> FactsForm:
        """Return the form as it is for `person`, or as it was sent."""
        known = Facts.of(person)
        return cls(data={name: value or "" for name, value in asdict(known).items()} | {"seen": known.sign})

    @property
    def facts(self) -> Facts:
        """Return what was entered; `Refused` where it cannot be kept."""
        return Facts.typed(**{name: self[name].data for name in Facts.__dataclass_fields__})
