"""What a coach sends."""

from __future__ import annotations

from assess.services.invitations import Invitee
from assess.web.forms import HtmlForm, address_field, name_field
from assess.web.i18n import lazy_gettext as _


class AskForm(HtmlForm):
    """Somebody whom the coach would like to coach."""

    name = name_field(_("Please enter the person's name."))
    email = address_field(_("Please enter the person's e-mail address."), _("Your question goes there, with a link."))

    @property
    def invitee(self) -> Invitee:
        """Return whom to ask."""
        return Invitee(name=self.name.data, email=self.email.data)
