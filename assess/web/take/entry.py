"""The way in: the personal link, what this is about, consent, one statement to practise on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.models import Assignment, Feedback, Purpose
from assess.services import (
    accommodations,
    asking,
    assignments,
    attempts,
    caseload,
    invitations,
    minutes,
    own_forms,
    sequence,
)
from assess.services.minutes import Needed
from assess.web import guards, personal_links
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language
from assess.web.take import closing, words
from assess.web.take.forms import ConsentForm, missing_consent
from assess.web.take.visitor import current_assignment, registry

open_bp = Blueprint("link", __name__, url_prefix="/link")


@open_bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show whom the link is from. Mail scanners come here, so nothing changes yet."""
    assignment = invitations.find_by_take_token(get_session(), token, now=datetime.now(UTC))
    closed = closing.closed(assignment)
    return closed or render_template("take/link.html", assignment=assignment)


@open_bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Exchange the link for a cookie and a clean address."""
    assignment = personal_links.redeem(invitations.redeem, token)
    closed = closing.closed(assignment)
    if closed:
        return closed
    personal_links.keep_language(token)
    get_session().commit()
    return personal_links.let_in("take.inside.start", guards.take_cookie(), token)


def register(bp: Blueprint) -> None:
    """Add the pages behind the cookie to `bp`."""
    bp.add_url_rule("/", "start", start)
    bp.add_url_rule("/", "begin", begin, methods=["POST"])
    bp.add_url_rule("/leave", "leave", leave, methods=["POST"])


def start() -> ResponseReturnValue:
    """Show what it is, how long it takes, who sees what; or where the visitor stands."""
    assignment = current_assignment()
    attempt = assignment.attempt
    if attempt is not None and attempt.is_submitted:
        return redirect(url_for("take.inside.done"))
    closed = closing.closed(assignment)
    if closed:
        return closed
    if attempt is not None:
        bank = registry().bank(attempt.edition, attempt.bank_version)
        return render_template(
            "take/welcome_back.html",
            assignment=assignment,
            progress=asking.read(get_session(), attempt, bank, now=datetime.now(UTC)),
            arranged=words.arranged(assignment),
        )
    return _introduction(ConsentForm())


def begin() -> ResponseReturnValue:
    """Begin the attempt with the visitor's consent, or go on with it."""
    assignment = current_assignment()
    guards.require_page_of("assignment", assignment.public_id)
    if assignment.attempt is not None:
        return redirect(url_for("take.inside.resume"), 303)
    form = ConsentForm()
    if not form.validate_on_submit():
        form.consent.errors = [missing_consent()]
        return _introduction(form), 422
    attempts.start(get_session(), assignment, registry(), language=language(), now=datetime.now(UTC))
    get_session().commit()
    return redirect(url_for("take.inside.part"), 303)


def leave() -> ResponseReturnValue:
    """Forget the visitor in this browser; everything answered stays saved."""
    return personal_links.let_out("take/left.html", guards.take_cookie())


def _introduction(form: ConsentForm) -> str:
    assignment = current_assignment()
    campaign = assignment.campaign
    bank, parts = registry().newest(campaign.edition), [Part(part) for part in campaign.parts]
    lengths = {part: sequence.n_pages(bank, campaign.form, part) for part in parts}
    coach = campaign.coaching.coach if campaign.coaching else None
    own = own_forms.own_form(get_session(), assignment, bank).statements
    return render_template(
        "take/start.html",
        assignment=assignment,
        form=form,
        parts=[words.announcement(part, n) for part, n in lengths.items()],
        spoken=bank.in_language(language(), campaign.form, parts, own).language,
        has_choice=len(bank.languages(campaign.form, parts, own)) > 1,
        has_further=not {*parts} <= {Part.STATEMENTS, Part.TRIPLETS},
        is_timed=any(part in sequence.LIMITS for part in parts),
        asked=parts,
        needed=_needed(assignment, bank, parts),
        kept_until=assignments.retention_until(assignment, assignment.organization),
        at_once=campaign.feedback == Feedback.AT_ONCE,
        arranged=words.arranged(assignment),
        purpose=_purpose_words(campaign.purpose),
        coach=coach,
        other_coaches=[each.name for each in caseload.coaches_of(get_session(), assignment.person) if each != coach],
    )


def _purpose_words(purpose: Purpose) -> str:
    """Return what the answers are for, as the person should know it before they agree."""
    return {
        Purpose.HIRING: _("Your answers are one part of choosing somebody for a job."),
        Purpose.PROMOTION: _("Your answers are one part of deciding on a next step at work."),
        Purpose.COACHING: _("Your answers serve your own development at work; no job depends on them."),
    }[purpose]


def _needed(assignment: Assignment, bank: Bank, parts: Sequence[Part]) -> Needed:
    """Return how long all takes this person, who may have more time."""
    extra = accommodations.of(assignment.person).extra_time
    return minutes.needed(get_session(), bank, assignment.campaign.form, parts, extra=extra, now=datetime.now(UTC))
