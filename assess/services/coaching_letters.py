"""The texts of mail about coaching, written at the moment of sending."""

from __future__ import annotations

from assess.languages import translator
from assess.models import Coaching
from assess.services.letters import Letter, language_of, to_person


def asked(coaching: Coaching, link: str) -> Letter:
    """Return the letter in which a coach asks somebody whether they want to be coached."""
    person, coach = coaching.person, coaching.coach
    organization, _ = person.organization, translator(language_of(person))
    return to_person(
        person,
        subject=_("%(coach)s asks whether you want to be coached", coach=coach.name),
        before=(
            _(
                "%(coach)s of %(organization)s would like to coach you in working with customers. It is for you to "
                "say yes or no; nobody is told why, and you can change your mind at any time.",
                coach=coach.name,
                organization=organization.name,
            ),
            _("This is your personal link. The page tells you what your coach would see, and asks you:"),
        ),
        link=link,
        after=(
            _("As long as you have not said yes, your coach sees nothing about you."),
            _("If you have questions, please write to %(contact)s.", contact=organization.contact),
        ),
    )


def assigned(coaching: Coaching, link: str) -> Letter:
    """Return the letter that tells somebody who coaches them from now on."""
    person, coach = coaching.person, coaching.coach
    organization, _ = person.organization, translator(language_of(person))
    return to_person(
        person,
        subject=_("%(coach)s is your coach", coach=coach.name),
        before=(
            _(
                "%(organization)s has named %(coach)s as your coach in working with customers.",
                coach=coach.name,
                organization=organization.name,
            ),
            _(
                "This is your personal link. The page tells you what your coach sees, and lets you end the coaching "
                "if you do not want it:"
            ),
        ),
        link=link,
        after=(_("If you have questions, please write to %(contact)s.", contact=organization.contact),),
    )


def feedback(coaching: Coaching, link: str) -> Letter:
    """Return the letter that asks somebody whether colleagues may be asked about them."""
    person, coach = coaching.person, coaching.coach
    organization, _ = person.organization, translator(language_of(person))
    return to_person(
        person,
        subject=_("%(coach)s proposes to ask colleagues how you work", coach=coach.name),
        before=(
            _(
                "%(coach)s, your coach, proposes to ask some colleagues what they see you do at work. It is for you to "
                "say yes or no; nobody has been written to yet.",
                coach=coach.name,
            ),
            _("This is your personal link. The page tells you who would be asked, and who would see what:"),
        ),
        link=link,
        after=(_("If you have questions, please write to %(contact)s.", contact=organization.contact),),
    )
