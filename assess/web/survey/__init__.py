"""Pages of people who answer a survey. A cookie, given for the personal link, opens them; nothing else does."""

from __future__ import annotations

from flask import Blueprint

from assess.web.survey import answering, closing, entry, finish
from assess.web.survey.visitor import require_cookie

bp = Blueprint("survey", __name__, url_prefix="/survey")
bp.register_blueprint(entry.open_bp)

inside = Blueprint("inside", __name__)
inside.before_request(require_cookie)
entry.register(inside)
answering.register(inside)
finish.register(inside)
bp.register_blueprint(inside)
closing.register(bp)
