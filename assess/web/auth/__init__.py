"""Sign-in, passwords and one's own account. Closed to strangers but for the pages that they need to get in."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from assess.web import guards
from assess.web.auth import account, password, sign_in

OPEN = frozenset(
    {
        "auth.home",
        "auth.sign_in",
        "auth.forgotten",
        "auth.reset_asked",
        "auth.password",
    }
)

bp = Blueprint("auth", __name__)
sign_in.register(bp)
password.register(bp)
account.register(bp)


@bp.before_request
def _guard() -> Response | None:
    return None if request.endpoint in OPEN else guards.anyone_signed_in()
