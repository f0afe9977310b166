"""The journal of decisions: who decided what about whom, when and why. Deciding is done on one person's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from assess.models import Campaign, Outcome, User
from assess.services import days, decisions
from assess.services.decisions import Wanted
from assess.web import guards
from assess.web.console import words
from assess.web.console.export_forms import day_field
from assess.web.console.forms import NOT_OFFERED
from assess.web.db import get_session
from assess.web.forms import HtmlForm
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _

bp = Blueprint("decisions", __name__, url_prefix="/decisions")


class JournalForm(HtmlForm):
    """Which decisions are looked for; what is left empty narrows nothing."""

    outcome = SelectField(_("Decided"), default="", invalid_choice_message=NOT_OFFERED)
    campaign = SelectField(_("Campaign"), default="", invalid_choice_message=NOT_OFFERED)
    by = SelectField(_("By whom"), default="", invalid_choice_message=NOT_OFFERED)
    since = day_field(_("From"))
    until = day_field(_("Until and with"))

    class Meta(HtmlForm.Meta):
        """A form that changes nothing and comes with the address."""

        csrf = False

    def __init__(self, campaigns: Sequence[Campaign], deciders: Sequence[User], **options: Any) -> None:
        super().__init__(formdata=request.args, **options)
        self._campaigns = {str(each.public_id): each for each in campaigns}
        self._deciders = {str(each.public_id): each for each in deciders}
        anything = SelectChoice("", gettext("All"))
        self.outcome.choices = [anything, *(SelectChoice(each.value, words.outcome_words(each)) for each in Outcome)]
        self.campaign.choices = [anything, *(SelectChoice(key, each.name) for key, each in self._campaigns.items())]
        self.by.choices = [anything, *(SelectChoice(key, each.name) for key, each in self._deciders.items())]

    def validate_until(self, field: Field) -> None:
        """Validate that the time has a length."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext("The last day comes before the first."))

    def wanted(self, time_zone: str) -> Wanted:
        """Return what is looked for, days being those of `time_zone`."""
        campaign, user = self._campaigns.get(self.campaign.data), self._deciders.get(self.by.data)
        return Wanted(
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
            campaign_id=campaign.id if campaign else None,
            user_id=user.id if user else None,
            since=days.start_of_day(self.since.data, time_zone) if self.since.data else None,
            until=days.end_of_day(self.until.data, time_zone) if self.until.data else None,
        )


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's decisions, newest first, a page at a time."""
    session, user, zone = get_session(), guards.signed_in(), guards.signed_in().organization.time_zone
    form = JournalForm(decisions.decided_campaigns(session, user), decisions.deciders(session, user))
    is_clear = form.validate()
    wanted = form.wanted(zone) if is_clear else Wanted()
    chosen: dict[str, Any] = {name: value for name, value in request.args.items() if name in form.data and value}
    shown = render_template(
        "console/decisions/index.html",
        form=form,
        journal=decisions.journal(session, user, wanted, page=request.args.get("page", 1, type=int)),
        chosen=chosen,
        address=lambda **query: url_for(".index", **query),
        zone=zone,
        words=words,
    )
    return shown, 200 if is_clear else 422
