"""What people who present themselves well gain in ratings, and in triplets of equally desirable statements."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats, Graded, Ints
from assess.psychometrics.studies.bank import N_SCALES, SIGMA, SLOPE, SimulatedBank, people, simulated_bank
from assess.psychometrics.studies.result import Study, at_most, reported
from assess.psychometrics.triplets import Triplets

PER_SCALE, STANDARD, N_BLOCKS = 40, 16, 30
NEUTRAL = 3.0  # of judgements of desirability from 1 to 5
POSITIVE, NEGATIVE = (3.8, 0.4), (3.15, 0.3)  # mean and SD of the desirability of agreeing, by keying
JUDGEMENT_SD = 0.15  # by which judges' means miss the desirability that people feel
MOTIVE, MOTIVE_SD = 2.0, 0.6  # by how much a point of desirability lifts the logit of agreement
RATIO = 0.5


class World(NamedTuple):
    """A bank and how desirable agreement with its statements is: felt, and judged."""

    bank: SimulatedBank
    felt: Floats
    judged: Floats


def faking(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare how far the same motive moves scores from ratings and scores from triplets.

    Parameters
    ----------
    seed : int
    quick : bool
        One bank, few people.

    Returns
    -------
    Study
    """
    rng = np.random.default_rng(seed)
    n_banks, n = (2, 300) if quick else (20, 1000)
    worlds = [_world(rng) for _ in range(n_banks)]
    matched, loose = ([_blocks(world, rng, matched=each) for world in worlds] for each in (True, False))
    ratings, triplets, unmatched = _shifts(worlds, matched, loose, n, rng, by_slope=False)
    figures = [
        reported("mean shift of rating scores, SD of theta", np.abs(ratings).mean()),
        reported("mean shift of triplet scores, SD of theta", np.abs(triplets).mean()),
        at_most("ratio", _ratio(triplets, ratings), RATIO),
        at_most("ratio for the scale that moves most", _ratio(triplets, ratings, most=True), RATIO),
        reported("ratio if the statements of triplets are not matched", _ratio(unmatched, ratings)),
    ]
    ratings, triplets, _ = _shifts(worlds, matched, loose, n, rng, by_slope=True)
    figures.append(reported("ratio, matched, if the motive lifts steep statements more", _ratio(triplets, ratings)))
    design = (
        f"{n_banks} banks of 240 statements, desirability of agreement as an author judged it (3.8 for +, 3.15 for -, "
        f"of 1 to 5); {n:,} people once honest, once lifting each statement by {MOTIVE:g} logits (SD {MOTIVE_SD:g} "
        f"between people) per point. {STANDARD} ratings per scale, or {N_BLOCKS} triplets, half of them mixed in "
        "keying, of statements judged alike. Shifts are freed of shrinkage. A property of the model, not evidence."
    )
    return Study("faking", "Faking in ratings and triplets", design, seed, tuple(figures))


def _shifts(
    worlds: list[World], matched: list[Ints], loose: list[Ints], n: int, rng: np.random.Generator, *, by_slope: bool
) -> tuple[Floats, Floats, Floats]:
    """Return how far ratings, matched and unmatched triplets move, each of shape (n_banks, n_scales)."""
    ratings = [_rating_shift(world, n, rng, by_slope=by_slope) for world in worlds]
    triplets, unmatched = (
        [_triplet_shift(world, own, n, rng, by_slope=by_slope) for world, own in zip(worlds, blocks, strict=True)]
        for blocks in (matched, loose)
    )
    return np.array(ratings), np.array(triplets), np.array(unmatched)


def _ratio(shifts: Floats, base: Floats, *, most: bool = False) -> float:
    """Return the mean shift, or that of the scale that moves most, in units of the mean shift of `base`."""
    by_scale = np.abs(shifts).mean(axis=0)
    return float((by_scale.max() if most else by_scale.mean()) / np.abs(base).mean())


def _world(rng: np.random.Generator) -> World:
    bank = simulated_bank(rng, PER_SCALE)
    mean, sd = (np.where(bank.keyed > 0, *each) for each in zip(POSITIVE, NEGATIVE, strict=True))
    felt = rng.normal(mean, sd)
    return World(bank, felt, felt + rng.normal(0.0, JUDGEMENT_SD, len(felt)))


def _lifted(world: World, theta: Floats, items: Ints, motive: Floats, *, by_slope: bool) -> Floats:
    """Return where people seem to stand to judge by each statement, shape (n_persons, n_items)."""
    bank = world.bank
    lift = motive[:, None] * (world.felt[items] - NEUTRAL) / (SLOPE if by_slope else bank.model.slopes[items])
    return np.asarray(theta[:, bank.model.scales[items]] + bank.keyed[items] * lift)


def _motives(n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return no motive at all, and one that differs between people."""
    return np.zeros(n), rng.normal(MOTIVE, MOTIVE_SD, n)


def _rating_shift(world: World, n: int, rng: np.random.Generator, *, by_slope: bool = False) -> Floats:
    """Return by how much ratings move with the motive, by scale."""
    items = world.bank.places(0, STANDARD)
    known = world.bank.model.take(items)
    each = Graded(known.slopes, known.intercepts, np.arange(len(items)), len(items))
    theta = people(rng, n)
    answers = [
        each.simulate(_lifted(world, theta, items, motive, by_slope=by_slope), rng) for motive in _motives(n, rng)
    ]
    return _shift(theta, *(map_estimate([(known, x)], sigma=SIGMA).theta for x in answers))


def _triplet_shift(world: World, blocks: Ints, n: int, rng: np.random.Generator, *, by_slope: bool = False) -> Floats:
    """Return by how much triplets move with the motive, by scale."""
    bank, items = world.bank, blocks.ravel()
    slopes = (bank.model.slopes / np.sqrt(2.0) * bank.keyed)[blocks]
    locations = (bank.keyed * bank.model.thresholds.mean(axis=1))[blocks]  # of the statements as written
    constants = -np.abs(slopes) * locations
    known = Triplets(slopes, constants, bank.model.scales[blocks], N_SCALES)
    each = Triplets(slopes, constants, np.arange(len(items)).reshape(blocks.shape), len(items))
    theta = people(rng, n)
    answers = [
        each.simulate(_lifted(world, theta, items, motive, by_slope=by_slope), rng) for motive in _motives(n, rng)
    ]
    return _shift(theta, *(map_estimate([(known, x)], sigma=SIGMA).theta for x in answers))


def _shift(theta: Floats, honest: Floats, lifted: Floats) -> Floats:
    """Return the mean shift of each scale in units of theta: estimates are shrunk, by the slope of the honest ones."""
    centred = theta - theta.mean(axis=0)
    slope = (centred * honest).mean(axis=0) / (centred**2).mean(axis=0)
    return np.asarray((lifted - honest).mean(axis=0) / slope)


def _blocks(world: World, rng: np.random.Generator, *, matched: bool) -> Ints:
    """Return blocks of statements of three scales each, half of them mixed in keying, shape (n_blocks, 3)."""
    sets = list(combinations(range(N_SCALES), 3))
    pairs = [each for place in range(10) for each in (sets[place], sets[-1 - place])]  # a set, and the other scales
    keying = ((1, 1, 1), (1, 1, -1), (-1, 1, -1), (1, 1, 1))
    between = (POSITIVE[0] + NEGATIVE[0]) / 2
    used = np.zeros(len(world.felt), dtype=bool)
    blocks = np.empty((N_BLOCKS, 3), dtype=int)
    for block in range(N_BLOCKS):
        ways = keying[block % 4]
        target = between if -1 in ways else POSITIVE[0]
        order = rng.permutation(3)
        for place, scale in enumerate(np.array(pairs[block % 20])[order]):
            fits = (world.bank.model.scales == scale) & (world.bank.keyed == ways[place]) & ~used
            distance = np.abs(world.judged - target) if matched else rng.random(len(used))
            chosen = int(np.where(fits, distance, np.inf).argmin())
            blocks[block, place], used[chosen] = chosen, True
            target = world.judged[chosen] if place == 0 else target
    return blocks
