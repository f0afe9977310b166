"""Accounts: who may sign in, and as what."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Role, User
from assess.services import access, accounts
from assess.services.access import Permission
from assess.web import guards
from assess.web.admin.forms import NewUserForm, RolesForm, role_words
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("users", __name__, url_prefix="/users")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's accounts, a page at a time."""
    listing = accounts.users_of(get_session(), guards.signed_in(), page=request.args.get("page", 1, type=int))
    return render_template(
        "admin/users/index.html",
        listing=listing,
        role_words=role_words,
        address=lambda **query: url_for(".index", **query),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Open an account and have a welcome mail sent."""
    form = NewUserForm()
    if not form.validate_on_submit():
        return render_template("admin/users/new.html", form=form), 422 if request.method == "POST" else 200
    try:
        user = _add(form, datetime.now(UTC))
    except Refused as refusal:
        get_session().rollback()
        form.email.errors = [str(refusal)]
        return render_template("admin/users/new.html", form=form), 422
    get_session().commit()
    flash(_("%(name)s has an account. The link to set a password is on its way.", name=user.name))
    return redirect(url_for(".show", public_id=user.public_id), 303)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one account."""
    return _page(_get(public_id, Permission.USER_READ))


@bp.post("/<uuid:public_id>/roles")
def change_roles(public_id: UUID) -> ResponseReturnValue:
    """Give the user exactly the roles that are ticked."""
    user, me, form = _get(public_id, Permission.USER_WRITE), guards.signed_in(), RolesForm()
    if not form.validate():
        return _page(user, form), 422
    try:
        accounts.change_roles(get_session(), user, frozenset(form.roles.data), by=me, now=datetime.now(UTC))
    except Refused as refusal:
        form.roles.errors = [str(refusal)]
        return _page(user, form), 422
    get_session().commit()
    flash(_("The roles of %(name)s are changed.", name=user.name))
    if Role.ADMIN not in me.roles:
        return redirect(url_for("auth.home"), 303)
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/closure")
def close(public_id: UUID) -> ResponseReturnValue:
    """Close the account and end its sessions."""
    user = _get(public_id, Permission.USER_WRITE)
    try:
        accounts.deactivate(get_session(), user, by=guards.signed_in(), now=datetime.now(UTC))
    except Refused as refusal:
        return _page(user, refusal=refusal), 422
    get_session().commit()
    flash(_("The account of %(name)s is closed.", name=user.name))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/reopening")
def reopen(public_id: UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    user = _get(public_id, Permission.USER_WRITE)
    accounts.reactivate(get_session(), user, by=guards.signed_in(), now=datetime.now(UTC))
    get_session().commit()
    flash(_("The account of %(name)s is open again.", name=user.name))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/links")
def send_link(public_id: UUID) -> ResponseReturnValue:
    """Send the link to set a password, the first one or a new one."""
    user, now = _get(public_id, Permission.USER_WRITE), datetime.now(UTC)
    if not user.is_active:
        return _page(user, refusal=Refused(_("This account is closed. Open it again first."))), 422
    accounts.send_link(get_session(), user, by=guards.signed_in(), now=now)
    get_session().commit()
    flash(_("A link to set a password is on its way to %(name)s.", name=user.name))
    return redirect(url_for(".show", public_id=public_id), 303)


def _get(public_id: UUID, to: Permission) -> User:
    return access.get_user(get_session(), guards.signed_in(), public_id, to)


def _add(form: NewUserForm, now: datetime) -> User:
    session, me = get_session(), guards.signed_in()
    access.require(me, Permission.USER_WRITE)
    user = accounts.add_user(
        session,
        me.organization,
        name=form.name.data,
        email=form.email.data,
        roles=frozenset(form.roles.data),
        actor=f"user:{me.id}",
        now=now,
    )
    accounts.welcome(session, user, now=now)
    return user


def _page(user: User, form: RolesForm | None = None, *, refusal: Refused | None = None) -> str:
    return render_template(
        "admin/users/show.html",
        user=user,
        is_me=user.id == guards.signed_in().id,
        form=form or RolesForm(formdata=None, data={"roles": sorted(user.roles)}),
        role_words=role_words,
        refusal=refusal,
    )
