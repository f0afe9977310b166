"""The first page of HR's desk: what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assess.services import attention, paging, positions, privacy_requests
from assess.services.attention import Attention, UnderWay
from assess.web import guards
from assess.web.console.content import local_date
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("home", __name__)


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what needs attention, and where to begin on an empty desk."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    waiting = attention.attention_of(session, user, now=now)
    return render_template(
        "console/home.html",
        waiting=waiting,
        under_way=[each for each in _under_way(waiting) if each[2]],
        answer_by=privacy_requests.answer_by(waiting.requests[0]) if waiting.requests else None,
        has_positions=positions.has_any(session, user),
        counted=_counted,
        today=local_date(now, user),
        zone=user.organization.time_zone,
    )


def _under_way(found: Attention) -> list[tuple[str, str, Sequence[UnderWay], str]]:
    """Return what is open, each kind with its id on the page, its heading and the page of one."""
    return [
        ("campaigns", _("Campaigns under way"), found.campaigns, "console.campaigns.show"),
        ("surveys", _("Surveys under way"), found.surveys, "console.surveys.show"),
    ]


def _counted(n: int) -> str:
    """Return a number that is counted only so far."""
    return _("more than %(n)s", n=f"{paging.COUNTED:,}") if n > paging.COUNTED else str(n)
