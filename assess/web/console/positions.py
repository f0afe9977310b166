"""Jobs, and what each asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from assess.banks.model import Scale
from assess.banks.wording import Target
from assess.errors import Refused
from assess.models import PatternVersion, Position
from assess.services import access, pattern_versions, positions, proposals
from assess.services.access import Permission
from assess.web import guards, once
from assess.web.console import pattern_words, words
from assess.web.console.content import registry
from assess.web.console.patterns import ByHandForm, FamilyForm, RevisionForm, TitleForm, pattern_form
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from reports.charts.colours import SCREEN
from reports.charts.strip import range_strip

bp = Blueprint("positions", __name__, url_prefix="/positions")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the positions that are offered, or those that are not, a page at a time."""
    session, user, retired = get_session(), guards.signed_in(), "retired" in request.args
    return render_template(
        "console/positions/index.html",
        listing=positions.page_of(session, user, page=request.args.get("page", 1, type=int), retired=retired),
        n_retired=positions.count_retired(session, user),
        retired=retired,
        counted=_counted,
        address=partial(url_for, ".index"),
    )


@bp.route("/new", methods=["GET", "POST"])
@once.only
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
    said = _("The position %(title)s is added.", title=position.title)
    return once.made(url_for(".show", public_id=position.public_id), said)


@bp.route("/new-by-hand", methods=["GET", "POST"])
@once.only
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
    said = _("The position %(title)s is added.", title=position.title)
    return once.made(url_for(".show", public_id=position.public_id), said)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what the position asks for, and what it asked for before."""
    return _page(_get(public_id, Permission.POSITION_READ))


@bp.get("/<uuid:public_id>/versions/<int:number>")
def version(public_id: UUID, number: int) -> ResponseReturnValue:
    """Show one version: what it asks for, what it rests on, and what rests on it."""
    session, user = get_session(), guards.signed_in()
    position = _get(public_id, Permission.POSITION_READ)
    line = pattern_versions.version_of(session, user, position, number)
    return render_template(
        "console/positions/version.html",
        position=position,
        line=line,
        lines=_lines(line.version),
        uses=pattern_versions.campaigns_on(session, user, line.version),
        most=pattern_versions.MOST_CAMPAIGNS,
        scales={scale.code: scale for scale in _scales()},
        words=words,
        pattern_words=pattern_words,
    )


@bp.post("/<uuid:public_id>/title")
def rename(public_id: UUID) -> ResponseReturnValue:
    """Give the position another title."""
    session, user, form = get_session(), guards.signed_in(), TitleForm()
    position = _get(public_id, Permission.POSITION_WRITE)
    if not form.validate():
        return _page(position, form), 422
    try:
        positions.rename(session, user, position, form.title.data, now=datetime.now(UTC))
    except Refused as refusal:
        form.title.errors = [str(refusal)]
        return _page(position, form), 422
    session.commit()
    flash(_("The position is called %(title)s now.", title=position.title))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/retirement")
def retire(public_id: UUID) -> ResponseReturnValue:
    """Offer the position no more."""
    position = _get(public_id, Permission.POSITION_WRITE)
    said = _("The position %(title)s is retired. What runs goes on.", title=position.title)
    return _done(position, positions.retire, said)


@bp.post("/<uuid:public_id>/return")
def bring_back(public_id: UUID) -> ResponseReturnValue:
    """Offer a retired position again."""
    position = _get(public_id, Permission.POSITION_WRITE)
    return _done(position, positions.bring_back, _("The position %(title)s is offered again.", title=position.title))


@bp.route("/<uuid:public_id>/revise", methods=["GET", "POST"])
@once.only
def revise(public_id: UUID) -> ResponseReturnValue:
    """Add a version of the pattern."""
    session, user = get_session(), guards.signed_in()
    position = _get(public_id, Permission.POSITION_WRITE)
    pattern = position.pattern
    form = pattern_form(
        RevisionForm, _scales(), positions.targets_of(pattern), source=pattern.source, seen=pattern.version
    )
    if not form.validate_on_submit():
        return _revise_page(position, form), 422 if request.method == "POST" else 200
    said = {"source": form.source.data, "reason": form.reason.data, "seen": form.seen.data}
    try:
        positions.revise(session, user, position, form.targets, **said, now=datetime.now(UTC))
    except Refused as refusal:
        form.seen.data = position.pattern.version
        form.form_errors.append(str(refusal))
        return _revise_page(position, form), 422
    done = _("The pattern of %(title)s has a new version.", title=position.title)
    return once.made(url_for(".show", public_id=public_id), done)


def _get(public_id: UUID, to: Permission) -> Position:
    return access.get_position(get_session(), guards.signed_in(), public_id, to)


def _done(position: Position, use_case: Callable[..., object], said: str) -> ResponseReturnValue:
    """Do with `position` what the use case does, and say so."""
    use_case(get_session(), guards.signed_in(), position, now=datetime.now(UTC))
    get_session().commit()
    flash(said)
    return redirect(url_for(".show", public_id=position.public_id), 303)


def _page(position: Position, form: TitleForm | None = None) -> str:
    """Return the position's page; a title that was sent and refused stands on it as it was sent."""
    return render_template(
        "console/positions/show.html",
        position=position,
        lines=_lines(position.pattern),
        history=pattern_versions.history(get_session(), guards.signed_in(), position),
        scales={scale.code: scale for scale in _scales()},
        form=form or TitleForm(formdata=None, data={"title": position.title}),
        words=words,
        pattern_words=pattern_words,
        surveys=proposals.surveys_about(get_session(), guards.signed_in(), position),
        now=datetime.now(UTC),
    )


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


def _lines(pattern: PatternVersion) -> list[tuple[Scale, Target, Markup]]:
    targets = {target.scale: target for target in positions.targets_of(pattern)}
    return [(scale, targets[scale.code], _strip(scale, targets[scale.code])) for scale in _scales()]


def _strip(scale: Scale, target: Target) -> Markup:
    title = _("%(scale)s: %(low)s to %(high)s asked for", scale=scale.name, low=target.low, high=target.high)
    return range_strip((target.low, target.high), title=title, colours=SCREEN)
