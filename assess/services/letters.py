"""The texts of mail. A letter is written at the moment of sending: its link exists nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assess.models import Assignment, Feedback, Organization, Person, PrivacyRequest, RequestKind, User
from assess.services.invitations import AFTERWARDS


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
    return Letter(
        subject=f"{organization.name}: your questionnaire on customer service",
        greeting=f"Dear {assignment.person.name},",
        before=(
            f"{organization.name} invites you to answer a questionnaire about how you like to work with customers"
            f"{_for_position(assignment)}. There are no right or wrong answers. You may pause at any time and go on "
            "later, on any device; what you have answered is kept.",
            "This is your personal link:",
        ),
        link=link,
        after=(
            f"{_first_day(assignment)}Please finish it by {last_day(assignment.expires_at, campaign.time_zone)} "
            f"({campaign.time_zone} time). Before you begin, the first page tells you who will see your answers and "
            "how long they are kept.",
            f"If you have questions, or need the questionnaire in another way, please write to {organization.contact}.",
        ),
        signature=organization.name,
    )


def reminder(assignment: Assignment, link: str) -> Letter:
    """Return the letter that reminds a person of an invitation, whether they have begun or not."""
    organization, attempt = assignment.organization, assignment.attempt
    zone = assignment.campaign.time_zone
    ends = f"The last day is {last_day(assignment.expires_at, zone)} ({zone} time)"
    if attempt is None:
        state = (
            f"{organization.name} has invited you to answer a questionnaire about how you like to work with "
            f"customers{_for_position(assignment)}. You have not begun yet, and there is still time. {ends}."
        )
        decline = "If you would rather not take part, you need do nothing."
    else:
        state = (
            f"You have begun the questionnaire of {organization.name} about how you like to work with "
            f"customers{_for_position(assignment)}. What you have answered is saved, and you can go on where you "
            f"stopped, on any device. {ends}. As you have begun, you may take until "
            f"{last_day(attempt.closes_at, zone)} if you need to."
        )
        decline = "If you would rather not go on, you need do nothing: answers that are not handed in are not scored."
    return Letter(
        subject=f"{organization.name}: a reminder of your questionnaire on customer service",
        greeting=f"Dear {assignment.person.name},",
        before=(state, "This is your personal link. Links that you had before work as well:"),
        link=link,
        after=(
            decline,
            "If you want no more reminders, have questions, or need the questionnaire in another way, please write to "
            f"{organization.contact}.",
        ),
        signature=organization.name,
    )


def receipt(assignment: Assignment, link: str) -> Letter:
    """Return the letter that thanks a person for answers that were handed in, and says what happens next."""
    organization, campaign, attempt = assignment.organization, assignment.campaign, assignment.attempt
    if attempt is None or attempt.receipt is None:
        raise ValueError(f"assignment {assignment.id} has no receipt")
    if campaign.feedback == Feedback.AT_ONCE:
        feedback = (
            "This link shows your receipt and, a few minutes after handing in, your own report. If too few statements "
            "were answered for a report, the page behind the link says so:"
        )
    else:
        feedback = (
            f"This link shows your receipt and, once {organization.name} has released it, your own report. No mail is "
            "sent then, so please look again now and then:"
        )
    return Letter(
        subject=f"{organization.name}: thank you for your answers",
        greeting=f"Dear {assignment.person.name},",
        before=(
            f"Thank you. Your answers to the questionnaire on customer service have reached {organization.name}. "
            f"Your receipt is {attempt.receipt}.",
            feedback,
        ),
        link=link,
        after=(
            f"The link works for at least {AFTERWARDS.days} days. Your answers can no longer be changed.",
            "A person reads your results together with everything else that they know of you; the program decides "
            "nothing. If you want your results explained, corrected or deleted, or looked at by somebody else, "
            f"please write to {organization.contact} and name your receipt.",
        ),
        signature=organization.name,
    )


def my_page(person: Person, link: str) -> Letter:
    """Return the letter with the link to a person's own page."""
    organization = person.organization
    return Letter(
        subject=f"{organization.name}: the link to your data",
        greeting=f"Dear {person.name},",
        before=(
            f"Somebody, we hope you, asked for a link to what {organization.name} holds about you from its "
            "questionnaires on customer service. Behind it you see your results and who has looked at them; you can "
            "take a copy of everything, and ask for it to be corrected or erased:",
        ),
        link=link,
        after=(
            "The link works for one hour. Please pass it to nobody: whoever has it sees what you see.",
            "If it was not you, you need do nothing: without this link nobody gets in.",
        ),
        signature=organization.name,
    )


def privacy_request(organization: Organization, link: str) -> Letter:
    """Return the letter that tells an organisation of a request, without saying whose it is."""
    return Letter(
        subject="Somebody asks about their data",
        greeting=f"To {organization.name},",
        before=(
            "A person who was invited to a questionnaire on customer service asks you something about their data. By "
            "law it is to be answered within a month. HR can read and answer it here, after signing in:",
        ),
        link=link,
        after=("This mail names nobody on purpose.",),
        signature="Rapport",
    )


def privacy_answer(request: PrivacyRequest, link: str) -> Letter:
    """Return the letter that answers a person's request."""
    organization = request.person.organization
    return Letter(
        subject=f"{organization.name}: the answer to your request",
        greeting=f"Dear {request.person.name},",
        before=(
            f"You {_ASKED[request.kind]}. This is the answer of {organization.name}:",
            request.answer or "",
            "You find it on your own page as well; you get a link to it here:",
        ),
        link=link,
        after=(
            f"If you do not agree with the answer, please write to {organization.contact}. You may also turn to the "
            "authority for data protection of your country.",
        ),
        signature=organization.name,
    )


def erased(request: PrivacyRequest, link: str) -> Letter:
    """Return the last letter to a person who has asked to be erased."""
    organization = request.person.organization
    return Letter(
        subject=f"{organization.name}: your data are being erased",
        greeting=f"Dear {request.person.name},",
        before=(
            f"As you asked, {organization.name} is erasing your data now: your name, your address, your reports, your "
            "requests and the reasons of decisions. Your answers and scores stay without a name, for comparisons; "
            "nobody can tell any more that they are yours. Nothing more can be sent to you after this.",
            "If you want to know whether anything else is held under this address, you can ask here:",
        ),
        link=link,
        after=(f"If you have questions, please write to {organization.contact}.",),
        signature=organization.name,
    )


_ASKED = {
    RequestKind.CORRECTION: "asked for your data to be corrected",
    RequestKind.ERASURE: "asked for your data to be erased",
    RequestKind.REVIEW: "asked for a person to look at your results again",
}


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


def _first_day(assignment: Assignment) -> str:
    """Return from when on one can begin, if that was still to come when the person was invited."""
    campaign = assignment.campaign
    if campaign.opens_at <= assignment.created_at:
        return ""
    local = campaign.opens_at.astimezone(ZoneInfo(campaign.time_zone))
    return f"You can begin on {local.day} {local:%B %Y}; the link opens the questionnaire from then on. "


def _for_position(assignment: Assignment) -> str:
    position = assignment.campaign.position
    return f" for the position {position.title}" if position else ""
