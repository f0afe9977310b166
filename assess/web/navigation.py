"""Which areas a user's roles open, for the bar on top of every staff page."""

from __future__ import annotations

from flask import Flask

from assess.models import Role, User
from assess.web import guards
from assess.web.i18n import gettext as _


def init_app(app: Flask) -> None:
    """Tell templates who is signed in and where they can go."""
    app.jinja_env.globals.update(navigation=navigation, current_user=guards.current_user)


def navigation(user: User) -> list[tuple[str, str, str]]:
    """Return label, endpoint and prefix of endpoints of each area that `user` may enter, the most used first."""
    areas = {
        Role.HR: [
            (_("Assignments"), "console.assignments.index", "console.assignments."),
            (_("Campaigns"), "console.campaigns.index", "console.campaigns."),
            (_("Reports"), "console.reports.index", "console.reports."),
            (_("Positions"), "console.positions.index", "console.positions."),
            (_("Requests"), "console.requests.index", "console.requests."),
        ],
        Role.ADMIN: [(_("Users"), "admin.users.index", "admin.users.")],
    }
    return [area for role, found in areas.items() if role in user.roles for area in found]
