"""What a person sees of their coaching: who coaches them, and their say in it. Opened by a mailed link."""

from __future__ import annotations

from flask import Blueprint

from assess.web.coachee import closing, entry, feedback, page
from assess.web.coachee.visitor import require_cookie

bp = Blueprint("coachee", __name__, url_prefix="/my-coaching")
bp.register_blueprint(entry.bp)

inside = Blueprint("inside", __name__)
inside.before_request(require_cookie)
page.register(inside)
inside.register_blueprint(feedback.bp)
bp.register_blueprint(inside)
closing.register(bp)
