"""What HR sends to have data made into a file, and what the kinds of file are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, DateField, Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from assess.models import Campaign, Position
from assess.services import days
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from assess.web.console.forms import NOT_OFFERED
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

EVERYTHING = "everything"
SCORES, ANSWERS = "scores", "answers"
NOT_A_DAY = _("Please write the day as a date, such as 2030-06-30.")


def format_words(format_: str) -> str:
    """Return the name of a format."""
    return {
        Format.CSV: gettext("CSV"),
        Format.XLSX: gettext("Excel workbook (XLSX)"),
        Format.JSONL: gettext("JSON lines"),
        Format.SAV: gettext("SPSS (.sav)"),
    }[Format(format_)]


def _formats() -> Iterator[SelectChoice]:
    notes = {
        Format.CSV: gettext("Text, for every program. The codebook is a file of its own."),
        Format.XLSX: gettext("For spreadsheets, with the codebook as a second sheet."),
        Format.JSONL: gettext("For programs: one object a line, the codebook in the first."),
        Format.SAV: gettext("For statistics: labels and reasons for missing values are built in."),
    }
    for each, note in notes.items():
        yield SelectChoice(each.value, format_words(each), {"note": note})


def _contents() -> Iterator[SelectChoice]:
    yield SelectChoice(SCORES, gettext("Scores with their errors, versions, quality, decisions"))
    yield SelectChoice(ANSWERS, gettext("The same, and every single answer"))


def day_field(label: str) -> DateField:
    """Return a field for a day that need not be given."""
    return DateField(label, validators=[Optional(), _is_near], invalid_value_message=NOT_A_DAY)


def _is_near(_form: HtmlForm, field: Field) -> None:
    if field.data is not None and not days.can_be_looked_for(field.data):
        raise ValidationError(NOT_A_DAY)


class ExportForm(HtmlForm):
    """Which results, what of them, and as what kind of file."""

    results = SelectField(_("Which results"), default=EVERYTHING, invalid_choice_message=NOT_OFFERED)
    since = day_field(_("Handed in from"))
    until = day_field(_("Until and with"))
    contents = RadioField(
        _("What of them"), choices=lambda: list(_contents()), default=SCORES, invalid_choice_message=NOT_OFFERED
    )
    format = RadioField(
        _("Kind of file"),
        choices=lambda: list(_formats()),
        coerce=Format,
        default=Format.CSV,
        invalid_choice_message=NOT_OFFERED,
        invalid_value_message=NOT_OFFERED,
    )
    personal = BooleanField(
        _("With names, e-mail addresses and employee numbers"),
        description=_(
            "References stand for people unless you tick this. With names, the file says who has which result: keep it "
            "as safe as the results, and delete your copy when you no longer need it. That you asked for it is noted, "
            "and Rapport deletes it as soon as anybody of your organisation's people is erased."
        ),
    )

    def __init__(self, campaigns: Sequence[Campaign], positions: Sequence[Position], **options: Any) -> None:
        super().__init__(**options)
        self._campaigns = {f"campaign {each.public_id}": each for each in campaigns}
        self._positions = {f"position {each.public_id}": each for each in positions}
        of_positions, of_campaigns = gettext("Positions"), gettext("Campaigns, newest first")
        self.results.choices = [
            SelectChoice(EVERYTHING, gettext("All results of the organisation")),
            *(SelectChoice(key, each.title, {}, of_positions) for key, each in self._positions.items()),
            *(SelectChoice(key, each.name, {}, of_campaigns) for key, each in self._campaigns.items()),
        ]

    def validate_until(self, field: Field) -> None:
        """Validate that the time has a length."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext("The last day comes before the first."))

    def scope(self, organization_id: int, time_zone: str) -> Scope:
        """Return which results are meant, days being those of `time_zone`."""
        campaign, position = self._campaigns.get(self.results.data), self._positions.get(self.results.data)
        return Scope(
            organization_id,
            campaign_id=campaign.id if campaign else None,
            position_id=position.id if position else None,
            since=days.start_of_day(self.since.data, time_zone) if self.since.data else None,
            until=days.end_of_day(self.until.data, time_zone) if self.until.data else None,
        )


def chosen_key(campaign_id: UUID) -> str:
    """Return what the form calls a campaign."""
    return f"campaign {campaign_id}"
