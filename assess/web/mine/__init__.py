"""A person's own page: their results, who has looked, a copy of everything, what they ask. Opened by a mailed link."""

from __future__ import annotations

from flask import Blueprint

from assess.web.mine import closing, copies, entry, page, wishes
from assess.web.mine.visitor import require_cookie

bp = Blueprint("mine", __name__, url_prefix="/my-page")
entry.register(bp)
bp.register_blueprint(entry.link_bp)

inside = Blueprint("inside", __name__)
inside.before_request(require_cookie)
page.register(inside)
copies.register(inside)
wishes.register(inside)
bp.register_blueprint(inside)
closing.register(bp)
