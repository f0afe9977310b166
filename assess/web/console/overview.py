"""The page of one assignment: everything that HR may know and do, as far as it has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import render_template

from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import Assignment, Attempt, ConsensusKey, Feedback
from assess.services import (
    assignments,
    decisions,
    invitations,
    key_versions,
    mail,
    pattern_versions,
    reporting,
    results,
    sequence,
)
from assess.services.assignments import OPEN, Row, State
from assess.services.report_contexts import paper_of
from assess.web import guards, readings
from assess.web.console import words
from assess.web.console.content import local_date, registry
from assess.web.console.forms import USUAL_TIME, AccommodationsForm, DeadlineForm, DecisionForm
from assess.web.console.profile import profile
from assess.web.db import get_session
from assess.web.forms import MOST_TIME
from assess.web.i18n import gettext as _

SCORED = frozenset({State.SCORED, State.RELEASED})


def page(
    assignment: Assignment,
    *,
    deadline: DeadlineForm | None = None,
    decision: DecisionForm | None = None,
    arranged: AccommodationsForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """Return the page, noting that its result was looked at; a form that was sent and refused stands on it as sent."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    row = assignments.row_of(session, assignment, now=now)
    reading = results.reading_of(session, user, assignment, registry()) if row.state in SCORED else None
    invitation = invitations.newest_mail(session, user, assignment)
    decided = decisions.decisions_of(session, user, assignment)
    decision = (decision or _decision(assignment, row)) if row.state != State.ERASED else None
    if decision is not None:
        decision.seen.data = len(decided)  # those that the page shows
    shown = render_template(
        "console/assignments/show.html",
        row=row,
        assignment=assignment,
        words=words,
        bank=registry().newest(assignment.campaign.edition),
        progress=progress_words(row),
        mail=invitation,
        is_retried=invitation is not None and mail.is_retried(invitation, now=now),
        reminder=invitations.newest_mail(session, user, assignment, "reminder"),
        profile=profile(reading) if reading else None,
        newer_pattern=pattern_versions.newer_than(session, user, reading.row.pattern_version) if reading else None,
        newer_key=_newer_key(assignment) if reading else None,
        withdrew=row.state == State.WITHDRAWN and assignments.is_withdrawn_by_person(session, assignment),
        is_open=row.state in OPEN,
        may_extend=row.state in OPEN | {State.EXPIRED},
        may_release=row.state == State.SCORED and assignment.campaign.feedback == Feedback.ON_RELEASE,
        reports=reporting.reports_of(session, user, assignment),
        no_report=reporting.why_not(session, assignment),
        house_paper=paper_of(assignment.organization),
        decisions=decided,
        kept_until=assignments.retention_until(assignment, assignment.organization),
        deadline=deadline or _deadline(assignment, now),
        arranged=arranged or AccommodationsForm.of(assignment.person),
        decision=decision,
        refusal=refusal,
    )
    readings.note(assignment)
    return shown


def _newer_key(assignment: Assignment) -> ConsensusKey | None:
    """Return the version of the company's view that counts now, if the attempt is compared with an earlier one."""
    attempt, campaign = assignment.attempt, assignment.campaign
    if attempt is None or Part.PERSPECTIVE not in campaign.parts:
        return None
    pinned, edition = attempt.consensus_key, attempt.edition
    return key_versions.newer_than(get_session(), pinned, assignment.organization_id, edition)


def progress_words(row: Row) -> str:
    """Return how many questions are answered, while that is still growing."""
    attempt = row.assignment.attempt
    if attempt is None or row.state != State.IN_PROGRESS:
        return ""
    return _("%(n)s of %(all)s", n=row.n_answered, all=n_items(attempt))


def n_items(attempt: Attempt) -> int:
    """Return how many questions the attempt's parts have; of an adaptive test, at most."""
    bank = registry().bank(attempt.edition, attempt.bank_version)
    return sum(sequence.n_pages(bank, attempt.form, Part(part)) for part in attempt.assignment.campaign.parts)


def _deadline(assignment: Assignment, now: datetime) -> DeadlineForm:
    """Return a form that offers the usual time more than there is."""
    user = guards.signed_in()
    today, last_day = local_date(now, user), local_date(assignment.expires_at - timedelta(seconds=1), user)
    until = min(max(today, last_day) + USUAL_TIME, today + MOST_TIME)
    return DeadlineForm(today=today, formdata=None, data={"until": until})


def _decision(assignment: Assignment, row: Row) -> DecisionForm | None:
    """Return an empty form, or None while there is nothing to decide on."""
    purpose = assignment.campaign.purpose
    if not decisions.OUTCOMES[purpose] or row.state in OPEN:
        return None
    return DecisionForm(purpose, decisions.bases_offered(get_session(), assignment), formdata=None)
