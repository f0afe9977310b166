"""On which days before the last one people are reminded, as HR ticks them."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.fields.choices import SelectChoice

from assess.web.console.forms import NOT_OFFERED
from assess.web.forms import CheckboxesField, HtmlForm
from assess.web.i18n import lazy_gettext as _
from assess.web.i18n import ngettext

USUAL = (7, 2)  # days before the last day
OFFERED = (21, 14, 7, 3, 2, 1)


def _days_field(label: str) -> CheckboxesField:
    return CheckboxesField(
        label,
        choices=lambda: [
            SelectChoice(str(n), ngettext("%(num)s day before the last", "%(num)s days before the last", n))
            for n in OFFERED
        ],
        coerce=int,
        default=list(USUAL),
        invalid_choice_message=lambda _n: NOT_OFFERED,
    )


class ReminderFields(HtmlForm):
    """When those are reminded who have not begun, and those who have."""

    remind = _days_field(_("Remind who has not begun"))
    remind_begun = _days_field(_("Remind who has begun"))

    @property
    def reminders(self) -> Sequence[int]:
        """Return on how many days before the last one those are reminded who have not begun."""
        return tuple(self.remind.data or ())

    @property
    def reminders_begun(self) -> Sequence[int]:
        """Return the same for those who have begun."""
        return tuple(self.remind_begun.data or ())
