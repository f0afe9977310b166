"""When nothing can be answered any more: why, and whom to ask; or the way to the thanks."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import AlreadySubmitted, AssessError, InvitationExpired, InvitationWithdrawn, LinkClosed
from assess.models import SurveyPlace
from assess.services import survey_places
from assess.web import errors, i18n
from assess.web.db import reading_session
from assess.web.i18n import gettext as _
from assess.web.survey.visitor import has_handed_in, token


def register(bp: Blueprint) -> None:
    """Answer these errors within `bp` with pages that lead on."""
    bp.register_error_handler(AlreadySubmitted, _submitted)
    bp.register_error_handler(InvitationExpired, _over)
    bp.register_error_handler(InvitationWithdrawn, _over)
    bp.register_error_handler(LinkClosed, _over)


def closed(place: SurveyPlace) -> ResponseReturnValue | None:
    """Return the page that says why the survey is closed to this person, and whom to ask; None while it is open."""
    i18n.prefer(place.person.language)
    if place.person.erased_at is not None:
        sentence = _("Your name and your address are gone. You need do nothing.")
        return _page(place, _("Your data have been erased"), sentence)
    if place.withdrawn_at is not None:
        return _page(place, _("You are no longer asked to answer this survey"), _("You need do nothing."))
    if has_handed_in(place) or place.round.is_open(datetime.now(UTC)):
        return None
    sentence = _("It takes no more answers. What was handed in before counts; what was not handed in is not used.")
    return _page(place, _("This survey is over"), sentence)


def nobody_to_rate(place: SurveyPlace) -> ResponseReturnValue:
    """Return the page for somebody who would rate nobody but themselves, or people who have been erased."""
    sentence = _("You need do nothing: nobody rates themselves, and no other colleague is asked about any more.")
    return _page(place, _("There is nobody for you to rate"), sentence, code=200)


def _page(place: SurveyPlace, title: str, sentence: str, *, code: int = 410) -> ResponseReturnValue:
    return render_template("survey/closed.html", place=place, title=title, sentence=sentence), code


def _submitted(error: AlreadySubmitted) -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("survey.inside.done"))
    return errors.page(409, errors.sentence(error), way_on=url_for("survey.inside.done"), way_on_words=_("Go on"))


def _over(error: AssessError) -> ResponseReturnValue:
    """Name whom to ask, as far as the cookie or the link tells whose page it is."""
    secret = (request.view_args or {}).get("token") or token()
    with reading_session() as session:
        place = survey_places.whose_link(session, secret)
        contact = place.person.organization.contact if place else None
        page = closed(place) if place else None
    return page or errors.page(errors.STATUS[type(error)], errors.sentence(error), contact=contact)
