"""Numerical items are computed from templates, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import ValidationError

from assess.banks.numerical import Template, as_text, evaluate

CHANGE = {
    "code": "change",
    "stem": "A customer buys {n} {things} at {price} each and pays with {paid}. How much change is due?",
    "unit": "money",
    "key": "paid - n * price",
    "mistake": [
        {"value": "paid - price", "what": "pays for one only"},
        {"value": "n * price", "what": "stops at the price"},
        {"value": "paid - (n - 1) * price", "what": "leaves one out"},
    ],
    "item": [
        {"code": "num-1", "location": -1, "position": 2, "n": 3, "things": "cups", "price": "4.20", "paid": 20},
    ],
}


def change(**of_item):
    return {**CHANGE, "item": [{**CHANGE["item"][0], **of_item}]}


def test_the_key_is_computed_and_stands_where_it_is_told():
    template = Template.model_validate(CHANGE)
    (item,) = map(template.made, template.item)
    assert item.stem == "A customer buys 3 cups at 4.20 each and pays with 20. How much change is due?"
    assert item.options == ("15.80", "7.40", "12.60", "11.60")  # 20 - 4.20; 20 - 3 x 4.20; 3 x 4.20; 20 - 2 x 4.20
    assert item.key == 2
    assert "15.80: pays for one only" in item.reason


def test_a_clock_agrees_with_a_number_and_points_may_be_none():
    assert Template.model_validate(change(start="09:50", came=590)).item[0].names["came"] == 590
    points = {**CHANGE, "unit": "one-decimal", "key": "n - 3"}
    assert Template.model_validate(points)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0.1 + 0.2", Fraction(3, 10)),
        ("a / b * b", 7),
        ("-a + 10", 3),
        ("a // b", 2),
        ("a % b", 1),
        ("(a + b) * 1.5", 15),
    ],
)
def test_formulae_are_exact(formula, value):
    assert evaluate(formula, {"a": Fraction(7), "b": Fraction(3)}) == value


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("a **", "cannot be computed"),
        ("a / 0", "cannot be computed"),
        ("a + c", "names 'c', which is no number"),
        ("a ** b", "is not allowed"),
        ("__import__('os')", "is not allowed"),
        ("a if a else b", "is not allowed"),
        ("'a'", "is not allowed"),
        ("True", "is not allowed"),
    ],
)
def test_other_formulae_are_refused(formula, message):
    with pytest.raises(ValueError, match=message):
        evaluate(formula, {"a": Fraction(7), "b": Fraction(3)})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction(5, 2), "money", "2.50"),
        (Fraction(12345), "number", "12,345"),
        (Fraction(1, 3), "one-decimal", "0.3"),
        (Fraction(25), "percent", "25 %"),
        (Fraction(90), "minutes", "90 minutes"),
        (Fraction(870), "clock", "14:30"),
        (Fraction(24 * 60 + 5), "clock", "00:05"),
        (Fraction(-3), "number", "−3"),
        (Fraction(1, 200), "money", "0.01"),  # half a cent is rounded up
    ],
)
def test_numbers_are_shown_in_their_unit(value, unit, text):
    assert as_text(value, unit) == text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (change(price="4.205"), "num-1: the key 1477/200 is not exact in the unit money"),
        (change(paid="12.60", price="4.20", n=1), "num-1: two options are alike"),
        (change(position=5), "num-1: there is no option 5"),
        ({**CHANGE, "stem": "{n} {things} at {cost} with {paid}?"}, "num-1: the stem names 'cost', which has no value"),
        (change(paid=10), "num-1: the option −2.60 is not above 0"),
        (change(paid="12.60"), "num-1: the option 0.00 is not above 0"),
        ({**CHANGE, "unit": "number", "key": "n - 8"}, "num-1: the option −5 is not above 0"),
        (change(start="09:50", came=591), "start = '09:50' is 590 minutes after midnight, and no number"),
        (change(start="9:05", came=590), "start = '9:05' is 545 minutes after midnight, and no number"),
        (change(start="24:10", came=1450), "start = '24:10' is no time of the day"),
        (change(start="09:70", came=610), "start = '09:70' is no time of the day"),
        ({**CHANGE, "key": "paid - sum"}, "names 'sum', which is no number of the item"),
    ],
)
def test_templates_that_make_no_sound_item_are_refused(template, message):
    with pytest.raises(ValidationError, match=message):
        Template.model_validate(template)
