"""Files of data: asking for them, watching them grow, taking them with their codebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Export
from assess.services import access, exports, positions
from assess.services.access import Permission
from assess.services.exporting import texts
from assess.services.exports import Format
from assess.web import downloads, guards, once
from assess.web.console.content import registry
from assess.web.console.export_forms import ANSWERS, ExportForm, chosen_key, format_words
from assess.web.db import Session, get_session, reading_transactions, writing_session
from assess.web.i18n import gettext as _

PATIENCE = timedelta(hours=1)  # after which the page no longer looks by itself
SOON = timedelta(minutes=2)  # in which the first rows should be there
PAUSE = 5  # seconds between two looks

bp = Blueprint("exports", __name__, url_prefix="/exports")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's files, a page at a time."""
    session, user = get_session(), guards.signed_in()
    listing = exports.exports_of(session, user, page=request.args.get("page", 1, type=int))
    return render_template(
        "console/exports/index.html",
        listing=listing,
        subjects=exports.subjects(session, listing.rows),
        address=partial(url_for, ".index"),
        has_results=bool(listing.rows) or bool(exports.offered_campaigns(session, user)),
        zone=user.organization.time_zone,
        format_words=format_words,
    )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show what can be asked for; a campaign's page leads here with the campaign chosen."""
    form = _form()
    campaign = request.args.get("campaign", type=UUID)
    if campaign is not None:
        form.results.data = chosen_key(campaign)
    return _new_page(form)


@bp.post("/new")
@once.only
def ask() -> ResponseReturnValue:
    """Have a file made."""
    form, session, user = _form(), get_session(), guards.signed_in()
    if not form.validate():
        return _new_page(form), 422
    scope = form.scope(user.organization_id, user.organization.time_zone)
    wishes = {"with_answers": form.contents.data == ANSWERS, "with_personal_data": form.personal.data}
    try:
        export = exports.request(session, user, scope, form.format.data, registry(), **wishes, now=datetime.now(UTC))
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _new_page(form), 422
    said = _("The file is being made. You can leave this page; that goes on.")
    return once.made(url_for(".show", public_id=export.public_id), said)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show how far a file has come; while it is being made, look again every few seconds."""
    export, now = _get(public_id), datetime.now(UTC)
    looks_again = export.is_waiting and now - export.requested_at < PATIENCE
    response = make_response(
        render_template(
            "console/exports/show.html",
            export=export,
            scope=exports.scope_of(export),
            subject=exports.subjects(get_session(), [export]).get(export.id),
            looks_again=looks_again,
            is_late=export.is_waiting and not export.n_done and now - export.requested_at > SOON,
            zone=guards.signed_in().organization.time_zone,
            format_words=format_words,
        )
    )
    if looks_again:
        response.headers["Refresh"] = f"{PAUSE}; url={url_for('.show', public_id=public_id)}"
    return response


@bp.get("/<uuid:public_id>/file")
def file(public_id: UUID) -> ResponseReturnValue:
    """Hand out the file, sent piece by piece, and note who took it."""
    user = guards.signed_in()
    with writing_session() as session:
        export = access.get_export(session, user, public_id, Permission.EXPORT_MAKE)
        ids = exports.hand_out(session, user, export, now=datetime.now(UTC))
        session.commit()
    name = f"{_name(export)}.{export.format}"
    response = downloads.file(_sent(reading_transactions(), ids), name, exports.TYPES[Format(export.format)])
    response.headers["Content-Length"] = str(export.size)
    return response


@bp.get("/<uuid:public_id>/codebook")
def codebook(public_id: UUID) -> ResponseReturnValue:
    """Show what every column of a file is."""
    export = _get(public_id)
    return render_template(
        "console/exports/codebook.html",
        export=export,
        entries=[column.entry for column in exports.columns(export, registry())],
        missing_in=texts.missing_in,
        format_words=format_words,
    )


@bp.get("/<uuid:public_id>/codebook.csv")
def codebook_file(public_id: UUID) -> ResponseReturnValue:
    """Hand out the same as a file."""
    export = _get(public_id)
    entries = [column.entry for column in exports.columns(export, registry())]
    content = texts.codebook_csv(entries, export.format)
    return downloads.file(content, f"{_name(export)}-codebook.csv", exports.TYPES[Format.CSV])


@bp.post("/<uuid:public_id>/deletion")
def discard(public_id: UUID) -> ResponseReturnValue:
    """Delete a file before its time."""
    exports.discard(get_session(), guards.signed_in(), _get(public_id), now=datetime.now(UTC))
    get_session().commit()
    flash(_("The file is deleted."))
    return redirect(url_for(".show", public_id=public_id), 303)


def _sent(transactions: Callable[[], AbstractContextManager[Session]], ids: Sequence[int]) -> Iterator[bytes]:
    """Yield a file's pieces, each read in a transaction of its own: none is open while a slow reader reads."""
    for piece_id in ids:
        with transactions() as session:
            content = exports.piece(session, piece_id)
        yield content


def _name(export: Export) -> str:
    """Return the name of an export's files, without what follows the dot."""
    return f"rapport-export-{export.requested_at:%Y-%m-%d}-{export.public_id.hex[:8]}"


def _get(public_id: UUID) -> Export:
    return access.get_export(get_session(), guards.signed_in(), public_id, Permission.EXPORT_MAKE)


def _form() -> ExportForm:
    session, user = get_session(), guards.signed_in()
    return ExportForm(exports.offered_campaigns(session, user), positions.positions_of(session, user))


def _new_page(form: ExportForm) -> str:
    return render_template("console/exports/new.html", form=form)
