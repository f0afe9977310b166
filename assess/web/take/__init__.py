"""The candidate's pages. A cookie, given for the personal link, opens them; nothing else does."""

from __future__ import annotations

from flask import Blueprint

from assess.web.take import closing, display, entry, equality, feedback, finish, questions
from assess.web.take.visitor import require_cookie

bp = Blueprint("take", __name__, url_prefix="/take")
bp.register_blueprint(entry.open_bp)
bp.register_blueprint(display.bp)

inside = Blueprint("inside", __name__)
inside.before_request(require_cookie)
entry.register(inside)
questions.register(inside)
finish.register(inside)
feedback.register(inside)
equality.register(inside)
bp.register_blueprint(inside)
closing.register(bp)
