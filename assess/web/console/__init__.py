"""HR's pages: positions, campaigns, assignments, results, reports, decisions and requests."""

from __future__ import annotations

from flask import Blueprint

from assess.models import Role
from assess.web import guards
from assess.web.console import assignments, campaigns, comparisons, positions, previews, reports, requests, results

bp = Blueprint("console", __name__, url_prefix="/console")
bp.before_request(guards.only(Role.HR))  # closes every view below, also tomorrow's
bp.register_blueprint(assignments.bp)
bp.register_blueprint(campaigns.bp)
bp.register_blueprint(comparisons.bp)
bp.register_blueprint(results.bp)
bp.register_blueprint(positions.bp)
bp.register_blueprint(previews.bp)
bp.register_blueprint(previews.made)
bp.register_blueprint(reports.bp)
bp.register_blueprint(requests.bp)
