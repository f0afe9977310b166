"""What people send about their own data."""

from __future__ import annotations

from wtforms import EmailField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from assess.models import RequestKind
from assess.services.privacy_requests import LONGEST
from assess.web.forms import HtmlForm, one_address, tidy
from assess.web.i18n import lazy_gettext as _
from assess.web.mine import words

CHOOSE = _("Please choose what you would like.")


class LinkForm(HtmlForm):
    """The address to send the link to."""

    email = EmailField(
        _("E-mail address"),
        description=_("The one that your invitation came to."),
        filters=[tidy],
        validators=[
            DataRequired(_("Please enter your e-mail address.")),
            one_address,
            Length(max=254, message=_("An e-mail address has at most 254 characters.")),
        ],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )


class WishForm(HtmlForm):
    """What somebody would like, in their own words."""

    kind = RadioField(
        _("What would you like?"),
        choices=lambda: [
            SelectChoice(kind.value, words.wish(kind), render_kw={"note": words.wish_note(kind)})
            for kind in RequestKind
        ],
        coerce=RequestKind,
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
        invalid_value_message=CHOOSE,
    )
    words = TextAreaField(
        _("In your own words"),
        description=_("Only what is needed; nothing about your health or your private life."),
        validators=[Length(max=LONGEST, message=_("Please write at most 2,000 characters."))],
        render_kw={"rows": 5},
    )
