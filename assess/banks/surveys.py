"""Surveys beside the assessment: the leader's self-check, the service climate, feedback from colleagues."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from assess.banks.content import Code, Content, Text
from assess.banks.model import ResponseFormat
from assess.banks.parts import Pole

FEWEST_RATERS = 3  # per source, before feedback is shown
FEWEST_ANSWERS = 5  # in a group, before a climate is shown


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


class FeedbackSurvey(Survey):
    """Feedback from colleagues, who may not have seen everything."""

    not_seen: Text
    statement: tuple[SeenBehaviour, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_scale_is_seen_from_both_ends(self) -> Self:
        for scale in {each.scale for each in self.statement}:
            if len({each.pole for each in self.statement if each.scale == scale}) < 2:
                raise ValueError(f"the behaviours of '{scale}' must be of both poles")
        return self


class Surveys(Content):
    """All surveys with their response formats."""

    formats: tuple[ResponseFormat, ...]
    leader: LeaderSurvey
    climate: ClimateSurvey
    feedback: FeedbackSurvey
