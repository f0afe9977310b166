"""The way in: the personal link."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.services import caseload
from assess.web import guards, i18n, personal_links
from assess.web.db import get_session

bp = Blueprint("link", __name__, url_prefix="/link")


@bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show whom the link is from. Mail scanners come here, so nothing changes yet."""
    coaching = caseload.find_by_token(get_session(), token, now=datetime.now(UTC))
    i18n.prefer(coaching.person.language)
    return render_template("coachee/link.html", coaching=coaching, organization=coaching.person.organization)


@bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Exchange the link for a cookie and a clean address."""
    personal_links.redeem(caseload.redeem, token)
    get_session().commit()
    return personal_links.let_in("coachee.inside.page", guards.coachee_cookie(), token)
