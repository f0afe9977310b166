"""Everything that is held about a person, with explanations: what an access request is answered with.

One dictionary of plain values. `held_words.KEYS` documents it; the JSON export is this, and the PDF says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import (
    AccessLink,
    Assignment,
    Attempt,
    AuditEvent,
    Coaching,
    Mail,
    Person,
    ReportFile,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import held_attempts, held_coaching, held_surveys, held_words, privacy_requests, readers, rosters
from assess.services.assignments import retention_until, row_of
from assess.services.held_attempts import Held, moment
from assess.services.report_subjects import is_about


def held_about(session: Session, person: Person, registry: Registry, *, now: datetime) -> Held:
    """Return everything that the person's organisation holds about them."""
    organization = person.organization
    theirs = select(Assignment).where(Assignment.person_id == person.id).order_by(Assignment.id)
    assignments = session.scalars(theirs).all()
    names = staff_names(session, organization.id)
    return {
        "format": {"name": held_words.FORMAT, "version": held_words.FORMAT_VERSION, "made_at": moment(now)},
        "explanation": held_words.KEYS,
        "organization": {
            "name": organization.name,
            "contact": organization.contact,
            "keeps_months": organization.retention_months,
            "time_zone": organization.time_zone,
        },
        "human_review": {"explanation": held_words.REVIEW, "contact": organization.contact},
        "person": _person(person),
        "assessments": [_assessment(session, each, registry, names, now=now) for each in assignments],
        "surveys": [held_surveys.asked(session, each, registry) for each in held_surveys.places_of(session, person)],
        "ratings": held_surveys.said_about(session, person, registry),
        "feedback": held_surveys.feedback_about(session, person, registry, names),
        "coachings": held_coaching.coachings_of(session, person, names),
        "plans": held_coaching.plans_of(session, person),
        "talks": held_coaching.talks_of(session, person, names),
        "mails": _mails(session, person),
        "links": _links(session, person),
        "seen_by": [
            {"at": moment(each.at), "by": _by(each.name, sorted(each.roles)), "looked_at": each.report or "result"}
            for each in readers.readings_of(session, person)
        ],
        "rosters": _rosters(session, person),
        "requests": _requests(session, person, names),
        "events": _events(session, person, assignments, names),
    }


def staff_names(session: Session, organization_id: int) -> Mapping[int, str]:
    """Return the name and the roles of each account, as the person gets to know them."""
    users = session.scalars(select(User).where(User.organization_id == organization_id))
    return {user.id: _by(user.name, sorted(user.roles)) for user in users}


def _by(name: str, roles: Sequence[str]) -> str:
    return f"{name} ({', '.join(roles)})" if roles else name


def _person(person: Person) -> Held:
    return {
        "reference": str(person.public_id),
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "employee_number": person.employee_number,
        "language": person.language,
        "accommodations": person.accommodations,
        "is_simulated": person.is_simulated,
        "entered_at": moment(person.created_at),
    }


def _assessment(
    session: Session, assignment: Assignment, registry: Registry, names: Mapping[int, str], *, now: datetime
) -> Held:
    campaign, attempt = assignment.campaign, assignment.attempt
    held: Held = {
        "reference": str(assignment.public_id),
        "state": row_of(session, assignment, now=now).state.value,
        "edition": campaign.edition,
        "title": registry.newest(campaign.edition).title,
        "parts": list(campaign.parts),
        "purpose": campaign.purpose.value,
        "position": campaign.position.title if campaign.position else None,
        "own_report": campaign.feedback.value,
        "time_zone": campaign.time_zone,
        "entered_at": moment(assignment.created_at),
        "invited_at": moment(assignment.invited_at),
        "opened_at": moment(assignment.opened_at),
        "ends_at": moment(assignment.expires_at),
        "withdrawn_at": moment(assignment.withdrawn_at),
        "released_at": moment(assignment.released_at),
        "kept_until": retention_until(assignment, assignment.organization).isoformat(),
    }
    held["shortlisted"] = held_attempts.shortlisted(session, assignment, names)
    held["decisions"] = held_attempts.decisions(session, assignment, names)
    held["batches"] = held_attempts.batches(session, assignment, names)
    held["equality"] = held_attempts.equality_answers(session, assignment, registry)
    return held | (held_attempts.held_of(session, attempt, registry, names) if attempt is not None else {})


def _mails(session: Session, person: Person) -> list[Held]:
    mails = session.scalars(select(Mail).where(Mail.person_id == person.id).order_by(Mail.id))
    return [
        {
            "kind": mail.kind,
            "explanation": held_words.MAILS.get(mail.kind, mail.kind),
            "asked_for_at": moment(mail.created_at),
            "sent_at": moment(mail.sent_at),
            "came_back_at": moment(mail.bounced_at),
            "given_up_at": moment(mail.failed_at),
            "reply_of_the_server": mail.last_reply,
        }
        for mail in mails
    ]


def _links(session: Session, person: Person) -> list[Held]:
    ours = select(Assignment.id).where(Assignment.person_id == person.id)
    places = select(SurveyPlace.id).where(SurveyPlace.person_id == person.id)
    coachings = select(Coaching.id).where(Coaching.person_id == person.id)
    theirs = (
        AccessLink.assignment_id.in_(ours),
        AccessLink.survey_place_id.in_(places),
        AccessLink.coaching_id.in_(coachings),
    )
    found = select(AccessLink).where(or_(AccessLink.person_id == person.id, *theirs))
    return [
        {
            "purpose": link.purpose.value,
            "made_at": moment(link.created_at),
            "ends_at": moment(link.expires_at),
            "first_used_at": moment(link.first_used_at),
            "closed_at": moment(link.revoked_at),
        }
        for link in session.scalars(found.order_by(AccessLink.id))
    ]


def _rosters(session: Session, person: Person) -> list[Held]:
    return [
        {
            "kind": member.roster.kind.value,
            "title": member.roster.title,
            "role": member.roster.position.title if member.roster.position else None,
            "present_role": member.position.title if member.position else None,
            "since": moment(member.added_at),
        }
        for member in rosters.rosters_of_person(session, person)
    ]


def _requests(session: Session, person: Person, names: Mapping[int, str]) -> list[Held]:
    return [
        {
            "kind": request.kind.value,
            "words": request.words,
            "asked_at": moment(request.asked_at),
            "answer_by": privacy_requests.answer_by(request).isoformat(),
            "answered_at": moment(request.answered_at),
            "answered_by": names.get(request.answered_by_id or 0),
            "answer": request.answer,
        }
        for request in reversed(privacy_requests.requests_of_person(session, person))
    ]


def _events(
    session: Session, person: Person, assignments: Sequence[Assignment], names: Mapping[int, str]
) -> list[Held]:
    """Return the log about the person; ids in it mean nothing outside this installation, so names take their place."""
    ids = [each.id for each in assignments]
    attempts = session.scalars(select(Attempt.id).where(Attempt.assignment_id.in_(ids)))
    reports = session.scalars(
        select(ReportFile.id).where(is_about(select(Assignment.id).where(Assignment.id.in_(ids))))
    )
    subjects = [f"person:{person.id}", *(f"assignment:{each}" for each in ids)]
    subjects += [f"{held_surveys.PLACE}{each.id}" for each in held_surveys.places_of(session, person)]
    about = select(SurveyRound.id).where(SurveyRound.about_id == person.id)
    subjects += [f"{held_surveys.ROUND}{each}" for each in session.scalars(about)]
    subjects += held_coaching.subjects_of(session, person)
    subjects += [*(f"attempt:{each}" for each in attempts), *(f"report:{each}" for each in reports)]
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject.in_(subjects)).order_by(AuditEvent.id))
    return [
        {
            "at": moment(event.at),
            "action": event.action,
            "explanation": held_words.EVENTS.get(event.action, event.action),
            "by": _actor(event.actor, names),
            "details": event.details,
        }
        for event in events
    ]


def _actor(actor: str, names: Mapping[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "user":
        return names.get(int(number), "somebody of the organisation")
    said = {
        "person": "you",
        "link": "whoever had your link",
        "worker": "the program",
        "command": "an operator of the installation",
        "stranger": "somebody who typed your address",
    }
    return said.get(kind, kind)
