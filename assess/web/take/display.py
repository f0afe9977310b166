"""
How the candidate's pages look: text size, space between lines and letters, keys that choose an answer.

What a person chose is in a cookie of its own, which says nothing about who they are; before that, pages look as HR
arranged. Style sheet and script read it from attributes of the page.
"""

from __future__ import annotations

import re
from dataclasses import asdict, astuple, dataclass
from typing import Self

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from assess.errors import InvalidValue
from assess.models import Assignment
from assess.services import accommodations, invitations
from assess.services.sequence import LIMITS
from assess.web.db import get_session
from assess.web.take.visitor import token

COOKIE = "rapport-display"
DAYS = 180  # that a browser remembers it
TEXT, SPACING, SHORTCUTS = ("normal", "larger", "largest"), ("normal", "easy"), ("off", "on")
PLACES = re.compile(r"/(take|my-page|survey)(/[A-Za-z0-9_-]+)*/?")  # that lead here, and that one goes back to
LINK = re.compile(r"/take/link/([A-Za-z0-9_-]+)")

bp = Blueprint("display", __name__, url_prefix="/display")


@dataclass(frozen=True, slots=True)
class Display:
    """How pages look; each value is one of those offered."""

    text: str = TEXT[0]
    spacing: str = SPACING[0]
    shortcuts: str = SHORTCUTS[0]

    @classmethod
    def read(cls, *said: str) -> Self:
        """Return what the cookie or the form says; `InvalidValue` for anything that is not offered."""
        offered = (TEXT, SPACING, SHORTCUTS)
        if len(said) != len(offered) or not all(value in values for value, values in zip(said, offered, strict=True)):
            raise InvalidValue
        return cls(*said)


@bp.get("")
def show() -> ResponseReturnValue:
    """Show what can be chosen."""
    return _page()


@bp.post("")
def keep() -> ResponseReturnValue:
    """Keep what was chosen and go back; or show it, for the page whose secret address must not stand in another one."""
    form = request.form
    if "text" not in form:
        return _page()
    chosen = Display.read(form.get("text", ""), form.get("spacing", SPACING[0]), form.get("shortcuts", SHORTCUTS[0]))
    response = redirect(_way_back(), 303)
    response.set_cookie(
        COOKIE,
        ".".join(astuple(chosen)),
        max_age=DAYS * 24 * 3600,
        secure=current_app.config["SETTINGS"].is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def display_of(assignment: Assignment | None) -> Display:
    """Return what the person chose in this browser, or else what was arranged for them."""
    try:
        return Display.read(*request.cookies.get(COOKIE, "").split("."))
    except InvalidValue:
        arranged = accommodations.of(assignment.person) if assignment else accommodations.Accommodations()
        return Display(text=TEXT[arranged.larger_text], spacing=SPACING[arranged.easy_spacing])


@bp.app_template_global()
def looks(assignment: Assignment | None = None) -> Markup:
    """Return the attributes of a page's root that style sheet and script go by."""
    values = asdict(display_of(assignment))
    return Markup("").join(Markup(' data-{}="{}"').format(name, value) for name, value in values.items())


@bp.app_template_global()
def way_back() -> str | None:
    """Return this page's address, to come back to from the display settings; None where nothing can be got."""
    can_be_got = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return request.path if can_be_got and PLACES.fullmatch(request.path) else None


def _page() -> str:
    back = _way_back()
    secret = LINK.fullmatch(back)
    assignment = invitations.whose_link(get_session(), secret[1] if secret else token())
    attempt = assignment.attempt if assignment else None
    timed = assignment is not None and not LIMITS.keys().isdisjoint(assignment.campaign.parts)
    return render_template(
        "take/display.html",
        assignment=assignment,
        display=display_of(assignment),
        back=back,
        may_run=timed and attempt is not None and not attempt.is_submitted,
    )


def _way_back() -> str:
    """Return where the visitor came from, if that is one of the candidate's pages."""
    said = request.values.get("back", "")
    here = url_for("take.display.show")
    return said if PLACES.fullmatch(said) and said != here else url_for("take.inside.start")
