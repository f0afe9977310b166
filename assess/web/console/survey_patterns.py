"""What a survey's answers propose as a position's next pattern, and adopting it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound, Refused
from assess.models import Position, SurveyKind, SurveyRound
from assess.services import access, job_analyses, performer_patterns, proposals
from assess.services.access import Permission
from assess.services.proposals import Proposal
from assess.web import guards, once
from assess.web.console import pattern_words
from assess.web.console.content import registry
from assess.web.console.proposal_forms import ShareForm, adoption_form
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("survey_patterns", __name__, url_prefix="/surveys")


@bp.get("/<uuid:public_id>/pattern")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what the answers amount to, or what is to be done first."""
    return _page(_get(public_id, Permission.SURVEY_READ))


@bp.post("/<uuid:public_id>/pattern")
@once.only
def adopt(public_id: UUID) -> ResponseReturnValue:
    """Make what was proposed, or what was adjusted, the next version of the pattern."""
    survey, session, user = _get(public_id, Permission.POSITION_WRITE), get_session(), guards.signed_in()
    try:
        proposal = _proposal(survey)
    except Refused:
        return _page(survey), 422
    form = _form(proposal)
    if not form.validate():
        return _page(survey, form=form), 422
    targets = form.targets if _may_adjust(survey) else proposal.targets
    words = {"reason": form.reason.data, "answer": form.answer.data if proposal.objections else ""}
    try:
        version = proposals.adopt(
            session, user, proposal, targets, **words, seen=form.seen.data or "", now=datetime.now(UTC)
        )
    except Refused as refusal:
        session.rollback()
        return _page(_get(public_id, Permission.POSITION_WRITE), form=form, refusal=refusal), 422
    number, position = version.version, proposal.position
    said = _("Version %(n)s of the pattern of %(title)s is in force now.", n=number, title=position.title)
    return once.made(url_for("console.positions.version", public_id=position.public_id, number=number), said)


@bp.post("/<uuid:public_id>/pattern/share")
def fix_share(public_id: UUID) -> ResponseReturnValue:
    """Fix which share of the people rated counts as top, before anything is seen."""
    survey, form, user = _get(public_id, Permission.SURVEY_WRITE), ShareForm(), guards.signed_in()
    position = _position(survey)
    if not form.validate():
        return _page(survey, share=form), 422
    try:
        performer_patterns.fix_share(get_session(), user, survey, form.percent.data, now=datetime.now(UTC))
    except Refused as refusal:
        return _page(survey, refusal=refusal), 422
    get_session().commit()
    flash(
        _("%(n)s per cent of the people rated count as top for %(title)s.", n=form.percent.data, title=position.title)
    )
    return redirect(url_for(".show", public_id=public_id), 303)


def _get(public_id: UUID, to: Permission) -> SurveyRound:
    return access.get_survey(get_session(), guards.signed_in(), public_id, to)


def _position(survey: SurveyRound) -> Position:
    if survey.position is None or survey.kind not in (SurveyKind.JOB, SurveyKind.PERFORMANCE):
        raise NotFound
    return survey.position


def _may_adjust(survey: SurveyRound) -> bool:
    """Whether ranges may be adjusted before they are adopted: what experts say, not what data show."""
    return survey.kind is SurveyKind.JOB


def _proposal(survey: SurveyRound) -> Proposal:
    _position(survey)
    if survey.kind is SurveyKind.JOB:
        return job_analyses.proposal_of(get_session(), survey, now=datetime.now(UTC))
    return performer_patterns.proposal_of(get_session(), survey, registry(), now=datetime.now(UTC))


def _form(proposal: Proposal) -> Any:
    return adoption_form(proposal, registry().editions[0].scales, may_adjust=_may_adjust(proposal.survey))


def _page(
    survey: SurveyRound, *, form: Any = None, share: ShareForm | None = None, refusal: Refused | None = None
) -> str:
    position, known = _position(survey), proposals.adopted_as(get_session(), survey)
    shared = {
        "survey": survey,
        "position": position,
        "is_open": survey.is_open(datetime.now(UTC)),
        "scales": {scale.code: scale for scale in registry().editions[0].scales},
        "refusal": refusal,
        "pattern_words": pattern_words,
    }
    if known is not None:
        return render_template("console/patterns/adopted.html", version=known, **shared)
    if survey.kind is SurveyKind.PERFORMANCE and survey.top_percent is None:
        return _share_page(survey, share or ShareForm(formdata=None), shared)
    try:
        proposal = _proposal(survey)
    except Refused as why_not:
        return render_template("console/patterns/not_yet.html", why_not=why_not, **shared)
    form = form or _form(proposal)
    form.seen.data = proposal.digest  # these are the figures that the page shows
    may_adjust = _may_adjust(survey)
    return render_template("console/patterns/show.html", proposal=proposal, form=form, may_adjust=may_adjust, **shared)


def _share_page(survey: SurveyRound, form: ShareForm, shared: dict[str, Any]) -> str:
    n_people = performer_patterns.n_measured(get_session(), survey)
    least = performer_patterns.least_share(n_people)
    return render_template("console/patterns/share.html", form=form, n_people=n_people, least=least, **shared)
