"""What candidates send."""

from __future__ import annotations

import secrets

from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from assess.services.saving import Save
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext as _

DAY = 24 * 3600 * 1_000  # milliseconds; a page left open for longer says nothing about the time taken


class ConsentForm(HtmlForm):
    """Agreement to begin."""

    consent = BooleanField(validators=[InputRequired()])


class AnswerForm(HtmlForm):
    """
    One answer, as the page sends it with Continue and as the script sends it on change.

    Whether the value is a choice of the item is the bank's business, not the form's.
    """

    code = StringField(validators=[InputRequired(), Length(max=60), Regexp(r"^[a-z0-9.-]+$")])
    value = StringField(validators=[Optional(), Regexp(r"^-?\d{1,4}$")])
    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 2**53)])
    counter = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, 2**31 - 1)])
    key = HiddenField(validators=[InputRequired(), Length(min=8, max=80), Regexp(r"^[A-Za-z0-9_-]+$")])
    milliseconds = HiddenField()

    def save(self) -> Save:
        """Return the choice that was sent."""
        return Save(
            code=self.code.data,
            value=int(self.value.data),
            revision=self.revision.data,
            counter=self.counter.data,
            key=self._key(),
            milliseconds=self._plausible_time(),
        )

    def _key(self) -> str:
        """
        Return what makes this save the same as another.

        The script makes a key for each choice. Without it there is one for the page, and a browser that restores the
        page from its cache sends it again with whatever is chosen then: each sending is a choice of its own.
        """
        return f"{self.key.data}-{secrets.token_urlsafe(8)}" if self.counter.data == 0 else self.key.data

    def _plausible_time(self) -> int | None:
        """Return the time taken if the browser says one that can be meant; the answer counts in any case."""
        said = self.milliseconds.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) <= 8 and int(said) <= DAY else None


def missing_consent() -> str:
    """Return what to say when the box was not ticked."""
    return _("Please tick the box to agree, or close the page if you would rather not take part.")
