"""The way in and out: asking for the link, opening it, closing the page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import AssessError
from assess.services import my_page
from assess.web import guards, i18n, personal_links
from assess.web.db import get_session
from assess.web.mine.forms import LinkForm
from assess.web.mine.visitor import current_person

link_bp = Blueprint("link", __name__, url_prefix="/link")


def register(bp: Blueprint) -> None:
    """Add the pages that are open to everybody to `bp`."""
    bp.add_url_rule("", "index", index)
    bp.add_url_rule("", "ask_for_link", ask_for_link, methods=["POST"])
    bp.add_url_rule("/sent", "sent", sent)


def index() -> ResponseReturnValue:
    """Ask for the address; who has opened a link already goes on to their page."""
    try:
        current_person()
    except AssessError:
        return render_template("mine/index.html", form=LinkForm(formdata=None))
    return redirect(url_for("mine.inside.page"))


def ask_for_link() -> ResponseReturnValue:
    """Have a link sent to the address, if it is somebody's; the answer is the same if it is not."""
    form = LinkForm()
    if not form.validate():
        return render_template("mine/index.html", form=form), 422
    address = request.remote_addr or ""
    my_page.request_link(get_session(), form.email.data, address=address, now=datetime.now(UTC))
    get_session().commit()
    return redirect(url_for("mine.sent"), 303)


def sent() -> ResponseReturnValue:
    """Say what happens next."""
    return render_template("mine/sent.html")


@link_bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show whom the link is from. Mail scanners come here, so nothing changes yet."""
    person = my_page.find(get_session(), token, now=datetime.now(UTC))
    i18n.prefer(person.language)
    return render_template("mine/link.html", organization=person.organization)


@link_bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Exchange the link for a cookie and a clean address."""
    personal_links.redeem(my_page.redeem, token)
    get_session().commit()
    return personal_links.let_in("mine.inside.page", guards.mine_cookie(), token)
