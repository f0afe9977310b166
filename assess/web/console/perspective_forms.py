"""What HR sends to publish a version of the company's view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from assess.banks.model import Bank
from assess.banks.parts import PerspectiveStatement, Theme
from assess.web.console import words
from assess.web.console.forms import NOT_OFFERED, seen_field
from assess.web.forms import HtmlForm, tidy, tidy_lines
from assess.web.i18n import lazy_gettext as _

WEIGHTS = (0, 1, 2, 3)
AS_BELOW = ""  # a theme whose statements each have their own importance


class ThemeFields(NamedTuple):
    """A theme with the fields that say how much it counts: as a whole, or each of its statements."""

    theme: Theme
    whole: Field
    statements: tuple[tuple[PerspectiveStatement, Field], ...]


class PublishForm(HtmlForm):
    """Source, note and importance; `publish_form` adds the fields of the statements."""

    bank: Bank

    source = StringField(
        _("Where it comes from"),
        description=_("For example: seven team leads and two managers, May 2030."),
        filters=[tidy],
        validators=[
            DataRequired(_("Please say where this version comes from.")),
            Length(max=400, message=_("Please write at most 400 characters.")),
        ],
    )
    note = TextAreaField(
        _("Why there is this version"),
        description=_("What was settled since the last one, for whoever reads it later. May be left empty."),
        filters=[tidy_lines],
        validators=[Length(max=400, message=_("Please write at most 400 characters."))],
        render_kw={"rows": 2},
    )
    seen = seen_field()

    @property
    def themes(self) -> tuple[ThemeFields, ...]:
        """The themes with their fields."""
        return tuple(
            ThemeFields(
                theme,
                self[f"theme-{theme.code}"],
                tuple((each, self[each.code]) for each in self.bank.perspective if each.theme == theme.code),
            )
            for theme in self.bank.themes
        )

    @property
    def importance(self) -> Mapping[str, float]:
        """How much each statement counts; what is said of a whole theme goes before what is said of its statements."""
        return {
            policy.code: float(field.data if line.whole.data == AS_BELOW else line.whole.data)
            for line in self.themes
            for policy, field in line.statements
        }


def publish_form(bank: Bank, *, source: str, importance: Mapping[str, float]) -> Any:
    """Return a form with the fields of the bank's statements, filled in with `importance`, 1 where nothing is said."""
    whole = {f"theme-{theme.code}": _weight(_("The whole theme"), is_theme=True) for theme in bank.themes}
    each = {policy.code: _weight(policy.stem, is_theme=False) for policy in bank.perspective}
    known = {policy.code: str(round(importance.get(policy.code, 1.0))) for policy in bank.perspective}
    return type("PublishForm", (PublishForm,), {"bank": bank, **whole, **each})(data={"source": source, **known})


def _weight(label: str, *, is_theme: bool) -> SelectField:
    return SelectField(
        label,
        choices=lambda: (
            [SelectChoice(AS_BELOW, _("each as below"))] * is_theme
            + [SelectChoice(str(weight), words.weight_words(weight)) for weight in WEIGHTS]
        ),
        default=AS_BELOW if is_theme else "1",
        invalid_choice_message=NOT_OFFERED,
    )
