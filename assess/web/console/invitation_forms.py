"""What HR sends to invite many people: lines or a file, and how they are told."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from assess.web.console.campaign_forms import BY_HAND, BY_MAIL
from assess.web.console.forms import NOT_OFFERED
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _


class LinesForm(HtmlForm):
    """Lines that somebody pasted."""

    lines = TextAreaField(
        _("One person a line"),
        description=_("Like “Anna Able, anna@example.org”, or “Anna Able <anna@example.org>”; copied table cells do."),
        validators=[Optional()],
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"},
    )


class InviteManyForm(HtmlForm):
    """A list that was looked at, to be invited from."""

    seal = HiddenField()
    delivery = RadioField(
        _("How do the invitations reach them?"),
        choices=lambda: [
            SelectChoice(BY_MAIL, gettext("By mail, now")),
            SelectChoice(BY_HAND, gettext("Not by mail: they are entered, and I hand over links that I make later")),
        ],
        default=BY_MAIL,
        invalid_choice_message=NOT_OFFERED,
    )

    @property
    def by_mail(self) -> bool:
        """Whether letters go out."""
        return bool(self.delivery.data == BY_MAIL)

    @classmethod
    def shown(cls, seal: str) -> Any:
        """Return the form as it first stands on the page."""
        return cls(formdata=None, data={"seal": seal})
