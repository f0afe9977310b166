"""What reports say about scores: narratives, interview questions, and the patterns of role families."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from assess.banks.content import Code, Content, Text, Told
from assess.banks.parts import Pole

Band = Literal["1-2", "3-4", "5-6", "7-8", "9-10"]
BANDS: tuple[Band, ...] = ("1-2", "3-4", "5-6", "7-8", "9-10")
Direction = Literal["below", "above", "inside"]
DIRECTIONS: Mapping[Direction, int] = {"below": 6, "above": 6, "inside": 3}  # with the least number of questions
ACTIONS = 8  # per direction
COMBINATIONS = 2  # per pair of scales


class HiringNarrative(Content):
    """What a band of a scale means, for the hiring manager."""

    band: Band
    text: Text
    strengths: tuple[Text, ...] = Field(min_length=2)
    risks: tuple[Text, ...] = Field(min_length=2)
    evidence: tuple[Text, ...] = Field(min_length=2)


class PersonNarrative(Told):
    """What a band of a scale means, for the person themselves."""

    band: Band
    text: Text
    helps: tuple[Text, ...] = Field(min_length=2)
    hinders: tuple[Text, ...] = Field(min_length=2)
    try_this: Text


class PromoterNarrative(HiringNarrative):
    """What a band of a scale means for a next role with more responsibility."""


class CoachNarrative(Told):
    """How to work with a person of a band, for the coach."""

    band: Band
    text: Text
    helps: tuple[Text, ...] = Field(min_length=2)
    hinders: tuple[Text, ...] = Field(min_length=2)
    ask: tuple[Text, ...] = Field(min_length=2)


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
    promoter: tuple[PromoterNarrative, ...]
    coach: tuple[CoachNarrative, ...]
    person: tuple[PersonNarrative, ...]

    @model_validator(mode="after")
    def _has_every_band_once(self) -> Self:
        for reader in ("hiring", "promoter", "coach", "person"):
            if tuple(narrative.band for narrative in getattr(self, reader)) != BANDS:
                raise ValueError(f"'{reader}' must have the bands {', '.join(BANDS)}, once each, in this order")
        return self


class Interview(Content):
    """One scale's interview questions, a file."""

    scale: Code
    question: tuple[Question, ...]

    @model_validator(mode="after")
    def _has_every_direction(self) -> Self:
        for direction, least in DIRECTIONS.items():
            if sum(question.direction == direction for question in self.question) < least:
                raise ValueError(f"at least {least} questions must have the direction '{direction}'")
        return self


class Action(Told):
    """Something to do for whose job asks for more of one pole than they show."""

    direction: Literal["more", "less"]  # of the high pole
    title: Text
    what: Text
    how_often: Text
    how_you_will_know: Text
    time_needed: Text

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """All that is said."""
        return self.title, self.what, self.how_often, self.how_you_will_know, self.time_needed


class Coaching(Content):
    """One scale's coaching actions, a file."""

    scale: Code
    action: tuple[Action, ...]

    @model_validator(mode="after")
    def _has_both_directions(self) -> Self:
        for direction in ("more", "less"):
            if sum(action.direction == direction for action in self.action) < ACTIONS:
                raise ValueError(f"at least {ACTIONS} actions must have the direction '{direction}'")
        return self


class Combination(Told):
    """What two scales together may mean; what is said to the person is translated."""

    first: Code
    first_is: Pole
    second: Code
    second_is: Pole
    for_hiring: Text
    for_person: Text


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
    """All narratives, questions and coaching actions, by scale; and what pairs of scales mean."""

    narratives: Mapping[str, Narratives]
    interviews: Mapping[str, Interview]
    coaching: Mapping[str, Coaching]
    combinations: tuple[Combination, ...]
    checksum: str
    others: Mapping[str, Wording] = Field(default={}, repr=False)  # the same in other languages, as far as they go
    translated_by: str = ""  # fingerprint of the texts that made it one of `others`

    def in_language(self, language: str) -> Wording:
        """Return the wording with all that can be shown in `language`; the rest is as it was written."""
        return self.others.get(language, self)

    def hiring(self, scale: str, band: Band) -> HiringNarrative:
        """Return what `band` of `scale` means for the hiring manager."""
        return self.narratives[scale].hiring[BANDS.index(band)]

    def person(self, scale: str, band: Band) -> PersonNarrative:
        """Return what `band` of `scale` means for the person."""
        return self.narratives[scale].person[BANDS.index(band)]

    def promoter(self, scale: str, band: Band) -> PromoterNarrative:
        """Return what `band` of `scale` means for a next role."""
        return self.narratives[scale].promoter[BANDS.index(band)]

    def coach(self, scale: str, band: Band) -> CoachNarrative:
        """Return how to work with a person in `band` of `scale`."""
        return self.narratives[scale].coach[BANDS.index(band)]

    def actions(self, scale: str) -> Mapping[str, Action]:
        """Return the library's actions on `scale` by their codes, in the order of their file."""
        return {f"{scale}.{number}": each for number, each in enumerate(self.coaching[scale].action, start=1)}

    def action(self, code: str) -> Action | None:
        """Return an action of the library; None where it has none of this code."""
        scale = code.rpartition(".")[0]
        return self.actions(scale).get(code) if scale in self.coaching else None

    def combination(self, positions: Mapping[str, Pole]) -> tuple[Combination, ...]:
        """Return what the scales of `positions`, each high or low, mean together."""
        return tuple(
            each
            for each in self.combinations
            if positions.get(each.first) == each.first_is and positions.get(each.second) == each.second_is
        )

    def questions(self, scale: str, direction: Direction) -> tuple[Question, ...]:
        """Return the questions that explore `scale` in `direction`."""
        return tuple(each for each in self.interviews[scale].question if each.direction == direction)
