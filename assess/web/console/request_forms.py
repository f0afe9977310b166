"""What HR sends in answer to people's requests about their data."""

from __future__ import annotations

from typing import Self

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from assess.models import Person
from assess.services import people_rows
from assess.services.privacy_requests import LONGEST
from assess.web.forms import HtmlForm, address_field, name_field, tidy
from assess.web.i18n import lazy_gettext as _


class AnswerForm(HtmlForm):
    """An answer in words."""

    words = TextAreaField(
        _("Answer"),
        description=_(
            "The person reads it in their mail and on their own page. If you do not do what was asked, say why, and "
            "that they may turn to the authority for data protection."
        ),
        validators=[
            DataRequired(_("Please write an answer.")),
            Length(max=LONGEST, message=_("Please write at most 2,000 characters.")),
        ],
        render_kw={"rows": 5},
    )


class CorrectionForm(HtmlForm):
    """Who the person is, put right."""

    name = name_field(_("Please enter the person's name."))
    email = address_field(None)
    phone = StringField(
        _("Telephone"),
        filters=[tidy],
        validators=[Length(max=people_rows.LONGEST, message=_("Please use at most 60 characters."))],
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return the form as it stands."""
        return cls(formdata=None, data={"name": person.name, "email": person.email, "phone": person.phone})

    @property
    def values(self) -> dict[str, str]:
        """Return what was typed."""
        return {"name": self.name.data, "email": self.email.data, "phone": self.phone.data}
