"""The texts of mail about surveys, written at the moment of sending."""

from __future__ import annotations

from assess.languages import Translate, translator
from assess.models import SurveyKind, SurveyPlace
from assess.services.letters import Letter, language_of, last_day, to_person


def invitation(place: SurveyPlace, link: str, *, own_words: bool) -> Letter:
    """Return the letter that asks somebody to answer a survey; `own_words`: of feedback, open questions, too."""
    organization, language = place.person.organization, language_of(place.person)
    _ = translator(language)
    title = _title(place, _)
    return to_person(
        place.person,
        subject=_("%(organization)s asks for your view: %(title)s", organization=organization.name, title=title),
        before=(_asks(place, _, own_words=own_words), _("This is your personal link; you need no account:")),
        link=link,
        after=(
            _last_day(place, _, language),
            _(
                "The first page tells you who will see what you answer, and how long it is kept. Taking part is "
                "voluntary. Please do not pass the link on: whoever has it can answer in your place."
            ),
            _("If you have questions, please write to %(contact)s.", contact=organization.contact),
        ),
    )


def reminder(place: SurveyPlace, link: str, *, own_words: bool) -> Letter:
    """Return the letter that reminds somebody of a survey."""
    organization, language = place.person.organization, language_of(place.person)
    _ = translator(language)
    return to_person(
        place.person,
        subject=_("%(organization)s: a reminder, %(title)s", organization=organization.name, title=_title(place, _)),
        before=(
            _asks(place, _, own_words=own_words),
            _("There is still time to answer. This is your personal link; links that you had before work as well:"),
        ),
        link=link,
        after=(
            _last_day(place, _, language),
            *_who_is_reminded(place, _),
            _(
                "If you would rather not take part, you need do nothing. If you want no more reminders or have "
                "questions, please write to %(contact)s.",
                contact=organization.contact,
            ),
        ),
    )


def _title(place: SurveyPlace, _: Translate) -> str:
    """Return what the survey is called: as HR has called it, but for feedback, which is no matter of HR's."""
    survey = place.round
    if survey.kind is not SurveyKind.FEEDBACK or survey.about is None:
        return survey.title
    if survey.about_id == place.person_id:
        return _("how you see your own work")
    return _("how %(name)s works", name=survey.about.name)


def _asks(place: SurveyPlace, _: Translate, *, own_words: bool) -> str:
    """Return what the survey is about and how long it takes."""
    survey = place.round
    if survey.kind is SurveyKind.FEEDBACK:
        return _asks_feedback(place, _, own_words=own_words)
    values = {
        "organization": place.person.organization.name,
        "position": survey.position.title if survey.position else "",
    }
    return {
        SurveyKind.PERSPECTIVE: _(
            "%(organization)s would like to know how good service should be here, and asks you as somebody who knows. "
            "It is 48 short statements and takes about ten minutes.",
            **values,
        ),
        SurveyKind.JOB: _(
            "%(organization)s would like to know what the job “%(position)s” asks of people, and asks you as somebody "
            "who knows it. It is about the job and nobody's performance, and takes about ten minutes.",
            **values,
        ),
        SurveyKind.PERFORMANCE: _(
            "%(organization)s asks how some of your colleagues work with customers in the job “%(position)s”: three "
            "lines for each of them. It takes about a minute a person.",
            **values,
        ),
        SurveyKind.LEADER: _(
            "%(organization)s offers you a self-check on how you treat customers and staff: twenty statements, about "
            "five minutes. Your answers and the result are seen by you alone.",
            **values,
        ),
        SurveyKind.CLIMATE: _(
            "%(organization)s would like to know how service works where you are: 24 statements, about five minutes. "
            "It is anonymous: your answers are only counted, together with those of others.",
            **values,
        ),
    }[survey.kind]


def _asks_feedback(place: SurveyPlace, _: Translate, *, own_words: bool) -> str:
    survey = place.round
    coach = survey.created_by.name if survey.created_by else place.person.organization.name
    if survey.about is None or survey.about_id == place.person_id:
        return _(
            "You have said yes to asking colleagues what they see you do at work. Please answer the same 18 lines "
            "about yourself; it takes about five minutes. Your answers are shown beside those of your colleagues."
        )
    if not own_words:  # as that coach coaches them no more
        return _(
            "%(name)s would like to know what colleagues see them do at work, and has agreed that you are asked. It is "
            "18 short lines, and takes about five minutes.",
            name=survey.about.name,
        )
    return _(
        "%(name)s would like to know what colleagues see them do at work, and %(coach)s, who coaches %(name)s, asks "
        "you in their name. It is 18 short lines and two open questions, and takes about five minutes.",
        name=survey.about.name,
        coach=coach,
    )


def _last_day(place: SurveyPlace, _: Translate, language: str) -> str:
    survey = place.round
    return _(
        "Please answer by %(day)s (%(zone)s time).",
        day=last_day(survey.closes_at, survey.time_zone, language),
        zone=survey.time_zone,
    )


def _who_is_reminded(place: SurveyPlace, _: Translate) -> tuple[str, ...]:
    """Return how there can be reminders of something anonymous."""
    if place.round.tells_who_answered:
        return ()
    return (_("The program knows who has not handed in yet, so that it reminds nobody else; it shows that to nobody."),)
