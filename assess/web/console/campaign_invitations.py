"""Inviting many people into a campaign: a list is read and shown, then those who can be invited are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Campaign, User
from assess.services import access, bulk_invitations, campaigns
from assess.services.access import Permission
from assess.services.bulk_invitations import Prospect
from assess.services.people_rows import Problem, Sheet
from assess.services.spreadsheets import csv_bytes
from assess.web import downloads, guards
from assess.web.console.content import mail_reaches_people
from assess.web.console.invitation_forms import InviteManyForm, LinesForm
from assess.web.console.sealed_lists import SentList
from assess.web.db import Session, get_session, reading_session, steps

SHOWN = 100  # rows that a page shows of each kind; a file may have thousands

bp = Blueprint("campaign_invitations", __name__, url_prefix="/campaigns/<uuid:public_id>/invitations")


@dataclass(frozen=True, slots=True)
class Look:
    """A list as it was sent, what it says, and what would become of everybody in it."""

    sent: SentList
    sheet: Sheet
    prospect: Prospect

    @property
    def problems(self) -> Sequence[Problem]:
        """Return why rows are not used, in their order."""
        return sorted((*self.sheet.problems, *self.prospect.left_out), key=lambda problem: problem.number)

    @property
    def n_not_used(self) -> int:
        """Return how many rows are not used."""
        return len({problem.number for problem in self.problems})


@bp.get("/new")
def new(public_id: UUID) -> ResponseReturnValue:
    """Offer the ways to invite many."""
    return _new_page(_get(public_id), LinesForm(formdata=None))


@bp.post("/preview")
def preview(public_id: UUID) -> ResponseReturnValue:
    """Show what a list says, row by row, and what would become of everybody in it; nothing is kept."""
    form, campaign = LinesForm(), _get(public_id)
    file = request.files.get("file")
    sent = SentList(file.read(), is_file=True) if file else SentList((form.lines.data or "").encode(), is_file=False)
    if not sent.content.strip():
        return _new_page(campaign, form, nothing=True), 422
    try:
        look = _look(sent, public_id)
    except Refused as refusal:
        return _new_page(campaign, form, refusal=refusal), 422
    user = guards.signed_in()
    return _page(campaign, look, InviteManyForm.shown(sent.sealed(user.id, public_id)))


@bp.post("")
def invite(public_id: UUID) -> ResponseReturnValue:
    """Invite everybody of a list that was shown who can be invited; sent twice, it invites once."""
    form, campaign, user = InviteManyForm(), _get(public_id), guards.signed_in()
    try:
        sent = SentList.opened(form.seal.data or "", user.id, public_id)
        look = _look(sent, public_id)
        if not form.validate():
            return _page(campaign, look, form), 422
        n, why_not = _invite(look, public_id, by_mail=form.by_mail)
    except Refused as refusal:
        return _new_page(campaign, LinesForm(formdata=None), refusal=refusal), 422
    if why_not is not None:
        return _new_page(campaign, LinesForm(formdata=None), refusal=why_not, invited=n), 422
    rest = SentList(csv_bytes(look.sheet.to_mend(look.problems)), is_file=True)  # who is invited now needs no mending
    shown = InviteManyForm.shown(rest.sealed(user.id, public_id))
    return _page(campaign, look, shown, invited=n, by_mail=form.by_mail)


@bp.post("/to-mend")
def to_mend(public_id: UUID) -> ResponseReturnValue:
    """Hand out the rows that were not used as a file, each with what is wrong."""
    campaign, user = _get(public_id), guards.signed_in()
    try:
        look = _look(SentList.opened(request.form.get("seal", ""), user.id, public_id), public_id)
    except Refused as refusal:
        return _new_page(campaign, LinesForm(formdata=None), refusal=refusal), 422
    table = csv_bytes(look.sheet.to_mend(look.problems))
    return downloads.file(table, "people-to-mend.csv", "text/csv")


def _get(public_id: UUID) -> Campaign:
    return access.get_campaign(get_session(), guards.signed_in(), public_id, Permission.ASSIGNMENT_WRITE)


def _in(session: Session, user_id: int, public_id: UUID) -> tuple[User, Campaign]:
    """Return the user and the campaign as another session knows them."""
    user = session.get_one(User, user_id)
    return user, access.get_campaign(session, user, public_id, Permission.ASSIGNMENT_WRITE)


def _look(sent: SentList, public_id: UUID) -> Look:
    """Return what a list says; candidates' answers are saved meanwhile, as this only reads."""
    user_id = guards.signed_in().id
    get_session().rollback()
    sheet = sent.read()
    with reading_session() as session:
        user, campaign = _in(session, user_id, public_id)
        prospect = bulk_invitations.look_up(session, user, campaign, sheet.entries, now=datetime.now(UTC))
    return Look(sent, sheet, prospect)


def _invite(look: Look, public_id: UUID, *, by_mail: bool) -> tuple[int, Refused | None]:
    """Invite some hundred at a time; return how many were invited, and why the rest were not, if somebody closed it."""
    user_id, n = guards.signed_in().id, 0
    transactions = steps()
    for step in bulk_invitations.steps(look.prospect.entries):
        try:
            with transactions() as session:
                user, campaign = _in(session, user_id, public_id)
                n += bulk_invitations.invite(session, user, campaign, step, by_mail=by_mail, now=datetime.now(UTC))
        except Refused as refusal:
            return n, refusal
    return n, None


def _new_page(
    campaign: Campaign, form: LinesForm, *, nothing: bool = False, refusal: Refused | None = None, invited: int = 0
) -> str:
    return render_template(
        "console/campaigns/invite_many.html",
        campaign=campaign,
        form=form,
        nothing=nothing,
        refusal=refusal,
        invited=invited,
        is_over=campaigns.phase_of(campaign, now=datetime.now(UTC)) is campaigns.Phase.OVER,
    )


def _page(
    campaign: Campaign, look: Look, form: InviteManyForm, *, invited: int | None = None, by_mail: bool = False
) -> str:
    """Return the page about a list, before and after its people were invited."""
    to_mend = {problem.number for problem in look.sheet.problems}
    lines = [" ".join(look.sheet.rows[number].cells) for number in sorted(to_mend)]
    return render_template(
        "console/campaigns/invite_preview.html",
        campaign=campaign,
        look=look,
        form=form,
        invited=invited,
        by_mail=by_mail,
        again=LinesForm(formdata=None, data={"lines": "\n".join(lines)}) if lines and not look.sent.is_file else None,
        mail_reaches_people=mail_reaches_people(),
        n_before=look.prospect.n_here + len(look.prospect.entries) - (invited or 0),  # some by a click just before
        shown=SHOWN,
    )
