"""What a link says that opens nothing any more."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from assess.errors import AssessError, LinkClosed
from assess.web import errors
from assess.web.i18n import gettext as _


def register(bp: Blueprint) -> None:
    """Answer this error within `bp` with a page that says what it means here."""
    bp.register_error_handler(LinkClosed, _closed)


def _closed(_error: AssessError) -> ResponseReturnValue:
    return errors.page(410, _("This link works no more: it is too old, or the coaching is over. You need do nothing."))
