"""The report on a leader's self-check: made when it is handed in, and given to the leader alone."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess import __version__
from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.languages import SOURCE
from assess.models import AccessLink, LeaderReport, LinkPurpose, SurveyKind, SurveyPlace
from assess.services import links, surveys
from assess.services.assignments import last_kept_day
from assess.services.database import lock
from assess.services.report_contexts import brand_of, paper_of
from assess.services.seals import Sealer
from assess.services.tokens import hash_token, new_reference
from reports.document import to_html
from reports.leader import LeaderContext
from reports.leader_document import build_leader

NOT_YET = "Your report is still being made. Please try again in a moment."


def begin(session: Session, place: SurveyPlace) -> LeaderReport | None:
    """Return the report to be made for `place`, added now unless it is there; None if it is made, or never to be."""
    lock(session, place)
    if place.submitted_at is None or place.person.erased_at is not None:
        return None
    known = report_of(session, place)
    if known is None:
        known = LeaderReport(
            place=place,
            reference=new_reference("R"),
            program_version=__version__,
            requested_at=place.submitted_at,
        )
        session.add(known)
        session.flush()
    return None if known.sha256 else known


def draft(session: Session, report: LeaderReport, registry: Registry, sealer: Sealer) -> tuple[str, datetime]:
    """Return the finished HTML of `report` and the moment that it is dated on."""
    return to_html(build_leader(_context(session, report, registry, sealer))), report.requested_at


def store(session: Session, report_id: int, pdf: bytes, *, now: datetime) -> None:
    """Keep the bytes, unless the leader was erased while they were made; a second time changes nothing."""
    report = session.get(LeaderReport, report_id)
    if report is None or report.sha256:
        return
    lock(session, report.place)
    if report.place.person.erased_at is not None:
        session.execute(delete(LeaderReport).where(LeaderReport.id == report_id))
        return
    report.content, report.size, report.sha256 = pdf, len(pdf), hashlib.sha256(pdf).hexdigest()
    report.failure, report.finished_at = None, now


def give_up(session: Session, place: SurveyPlace, why: str, *, now: datetime) -> None:
    """Say on the report that it will not come, and why."""
    report = begin(session, place)
    if report is not None:
        report.failure, report.finished_at = why, now


def report_of(session: Session, place: SurveyPlace) -> LeaderReport | None:
    """Return the report of the leader whose place it is, made or being made; None before."""
    return session.scalar(select(LeaderReport).where(LeaderReport.place_id == place.id))


def keep_to_link(session: Session, place: SurveyPlace, token: str, *, now: datetime) -> None:
    """End all links to the leader's place but the one by which it is handed in: HR may have made one of them."""
    others = (AccessLink.survey_place_id == place.id, AccessLink.token_hash != hash_token(token))
    session.execute(update(AccessLink).where(*others, AccessLink.revoked_at.is_(None)).values(revoked_at=now))


def is_opened_by(session: Session, place: SurveyPlace, token: str) -> bool:
    """
    Whether the link is the one by which the place was handed in, or was made, and opened at once, on the own page.

    A link that was made afterwards is not: HR can make one, and it would show HR the report.
    """
    link = links.known(session, token, LinkPurpose.SURVEY)
    if link is None or place.submitted_at is None:
        return False
    return link.created_at <= place.submitted_at or link.first_used_at == link.created_at


def content(session: Session, place: SurveyPlace) -> tuple[str, bytes]:
    """Return reference and PDF for whoever came by the link of `place`; `Refused` with the reason while there is none.

    Raises `NotFound` where nothing was handed in, and in surveys of another kind.
    """
    if place.round.kind is not SurveyKind.LEADER or place.submitted_at is None or place.withdrawn_at is not None:
        raise NotFound
    report = report_of(session, place)
    if report is None or report.content is None:
        raise Refused((report.failure if report else None) or NOT_YET)
    return report.reference, report.content


def _context(session: Session, report: LeaderReport, registry: Registry, sealer: Sealer) -> LeaderContext:
    """Return everything that the report says."""
    place = report.place
    person, organization, content = place.person, place.person.organization, registry.surveys
    labels = next(each for each in content.formats if each.code == content.leader.format).option
    return LeaderContext(
        organization=organization.name,
        contact=organization.contact,
        made_at=report.requested_at,
        time_zone=place.round.time_zone,
        reference=report.reference,
        program_version=report.program_version,
        simulated=person.is_simulated,
        seal=sealer.address(report.reference),
        brand=brand_of(organization),
        paper="Letter" if paper_of(organization) == "Letter" else "A4",
        language=person.language or SOURCE,
        person=person.name,
        answered_at=report.requested_at,
        statements=content.leader.statement,
        labels=tuple(each.label for each in sorted(labels, key=lambda each: each.value)),
        values=surveys.sheet_of(session, place).values,
        kept_until=last_kept_day(organization, created_at=place.created_at),
    )
