"""Jobs, and what each asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from assess.banks.model import Scale
from assess.banks.wording import Target
from assess.errors import Refused
from assess.models import Position
from assess.scoring.result import ScaleScore
from assess.services import access, positions
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import words
from assess.web.console.content import registry
from assess.web.console.patterns import ByHandForm, FamilyForm, RevisionForm, pattern_form
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from reports.charts.colours import SCREEN
from reports.charts.strip import sten_strip

bp = Blueprint("positions", __name__, url_prefix="/positions")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's positions."""
    found = positions.positions_of(get_session(), guards.signed_in())
    return render_template("console/positions/index.html", positions=found, counted=_counted)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a position that starts from a role family."""
    form = FamilyForm(registry().families.values())
    if not form.validate_on_submit():
        return _new_page(form), 422 if request.method == "POST" else 200
    session, user, family = get_session(), guards.signed_in(), registry().families[form.family.data]
    try:
        position = positions.create_from_family(session, user, form.title.data, family, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        form.title.errors = [str(refusal)]
        return _new_page(form), 422
    session.commit()
    flash(_("The position %(title)s is added.", title=position.title))
    return redirect(url_for(".show", public_id=position.public_id), 303)


@bp.route("/new-by-hand", methods=["GET", "POST"])
def new_by_hand() -> ResponseReturnValue:
    """Add a position with a pattern of its own."""
    form = pattern_form(ByHandForm, _scales())
    if not form.validate_on_submit():
        return _by_hand_page(form), 422 if request.method == "POST" else 200
    session, user, source = get_session(), guards.signed_in(), form.source.data
    try:
        position = positions.create(
            session,
            user,
            form.title.data,
            form.targets,
            source=source,
            reason=_("First version"),
            now=datetime.now(UTC),
        )
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return _by_hand_page(form), 422
    session.commit()
    flash(_("The position %(title)s is added.", title=position.title))
    return redirect(url_for(".show", public_id=position.public_id), 303)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what the position asks for, and what it asked for before."""
    position = access.get_position(get_session(), guards.signed_in(), public_id, Permission.POSITION_READ)
    targets = {target.scale: target for target in positions.targets_of(position.pattern)}
    lines = [(scale, targets[scale.code], _strip(scale, targets[scale.code])) for scale in _scales()]
    return render_template("console/positions/show.html", position=position, lines=lines, words=words)


@bp.route("/<uuid:public_id>/revise", methods=["GET", "POST"])
def revise(public_id: UUID) -> ResponseReturnValue:
    """Add a version of the pattern."""
    session, user = get_session(), guards.signed_in()
    position = access.get_position(session, user, public_id, Permission.POSITION_WRITE)
    pattern = position.pattern
    form = pattern_form(RevisionForm, _scales(), positions.targets_of(pattern), source=pattern.source)
    if not form.validate_on_submit():
        return _revise_page(position, form), 422 if request.method == "POST" else 200
    source, reason = form.source.data, form.reason.data
    try:
        positions.revise(session, user, position, form.targets, source=source, reason=reason, now=datetime.now(UTC))
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _revise_page(position, form), 422
    session.commit()
    flash(_("The pattern of %(title)s has a new version.", title=position.title))
    return redirect(url_for(".show", public_id=public_id), 303)


def _new_page(form: FamilyForm) -> str:
    return render_template("console/positions/new.html", form=form)


def _by_hand_page(form: ByHandForm) -> str:
    return render_template("console/positions/new_by_hand.html", form=form)


def _revise_page(position: Position, form: RevisionForm) -> str:
    return render_template("console/positions/revise.html", position=position, form=form)


def _scales() -> tuple[Scale, ...]:
    """Return the scales, which all editions share."""
    return registry().editions[0].scales


def _counted(position: Position) -> str:
    """Return the names of the scales that count, those that count most first."""
    names = {scale.code: scale.name for scale in _scales()}
    targets = positions.targets_of(position.pattern)
    counting = sorted((each for each in targets if each.weight), key=lambda each: -each.weight)
    return ", ".join(names[each.scale] for each in counting)


def _strip(scale: Scale, target: Target) -> Markup:
    title = _("%(scale)s: %(low)s to %(high)s asked for", scale=scale.name, low=target.low, high=target.high)
    nobody = ScaleScore(scale.code, n_answered=0, n_items=0)
    return sten_strip(nobody, title=title, target=(target.low, target.high), colours=SCREEN)
