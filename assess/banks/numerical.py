"""Numerical items from templates: the key and the usual mistakes are computed, never typed."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, model_validator

from assess.banks.content import Code, Content, Text
from assess.banks.parts import AbilityItem

Unit = Literal["money", "number", "one-decimal", "percent", "minutes", "clock"]
Value = int | str  # a whole number; or a word of the stem, or a number with decimals, as "4.20"
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
AMOUNTS = frozenset({"money", "number", "percent", "minutes"})  # units of what is there, and so above 0
OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction | int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class Mistake(Content):
    """An answer that somebody reaches who goes wrong in one way."""

    value: Text
    what: Text


class NumericalValues(Content, extra="allow"):
    """One item of a template: what its names stand for, how hard it is, where the key stands."""

    code: Code
    location: float = Field(ge=-2, le=2)
    position: int = Field(ge=1, le=5)

    @property
    def names(self) -> Mapping[str, Value]:
        """What the names in stem and formulae stand for."""
        return self.model_extra or {}


class Template(Content):
    """A kind of numerical question with the formula of its key and those of its distractors."""

    code: Code
    stem: Text
    unit: Unit
    key: Text
    mistake: tuple[Mistake, ...] = Field(min_length=3, max_length=4)
    item: tuple[NumericalValues, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _every_item_can_be_made(self) -> Self:
        for values in self.item:
            self.made(values)
        return self

    def made(self, values: NumericalValues) -> AbilityItem:
        """Return the item; raise `ValueError` when its key is not exact, or two options are alike."""
        numbers = {name: Fraction(value) for name, value in values.names.items() if _is_number(value)}
        wrong = [evaluate(mistake.value, numbers) for mistake in self.mistake]
        key = evaluate(self.key, numbers)
        _refuse_what_is_not_so(values, (key, *wrong), self.unit)
        shown, right = [as_text(value, self.unit) for value in wrong], as_text(key, self.unit)
        if _rounded(key, self.unit) != key:
            raise ValueError(f"{values.code}: the key {key} is not exact in the unit {self.unit}")
        if values.position > len(shown) + 1:
            raise ValueError(f"{values.code}: there is no option {values.position}")
        options = [*shown[: values.position - 1], right, *shown[values.position - 1 :]]
        if len(set(options)) < len(options):
            raise ValueError(f"{values.code}: two options are alike: {', '.join(options)}")
        try:
            stem = self.stem.format(**values.names)
        except (KeyError, IndexError) as error:
            raise ValueError(f"{values.code}: the stem names {error}, which has no value") from None
        what = "; ".join(f"{option}: {each.what}" for option, each in zip(shown, self.mistake, strict=True))
        return AbilityItem(
            code=values.code,
            stem=stem,
            options=tuple(options),
            key=values.position,
            location=values.location,
            reason=f"{right} = {self.key}; {what}",
        )


def _refuse_what_is_not_so(values: NumericalValues, options: Iterable[Fraction], unit: Unit) -> None:
    """Raise `ValueError` for a time of the clock that no number agrees with, and for options that are no amount."""
    numbers = {Fraction(value) for value in values.names.values() if _is_number(value)}
    for name, value in values.names.items():
        clock = CLOCK.fullmatch(str(value))
        if clock is None:
            continue
        hours, minutes = map(int, clock.groups())
        if hours >= 24 or minutes >= 60:
            raise ValueError(f"{values.code}: {name} = '{value}' is no time of the day")
        if 60 * hours + minutes not in numbers:
            raise ValueError(
                f"{values.code}: {name} = '{value}' is {60 * hours + minutes} minutes after midnight, "
                "and no number of the item says so"
            )
    for option in options:
        if unit in AMOUNTS and _rounded(option, unit) <= 0:
            raise ValueError(f"{values.code}: the option {as_text(option, unit)} is not above 0")


def evaluate(formula: str, numbers: Mapping[str, Fraction]) -> Fraction:
    """Return what a formula of + - * / // % and brackets gives, exactly; raise `ValueError` for any other."""
    try:
        return _value(ast.parse(formula, mode="eval").body, numbers)
    except (SyntaxError, ZeroDivisionError):
        raise ValueError(f"the formula '{formula}' cannot be computed") from None
    except KeyError as error:
        raise ValueError(f"the formula '{formula}' names {error}, which is no number of the item") from None


def _value(node: ast.expr, numbers: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Fraction(str(value))
        case ast.Name(id=name):
            return numbers[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return Fraction(OPERATORS[type(op)](_value(left, numbers), _value(right, numbers)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, numbers)
    raise ValueError(f"'{ast.unparse(node)}' is not allowed in a formula")


def as_text(value: Fraction, unit: Unit) -> str:
    """Return a number as an option shows it; a clock counts minutes from midnight."""
    if unit == "clock":
        hours, minutes = divmod(int(_rounded(value, unit)), 60)
        return f"{hours % 24:02}:{minutes:02}"
    places = {"money": 2, "one-decimal": 1}.get(unit, 0)
    number = _decimal(value, places)
    words = {"percent": " %", "minutes": " minutes"}.get(unit, "")
    return f"{number:,}{words}".replace("-", "−")


def _rounded(value: Fraction, unit: Unit) -> Fraction:
    return Fraction(_decimal(value, {"money": 2, "one-decimal": 1}.get(unit, 0)))


def _decimal(value: Fraction, places: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _is_number(value: Value) -> bool:
    try:
        Fraction(value)
    except ValueError:
        return False
    return True
