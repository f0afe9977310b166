"""What all forms share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import DateField, EmailField, Field, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput

from assess.errors import Refused
from assess.services import addresses
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

MOST_TIME = timedelta(days=366)


class HtmlForm(FlaskForm):  # type: ignore[misc]
    """A form that is filled in from a form's fields alone: no JSON and no files, whatever is sent."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How a form takes in what was sent."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Return the fields that were sent, None when the form is only shown."""
            if formdata is not _Auto:
                return formdata
            return request.form if form.is_submitted() else None


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]
    """Several choices as boxes to tick."""

    option_widget = CheckboxInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.label.field_id = False


def one_address(_form: HtmlForm, field: Field) -> None:
    """Validate that mail can be sent to what was typed."""
    try:
        addresses.email(field.data or "")
    except Refused as refusal:
        raise StopValidation(str(refusal)) from None


def tidy(text: str | None) -> str | None:
    """Filter what was typed into one line that shows all that it holds."""
    return addresses.tidy(text) if text else text


def tidy_lines(text: str | None) -> str:
    """Filter what was typed into lines that show all that they hold."""
    return addresses.tidy_lines(text or "")


def name_field(missing: str) -> StringField:
    """Return a field for a person's name; `missing` says that it is needed."""
    return StringField(
        _("Name"),
        filters=[tidy],
        validators=[DataRequired(missing), Length(max=120, message=_("Please use at most 120 characters."))],
        render_kw={"autocomplete": "off"},
    )


def address_field(missing: str | None, description: str = "") -> EmailField:
    """Return a field for somebody else's mail address; `missing` says that it is needed, if it is."""
    return EmailField(
        _("E-mail address"),
        description=description,
        filters=[tidy],
        validators=[
            Optional() if missing is None else DataRequired(missing),
            one_address,
            Length(max=254, message=_("An e-mail address has at most 254 characters.")),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


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
