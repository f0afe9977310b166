"""How far the raters of a round agree on what good service is, what is still to be settled, and publishing it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.banks.model import Bank
from assess.errors import Refused
from assess.models import SurveyRound
from assess.scoring.company_view import CRITICAL, Change
from assess.services import access, perspective, surveys
from assess.services.access import Permission
from assess.services.perspective import Agreement, Readiness
from assess.web import guards, once
from assess.web.console.content import registry
from assess.web.console.perspective_forms import publish_form
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from reports.charts.colours import SCREEN
from reports.sections.company_groups import of_a_kind
from reports.sections.company_rows import theme_rows, unclear_rows

bp = Blueprint("perspective", __name__, url_prefix="/surveys/<uuid:public_id>/perspective")


@bp.get("")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show the agreement of a round that is over, and what publishing it would change."""
    survey = _get(public_id, Permission.SURVEY_READ)
    found = _read(survey)
    return _page(survey, found, _form(survey, found))


@bp.get("/unclear")
def unclear(public_id: UUID) -> ResponseReturnValue:
    """Show what is to be settled, on a page to print."""
    survey = _get(public_id, Permission.SURVEY_READ)
    found = _read(survey)
    rows = unclear_rows(found.bank, found.view, language()) if found.view else ()
    return render_template(
        "console/perspective/unclear.html",
        survey=survey,
        found=found,
        is_ready=found.readiness is Readiness.READY,
        rows=rows,
    )


@bp.post("/close")
def close(public_id: UUID) -> ResponseReturnValue:
    """Close the round for good, so that its agreement can be read."""
    survey = _get(public_id, Permission.SURVEY_WRITE)
    surveys.close(get_session(), guards.signed_in(), survey, now=datetime.now(UTC))
    get_session().commit()
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/publish")
@once.only
def publish(public_id: UUID) -> ResponseReturnValue:
    """Publish what the raters said as a new version of the key."""
    survey, session, user = _get(public_id, Permission.PERSPECTIVE_WRITE), get_session(), guards.signed_in()
    found, now = _read(survey), datetime.now(UTC)
    form = _form(survey, found)
    if not form.validate():
        return _page(survey, found, form), 422
    said = {"source": form.source.data, "note": form.note.data or "", "importance": form.importance}
    said["seen"] = form.seen.data
    try:
        row = perspective.publish(session, user, survey, registry(), **said, now=now)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return _page(survey, found, form), 422
    done = _("Version %(n)s is published. Attempts that begin from now on are compared with it.", n=row.version)
    return once.made(url_for("console.perspective_keys.show", public_id=row.public_id), done)


def change_rows(bank: Bank, changes: tuple[Change, ...]) -> list[tuple[str, Change]]:
    """Return what changes, each with the words of its statement."""
    stems = {policy.code: policy.stem for policy in bank.perspective}
    return [(stems[change.after.code], change) for change in changes]


def _get(public_id: UUID, to: Permission) -> SurveyRound:
    return access.get_survey(get_session(), guards.signed_in(), public_id, to)


def _read(survey: SurveyRound) -> Agreement:
    now = datetime.now(UTC)
    return perspective.agreement_of(get_session(), guards.signed_in(), survey, registry(), now=now)


def _form(survey: SurveyRound, found: Agreement) -> Any:
    in_force, _view = perspective.in_force(get_session(), survey.organization_id, found.bank)
    known = {code: each["importance"] for code, each in in_force.content.items()} if in_force else {}
    source = _("%(n)s raters, %(title)s", n=found.n_raters, title=survey.title)
    return publish_form(found.bank, source=source, importance=known)


def _page(survey: SurveyRound, found: Agreement, form: Any) -> str:
    in_force, changes = perspective.changes_by(get_session(), guards.signed_in(), found)
    form.seen.data = in_force.version if in_force else 0  # the one that the page compares with
    return render_template(
        "console/perspective/show.html",
        survey=survey,
        found=found,
        readiness=found.readiness,
        themes=theme_rows(found.bank, found.view, language(), colours=SCREEN) if found.view else (),
        groups=of_a_kind(found.groups, found.bank, found.view, language()) if found.view else None,
        critical=CRITICAL,
        in_force=in_force,
        changes=change_rows(found.bank, changes),
        form=form,
    )
