"""What pages say about each kind of survey, and above all who sees what: each sentence must be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assess.models import SurveyKind, SurveyPlace
from assess.services import surveys
from assess.services.survey_questions import Questionnaire
from assess.services.surveys import Sheet
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext
from assess.web.survey import feedback_words


@dataclass(frozen=True, slots=True)
class Gap:
    """A page on which something was left out."""

    position: int
    title: str
    missing: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come."""

    n_answered: int
    n_questions: int
    gaps: Sequence[Gap]

    @property
    def next_position(self) -> int | None:
        """Return the first page on which something is open, None when all is answered."""
        return self.gaps[0].position if self.gaps else None


def choices_in(sheet: Sheet) -> Mapping[surveys.Question, int | None]:
    """Return what a sheet holds, by question."""
    own = {(None, code): value for code, value in sheet.values.items()}
    return own | {(about, code): value for about, values in sheet.about.items() for code, value in values.items()}


def progress_of(asked: Questionnaire, sheet: Sheet) -> Progress:
    """Return how much of what is asked the sheet answers."""
    chosen = choices_in(sheet)
    gaps = []
    for position, page in enumerate(asked.pages, start=1):
        missing = sum(question.key not in chosen for question in page.questions)
        if missing:
            gaps.append(Gap(position, page.title or _("Page %(n)s", n=position), missing))
    return Progress(sum(key in chosen for key in asked.questions), len(asked.questions), gaps)


def what(place: SurveyPlace, n_questions: int, n_pages: int) -> Sequence[str]:
    """Return what somebody is asked, and what it is for."""
    if place.round.kind is SurveyKind.FEEDBACK:
        return feedback_words.what(place, n_questions)
    survey, name = place.round, place.person.organization.name
    position = survey.position.title if survey.position else ""
    return {
        SurveyKind.PERSPECTIVE: (
            _(
                "%(n)s statements on which good companies differ. For each one, say how far you agree that it should "
                "be so at %(name)s. There are no right answers.",
                n=n_questions,
                name=name,
            ),
            _(
                "The answers of all who are asked are put together into the company's view of good service. Answers "
                "to questionnaires can be compared with that view later."
            ),
        ),
        SurveyKind.JOB: (
            _(
                "For each of six ways of working, say between which points people stand who do the job “%(position)s” "
                "well, and how much it matters there. It is about the job, not about anybody who has it.",
                position=position,
            ),
            _("The answers of all who are asked are put together into a proposal of what the job asks for."),
        ),
        SurveyKind.PERFORMANCE: (
            ngettext(
                "Three lines on how %(num)s person in the job “%(position)s” works with customers.",
                "Three lines each on how %(num)s people in the job “%(position)s” work with customers.",
                n_pages,
                position=position,
            ),
            _(
                "The answers show which ways of working go with good service in this job. They are no appraisal, and "
                "nothing is decided about a single person with them."
            ),
        ),
        SurveyKind.LEADER: (
            _("%(n)s statements on how you treat customers and staff. It is for you, and no duty.", n=n_questions),
            _("At the end you get three things to do in the coming week."),
        ),
        SurveyKind.CLIMATE: (
            _(
                "%(n)s statements on how service works where you are. It is about the place and not about you.",
                n=n_questions,
            ),
            _(
                "%(name)s wants to find out where work with customers is made easy, and where it is made hard.",
                name=name,
            ),
        ),
    }[survey.kind]


def minutes(place: SurveyPlace, n_pages: int) -> int:
    """Return how long it takes a careful reader."""
    kind = place.round.kind
    usual = {SurveyKind.PERSPECTIVE: 10, SurveyKind.JOB: 10}
    return n_pages if kind is SurveyKind.PERFORMANCE else usual.get(kind, 5)


def who_sees(place: SurveyPlace) -> Sequence[tuple[str, str]]:
    """Return who sees what of the answers."""
    kind = place.round.kind
    if kind is SurveyKind.CLIMATE:
        return _who_sees_nothing()
    if kind is SurveyKind.FEEDBACK:
        return feedback_words.who_sees(place)
    you = (_("You"), _("can ask for a copy of everything that is held about you. Your answers are in it."))
    nobody = (_("Nobody else"), _("sees your answers."))
    if kind is SurveyKind.LEADER:
        return (
            (_("You"), _("see the result as soon as you have handed in. It is yours alone.")),
            (
                _("HR"),
                _(
                    "sees how many have handed in, and not who. It sees neither your answers nor your report. Once the "
                    "survey is closed, it sees means by theme over all leaders, if five or more have answered."
                ),
            ),
            nobody,
        )
    if kind is SurveyKind.PERFORMANCE:
        return (*_who_sees_ratings(), you, nobody)
    put_together = {
        SurveyKind.PERSPECTIVE: _(
            "sees whether you have handed in. Once the survey is over and five people or more have answered, it sees "
            "for each statement how all answers are spread, and means of groups of five or more."
        )
        + " "
        + _("No page shows what one person answered."),
        SurveyKind.JOB: _(
            "sees whether you have handed in. Once the survey is over, it sees the range that comes out of all answers "
            "together, and how far they agree; from five people on also the single ranges, without names. Where only "
            "two or three answer, somebody may guess what you said."
        ),
    }[kind]
    return ((_("HR"), put_together), you, nobody)


def _who_sees_ratings() -> Sequence[tuple[str, str]]:
    return (
        (
            _("HR"),
            _(
                "sees whether you have handed in, and works with the mean of all who rate a person. Where you are the "
                "only one, the mean is your rating."
            ),
        ),
        (
            _("The people you rate"),
            _(
                "are not told who rated them. They may ask for a copy of what is held about them; once the survey is "
                "closed it holds the ratings, without the names of those who gave them."
            ),
        ),
    )


def _who_sees_nothing() -> Sequence[tuple[str, str]]:
    return (
        (
            _("HR"),
            _(
                "sees who was asked and, from five on, about how many have answered; not who. Once the survey is "
                "closed, it sees results of five people or more together, and none of smaller groups."
            ),
        ),
        (
            _("The program"),
            _(
                "adds your answers to counts and keeps no sheet. It notes on which day you handed in, so that nobody "
                "counts twice or is reminded in vain; no page shows that, and closing the survey deletes it."
            ),
        ),
    )


def kept(place: SurveyPlace, until: str) -> str:
    """Return for how long what is kept."""
    kind = place.round.kind
    if kind is SurveyKind.CLIMATE:
        return _("The counts stay. Your name and that you were asked are erased after %(day)s.", day=until)
    if kind is SurveyKind.LEADER:
        return _("%(day)s. Then your name, your answers and your result are erased.", day=until)
    if kind is SurveyKind.FEEDBACK:
        return feedback_words.kept(place, until)
    return _(
        "%(day)s. Then your name and your address are erased; your answers stay without a name, as what was made of "
        "them rests on them.",
        day=until,
    )


def lead(place: SurveyPlace) -> str:
    """Return what stands before the statements of every page."""
    kind, name = place.round.kind, place.person.organization.name
    if kind is SurveyKind.PERSPECTIVE:
        return _("In good service at %(name)s, it should be so:", name=name)
    if kind is SurveyKind.CLIMATE:
        return _("How far do you agree, for the place where you work? Answers are kept only when you hand in.")
    if kind is SurveyKind.FEEDBACK:
        return feedback_words.lead(place)
    return _("How far is this so?") if kind is SurveyKind.LEADER else ""


def link_end(place: SurveyPlace) -> datetime:
    """Return until when the personal link works."""
    return surveys.link_end(place.round)


def thanks(place: SurveyPlace) -> str:
    """Return what happens with what was handed in."""
    if place.round.kind is SurveyKind.FEEDBACK:
        return feedback_words.thanks(place)
    name = place.person.organization.name
    return {
        SurveyKind.PERSPECTIVE: _(
            "Your answers have reached %(name)s. They are put together with those of others when the survey is over.",
            name=name,
        ),
        SurveyKind.JOB: _(
            "Your answers have reached %(name)s. They are put together with those of others who know the job.",
            name=name,
        ),
        SurveyKind.PERFORMANCE: _("Your ratings have reached %(name)s.", name=name),
        SurveyKind.LEADER: _("Your answers are handed in. Nobody but you sees them."),
        SurveyKind.CLIMATE: _(
            "What is handed in with your link for the first time is counted; handing in again changes nothing."
        ),
    }[place.round.kind]
