"""What a bank consists of. Everything is frozen: a version's content never changes while it is in use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from assess.banks.content import ORIGINAL, Code, Content, Keyed, Text, Told
from assess.banks.names import names_in_other_languages
from assess.banks.parts import (
    EFFECTIVENESS,
    Asked,
    Exposure,
    Part,
    PerspectiveStatement,
    Proficiency,
    Situation,
    Theme,
    Triplet,
)
from assess.banks.translations import Translated, Translation, fields_in, is_whole


class ResponseOption(Content):
    """One choice with the value that stands for it."""

    value: int
    label: Text


class ResponseFormat(Content):
    """The choices shared by many items, in the order shown."""

    code: Code
    option: tuple[ResponseOption, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _values_rise_by_one(self) -> Self:
        if list(self.values) != list(range(self.values[0], self.values[0] + len(self.values))):
            raise ValueError("the values of the options must rise by one")
        return self

    @property
    def values(self) -> tuple[int, ...]:
        """The values in the order shown."""
        return tuple(option.value for option in self.option)

    def label(self, value: int) -> str:
        """Return the words of the choice with `value`."""
        return next(option.label for option in self.option if option.value == value)


class Facet(Told):
    """A part of a scale's meaning; statements are balanced over facets."""

    code: Code
    name: Text
    measures: Text


class Scale(Told):
    """A construct that a set of statements measures; neither end is the better one."""

    code: Code
    name: Text
    measures: Text
    low: Text
    high: Text
    low_serves: Text
    high_serves: Text
    facet: tuple[Facet, ...] = Field(min_length=1)


class Item(Content):
    """Anything that is shown as a statement with choices."""

    code: Code
    stem: Text
    format: Code = "agreement"


class Statement(Item):
    """A statement that measures a scale."""

    scale: Code
    facet: Code
    keyed: Keyed
    location: float = Field(ge=-2, le=2)
    desirability: float = Field(ge=1, le=5)


class ImpressionStatement(Item):
    """A statement that measures impression management: a virtue too good to be true, or a small sin denied."""

    keyed: Keyed
    location: float = Field(ge=-2, le=2)
    desirability: float = Field(ge=1, le=5)


class DirectedItem(Item):
    """A line that asks for one particular choice, to see whether it is read."""

    expected: int


class Pair(Content):
    """Two near-synonymous or near-antonymous statements; the second is given but not scored."""

    first: Code
    second: Code
    relation: Literal["same", "opposite"]


class Form(Content):
    """A fixed selection and order of items; or, when adaptive, the items that may be chosen from, in no order."""

    code: Code
    title: Text
    practice: Text
    adaptive: bool = False
    items: tuple[Code, ...] = Field(min_length=1)


class StartingParameters(Content):
    """Where the parameters of an uncalibrated bank come from; see `assess.scoring.parameters`."""

    version: Text
    source: Text
    slope: float = Field(gt=0)
    location_mean: float
    location_sd: float = Field(gt=0)
    judgement_weight: float = Field(gt=0)
    spacing: tuple[float, ...]
    sigma_scales: tuple[Code, ...]
    sigma: tuple[tuple[float, ...], ...]
    se_factor: float = Field(ge=1)
    se_factor_source: Text


class Bank(Content):
    """One version of an edition's whole content, the shared core included."""

    edition: Code
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    title: Text
    describes: Text
    status: Literal["draft", "published"]
    core_version: str
    checksum: str
    shared: frozenset[Code]  # the codes of core's statements
    scales: tuple[Scale, ...]
    formats: tuple[ResponseFormat, ...]
    statements: tuple[Statement, ...]
    impression: tuple[ImpressionStatement, ...]
    directed: tuple[DirectedItem, ...]
    pairs: tuple[Pair, ...]
    forms: tuple[Form, ...]
    triplets: tuple[Triplet, ...] = ()
    themes: tuple[Theme, ...] = ()
    perspective: tuple[PerspectiveStatement, ...] = ()
    situations: tuple[Situation, ...] = ()
    default_key: Mapping[Code, float] | None = None
    exposure: Exposure | None = None
    proficiency: Proficiency | None = None
    parameters: StartingParameters
    translations: tuple[Translation, ...] = ()
    language: str = ORIGINAL  # that its texts are in
    translated_by: str | None = None  # the translation's fingerprint
    names: tuple[Translated, ...] = ()  # of behaviours and themes, in other languages
    named_by: str = ""  # fingerprint of the names, where they are a translation
    named_from: Bank | None = Field(default=None, repr=False)  # the same in its own names

    @cached_property
    def items_by_code(self) -> Mapping[str, Item]:
        """Every item of the bank."""
        return {item.code: item for item in (*self.statements, *self.impression, *self.directed)}

    @cached_property
    def formats_by_code(self) -> Mapping[str, ResponseFormat]:
        """Every response format."""
        return {each.code: each for each in self.formats}

    @cached_property
    def unscored(self) -> frozenset[str]:
        """The second halves of the marked pairs."""
        return frozenset(pair.second for pair in self.pairs)

    @cached_property
    def fixed_forms(self) -> tuple[Form, ...]:
        """The forms in which everybody gets the same items."""
        return tuple(form for form in self.forms if not form.adaptive)

    def item(self, code: str) -> Item:
        """Return the item with `code`."""
        return self.items_by_code[code]

    def form(self, code: str) -> Form:
        """Return the form with `code`."""
        return next(form for form in self.forms if form.code == code)

    def scale(self, code: str) -> Scale:
        """Return the scale with `code`."""
        return next(scale for scale in self.scales if scale.code == code)

    @cached_property
    def asked(self) -> Mapping[str, Asked]:
        """Everything that a person may be asked, by its code."""
        agreement = self.formats_by_code["agreement"].values if "agreement" in self.formats_by_code else ()
        found = {
            item.code: Asked(Part.STATEMENTS, {item.code: self.formats_by_code[item.format].values})
            for item in self.items_by_code.values()
            if item.format in self.formats_by_code
        }
        for block in self.triplets:
            places = tuple(range(1, len(block.statements) + 1))
            found[block.code] = Asked(Part.TRIPLETS, {f"{block.code}.{end}": places for end in ("best", "worst")})
        for policy in self.perspective:
            found[policy.code] = Asked(Part.PERSPECTIVE, {policy.code: agreement})
        for scene in self.situations:
            choices = {f"{scene.code}.{response.code}": EFFECTIVENESS for response in scene.response}
            found[scene.code] = Asked(Part.SITUATIONS, choices)
        if self.proficiency is not None:
            for part, items in (
                (Part.VOCABULARY, self.proficiency.vocabulary),
                (Part.NUMERICAL, self.proficiency.numerical),
            ):
                for question in items:
                    choices = {question.code: tuple(range(1, len(question.options) + 1))}
                    found[question.code] = Asked(part, choices)
        return found

    def offers(self, code: str, value: int) -> bool:
        """Whether `value` is a choice of what is answered under `code`."""
        asked = self.asked.get(code.partition(".")[0])
        return asked is not None and value in asked.choices.get(code, ())

    def languages(
        self, form: str, parts: Collection[str], statements: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Return the languages in which people can be asked all of `parts`, the original one first."""
        texts = {each.language: each.usable for each in self.translations}
        whole = [each for each in texts if is_whole(self, texts[each], form, parts, statements)]
        return (ORIGINAL, *whole)

    def in_language(
        self, language: str, form: str, parts: Collection[str], statements: Collection[str] | None = None
    ) -> Bank:
        """
        Return the bank as people read it: in `language` if all of `parts` is there in it, else in the original.

        `statements` are those of a form put together for one person, in place of those of `form`.
        """
        if language == ORIGINAL or language not in self.languages(form, parts, statements):
            return self
        return self.translated[language]

    def named_in(self, language: str) -> Bank:
        """Return the bank with the names of its behaviours and themes in `language`, where all of them are there."""
        own = self.named_from or self
        return own.named.get(language, own)

    def is_named_in(self, language: str) -> bool:
        """Whether the names of behaviours and themes are those of `language`."""
        return all(scale.language == language for scale in self.scales)

    @cached_property
    def named(self) -> Mapping[str, Bank]:
        """The bank with its names in other languages, where they are whole."""
        own = {**{name: getattr(self, name) for name in type(self).model_fields}, "named_from": self}
        return {language: Bank.model_construct(**{**own, **told}) for language, told in names_in_other_languages(self)}

    @cached_property
    def translated(self) -> Mapping[str, Bank]:
        """The bank in other languages, as far as they go; for whom it is whole in them, see `in_language`."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return {each.language: Bank.model_construct(**{**own, **fields_in(self, each)}) for each in self.translations}
