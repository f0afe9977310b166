"""Change between two assessments of a person."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from assess.banks.registry import default_folder, read_all
from assess.scoring.parameters import starting_parameters
from assess.scoring.progress import Measured, Obstacle, change_since
from assess.scoring.score import score
from assess.scoring.simulated import Manner, statement_responses


@cache
def bank():
    return read_all(default_folder()).newest("general")


@cache
def taken(theta, seed, form="standard", *, skips=()):
    answers = statement_responses(bank(), theta, np.random.default_rng(seed), form=form, manner=Manner(skips=skips))
    return score(bank(), form, starting_parameters(bank()), answers, milliseconds={}), starting_parameters(bank())


def since(earlier, later):
    return change_since(Measured(*earlier), Measured(*later))


BEFORE = (0.0, -1.5, 0.5, 0.0, 0.0, 0.0)


def test_large_change_on_one_scale_is_found_there_and_nowhere_else():
    changes = since(taken(BEFORE, 1), taken((0.0, 1.8, 0.5, 0.0, 0.0, 0.0), 2))
    verdicts = {each.scale: each.verdict for each in changes}
    assert verdicts.pop("tact") == "reliably up"
    assert set(verdicts.values()) == {"no reliable change"}
    tact = next(each for each in changes if each.scale == "tact")
    assert tact.low < tact.difference < tact.high
    assert 4 < tact.difference < 9  # 3.3 latent standard deviations are 6.6 stens


def test_interval_of_a_change_is_wider_than_the_error_of_either_attempt():
    """The factor on provisional errors is in it, as in every band: the prior's removal alone would narrow it."""
    (first, given), (second, _) = taken(BEFORE, 1), taken(BEFORE, 3)
    for change, before, after in zip(since((first, given), (second, given)), first.scales, second.scales, strict=True):
        assert change.high - change.low > 2 * 1.96 * max(before.sem, after.sem)


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"edition": "retail"}, Obstacle.BANK),
        ({"bank_version": "0.1"}, Obstacle.BANK),
    ],
)
def test_other_questions_are_another_metric(changes, obstacle):
    first, given = taken(BEFORE, 1)
    assert since((replace(first, **changes), given), taken(BEFORE, 2)) is obstacle


def test_other_parameters_are_another_metric_even_under_the_same_name():
    first, given = taken(BEFORE, 1)
    assert since((first, replace(given, se_factor=1.9)), taken(BEFORE, 2)) is Obstacle.PARAMETERS


def test_answers_that_leave_the_level_open_are_not_compared():
    """As triplets alone do: every scale is certain beside the others, and nothing says how high they all stand."""
    first, given = taken(BEFORE, 1)
    directions = np.eye(6) - np.full((6, 6), 1 / 6)
    posterior = np.linalg.inv(np.linalg.inv(given.prior) + 8 * directions) * given.se_factor**2
    ipsative = replace(first, covariance=tuple(map(tuple, posterior.tolist())))
    assert since((ipsative, given), taken(BEFORE, 2)) is Obstacle.LEVEL


def test_scale_without_a_score_is_left_out_and_the_others_are_compared():
    changes = since(taken(BEFORE, 1), taken(BEFORE, 2, skips=("focus",)))
    assert {each.scale for each in changes if each.verdict is None} == {"focus"}
    assert next(each for each in changes if each.scale == "focus").difference is None
