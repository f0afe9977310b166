"""The way in: the personal link."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.services import own_coaching
from assess.web import guards, i18n, personal_links
from assess.web.db import get_session

bp = Blueprint("link", __name__, url_prefix="/link")


@bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show whom the link is from. Mail scanners come here, so nothing changes yet."""
    link = own_coaching.find(get_session(), token, now=datetime.now(UTC))
    person = own_coaching.whose(link)
    i18n.prefer(person.language)
    return render_template("coachee/link.html", coaching=link.coaching, organization=person.organization)


@bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Exchange the link for a cookie and a clean address."""
    personal_links.redeem(own_coaching.redeem, token)
    get_session().commit()
    return personal_links.let_in("coachee.inside.page", guards.coachee_cookie(), token)
