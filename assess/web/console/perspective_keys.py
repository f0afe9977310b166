"""Versions of the company's view: what counts now, what each version says, and the report on it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.models import ConsensusKey
from assess.scoring.company_view import CRITICAL
from assess.services import access, climate_summaries, company_reports, key_versions
from assess.services.access import Permission
from assess.services.report_contexts import paper_of
from assess.web import guards
from assess.web.console.content import registry
from assess.web.console.perspective import change_rows
from assess.web.db import get_session
from assess.web.i18n import language
from assess.web.report_ways import WayForm
from reports.charts.colours import SCREEN
from reports.sections.company_rows import theme_rows

bp = Blueprint("perspective_keys", __name__, url_prefix="/perspective")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show which version counts for each edition, and all that were published."""
    session, user = get_session(), guards.signed_in()
    return render_template(
        "console/perspective_keys/index.html",
        editions=registry().editions,
        titles={bank.edition: bank.title for bank in registry().editions},
        newest=key_versions.newest_of(session, user),
        listing=key_versions.versions_of(session, user, page=request.args.get("page", 1, type=int)),
        address=partial(url_for, ".index"),
        zone=user.organization.time_zone,
    )


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a version: what it says, what it changed, and what is compared with it."""
    row = _get(public_id, Permission.SURVEY_READ)
    return _page(row, _way())


@bp.post("/<uuid:public_id>/report")
def ask(public_id: UUID) -> ResponseReturnValue:
    """Have the report on the version made; the one that exists already is shown if it would say the same."""
    row, session, user, form = _get(public_id, Permission.REPORT_MAKE), get_session(), guards.signed_in(), WayForm()
    if not form.validate():
        return _page(row, form), 422
    way = {"language": form.language.data, "paper": form.paper.data}
    said = climate_summaries.newest(session, user, registry())
    report = company_reports.request(session, user, row, registry(), climate=said, **way, now=datetime.now(UTC))
    session.commit()
    return redirect(url_for("console.reports.show", public_id=report.public_id), 303)


def _get(public_id: UUID, to: Permission) -> ConsensusKey:
    return access.get_key(get_session(), guards.signed_in(), public_id, to)


def _way() -> WayForm:
    return WayForm(formdata=None, data={"paper": paper_of(guards.signed_in().organization)})


def _page(row: ConsensusKey, form: WayForm) -> str:
    version = key_versions.version_of(get_session(), guards.signed_in(), row, registry())
    return render_template(
        "console/perspective_keys/show.html",
        row=row,
        version=version,
        themes=theme_rows(version.bank, version.view, language(), colours=SCREEN),
        changes=change_rows(version.bank, version.changes),
        critical=CRITICAL,
        form=form,
        zone=guards.signed_in().organization.time_zone,
    )
