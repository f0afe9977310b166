"""What a survey asks somebody, page by page: statements from the bank, or from the surveys' own content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.banks.model import ResponseFormat, Scale
from assess.banks.parts import Part
from assess.banks.registry import Registry
from assess.banks.surveys import POINTS, SOURCE, FeedbackForm, OpenQuestion, PerformanceSurvey, Surveys
from assess.errors import InvalidValue
from assess.models import Person, RatedPerson, SurveyKind, SurveyPlace
from assess.scoring.feedback import NOT_SEEN
from assess.services import feedback_comments, surveys

PER_PAGE = 10  # statements
LOW, HIGH, WEIGHT = "low", "high", "weight"  # what is asked of a scale in a job: ends of codes
Choices = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One choice to make."""

    key: surveys.Question
    name: str  # of its field on a page
    text: str
    choices: Choices
    is_point: bool = False  # on the line between two ends: a number to choose, and no words


@dataclass(frozen=True, slots=True)
class Page:
    """Some questions that are asked together, with what they have in common."""

    questions: Sequence[Question]
    title: str = ""
    lead: str = ""
    hint: str = ""
    ends: tuple[str, str] | None = None  # of a scale
    about: Person | None = None
    open: Sequence[OpenQuestion] = ()  # to be answered in own words


@dataclass(frozen=True)
class Questionnaire:
    """All that somebody is asked, in the language that its texts are in."""

    title: str
    describes: str
    pages: Sequence[Page]
    language: str = SOURCE
    unknown: str = ""  # what to say of a person whose work one does not know

    @cached_property
    def questions(self) -> Mapping[surveys.Question, Question]:
        """Every question by its key, in order."""
        return {each.key: each for page in self.pages for each in page.questions}


def questionnaire(session: Session, place: SurveyPlace, registry: Registry, *, language: str = SOURCE) -> Questionnaire:
    """Return what the person is asked, in `language` where it is there; nobody is asked about themselves."""
    survey, content = place.round, registry.surveys
    if survey.kind is SurveyKind.PERSPECTIVE:
        bank = registry.bank(survey.edition, survey.bank_version)
        read = bank.in_language(language, bank.forms[0].code, [Part.PERSPECTIVE])
        choices = _labelled(read.formats_by_code["agreement"])
        asked = [_own(each.code, each.stem, choices) for each in read.perspective]
        return Questionnaire("How good service should be here", "", _pages(asked), read.language)
    if survey.kind is SurveyKind.JOB:
        pages = [_job_page(scale, content) for scale in registry.editions[0].scales]
        return Questionnaire(content.job.title, content.job.describes, pages)
    if survey.kind is SurveyKind.PERFORMANCE:
        work = content.performance
        rated = [_work_page(person, work) for person in _rated(session, place)]
        return Questionnaire(work.title, work.describes, rated, unknown=work.unknown)
    if survey.kind is SurveyKind.FEEDBACK:
        return _feedback(place, content.feedback_in(language), is_read=feedback_comments.are_read(session, survey))
    own = content.leader if survey.kind is SurveyKind.LEADER else content.climate
    choices = _labelled(_format(content, own.format))
    asked = [_own(each.code, each.stem, choices) for each in own.statement]
    # what is anonymous is kept nowhere before it is handed in, so it has one page
    pages = [Page(asked)] if survey.kind is SurveyKind.CLIMATE else _pages(asked)
    return Questionnaire(own.title, own.describes, pages)


def read(page: Page, sent: Mapping[str, str]) -> dict[surveys.Question, int | None]:
    """
    Return the choices that came with a page: None for one taken back, nothing for one that was not made.

    Raises `InvalidValue` for what was not offered.
    """
    found: dict[surveys.Question, int | None] = {}
    for question in page.questions:
        text = sent.get(question.name)
        if text is None:
            continue
        offered = {str(value): value for value, _label in question.choices}
        if text and text not in offered:
            raise InvalidValue
        found[question.key] = offered.get(text)
    return found


def ends_before_it_begins(page: Page, values: Mapping[surveys.Question, int | None]) -> bool:
    """Whether the range that was chosen for a scale has its first point above its last."""
    low, high = (
        next((values.get(each.key) for each in page.questions if each.key[1].endswith(f".{end}")), None)
        for end in (LOW, HIGH)
    )
    return low is not None and high is not None and low > high


def _own(code: str, text: str, choices: Choices) -> Question:
    return Question((None, code), code, text, choices)


def _labelled(choices: ResponseFormat) -> Choices:
    return [(option.value, option.label) for option in choices.option]


def _format(content: Surveys, code: str) -> ResponseFormat:
    return next(each for each in content.formats if each.code == code)


def _pages(asked: Sequence[Question]) -> list[Page]:
    return [Page(asked[at : at + PER_PAGE]) for at in range(0, len(asked), PER_PAGE)]


def _feedback(place: SurveyPlace, form: FeedbackForm, *, is_read: bool) -> Questionnaire:
    """Return what colleagues are asked, and the person themself, who writes nothing, as nobody else would read it."""
    asked = form.survey
    choices = [*_labelled(form.choices), (NOT_SEEN, asked.not_seen)]
    pages = _pages([_own(each.code, each.stem, choices) for each in asked.statement])
    if place.person_id != place.round.about_id and is_read:
        pages.append(Page((), hint=asked.own_words, open=asked.question))
    return Questionnaire(asked.title, asked.describes, pages, form.language)


def _job_page(scale: Scale, content: Surveys) -> Page:
    """Return the page that asks between which points of a scale people stand who do the job well."""
    job = content.job
    points = [(value, str(value)) for value in POINTS]
    weights = [(each.value, each.label) for each in job.weight]
    ends = ((LOW, job.lowest), (HIGH, job.highest))
    asked = [Question((None, f"{scale.code}.{end}"), f"{scale.code}.{end}", text, points, True) for end, text in ends]
    asked.append(_own(f"{scale.code}.{WEIGHT}", job.importance, weights))
    return Page(asked, title=scale.name, lead=job.range, hint=job.hint, ends=(scale.low, scale.high))


def _work_page(person: Person, work: PerformanceSurvey) -> Page:
    """Return the page that asks how somebody works."""
    return Page(
        [
            Question(
                (person.id, each.code),
                f"{each.code}@{person.public_id}",
                each.stem,
                list(enumerate((each.low, *work.between, each.high), start=1)),
            )
            for each in work.statement
        ],
        title=person.name,
        about=person,
    )


def _rated(session: Session, place: SurveyPlace) -> Sequence[Person]:
    """Return whose work the round asks about, but for the person who answers and those who have been erased."""
    rows = session.scalars(
        select(RatedPerson)
        .where(RatedPerson.round_id == place.round_id, RatedPerson.person_id != place.person_id)
        .options(joinedload(RatedPerson.person))
        .order_by(RatedPerson.id)
    )
    return [row.person for row in rows if row.person.erased_at is None]
