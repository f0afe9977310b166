"""
People who do not change are told of a change in about one of twenty cases, whatever forms they take.

With 600 people a rate of 5 % has a Monte-Carlo error of sqrt(.05 x .95 / 600) = .9 %; the bounds are three of them from
the ends of 4 to 6 %, so that a right rate leaves them less than once in a hundred seeds. The spread of differences in
units of their standard errors is known more exactly: 3,600 of them give it to 1.2 %. Long runs: `assess study change`.
"""

from __future__ import annotations

from math import sqrt

import pytest

from assess.scoring.change_studies import COURSES, change_figures, overlaps

N = 600


@pytest.fixture(scope="module")
def bank(registry):
    return registry.newest("general")


def bounds(low, high, n=N):
    return low - 3 * sqrt(low * (1 - low) / n), high + 3 * sqrt(high * (1 - high) / n)


OFTEN = "standard, then a parallel form"  # what most are asked: this course is simulated in every run of the tests


@pytest.mark.parametrize(
    "course", [each if each == OFTEN else pytest.param(each, marks=pytest.mark.thorough) for each in COURSES]
)
def test_false_alarms_are_about_one_in_twenty(bank, course):
    found = change_figures(bank, course, n_people=N, n_changing=1, seed=38)
    low, high = bounds(0.04, 0.06)
    assert low < found.any_alarm < high
    assert found.compared == 1
    assert 0.95 < found.error < 1.07  # the standard error of a difference says how far differences spread
    assert found.beyond > 0.2  # so many would be told of a change if six scales were looked at one by one


@pytest.mark.thorough
def test_with_parameters_as_wrong_as_assumed_the_widened_errors_are_neither_too_narrow_nor_too_wide(bank):
    found = change_figures(bank, "short, then a parallel form", n_people=N, n_changing=1, seed=39, known=False)
    low, high = bounds(0.04, 0.06)
    assert low < found.any_alarm < high
    assert 0.93 < found.error < 1.1  # six truths, so wider than chance alone; .85 with the whole factor


def test_forms_repeat_little_but_the_marked_pairs(registry):
    for each in registry.editions:
        for overlap in overlaps(each, n_people=4, seed=1):
            assert overlap.again <= 14, (each.edition, overlap)
            assert overlap.again >= 12  # the halves of six pairs
