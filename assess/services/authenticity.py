"""Whether a report is genuine: confirmed to whoever holds it, without a word of whom it is about and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import LeaderReport, Organization, ReportFile
from assess.services import limits, reporting
from assess.services.limits import WRONG_SEALS
from assess.services.seals import Sealer


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is said of a report that is kept."""

    kind: str
    reference: str
    dated: datetime
    time_zone: str
    organization: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The signature is ours, but no report is kept under the reference."""

    reference: str


def confirm(
    session: Session, sealer: Sealer, reference: str, signature: str, *, address: str, now: datetime
) -> Confirmed | Gone | None:
    """
    Return what is known of the report with this signature; None when the signature is not ours.

    A wrong signature is told apart from a right one before the database is asked, so the answer to a guess does not
    depend on whether there is such a report. Raises `TooManyTries` after too many wrong ones from `address`.
    """
    limits.check(session, WRONG_SEALS, address, now=now)
    if not sealer.is_genuine(reference, signature):
        return None
    own = session.scalar(select(LeaderReport).where(LeaderReport.reference == reference))
    if own is not None:
        return _own(own)
    report = session.scalar(select(ReportFile).where(ReportFile.reference == reference))
    if report is None or report.sha256 is None or report.expires_at <= now or reporting.is_of_nobody(report):
        return Gone(reference)
    organization = session.get_one(Organization, report.organization_id)
    zones = [row.attempt.assignment.campaign.time_zone for row in report.results]
    return Confirmed(
        kind=report.kind,
        reference=report.reference,
        dated=report.requested_at,
        time_zone=zones[0] if zones else organization.time_zone,
        organization=organization.name,
        sha256=report.sha256,
    )


def _own(report: LeaderReport) -> Confirmed | Gone:
    """Return what is said of a leader's own report: of what kind it is, not even that."""
    place = report.place
    if report.sha256 is None or place.person.erased_at is not None:
        return Gone(report.reference)
    return Confirmed(
        kind="",
        reference=report.reference,
        dated=report.requested_at,
        time_zone=place.round.time_zone,
        organization=place.person.organization.name,
        sha256=report.sha256,
    )


def note_wrong(session: Session, *, address: str, now: datetime) -> None:
    """Count a signature that is not ours."""
    limits.count(session, WRONG_SEALS, address, now=now)
