"""What people write about their own plan."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from assess.services.own_coaching import LONGEST, LONGEST_REMARK
from assess.web.forms import HtmlForm, tidy_lines
from assess.web.i18n import lazy_gettext as _


class RemarkForm(HtmlForm):
    """What somebody adds to an action that is done, if they like."""

    remark = TextAreaField(
        filters=[tidy_lines],
        validators=[Length(max=LONGEST_REMARK, message=_("Please write at most 500 characters."))],
    )


class EvidenceForm(HtmlForm):
    """What has shown how far a goal is reached."""

    words = TextAreaField(
        _("What has shown it?"),
        description=_("For example a day on which it went well, or what somebody said. Your coach reads it, too."),
        filters=[tidy_lines],
        validators=[Length(max=LONGEST, message=_("Please write at most 2,000 characters."))],
        render_kw={"rows": 6},
    )
