"""What a link says that opens nothing any more, and how to go on."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from assess.errors import AssessError, LinkClosed, Refused
from assess.web import errors
from assess.web.i18n import gettext as _


def register(bp: Blueprint) -> None:
    """Answer these errors within `bp` with pages that lead on."""
    bp.register_error_handler(LinkClosed, _closed)
    bp.register_error_handler(Refused, _refused)


def _closed(_error: AssessError) -> ResponseReturnValue:
    sentence = _(
        "This link works no more: it is too old, or the coaching is over. Your plan and your reports are still yours; "
        "your own page leads to them."
    )
    return errors.page(410, sentence, way_on=url_for("mine.index"), way_on_words=_("Ask for a link to my own page"))


def _refused(error: AssessError) -> ResponseReturnValue:
    way_on = url_for("coachee.inside.page")
    return errors.page(
        errors.STATUS[Refused], errors.sentence(error), way_on=way_on, way_on_words=_("Back to my coaching")
    )
