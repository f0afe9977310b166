"""The texts of mail. A letter is written at the moment of sending: its link exists nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assess.models import Assignment, User


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in plain words with one link."""

    subject: str
    greeting: str
    before: tuple[str, ...]
    link: str
    after: tuple[str, ...]
    signature: str

    def text(self) -> str:
        """Return the letter as plain text."""
        return "\n\n".join([self.greeting, *self.before, self.link, *self.after, self.signature]) + "\n"


def last_day(moment: datetime, time_zone: str) -> str:
    """Return the day that ends at the local midnight `moment`, as people write it."""
    local = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(time_zone))
    return f"{local.day} {local:%B %Y}"


def invitation(assignment: Assignment, link: str) -> Letter:
    """Return the letter that asks a person to take an assessment."""
    organization, campaign = assignment.organization, assignment.campaign
    job = f" for the position {campaign.position.title}" if campaign.position else ""
    return Letter(
        subject=f"{organization.name}: your questionnaire on customer service",
        greeting=f"Dear {assignment.person.name},",
        before=(
            f"{organization.name} invites you to answer a questionnaire about how you like to work with customers"
            f"{job}. There are no right or wrong answers. You may pause at any time and go on later, on any device; "
            "what you have answered is kept.",
            "This is your personal link:",
        ),
        link=link,
        after=(
            f"Please finish it by {last_day(assignment.expires_at, campaign.time_zone)} "
            f"({campaign.time_zone} time). Before you begin, the first page tells you who will see your answers and "
            "how long they are kept.",
            f"If you have questions, or need the questionnaire in another way, please write to {organization.contact}.",
        ),
        signature=organization.name,
    )


def welcome(user: User, link: str) -> Letter:
    """Return the letter that gives a new user the link to set a password."""
    return Letter(
        subject="Your account on Rapport",
        greeting=f"Dear {user.name},",
        before=(
            f"{user.organization.name} has opened an account for you on Rapport, with this address as your user name. "
            "Please choose your password here:",
        ),
        link=link,
        after=("The link works for seven days.",),
        signature=user.organization.name,
    )


def new_password(user: User, link: str) -> Letter:
    """Return the letter with a link to set a new password, sent by an admin."""
    return Letter(
        subject="A new password for Rapport",
        greeting=f"Dear {user.name},",
        before=("An admin of your organisation has sent you this link. Please choose a new password here:",),
        link=link,
        after=("The link works for seven days. Until you use it, your password stays as it is.",),
        signature=user.organization.name,
    )


def password_reset(user: User, link: str) -> Letter:
    """Return the letter with a link to set a new password."""
    return Letter(
        subject="A new password for Rapport",
        greeting=f"Dear {user.name},",
        before=("Somebody, we hope you, asked for a new password. You can choose it here:",),
        link=link,
        after=("The link works for one hour. If it was not you, you need do nothing: your password stays as it is.",),
        signature=user.organization.name,
    )
