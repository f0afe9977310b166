"""What HR sends to change a campaign."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from wtforms import HiddenField

from assess.models import Campaign
from assess.services import campaign_changes, days
from assess.web.console.campaign_forms import feedback_field, title_field
from assess.web.console.reminder_forms import ReminderFields
from assess.web.forms import day_field
from assess.web.i18n import lazy_gettext as _


class ChangeForm(ReminderFields):
    """What may still change of a campaign."""

    title = title_field()
    until = day_field(_("Last day"))
    feedback = feedback_field()
    seen = HiddenField()

    def __init__(self, *, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(**options)
        self.until.description = _(
            "A later day gives everybody time until then, also those whose time is over. An earlier one takes time "
            "from those who have not begun, except those whom you have given more time singly."
        )

    @classmethod
    def of(cls, campaign: Campaign, *, today: date) -> Self:
        """Return the form as it stands on the page: with how things are."""
        last = days.last_day(campaign.closes_at, campaign.time_zone)
        known = {"title": campaign.name, "until": last, "feedback": campaign.feedback}
        known |= {"remind": campaign.reminders, "remind_begun": campaign.reminders_begun}
        known |= {"seen": campaign_changes.sign_of(campaign)}
        return cls(today=today, formdata=None, data=known)
