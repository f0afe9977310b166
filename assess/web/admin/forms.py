"""What admins send about accounts."""

from __future__ import annotations

from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from assess.models import Role
from assess.web.forms import CheckboxesField, HtmlForm, address_field, name_field
from assess.web.i18n import gettext
from assess.web.i18n import lazy_gettext as _


def role_words(role: Role) -> str:
    """Return the name of a role."""
    return {
        Role.HR: gettext("HR"),
        Role.COACH: gettext("Coach"),
        Role.PSYCHOLOGIST: gettext("Psychologist"),
        Role.ADMIN: gettext("Admin"),
    }[role]


def _role_notes(role: Role) -> str:
    return {
        Role.HR: gettext("Invites people, reads results and reports, records decisions"),
        Role.COACH: gettext("Can sign in; the coach's desk is not part of this version"),
        Role.PSYCHOLOGIST: gettext("Can sign in; the psychologist's studio is not part of this version"),
        Role.ADMIN: gettext("Opens and closes accounts and gives roles; sees no results"),
    }[role]


def roles_field() -> CheckboxesField:
    """Return the field for a set of roles."""
    return CheckboxesField(
        _("Roles"),
        choices=lambda: [SelectChoice(each.value, role_words(each), {"note": _role_notes(each)}) for each in Role],
        coerce=Role,
        validators=[InputRequired(_("Please choose at least one role."))],
        invalid_value_message=_("Please choose among the roles."),
    )


class NewUserForm(HtmlForm):
    """Somebody who gets an account."""

    name = name_field(_("Please enter a name."))
    email = address_field(
        _("Please enter an e-mail address."), _("It is also the user name; a link to set a password is sent to it.")
    )
    roles = roles_field()


class RolesForm(HtmlForm):
    """The roles of somebody who has an account."""

    roles = roles_field()
