"""A batch of reports: how far it has come, and its archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.models import ReportBatch
from assess.services import access, report_archives, report_batches, report_lists
from assess.services.access import Permission
from assess.services.report_archives import Handed
from assess.services.report_lists import Progress, Standing
from assess.web import downloads, guards
from assess.web.console import words
from assess.web.db import Session, get_session, writing_transactions
from assess.web.i18n import gettext as _

PATIENCE = timedelta(minutes=2)  # without a report made, after which the page no longer looks by itself
PAUSE = 5  # seconds between two looks

bp = Blueprint("batches", __name__, url_prefix="/batches")


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show how far the reports have come; while some are being made, look again every few seconds."""
    session, user, batch = get_session(), guards.signed_in(), _get(public_id)
    standing = _standing(request.args.get("state", ""))
    entries = report_lists.entries_of(
        session, user, batch, standing=standing, page=request.args.get("page", 1, type=int)
    )
    progress = report_lists.progress_of(session, [batch])[batch.id]
    looks_again = _looks_again(batch, progress, now=datetime.now(UTC))
    response = make_response(
        render_template(
            "console/reports/batch.html",
            batch=batch,
            progress=progress,
            looks_again=looks_again,
            entries=entries,
            address=partial(url_for, ".show", public_id=public_id),
            standing=standing,
            standings=Standing,
            zone=user.organization.time_zone,
            words=words,
        )
    )
    if looks_again:
        place = url_for(
            ".show", public_id=public_id, state=standing, page=entries.number if entries.number > 1 else None
        )
        response.headers["Refresh"] = f"{PAUSE}; url={place}"
    return response


@bp.post("/<uuid:public_id>/again")
def ask_again(public_id: UUID) -> ResponseReturnValue:
    """Have what was not made asked for again."""
    session, user, batch = get_session(), guards.signed_in(), _get(public_id)
    report_batches.ask_again(session, user, batch, now=datetime.now(UTC))
    session.commit()
    flash(_("What is missing is asked for again."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.get("/<uuid:public_id>.zip")
def archive(public_id: UUID) -> ResponseReturnValue:
    """Hand out all reports and a manifest as one file, sent while it is written; note who took each."""
    user, batch = guards.signed_in(), _get(public_id)
    ids = report_archives.entries_to_hand_out(get_session(), user, batch)
    dated, zone = batch.requested_at, user.organization.time_zone
    handed = _handed_out(writing_transactions(), ids, f"user:{user.id}")
    name = f"{batch.kind}-reports-{dated.astimezone(ZoneInfo(zone)):%Y-%m-%d}.zip"
    return downloads.file(report_archives.pieces(handed, dated=dated, zone=zone), name, "application/zip")


def _handed_out(
    transactions: Callable[[], AbstractContextManager[Session]], ids: Sequence[int], actor: str
) -> Iterator[Handed]:
    """Yield what goes into the archive, each in a transaction of its own: no one is open while a slow reader reads."""
    for entry_id in ids:
        with transactions() as session:
            found = report_archives.hand_out(session, entry_id, actor=actor, now=datetime.now(UTC))
        if found is not None:
            yield found


def _get(public_id: UUID) -> ReportBatch:
    return access.get_batch(get_session(), guards.signed_in(), public_id, Permission.REPORT_MAKE)


def _standing(name: str) -> Standing | None:
    """Return which entries are asked for; all when nothing known is."""
    with suppress(ValueError):
        return Standing(name)
    return None


def _looks_again(batch: ReportBatch, progress: Progress, *, now: datetime) -> bool:
    """Whether something has happened of late, and something is still to come."""
    moments = (batch.requested_at, batch.asked_again_at, progress.last_at)
    return bool(progress[Standing.WAITING]) and now - max(filter(None, moments)) < PATIENCE
