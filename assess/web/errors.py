"""From errors to pages: one table of what a person can put right, one page for everything else."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from assess.errors import (
    AlreadySubmitted,
    AssessError,
    CoachGone,
    CoachingOver,
    InvalidBank,
    InvalidSettings,
    InvalidValue,
    InvitationExpired,
    InvitationWithdrawn,
    LinkClosed,
    NotAllowed,
    NotFound,
    NotOpenYet,
    NotScorable,
    OtherPage,
    PlanClosed,
    Refused,
    SignedOut,
    TooManyTries,
    UnusableData,
)
from assess.web import security
from assess.web.db import Collision, DatabaseBusy
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext

STATUS: dict[type[AssessError], int] = {
    SignedOut: 401,
    NotFound: 404,
    NotAllowed: 403,
    InvitationExpired: 410,
    InvitationWithdrawn: 410,
    LinkClosed: 410,
    NotOpenYet: 409,
    AlreadySubmitted: 409,
    NotScorable: 409,
    OtherPage: 409,
    Refused: 409,
    PlanClosed: 409,
    CoachingOver: 409,
    CoachGone: 409,
    InvalidValue: 422,
    UnusableData: 422,
    TooManyTries: 429,
    InvalidBank: 500,
    InvalidSettings: 500,
}
NOT_RESENT = frozenset({"csrf_token", "password", "again"})


def init_app(app: Flask) -> None:
    """Answer every error of `app` with a page of its own."""
    app.register_error_handler(AssessError, _explain)
    app.register_error_handler(OtherPage, _opened_since)
    app.register_error_handler(SignedOut, _offer_to_sign_in)
    app.register_error_handler(CSRFError, _offer_to_send_again)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DatabaseBusy, _busy)
    app.register_error_handler(Collision, _collided)
    app.register_error_handler(InternalServerError, _bug)


def _explain(error: AssessError) -> ResponseReturnValue:
    answer = page(STATUS[type(error)], sentence(error))
    if isinstance(error, TooManyTries):
        return (*answer, [("Retry-After", str(60 * error.minutes))])
    return answer


def _opened_since(error: OtherPage) -> ResponseReturnValue:
    return page(STATUS[OtherPage], sentence(error), title=_("Another link is open in this browser"))


def _offer_to_sign_in(error: SignedOut) -> ResponseReturnValue:
    """Lead to the sign-in; where something was typed, in another window, so that it can be sent afterwards."""
    typed = _typed()
    if not typed:
        return redirect(url_for("auth.sign_in"))
    return page(STATUS[SignedOut], sentence(error), title=_("You are signed out"), typed=typed, is_signed_out=True)


def sentence(error: AssessError) -> str:
    """Return what `error` says, in the reader's language."""
    if isinstance(error, TooManyTries):
        return ngettext(
            "Too many tries in a short time. Please wait a minute and try again.",
            "Too many tries in a short time. Please wait %(num)s minutes and try again.",
            error.minutes,
        )
    return _(error.said, **error.values)


def _offer_to_send_again(_error: CSRFError) -> ResponseReturnValue:
    """Explain a form without its token; what was typed is kept if it came from one of our own pages."""
    return page(400, _("This page was open for a long time, or in a browser that keeps no cookies."), typed=_typed())


def _typed() -> list[tuple[str, str]]:
    """Return what came with the form, to be sent again; nothing of a form from elsewhere."""
    if not security.is_same_origin():
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_RESENT]


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    answer = page(code)
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return (*answer, headers)


def _busy(_error: DatabaseBusy) -> ResponseReturnValue:
    current_app.logger.exception("database", extra={"reference": g.get("reference", "-")})
    if request.method == "POST":
        sentence = _("What you have just sent is not saved yet; everything before it is.")
        return (*page(503, sentence, typed=_typed()), [("Retry-After", "5")])
    return (*page(503), [("Retry-After", "5")])


def _collided(_error: Collision) -> ResponseReturnValue:
    current_app.logger.exception("two did the same at once", extra={"reference": g.get("reference", "-")})
    return page(409, _("Somebody did the same at the same moment, so nothing of yours was kept. Please look again."))


def _bug(_error: InternalServerError) -> ResponseReturnValue:
    try:
        return page(500)
    except Exception:  # noqa: BLE001 -- the page itself is broken: say something all the same
        return f"Something went wrong here. Reference: {g.get('reference', '-')}", 500


def wants_json() -> bool:
    """Whether our own script asks, which shows no pages."""
    return request.accept_mimetypes.best == "application/json"


def page(
    code: int, sentence: str | None = None, *, title: str | None = None, **context: object
) -> tuple[Response | str, int]:
    """Return the page for `code`, or a JSON object for our own script."""
    usual, text = _words(code)
    if wants_json():
        return jsonify(error=sentence or text, reference=g.get("reference", "-")), code
    html = render_template(
        "errors/error.html",
        code=code,
        title=title or usual,
        sentence=sentence or text,
        reference=g.get("reference", "-") if code >= 500 else None,
        **context,
    )
    return html, code


def _words(code: int) -> tuple[str, str]:
    """Return the title and the sentence for `code`."""
    texts = {
        400: (_("Please send that again"), _("The request was not complete.")),
        403: (_("Not yours to do"), _("You can see this, but your role does not allow this step.")),
        404: (_("Nothing here"), _("There is nothing at this address, or it is not yours to see.")),
        405: (_("That does not work here"), _("This address cannot be used in this way.")),
        409: (_("That is settled already"), _("The state of things is against this step.")),
        410: (_("This link is closed"), _("This link has been used or has run out.")),
        413: (_("That is too large"), _("What was sent is larger than this page accepts.")),
        422: (_("That answer cannot be kept"), _("What was sent is not one of the choices. Nothing was changed.")),
        429: (
            _("Please wait a little"),
            _("Too many tries in a short time. Please try again a little later."),
        ),
        503: (_("Busy for a moment"), _("The system is busy. Nothing is lost; please try again in a few seconds.")),
    }
    bug = (_("Something went wrong here"), _("This is our mistake, not yours, and it has been noted."))
    return texts.get(code, bug if code >= 500 else (_("That did not work"), _("The request could not be answered.")))
