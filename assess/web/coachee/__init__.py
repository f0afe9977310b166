"""What a person sees of their coaching: plan, talks, progress, reports, who coaches them. Opened by a link."""

from __future__ import annotations

from flask import Blueprint

from assess.web.coachee import closing, consent, entry, feedback, page, plan, results
from assess.web.coachee.visitor import require_cookie

bp = Blueprint("coachee", __name__, url_prefix="/my-coaching")
bp.register_blueprint(entry.bp)

inside = Blueprint("inside", __name__)
inside.before_request(require_cookie)
page.register(inside)
inside.register_blueprint(feedback.bp)
consent.register(inside)
results.register(inside)
inside.register_blueprint(plan.actions)
inside.register_blueprint(plan.goals)
inside.register_blueprint(plan.talks)
bp.register_blueprint(inside)
closing.register(bp)
