"""What people ask about their own data, and answering it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import PrivacyRequest, RequestKind
from assess.services import access, new_letters, privacy_requests
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import words
from assess.web.console.content import local_date
from assess.web.console.request_forms import AnswerForm, CorrectionForm
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("requests", __name__, url_prefix="/requests")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's requests, those that wait first."""
    number = request.args.get("page", 1, type=int)
    listing = privacy_requests.requests_of(get_session(), guards.signed_in(), page=number)
    return render_template(
        "console/requests/index.html",
        listing=listing,
        requests=listing.rows,
        address=lambda **query: url_for(".index", **query),
        words=words,
        **_dates(),
    )


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one request with what can be done about it."""
    return _page(_get(public_id, Permission.REQUEST_READ))


@bp.post("/<uuid:public_id>/answers")
def answer(public_id: UUID) -> ResponseReturnValue:
    """Answer in words."""
    asked, form = _get(public_id, Permission.REQUEST_WRITE), AnswerForm()
    if not form.validate():
        return _page(asked, answer=form), 422
    try:
        privacy_requests.answer(get_session(), guards.signed_in(), asked, form.words.data, now=datetime.now(UTC))
    except Refused as refusal:
        return _page(asked, refusal=refusal), 422
    get_session().commit()
    flash(_("Your answer is on its way, and stands on the person's own page."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/corrections")
def correct(public_id: UUID) -> ResponseReturnValue:
    """Put name, address or telephone number right."""
    asked, form = _get(public_id, Permission.REQUEST_WRITE), CorrectionForm()
    if not form.validate():
        return _page(asked, correction=form), 422
    try:
        changed = privacy_requests.correct(
            get_session(), guards.signed_in(), asked, **form.values, now=datetime.now(UTC)
        )
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _page(asked, correction=form), 422
    get_session().commit()
    flash(_("It is put right. Please answer the person, too.") if changed else _("Nothing was different."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.route("/<uuid:public_id>/erasure", methods=["GET", "POST"])
def erase(public_id: UUID) -> ResponseReturnValue:
    """Say what erasing does, and have it done."""
    asked = _get(public_id, Permission.REQUEST_WRITE)
    if request.method == "GET":
        name = words.person_words(asked.person)
        return render_template("console/requests/erasure.html", asked=asked, name=name, may_erase=_may_erase(asked))
    try:
        privacy_requests.confirm_erasure(get_session(), guards.signed_in(), asked, now=datetime.now(UTC))
    except Refused as refusal:
        return _page(asked, refusal=refusal), 422
    get_session().commit()
    flash(_("The person is being told by mail and then erased; that takes a minute or two."))
    return redirect(url_for(".index"), 303)


def _get(public_id: UUID, to: Permission) -> PrivacyRequest:
    return access.get_request(get_session(), guards.signed_in(), public_id, to)


def _may_erase(asked: PrivacyRequest) -> bool:
    return asked.kind is RequestKind.ERASURE and asked.answered_at is None and asked.person.erased_at is None


def _dates() -> dict[str, object]:
    """Return what pages tell the age of a request from."""
    user = guards.signed_in()
    return {
        "today": local_date(datetime.now(UTC), user),
        "zone": user.organization.time_zone,
        "answer_by": privacy_requests.answer_by,
        "days_open": lambda asked: privacy_requests.days_open(asked, now=datetime.now(UTC)),
    }


def _page(
    asked: PrivacyRequest,
    *,
    answer: AnswerForm | None = None,
    correction: CorrectionForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """Return the page; a form that was sent and refused stands on it as it was sent."""
    session, user = get_session(), guards.signed_in()
    return render_template(
        "console/requests/show.html",
        asked=asked,
        person=asked.person,
        unlinked=new_letters.unlinked(session, user, asked.person, now=datetime.now(UTC)),
        name=words.person_words(asked.person),
        assignments=privacy_requests.assignments_of(session, user, asked),
        is_waiting=asked.answered_at is None and asked.person.erased_at is None,
        may_erase=_may_erase(asked),
        corrects=asked.kind is RequestKind.CORRECTION,
        answer=answer or AnswerForm(formdata=None),
        correction=correction or CorrectionForm.of(asked.person),
        answered_by=privacy_requests.answered_by(session, asked),
        refusal=refusal,
        words=words,
        **_dates(),
    )
