"""A copy of everything that is held: for programs at once, on paper as soon as a worker has made it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound
from assess.services import access_files, held_data
from assess.web import downloads
from assess.web.db import get_session, writing_session
from assess.web.i18n import gettext as _
from assess.web.mine.visitor import current_person, registry


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/data.json", "data", data)
    bp.add_url_rule("/copies", "make_copy", make_copy, methods=["POST"])
    bp.add_url_rule("/copy.pdf", "copy", copy)


def data() -> ResponseReturnValue:
    """Hand out everything as JSON, and note that it was taken."""
    now = datetime.now(UTC)
    held = held_data.held_about(get_session(), current_person(), registry(), now=now)
    with writing_session() as session:
        access_files.note_taken(session, current_person(session), "json", now=now)
        session.commit()
    text = json.dumps(held, ensure_ascii=False, indent=2)
    return downloads.file(text, f"my-data-{now.date().isoformat()}.json", "application/json")


def make_copy() -> ResponseReturnValue:
    """Have everything put on paper."""
    access_files.request(get_session(), current_person(), now=datetime.now(UTC))
    get_session().commit()
    flash(_("Your copy is being made; that takes less than a minute."))
    return redirect(url_for("mine.inside.page", _anchor="copy"), 303)


def copy() -> ResponseReturnValue:
    """Hand out the PDF, and note that it was taken."""
    with writing_session() as session:
        now = datetime.now(UTC)
        file = access_files.newest(session, current_person(session), now=now)
        if file is None:
            raise NotFound
        pdf = access_files.content(session, file, now=now)
        session.commit()
    return downloads.file(pdf, f"my-data-{file.reference}.pdf", "application/pdf")
