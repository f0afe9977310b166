"""What HR sends to change a campaign."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from assess.models import Campaign
from assess.web.console.campaign_forms import feedback_field, title_field
from assess.web.console.forms import day_field
from assess.web.console.reminder_forms import ReminderFields
from assess.web.i18n import lazy_gettext as _


class ChangeForm(ReminderFields):
    """What may still change of a campaign."""

    title = title_field()
    until = day_field(_("Last day"))
    feedback = feedback_field()

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
        last = (campaign.closes_at - timedelta(seconds=1)).astimezone(ZoneInfo(campaign.time_zone)).date()
        known = {"title": campaign.name, "until": last, "feedback": campaign.feedback}
        known |= {"remind": campaign.reminders, "remind_begun": campaign.reminders_begun}
        return cls(today=today, formdata=None, data=known)
