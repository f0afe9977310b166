"""What a sheet of paper says that is handed over instead of a letter: in the language that the letter would have."""

from __future__ import annotations

from assess.languages import translator
from assess.models import Assignment
from assess.services.letters import Letter, first_day, language_of, last_day, to_person


def invitation(assignment: Assignment, link: str) -> Letter:
    """Return what stands beside the QR code of somebody's link to an assessment."""
    organization, campaign, language = assignment.organization, assignment.campaign, language_of(assignment.person)
    _ = translator(language)
    return to_person(
        assignment.person,
        subject=_("%(organization)s: your questionnaire on customer service", organization=organization.name),
        before=(
            _(
                "%(organization)s invites you to answer a questionnaire about how you like to work with customers. "
                "Point the camera of a phone at the code, or type this address into a browser:",
                organization=organization.name,
            ),
        ),
        link=link,
        after=(
            *first_day(assignment, language),
            _(
                "Please finish it by %(day)s (%(zone)s time). The link is yours alone. If you have questions, please "
                "write to %(contact)s.",
                day=last_day(assignment.expires_at, campaign.time_zone, language),
                zone=campaign.time_zone,
                contact=organization.contact,
            ),
        ),
    )
