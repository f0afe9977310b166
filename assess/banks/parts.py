"""The parts of an assessment beside the statements: triplets, company perspective, situations, proficiencies."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from assess.banks.content import Code, Content, Text, Told

Pole = Literal["high", "low"]
Chance = Annotated[float, Field(gt=0, le=1)]
Agreement = Annotated[float, Field(ge=1, le=5)]  # the mean of raters, five-point agreement
OptionLetter = Literal["a", "b", "c", "d"]
EFFECTIVENESS: tuple[int, ...] = (1, 2, 3, 4, 5)  # of a response to a situation, from not at all to very


class Part(StrEnum):
    """A section of an assessment, in which one kind of thing is asked."""

    STATEMENTS = "statements"
    TRIPLETS = "triplets"
    PERSPECTIVE = "perspective"
    SITUATIONS = "situations"
    VOCABULARY = "vocabulary"
    NUMERICAL = "numerical"


class Asked(NamedTuple):
    """What is asked on one page."""

    part: Part
    choices: Mapping[str, tuple[int, ...]]  # what may be answered, by the code that the answer is stored under


class Triplet(Content):
    """A best-worst block: three statements of three scales, of which a person is most like one and least like one."""

    code: Code
    statements: tuple[Code, Code, Code]


class Exposure(Content):
    """With what chance an adaptive attempt may have each statement, so that none is shown to too many; found once."""

    found_for: Text  # the fingerprint of what was simulated
    seed: int
    people: int
    alone: Mapping[Code, Chance]
    with_triplets: Mapping[Code, Chance]  # without the statements of the triplets, which nobody sees twice


class DefaultKey(Content):
    """What an ordinary company of the trade may hold, until an organisation's own raters have answered."""

    default_key: Mapping[Code, Agreement]


class PerspectiveStatement(Content):
    """A statement of policy or attitude on which reasonable companies differ."""

    code: Code
    theme: Code
    stem: Text
    trade_off: Text


class Theme(Told):
    """A subject of the company perspective."""

    code: Code
    name: Text
    measures: Text


class SituationResponse(Content):
    """Something that one could do, with the author's provisional key and what it shows."""

    code: OptionLetter
    text: Text
    effectiveness: float = Field(ge=1, le=5)
    shows: Code
    direction: Pole
    reason: Text


class Situation(Content):
    """A scene at work with four responses, each of which a person rates for effectiveness."""

    code: Code
    title: Text
    theme: Text
    text: Text
    response: tuple[SituationResponse, ...] = Field(min_length=4, max_length=4)

    @model_validator(mode="after")
    def _responses_are_a_to_d(self) -> Self:
        if [response.code for response in self.response] != ["a", "b", "c", "d"]:
            raise ValueError("the responses must be a, b, c, d, in this order")
        return self


class AbilityItem(Content):
    """A question with one right option; `key` counts the options from 1."""

    code: Code
    stem: Text
    options: tuple[Text, ...] = Field(min_length=4, max_length=5)
    key: int = Field(ge=1)
    location: float = Field(ge=-2, le=2)
    reason: Text

    @model_validator(mode="after")
    def _options_differ_and_hold_the_key(self) -> Self:
        if self.key > len(self.options):
            raise ValueError(f"the key {self.key} is none of the {len(self.options)} options")
        if len(set(self.options)) < len(self.options):
            raise ValueError("the options must differ")
        return self


class VocabularyItem(AbilityItem):
    """The meaning of a word, marked *so*, in a sentence of a letter or message."""

    word: Text

    @model_validator(mode="after")
    def _stem_marks_the_word(self) -> Self:
        if self.stem.count("*") != 2 or f"*{self.word}*" not in self.stem:
            raise ValueError(f"the stem must hold '*{self.word}*', and no other star")
        return self


class Proficiency(Content):
    """One version of the two proficiencies."""

    version: Text
    vocabulary: tuple[VocabularyItem, ...]
    numerical: tuple[AbilityItem, ...]
