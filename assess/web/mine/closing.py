"""What a page says that is closed, or a step that is too late: why, and how to go on."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import AlreadySubmitted, AssessError, InvitationExpired, InvitationWithdrawn, LinkClosed
from assess.services import my_page
from assess.web import errors
from assess.web.db import reading_session
from assess.web.i18n import gettext as _
from assess.web.mine.visitor import token


def register(bp: Blueprint) -> None:
    """Answer these errors within `bp` with pages that lead on."""
    bp.register_error_handler(LinkClosed, _closed)
    for kind in (AlreadySubmitted, InvitationExpired, InvitationWithdrawn):
        bp.register_error_handler(kind, _too_late)


def _closed(_error: AssessError) -> ResponseReturnValue:
    """Say that data were erased, or offer a new link."""
    secret = (request.view_args or {}).get("token") or token()
    with reading_session() as session:
        person = my_page.whose_link(session, secret)
        contact = person.organization.contact if person else None
        is_erased = person is not None and person.erased_at is not None
    if is_erased:
        sentence = _("Your data have been erased, so there is nothing to see here any more.")
        return errors.page(410, sentence, contact=contact)
    sentence = _("Links to your own page live for one hour, and end when you close the page. Ask for a new one.")
    return errors.page(410, sentence, way_on=url_for("mine.index"), way_on_words=_("Ask for a new link"))


def _too_late(error: AssessError) -> ResponseReturnValue:
    code = errors.STATUS[type(error)]
    return errors.page(code, str(error), way_on=url_for("mine.inside.page"), way_on_words=_("Back to my data"))
