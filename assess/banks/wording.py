"""What reports say about scores: narratives, interview questions, and the patterns of role families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from assess.banks.model import Code, Content, Text

Band = Literal["1-2", "3-4", "5-6", "7-8", "9-10"]
BANDS: tuple[Band, ...] = ("1-2", "3-4", "5-6", "7-8", "9-10")
Direction = Literal["below", "above", "inside"]
DIRECTIONS: tuple[Direction, ...] = ("below", "above", "inside")


class HiringNarrative(Content):
    """What a band of a scale means, for the hiring manager."""

    band: Band
    text: Text
    strengths: tuple[Text, ...] = Field(min_length=2)
    risks: tuple[Text, ...] = Field(min_length=2)
    evidence: tuple[Text, ...] = Field(min_length=2)


class PersonNarrative(Content):
    """What a band of a scale means, for the person themselves."""

    band: Band
    text: Text
    helps: tuple[Text, ...] = Field(min_length=2)
    hinders: tuple[Text, ...] = Field(min_length=2)
    try_this: Text


class Question(Content):
    """An interview question with what to listen for."""

    direction: Direction
    question: Text
    strong: Text
    weak: Text
    follow_up: Text


class Narratives(Content):
    """One scale's narratives, a file."""

    scale: Code
    hiring: tuple[HiringNarrative, ...]
    person: tuple[PersonNarrative, ...]

    @model_validator(mode="after")
    def _has_every_band_once(self) -> Self:
        for reader, narratives in (("hiring", self.hiring), ("person", self.person)):
            if tuple(narrative.band for narrative in narratives) != BANDS:
                raise ValueError(f"'{reader}' must have the bands {', '.join(BANDS)}, once each, in this order")
        return self


class Interview(Content):
    """One scale's interview questions, a file."""

    scale: Code
    question: tuple[Question, ...]

    @model_validator(mode="after")
    def _has_every_direction(self) -> Self:
        for direction, least in (("below", 3), ("above", 3), ("inside", 3)):
            if sum(question.direction == direction for question in self.question) < least:
                raise ValueError(f"at least {least} questions must have the direction '{direction}'")
        return self


class Target(Content):
    """The sten range of one scale that a job asks for, and how much it counts."""

    scale: Code
    low: int = Field(ge=1, le=10)
    high: int = Field(ge=1, le=10)
    weight: int = Field(ge=0, le=3)
    reason: Text

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.low > self.high:
            raise ValueError("'low' must not be above 'high'")
        return self


class RoleFamily(Content):
    """A kind of job with the pattern that it usually asks for."""

    code: Code
    name: Text
    describes: Text
    source: Text
    target: tuple[Target, ...]


class Wording(Content):
    """All narratives and questions, by scale."""

    narratives: Mapping[str, Narratives]
    interviews: Mapping[str, Interview]
    checksum: str

    def hiring(self, scale: str, band: Band) -> HiringNarrative:
        """Return what `band` of `scale` means for the hiring manager."""
        return self.narratives[scale].hiring[BANDS.index(band)]

    def person(self, scale: str, band: Band) -> PersonNarrative:
        """Return what `band` of `scale` means for the person."""
        return self.narratives[scale].person[BANDS.index(band)]

    def questions(self, scale: str, direction: Direction) -> tuple[Question, ...]:
        """Return the questions that explore `scale` in `direction`."""
        return tuple(each for each in self.interviews[scale].question if each.direction == direction)
