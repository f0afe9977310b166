"""What HR sends to have people compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.fields.choices import SelectChoice

from assess.models import Assignment
from assess.web.console import words
from assess.web.console.forms import NOT_OFFERED
from assess.web.forms import CheckboxesField
from assess.web.i18n import lazy_gettext as _
from assess.web.report_ways import WayForm


class ComparisonForm(WayForm):
    """Whom of a campaign to compare, and how the report is printed."""

    people = CheckboxesField(_("People"), invalid_choice_message=lambda _n: NOT_OFFERED)

    def __init__(self, people: Sequence[Assignment], **options: Any) -> None:
        super().__init__(**options)
        self.by_id = {str(each.public_id): each for each in people}
        self.people.choices = list(map(SelectChoice, self.by_id, words.told_apart(people)))

    @property
    def chosen(self) -> list[Assignment]:
        """Return who was ticked."""
        return [self.by_id[each] for each in self.people.data]
