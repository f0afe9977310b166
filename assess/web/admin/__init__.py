"""The admin's pages: accounts and roles. Admins run the platform and see nobody's results."""

from __future__ import annotations

from flask import Blueprint

from assess.models import Role
from assess.web import guards
from assess.web.admin import users

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(guards.only(Role.ADMIN))
bp.register_blueprint(users.bp)
