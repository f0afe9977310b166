"""The coach's pages: whom they coach, and the pages of each."""

from __future__ import annotations

from flask import Blueprint

from assess.models import Role
from assess.web import guards
from assess.web.coaching import assessments, caseload, check_ins, feedback, plans, reports, team

bp = Blueprint("coaching", __name__, url_prefix="/coaching")
bp.before_request(guards.only(Role.COACH))  # closes every view below, also tomorrow's
for part in (caseload, team, plans, check_ins, assessments, feedback, reports):
    bp.register_blueprint(part.bp)
