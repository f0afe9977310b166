"""One's own account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from assess.models import Role
from assess.services import accounts
from assess.web import guards
from assess.web.db import get_session
from assess.web.i18n import gettext as _


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/auth/account", "account", account)
    bp.add_url_rule("/auth/sessions/end", "sign_out_everywhere", sign_out_everywhere, methods=["POST"])


def account() -> ResponseReturnValue:
    """Show who is signed in, and what they may do here."""
    token = request.cookies.get(guards.session_cookie(), "")
    return render_template(
        "auth/account.html",
        user=guards.signed_in(),
        roles=_roles(),
        current=accounts.session_of(get_session(), token, now=datetime.now(UTC)),
    )


def sign_out_everywhere() -> ResponseReturnValue:
    """End the user's sessions on all devices, this one included."""
    me = guards.signed_in()
    accounts.sign_out_everywhere(get_session(), me, by=me, now=datetime.now(UTC))
    get_session().commit()
    session.clear()
    flash(_("You are signed out on all devices."))
    response = redirect(url_for("auth.sign_in"), 303)
    guards.set_cookie(response, guards.session_cookie(), "")
    return response


def _roles() -> Mapping[Role, tuple[str, str]]:
    """Return the name of each role and what it does here."""
    return {
        Role.HR: (_("HR"), _("Invites people, reads results and reports, records decisions.")),
        Role.COACH: (
            _("Coach"),
            _(
                "The coach's desk is not part of this version. Until it is, ask a colleague with the HR role for the "
                "personal report of the people you coach; they can make it on the person's page."
            ),
        ),
        Role.PSYCHOLOGIST: (
            _("Psychologist"),
            _(
                "The psychologist's studio is not part of this version. Until it is, you can read, review and version "
                "the item banks as files; the README in their folder explains every key and check."
            ),
        ),
        Role.ADMIN: (_("Admin"), _("Opens and closes accounts and gives roles. Sees no results.")),
    }
