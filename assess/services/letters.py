"""The texts of mail. A letter is written at the moment of sending: its link exists nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assess.banks.parts import Part
from assess.languages import SOURCE, Translate, long_date, translator
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
    language: str = SOURCE
    calendar: str = ""  # a file for the reader's calendar

    def text(self) -> str:
        """Return the letter as plain text."""
        return "\n\n".join([self.greeting, *self.before, self.link, *self.after, self.signature]) + "\n"


def to_person(person: Person, *, subject: str, before: tuple[str, ...], link: str, after: tuple[str, ...]) -> Letter:
    """Return a letter from the person's organisation, in the language of the person, in which its parts are."""
    language = language_of(person)
    _ = translator(language)
    return Letter(
        subject=subject,
        greeting=_("Dear %(name)s,", name=person.name),
        before=before,
        link=link,
        after=after,
        signature=person.organization.name,
        language=language,
    )


def language_of(person: Person) -> str:
    """Return the language in which letters to `person` are written."""
    return person.language or SOURCE


def last_day(moment: datetime, time_zone: str, language: str = SOURCE) -> str:
    """Return the day that ends at the local midnight `moment`, as people write it."""
    return long_date((moment - timedelta(seconds=1)).astimezone(ZoneInfo(time_zone)).date(), language)


def invitation(assignment: Assignment, link: str) -> Letter:
    """Return the letter that asks a person to take an assessment."""
    organization, campaign = assignment.organization, assignment.campaign
    language = language_of(assignment.person)
    _ = translator(language)
    return to_person(
        assignment.person,
        subject=_("%(organization)s: your questionnaire on customer service", organization=organization.name),
        before=(
            _(
                "%(organization)s invites you to answer a questionnaire about how you like to work with customers. "
                "There are no right or wrong answers. You may pause at any time and go on later, on any device; what "
                "you have answered is kept.",
                organization=organization.name,
            ),
            *_coach(assignment, _),
            *_clock(assignment, _),
            *_position(assignment, _),
            _("This is your personal link:"),
        ),
        link=link,
        after=(
            *first_day(assignment, language),
            _(
                "Please finish it by %(day)s (%(zone)s time). Before you begin, the first page tells you who will see "
                "your answers and how long they are kept.",
                day=last_day(assignment.expires_at, campaign.time_zone, language),
                zone=campaign.time_zone,
            ),
            _(
                "If you have questions, or need the questionnaire in another way, please write to %(contact)s.",
                contact=organization.contact,
            ),
        ),
    )


def reminder(assignment: Assignment, link: str) -> Letter:
    """Return the letter that reminds a person of an invitation, whether they have begun or not."""
    organization, language = assignment.organization, language_of(assignment.person)
    _ = translator(language)
    if assignment.attempt is None:
        decline = _("If you would rather not take part, you need do nothing.")
    else:
        decline = _(
            "If you would rather not go on, you need do nothing: answers that are not handed in are not scored."
        )
    return to_person(
        assignment.person,
        subject=_(
            "%(organization)s: a reminder of your questionnaire on customer service", organization=organization.name
        ),
        before=(
            _state(assignment, language),
            *_position(assignment, _),
            _("This is your personal link. Links that you had before work as well:"),
        ),
        link=link,
        after=(
            decline,
            _(
                "If you want no more reminders, have questions, or need the questionnaire in another way, please "
                "write to %(contact)s.",
                contact=organization.contact,
            ),
        ),
    )


def _coach(assignment: Assignment, _: Translate) -> list[str]:
    """Return who asks, where it is a coach."""
    coaching = assignment.campaign.coaching
    if coaching is None:
        return []
    return [
        _(
            "It is %(coach)s, who coaches you, who asks you to take it again, to see what has changed. You are asked "
            "other things than before as far as there are enough.",
            coach=coaching.coach.name,
        )
    ]


def _state(assignment: Assignment, language: str) -> str:
    """Return how far the person has come, and how long there is time."""
    _, zone = translator(language), assignment.campaign.time_zone
    values = {
        "organization": assignment.organization.name,
        "day": last_day(assignment.expires_at, zone, language),
        "zone": zone,
    }
    if assignment.attempt is None:
        return _(
            "%(organization)s has invited you to answer a questionnaire about how you like to work with customers. You "
            "have not begun yet, and there is still time. The last day is %(day)s (%(zone)s time).",
            **values,
        )
    return _(
        "You have begun the questionnaire of %(organization)s about how you like to work with customers. What you have "
        "answered is saved, and you can go on where you stopped, on any device. The last day is %(day)s (%(zone)s "
        "time). As you have begun, you may take until %(end)s if you need to.",
        end=last_day(assignment.attempt.closes_at, zone, language),
        **values,
    )


def receipt(assignment: Assignment, link: str) -> Letter:
    """Return the letter that thanks a person for answers that were handed in, and says what happens next."""
    organization, attempt = assignment.organization, assignment.attempt
    if attempt is None or attempt.receipt is None:
        raise ValueError(f"assignment {assignment.id} has no receipt")
    language = language_of(assignment.person)
    _ = translator(language)
    return to_person(
        assignment.person,
        subject=_("%(organization)s: thank you for your answers", organization=organization.name),
        before=(
            _(
                "Thank you. Your answers to the questionnaire on customer service have reached %(organization)s. Your "
                "receipt is %(receipt)s.",
                organization=organization.name,
                receipt=attempt.receipt,
            ),
            _feedback(assignment, _),
        ),
        link=link,
        after=(
            _(
                "The link works for at least %(days)s days. Your answers can no longer be changed.",
                days=AFTERWARDS.days,
            ),
            _(
                "A person reads your results together with everything else that they know of you; the program decides "
                "nothing. If you want your results explained, corrected or deleted, or looked at by somebody else, "
                "please write to %(contact)s and name your receipt.",
                contact=organization.contact,
            ),
        ),
    )


def _feedback(assignment: Assignment, _: Translate) -> str:
    """Return what the link in a receipt shows."""
    if assignment.campaign.feedback == Feedback.AT_ONCE:
        return _(
            "This link shows your receipt and, a few minutes after handing in, your own report. If too few statements "
            "were answered for a report, the page behind the link says so:"
        )
    return _(
        "This link shows your receipt and, once %(organization)s has released it, your own report. No mail is sent "
        "then, so please look again now and then:",
        organization=assignment.organization.name,
    )


def my_page(person: Person, link: str) -> Letter:
    """Return the letter with the link to a person's own page."""
    name, language = person.organization.name, language_of(person)
    _ = translator(language)
    return to_person(
        person,
        subject=_("%(organization)s: the link to your data", organization=name),
        before=(
            _(
                "Somebody, we hope you, asked for a link to what %(organization)s holds about you from its "
                "questionnaires on customer service. Behind it you see your results and who has looked at them; you "
                "can take a copy of everything, and ask for it to be corrected or erased:",
                organization=name,
            ),
        ),
        link=link,
        after=(
            _("The link works for one hour. Please pass it to nobody: whoever has it sees what you see."),
            _("If it was not you, you need do nothing: without this link nobody gets in."),
        ),
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
    person, organization = request.person, request.person.organization
    language = language_of(person)
    _ = translator(language)
    return to_person(
        person,
        subject=_("%(organization)s: the answer to your request", organization=organization.name),
        before=(
            _asked(request.kind, _),
            _("This is the answer of %(organization)s:", organization=organization.name),
            request.answer or "",
            _("You find it on your own page as well; you get a link to it here:"),
        ),
        link=link,
        after=(
            _(
                "If you do not agree with the answer, please write to %(contact)s. You may also turn to the authority "
                "for data protection of your country.",
                contact=organization.contact,
            ),
        ),
    )


def erased(request: PrivacyRequest, link: str) -> Letter:
    """Return the last letter to a person who has asked to be erased."""
    person, organization = request.person, request.person.organization
    language = language_of(person)
    _ = translator(language)
    return to_person(
        person,
        subject=_("%(organization)s: your data are being erased", organization=organization.name),
        before=(
            _(
                "As you asked, %(organization)s is erasing your data now: your name, your address, your reports, your "
                "requests and the reasons of decisions. Your answers and scores stay without a name, for comparisons; "
                "nobody can tell any more that they are yours. Nothing more can be sent to you after this.",
                organization=organization.name,
            ),
            _("If you want to know whether anything else is held under this address, you can ask here:"),
        ),
        link=link,
        after=(_("If you have questions, please write to %(contact)s.", contact=organization.contact),),
    )


def _asked(kind: RequestKind, _: Translate) -> str:
    return {
        RequestKind.CORRECTION: _("You asked for your data to be corrected."),
        RequestKind.ERASURE: _("You asked for your data to be erased."),
        RequestKind.REVIEW: _("You asked for a person to look at your results again."),
    }[kind]


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


def _clock(assignment: Assignment, _: Translate) -> tuple[str, ...]:
    """Return what is different in the parts with a clock, if there are any."""
    if {Part.VOCABULARY, Part.NUMERICAL}.isdisjoint(assignment.campaign.parts):
        return ()
    return (
        _(
            "The parts with a clock are different: there, one answer to each question is right, and the time goes on "
            "while you are away."
        ),
    )


def first_day(assignment: Assignment, language: str) -> tuple[str, ...]:
    """Return from when on one can begin, if that was still to come when the person was invited."""
    campaign = assignment.campaign
    if campaign.opens_at <= assignment.created_at:
        return ()
    day = long_date(campaign.opens_at.astimezone(ZoneInfo(campaign.time_zone)).date(), language)
    _ = translator(language)
    return (_("You can begin on %(day)s; the link opens the questionnaire from then on.", day=day),)


def _position(assignment: Assignment, _: Translate) -> tuple[str, ...]:
    position = assignment.campaign.position
    return (_("The position is %(position)s.", position=position.title),) if position else ()
