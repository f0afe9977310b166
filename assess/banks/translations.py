"""Texts in other languages and how far each has come; of banks, what is whole in one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import StringConstraints

from assess.banks.content import Content, Text
from assess.banks.parts import AbilityItem, Part, PerspectiveStatement, Situation

if TYPE_CHECKING:
    from assess.banks.model import Bank, DirectedItem, Form, ImpressionStatement, ResponseFormat, Statement

C = TypeVar("C", bound=Content)
Unit = Mapping[str, str]  # texts that are shown together or not at all, by code
S = TypeVar("S", "Statement", "ImpressionStatement", "DirectedItem", PerspectiveStatement)


class State(StrEnum):
    """How far a translated text has come; each step includes the ones before."""

    DRAFT = "draft"  # translated by one person
    REVIEWED = "reviewed"  # compared with the original, on its own, by a second one who knows both languages
    CHECKED = "adapted-and-checked"  # answered by people of the language, and nothing speaks against its equivalence


USABLE = frozenset({State.REVIEWED, State.CHECKED})


class TranslatedText(Content):
    """One text; `of` begins the SHA-256 of the original that it translates."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.:-]*$", max_length=60)]
    of: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
    state: State
    text: Text


class Translated(Content):
    """Texts in one language, a file."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    source: Text
    text: tuple[TranslatedText, ...]

    @cached_property
    def usable(self) -> Mapping[str, str]:
        """The texts that people may be shown, by code."""
        return {each.code: each.text for each in self.text if each.state in USABLE}

    @cached_property
    def fingerprint(self) -> str:
        """What tells this translation from an earlier or a later one."""
        return fingerprint_of(self.usable)


class Translation(Translated):
    """The texts of one version of an edition."""

    edition: Text
    version: Text


def fingerprint_of(texts: Mapping[str, str]) -> str:
    """Return what tells these texts, by code, from an earlier or a later state of them."""
    return hashlib.sha256(repr(sorted(texts.items())).encode()).hexdigest()[:12]


def hash_of(text: str) -> str:
    """Return what a translation notes of the original `text`, so that a change of it is seen."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def told_in(language: str, code: str, content: C, names: tuple[str, ...], texts: Unit) -> C:
    """Return `content` in `language` if all of it is among `texts`, else as it is: half of it would help nobody."""
    if not texts_by_code(code, content, names).keys() <= texts.keys():
        return content
    said: dict[str, object] = {"language": language}
    for name in names:
        own = _codes(code, name, getattr(content, name))
        said[name] = texts[own] if isinstance(own, str) else tuple(texts[each] for each in own)
    return content.model_copy(update=said)


def texts_by_code(code: str, content: Content, names: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of `content` by code."""
    found: dict[str, str] = {}
    for name in names:
        value = getattr(content, name)
        own = _codes(code, name, value)
        found |= {own: value} if isinstance(own, str) else dict(zip(own, value, strict=True))
    return found


def _codes(code: str, name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Return the code of a text, or the codes of several, which are counted from 1."""
    own = f"{code}:{name.replace('_', '-')}"
    return own if isinstance(value, str) else tuple(f"{own}.{number}" for number in range(1, len(value) + 1))


def texts_of(bank: Bank) -> Mapping[str, str]:
    """Return every text of `bank` that can be translated, by code; a test of English words would be another test."""
    found = {item.code: item.stem for item in bank.items_by_code.values()}
    found |= {policy.code: policy.stem for policy in bank.perspective}
    for choices in bank.formats:
        found |= {f"format:{choices.code}:{option.value}": option.label for option in choices.option}
    for form in bank.forms:
        found |= {f"form:{form.code}:title": form.title, f"form:{form.code}:practice": form.practice}
    for scene in bank.situations:
        found |= {scene.code: scene.text, **{f"{scene.code}.{each.code}": each.text for each in scene.response}}
    for question in bank.proficiency.numerical if bank.proficiency else ():
        found[question.code] = question.stem
        found |= {f"{question.code}:{n}": option for n, option in enumerate(question.options, start=1)}
    return found


def is_whole(
    bank: Bank,
    texts: Mapping[str, str],
    form: str,
    parts: Collection[str],
    statements: Collection[str] | None = None,
) -> bool:
    """Whether `texts` hold all that people read in these parts; `statements` in place of those of the form."""
    if Part.VOCABULARY in parts:  # asks for English words
        return False
    return all(code in texts for part in parts for code in _read(bank, form, Part(part), statements))


def fields_in(bank: Bank, translation: Translation) -> dict[str, Any]:
    """Return the fields of `bank` that are others with the texts of `translation` in them."""
    texts = translation.usable
    found: dict[str, Any] = {
        "statements": _restated(bank.statements, texts),
        "impression": _restated(bank.impression, texts),
        "directed": _restated(bank.directed, texts),
        "perspective": _restated(bank.perspective, texts),
        "formats": tuple(_relabelled(choices, texts) for choices in bank.formats),
        "forms": tuple(_renamed(form, texts) for form in bank.forms),
        "situations": tuple(_retold(scene, texts) for scene in bank.situations),
    }
    if bank.proficiency is not None:
        numerical = tuple(_asked_anew(question, texts) for question in bank.proficiency.numerical)
        found["proficiency"] = bank.proficiency.model_copy(update={"numerical": numerical})
    return {**found, "language": translation.language, "translated_by": translation.fingerprint}


def _read(bank: Bank, form: str, part: Part, statements: Collection[str] | None) -> Iterator[str]:
    """Give the codes of what people read in `part`."""
    if part is Part.STATEMENTS:
        items = [bank.item(code) for code in statements or bank.form(form).items]
        yield from (f"form:{form}:practice", *(item.code for item in items))
        yield from _labels(bank, "agreement", *(item.format for item in items))
    elif part is Part.TRIPLETS:
        yield from (code for block in bank.triplets for code in block.statements)
    elif part is Part.PERSPECTIVE:
        yield from (*(policy.code for policy in bank.perspective), *_labels(bank, "agreement"))
    elif part is Part.SITUATIONS:
        for scene in bank.situations:
            yield from (scene.code, *(f"{scene.code}.{response.code}" for response in scene.response))
    elif part is Part.NUMERICAL:
        for question in bank.proficiency.numerical if bank.proficiency else ():
            yield from (question.code, *(f"{question.code}:{n}" for n in range(1, len(question.options) + 1)))


def _labels(bank: Bank, *formats: str) -> Iterator[str]:
    for code in dict.fromkeys(formats):
        yield from (f"format:{code}:{value}" for value in bank.formats_by_code[code].values)


def _restated(items: tuple[S, ...], texts: Mapping[str, str]) -> tuple[S, ...]:
    return tuple(item.model_copy(update={"stem": texts.get(item.code, item.stem)}) for item in items)


def _relabelled(choices: ResponseFormat, texts: Mapping[str, str]) -> ResponseFormat:
    labels = [texts.get(f"format:{choices.code}:{option.value}", option.label) for option in choices.option]
    options = zip(choices.option, labels, strict=True)
    return choices.model_copy(update={"option": tuple(each.model_copy(update={"label": to}) for each, to in options)})


def _renamed(form: Form, texts: Mapping[str, str]) -> Form:
    own = {"title": form.title, "practice": form.practice}
    return form.model_copy(update={name: texts.get(f"form:{form.code}:{name}", text) for name, text in own.items()})


def _retold(scene: Situation, texts: Mapping[str, str]) -> Situation:
    responses = tuple(
        each.model_copy(update={"text": texts.get(f"{scene.code}.{each.code}", each.text)}) for each in scene.response
    )
    return scene.model_copy(update={"text": texts.get(scene.code, scene.text), "response": responses})


def _asked_anew(question: AbilityItem, texts: Mapping[str, str]) -> AbilityItem:
    options = tuple(texts.get(f"{question.code}:{n}", option) for n, option in enumerate(question.options, start=1))
    return question.model_copy(update={"stem": texts.get(question.code, question.stem), "options": options})
