"""The coach's pages: whom they coach, and the page of each."""

from __future__ import annotations

from flask import Blueprint

from assess.models import Role
from assess.web import guards
from assess.web.coaching import caseload

bp = Blueprint("coaching", __name__, url_prefix="/coaching")
bp.before_request(guards.only(Role.COACH))  # closes every view below, also tomorrow's
bp.register_blueprint(caseload.bp)
