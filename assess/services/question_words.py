"""What a person read on the page of a question: its text, and the words of each choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assess.banks.model import Bank
from assess.banks.parts import EFFECTIVENESS, AbilityItem, Part

LEGENDS = {"best": "Most like me", "worst": "Least like me"}
EFFECTIVENESS_LABELS = ("Not at all", "Hardly", "Partly", "Well", "Very well")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a question asks for, by the code that it is stored under."""

    legend: str  # what it is about, where a question asks for several
    labels: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was shown."""

    part: Part
    text: str
    choices: Mapping[str, Choice]


def question(bank: Bank, code: str) -> Question:
    """Return the words of the question with `code`."""
    asked = bank.asked[code]
    if asked.part is Part.STATEMENTS:
        item = bank.item(code)
        return Question(asked.part, item.stem, {code: Choice("", _labels(bank, item.format))})
    if asked.part is Part.TRIPLETS:
        block = next(each for each in bank.triplets if each.code == code)
        stems = {place: bank.item(each).stem for place, each in enumerate(block.statements, start=1)}
        choices = {f"{code}.{end}": Choice(legend, stems) for end, legend in LEGENDS.items()}
        return Question(asked.part, " / ".join(stems.values()), choices)
    if asked.part is Part.PERSPECTIVE:
        policy = next(each for each in bank.perspective if each.code == code)
        return Question(asked.part, policy.stem, {code: Choice("", _labels(bank, "agreement"))})
    if asked.part is Part.SITUATIONS:
        scene = next(each for each in bank.situations if each.code == code)
        labels = dict(zip(EFFECTIVENESS, EFFECTIVENESS_LABELS, strict=True))
        choices = {f"{code}.{each.code}": Choice(each.text, labels) for each in scene.response}
        return Question(asked.part, scene.text, choices)
    found = _ability(bank, code)
    return Question(asked.part, found.stem, {code: Choice("", dict(enumerate(found.options, start=1)))})


def _labels(bank: Bank, code: str) -> Mapping[int, str]:
    return {option.value: option.label for option in bank.formats_by_code[code].option}


def _ability(bank: Bank, code: str) -> AbilityItem:
    assert bank.proficiency is not None  # noqa: S101 -- its codes come from there
    items: tuple[AbilityItem, ...] = (*bank.proficiency.vocabulary, *bank.proficiency.numerical)
    return next(each for each in items if each.code == code)
