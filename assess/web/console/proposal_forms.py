"""The forms of patterns that surveys propose: which share counts as top, and adopting a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from assess.banks.model import Scale
from assess.services.performer_patterns import SHARES, USUAL_SHARE
from assess.services.proposals import Proposal
from assess.web.console.patterns import AT_MOST, PatternForm, why_field, with_scales
from assess.web.forms import HtmlForm, tidy_lines
from assess.web.i18n import lazy_gettext as _


class ShareForm(HtmlForm):
    """Which share of the people rated counts as top."""

    percent = IntegerField(
        _("Per cent of the people rated who count as top performers"),
        description=_("From 10 to 50; usual is the upper third, 33. It cannot be changed afterwards."),
        default=USUAL_SHARE,
        validators=[
            InputRequired(_("Please enter a number from 10 to 50.")),
            NumberRange(*SHARES, _("Please enter a number from 10 to 50.")),
        ],
        render_kw={"inputmode": "numeric", "min": SHARES[0], "max": SHARES[1]},
    )


class ProposalForm(PatternForm):
    """A pattern that experts' answers propose, its ranges open to adjusting."""


class AsFoundForm(HtmlForm):
    """A pattern as it was found."""


def adoption_form(proposal: Proposal, scales: Sequence[Scale], *, may_adjust: bool) -> Any:
    """Return the form that adopts `proposal`, which must be answered where something stands against it."""
    fields: dict[str, object] = {"reason": why_field(), "seen": HiddenField()}
    if proposal.objections:
        fields["answer"] = TextAreaField(
            _("Your answer to what stands against it"),
            description=_("It is kept with the version, for whoever asks later."),
            filters=[tidy_lines],
            validators=[DataRequired(_("Please answer what stands against this pattern.")), Length(**AT_MOST)],
            render_kw={"rows": 3},
        )
    if may_adjust:
        return with_scales(ProposalForm, scales, proposal.targets, fields, seen=proposal.digest)
    return type(AsFoundForm.__name__, (AsFoundForm,), fields)(data={"seen": proposal.digest})
