"""Which areas a user's roles open, for the bar on top of every staff page."""

from __future__ import annotations

from flask import Flask

from assess.models import Role, User
from assess.services import access
from assess.web import guards
from assess.web.i18n import gettext as _


def init_app(app: Flask) -> None:
    """Tell templates who is signed in and where they can go."""
    app.jinja_env.globals.update(navigation=navigation, current_user=guards.current_user)
    app.jinja_env.globals.update(may_search=may_search)


def navigation(user: User) -> list[tuple[str, str, str | tuple[str, ...]]]:
    """Return label, endpoint and prefixes of endpoints of each area that `user` may enter, in the order of the work."""
    areas: dict[Role, list[tuple[str, str, str | tuple[str, ...]]]] = {
        Role.HR: [
            (_("Overview"), "console.home.index", "console.home."),
            (_("Assignments"), "console.assignments.index", "console.assignments."),
            (_("Campaigns"), "console.campaigns.index", "console.campaign"),  # and their people, invitations, results
            (_("People"), "console.people.index", "console.people."),
            (_("Positions"), "console.positions.index", "console.position"),
            (_("Surveys"), "console.surveys.index", ("console.survey", "console.climate.", "console.self_checks.")),
            (_("Company view"), "console.perspective_keys.index", "console.perspective"),
            (_("Succession"), "console.rosters.index", "console.rosters."),
            (_("Decisions"), "console.decisions.index", "console.decisions."),
            (_("Reports"), "console.reports.index", "console.report"),
            (_("Exports"), "console.exports.index", "console.exports."),
            (_("Requests"), "console.requests.index", "console.requests."),
        ],
        Role.COACH: [(_("My coachees"), "coaching.caseload.index", "coaching.")],
        Role.ADMIN: [(_("Users"), "admin.users.index", "admin.users.")],
    }
    return [area for role, found in areas.items() if role in user.roles for area in found]


def may_search(user: User) -> bool:
    """Whether there is something that `user` may search."""
    return access.may(user, access.Permission.PERSON_READ)
