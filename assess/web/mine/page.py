"""The page itself, and what it leads to: one's own report, one's questionnaire, taking part no more."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.services import access_files, assignments, caseload, my_page, own_coaching, privacy_requests, readers
from assess.web import guards, own_reports, personal_links
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.mine import words
from assess.web.mine.visitor import current_person, own_assignment, registry, token
from assess.web.survey_titles import survey_title


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/me", "page", page)
    bp.add_url_rule("/leave", "leave", leave, methods=["POST"])
    bp.add_url_rule("/assessments/<uuid:public_id>/report.pdf", "report", report)
    bp.add_url_rule("/assessments/<uuid:public_id>/open", "open_questionnaire", open_questionnaire, methods=["POST"])
    bp.add_url_rule("/surveys/<uuid:public_id>/open", "open_survey", open_survey, methods=["POST"])
    bp.add_url_rule("/coaching/open", "open_coaching", open_coaching, methods=["POST"])
    bp.add_url_rule("/assessments/<uuid:public_id>/withdrawal", "withdrawal", withdrawal, methods=["GET", "POST"])


def page() -> ResponseReturnValue:
    """Show everything at a glance."""
    session, person, now = get_session(), current_person(), datetime.now(UTC)
    return render_template(
        "mine/page.html",
        person=person,
        organization=person.organization,
        closes_at=my_page.ends_at(session, token(), now=now),
        rows=my_page.assessments_of(session, person, now=now),
        surveys=my_page.surveys_of(session, person, now=now),
        coachings=caseload.own(session, person, now=now),
        has_coaching=own_coaching.has_any(session, person, now=now),
        editions={bank.edition: bank.title for bank in registry().editions},
        kept_until=assignments.retention_until,
        readings=readers.readings_of(session, person),
        copy=access_files.newest(session, person, now=now),
        requests=privacy_requests.requests_of_person(session, person),
        answer_by=privacy_requests.answer_by,
        survey_title=survey_title,
        words=words,
    )


def leave() -> ResponseReturnValue:
    """Close the page: the link ends, and this browser forgets it."""
    my_page.close(get_session(), token(), now=datetime.now(UTC))
    get_session().commit()
    return personal_links.let_out("mine/left.html", guards.mine_cookie())


def report(public_id: UUID) -> ResponseReturnValue:
    """Hand out the person's own report, and note that they took it."""
    return own_reports.hand_out(lambda session: own_assignment(public_id, session))


def open_questionnaire(public_id: UUID) -> ResponseReturnValue:
    """Go on to the questionnaire, or to its receipt, without looking for the invitation."""
    assignment = own_assignment(public_id)
    secret = my_page.open_questionnaire(get_session(), assignment, now=datetime.now(UTC))
    get_session().commit()
    return personal_links.let_in("take.inside.start", guards.take_cookie(), secret)


def open_survey(public_id: UUID) -> ResponseReturnValue:
    """Go on to a survey without looking for its letter."""
    secret = my_page.open_survey(get_session(), current_person(), public_id, now=datetime.now(UTC))
    get_session().commit()
    return personal_links.let_in("survey.inside.start", guards.survey_cookie(), secret)


def open_coaching() -> ResponseReturnValue:
    """Go on to the person's coaching without looking for its letter."""
    secret = own_coaching.open_page(get_session(), current_person(), now=datetime.now(UTC))
    get_session().commit()
    return personal_links.let_in("coachee.inside.page", guards.coachee_cookie(), secret)


def withdrawal(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then take part no more."""
    assignment = own_assignment(public_id)
    if request.method == "GET":
        row = assignments.row_of(get_session(), assignment, now=datetime.now(UTC))
        return render_template(
            "mine/withdrawal.html",
            assignment=assignment,
            organization=assignment.organization,
            is_open=row.state in assignments.OPEN,
            is_submitted=assignment.attempt is not None and assignment.attempt.is_submitted,
        )
    my_page.withdraw(get_session(), assignment, now=datetime.now(UTC))
    get_session().commit()
    flash(_("You have withdrawn. The organisation sees that you did, and nothing more is asked of you."))
    return redirect(url_for("mine.inside.page"), 303)
