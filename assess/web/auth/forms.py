"""What people send to get in."""

from __future__ import annotations

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from assess.web.forms import HtmlForm
from assess.web.i18n import lazy_gettext as _

MAX_EMAIL = 254  # characters that an address can have

ENTER_EMAIL = _("Please enter your e-mail address.")


class SignInForm(HtmlForm):
    """Address and password."""

    email = EmailField(
        _("E-mail address"),
        validators=[InputRequired(ENTER_EMAIL), Length(max=MAX_EMAIL, message=ENTER_EMAIL)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Please enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class ForgottenForm(HtmlForm):
    """The address of somebody who cannot get in."""

    email = EmailField(
        _("E-mail address"),
        validators=[InputRequired(ENTER_EMAIL), Length(max=MAX_EMAIL, message=ENTER_EMAIL)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class PasswordForm(HtmlForm):
    """A new password; whether it is good enough is the service's business."""

    password = PasswordField(
        _("New password"),
        description=_(
            "At least 12 characters. A few unrelated words work well; capitals, digits and signs are not required. "
            "Pasting from a password manager is fine."
        ),
        validators=[InputRequired(_("Please choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )
