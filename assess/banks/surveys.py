"""Surveys beside the assessment: leaders, climate, feedback from colleagues, jobs, performance, equality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import Field, model_validator

from assess.banks.content import Code, Content, Text
from assess.banks.model import ResponseFormat
from assess.banks.parts import Pole

FEWEST_RATERS = 3  # per source, before feedback is shown
FEWEST_ANSWERS = 5  # in a group, before a climate is shown
WEIGHTS = range(4)  # of a scale in a job's pattern
POINTS = range(1, 11)  # of a scale on which experts place people who do a job well
SOURCE = "en"  # the language that translations are compared with


class LeaderStatement(Content):
    """Something that a leader does for customers and staff; and one thing to do where they do not."""

    code: Code
    theme: Code
    stem: Text
    action: Text


class ClimateStatement(Content):
    """Something that is so, or is not, where people work."""

    code: Code
    area: Code
    stem: Text


class SeenBehaviour(Content):
    """Something that colleagues can see, of one pole of a scale; neither pole is the better one."""

    code: Code
    scale: Code
    pole: Pole
    stem: Text


class Survey(Content):
    """What all surveys have."""

    title: Text
    describes: Text
    format: Code


class LeaderSurvey(Survey):
    """The leader's self-check, private to the leader."""

    statement: tuple[LeaderStatement, ...] = Field(min_length=1)


class ClimateSurvey(Survey):
    """The service climate survey, anonymous."""

    statement: tuple[ClimateStatement, ...] = Field(min_length=1)


class OpenQuestion(Content):
    """Something to answer in own words."""

    code: Code
    stem: Text


class FeedbackSurvey(Survey):
    """Feedback from colleagues, who may not have seen everything."""

    not_seen: Text
    statement: tuple[SeenBehaviour, ...] = Field(min_length=1)
    own_words: Text
    question: tuple[OpenQuestion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_scale_is_seen_from_both_ends(self) -> Self:
        for scale in {each.scale for each in self.statement}:
            if len({each.pole for each in self.statement if each.scale == scale}) < 2:
                raise ValueError(f"the behaviours of '{scale}' must be of both poles")
        return self


class Weight(Content):
    """How much a way of working matters in a job."""

    value: int
    label: Text


class JobSurvey(Content):
    """What experts are asked about a job, once for each scale; the words of its ends come from the bank."""

    title: Text
    describes: Text
    range: Text
    lowest: Text
    highest: Text
    hint: Text
    importance: Text
    weight: tuple[Weight, ...]

    @model_validator(mode="after")
    def _weights_are_those_of_patterns(self) -> Self:
        if [each.value for each in self.weight] != list(WEIGHTS):
            raise ValueError(f"the weights must be {', '.join(map(str, WEIGHTS))}, in this order")
        return self


class SeenWork(Content):
    """A side of somebody's work with the two ends between which others place it."""

    code: Code
    stem: Text
    low: Text
    high: Text


class PerformanceSurvey(Content):
    """A short criterion: how somebody works with customers, from 1 (the first end) to 5 (the last)."""

    title: Text
    describes: Text
    between: tuple[Text, Text, Text]  # the words of 2, 3 and 4
    unknown: Text
    statement: tuple[SeenWork, ...] = Field(min_length=1)


class EqualityOption(Content):
    """One answer to choose; its code is what is stored."""

    code: Code
    label: Text


class EqualityQuestion(Content):
    """What somebody may say about themselves, for audits alone."""

    code: Code
    stem: Text
    hint: Text | None = None
    option: tuple[EqualityOption, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _has_every_option_once(self) -> Self:
        _once(option.code for option in self.option)
        _once(option.label for option in self.option)
        return self

    @property
    def choices(self) -> tuple[str, ...]:
        """The codes of the options, in the order shown."""
        return tuple(option.code for option in self.option)


class EqualitySurvey(Content):
    """The optional questions after submission, in one language."""

    title: Text
    not_said: Text
    question: tuple[EqualityQuestion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_every_question_once(self) -> Self:
        _once(question.code for question in self.question)
        return self

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """The codes that may be stored, question to options."""
        return {question.code: question.choices for question in self.question}


def _once(found: Iterator[str]) -> None:
    twice = [each for each, count in Counter(found).items() if count > 1]
    if twice:
        raise ValueError(f"'{twice[0]}' stands there twice")


class FeedbackForm(Content):
    """What colleagues are asked in one language, with the choices."""

    language: str
    survey: FeedbackSurvey
    choices: ResponseFormat


class Surveys(Content):
    """All surveys with their response formats."""

    formats: tuple[ResponseFormat, ...]
    leader: LeaderSurvey
    climate: ClimateSurvey
    feedback: FeedbackSurvey
    job: JobSurvey
    performance: PerformanceSurvey
    equality: Mapping[str, EqualitySurvey]  # by language
    feedback_forms: Mapping[str, FeedbackForm] = {}  # in other languages than that of `feedback`

    def equality_in(self, language: str) -> tuple[str, EqualitySurvey]:
        """Return the optional questions in `language`, or else in the one they were written in; and which one it is."""
        found = language if language in self.equality else SOURCE
        return found, self.equality[found]

    def feedback_in(self, language: str = SOURCE) -> FeedbackForm:
        """Return what colleagues are asked in `language`, or else in the one that it was written in: never half."""
        if language in self.feedback_forms:
            return self.feedback_forms[language]
        choices = next(each for each in self.formats if each.code == self.feedback.format)
        return FeedbackForm(language=SOURCE, survey=self.feedback, choices=choices)
