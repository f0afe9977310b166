"""The texts of mail about coaching, written at the moment of sending."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from assess.languages import Translate, long_date, translator
from assess.models import CheckIn, Coaching, User
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


def planned(check_in: CheckIn, link: str) -> Letter:
    """Return the letter that tells somebody of a talk with their coach."""
    _ = translator(language_of(check_in.person))
    return _about_talk(
        check_in,
        link,
        subject=_("A check-in with %(coach)s on %(day)s", **_when(check_in)),
        news=_("%(coach)s has planned a check-in with you: on %(day)s at %(time)s (%(zone)s time).", **_when(check_in)),
    )


def moved(check_in: CheckIn, link: str) -> Letter:
    """Return the letter that tells somebody of another time or place for a talk."""
    _ = translator(language_of(check_in.person))
    return _about_talk(
        check_in,
        link,
        subject=_("Changed: your check-in with %(coach)s", coach=check_in.coach.name),
        news=_(
            "%(coach)s has changed something about your check-in. It is now on %(day)s at %(time)s (%(zone)s time).",
            **_when(check_in),
        ),
    )


def soon(check_in: CheckIn, link: str) -> Letter:
    """Return the letter that reminds somebody of a talk a day before."""
    _ = translator(language_of(check_in.person))
    return _about_talk(
        check_in,
        link,
        subject=_("A reminder: your check-in with %(coach)s", coach=check_in.coach.name),
        news=_("Your check-in with %(coach)s is on %(day)s at %(time)s (%(zone)s time).", **_when(check_in)),
    )


def called_off(check_in: CheckIn, link: str) -> Letter:
    """Return the letter that tells somebody that a talk does not take place."""
    person = check_in.person
    _ = translator(language_of(person))
    return to_person(
        person,
        subject=_("Called off: your check-in with %(coach)s", coach=check_in.coach.name),
        before=(
            _(
                "%(coach)s has called off your check-in on %(day)s at %(time)s (%(zone)s time). The attached file "
                "takes it out of your calendar.",
                **_when(check_in),
            ),
            _("Your coaching page is here:"),
        ),
        link=link,
        after=(_questions(check_in, _),),
    )


def due(coaching: Coaching, link: str) -> Letter:
    """Return the letter that reminds somebody of what they have planned to do; it says nothing of what that is."""
    person = coaching.person
    _ = translator(language_of(person))
    return to_person(
        person,
        subject=_("Your plan: something is due"),
        before=(
            _(
                "Something that you have planned with %(coach)s is due within the next seven days, or was due before. "
                "Here you see what it is, and can tick off what is done:",
                coach=coaching.coach.name,
            ),
        ),
        link=link,
        after=(
            _("If the time no longer suits you, please tell your coach. You get such a letter at most once a week."),
        ),
    )


def to_coach(user: User, link: str) -> Letter:
    """Return the letter that tells a coach that something waits, without saying with whom."""
    return Letter(
        subject="Some of your coachees wait for a check-in",
        greeting=f"Dear {user.name},",
        before=(
            "The time of a check-in is over and nothing is noted of it, or somebody has had none for six weeks and "
            "none is planned. Your list says with whom:",
        ),
        link=link,
        after=("You get such a letter at most once a week. This mail names nobody on purpose.",),
        signature=user.organization.name,
    )


def _about_talk(check_in: CheckIn, link: str, *, subject: str, news: str) -> Letter:
    person = check_in.person
    _ = translator(language_of(person))
    where = (_("Where: %(place)s", place=check_in.place),) if check_in.place else ()
    return to_person(
        person,
        subject=subject,
        before=(
            news,
            *where,
            _(
                "It takes about %(minutes)s minutes. The attached file puts it into your calendar.",
                minutes=check_in.minutes,
            ),
            _("Your coaching page is here:"),
        ),
        link=link,
        after=(_questions(check_in, _),),
    )


def _questions(check_in: CheckIn, _: Translate) -> str:
    contact = check_in.person.organization.contact
    return _("If it does not suit you, please tell your coach. Questions are answered by %(contact)s.", contact=contact)


def _when(check_in: CheckIn) -> dict[str, str]:
    """Return the words for when and with whom a talk is."""
    person, zone = check_in.person, check_in.person.organization.time_zone
    local = check_in.planned_for.astimezone(ZoneInfo(zone))
    day = long_date(local.date(), language_of(person))
    return {"coach": check_in.coach.name, "day": day, "time": f"{local:%H:%M}", "zone": zone}
