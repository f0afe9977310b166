"""Puts statements together to best-worst blocks: three scales each, alike in desirability, half mixed in keying."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Sequence

from assess.banks.content import Keyed
from assess.banks.model import Bank, Statement
from assess.banks.parts import Triplet

# A 2-(6,3,2) design: each of six scales in five blocks, every two together in two.
DESIGN = ((0, 1, 2), (0, 1, 3), (0, 2, 4), (0, 3, 5), (0, 4, 5), (1, 2, 5), (1, 3, 4), (1, 4, 5), (2, 3, 4), (2, 3, 5))
COPIES = 3
MATCHED = 0.5  # desirability within a block lies this close together
STEPS = 60_000
Signs = list[tuple[Keyed, Keyed, Keyed]]


def triplets_of(bank: Bank, *, seed: int) -> tuple[Triplet, ...]:
    """
    Return thirty blocks of statements of the bank, none of them half of a marked pair.

    Every scale stands in fifteen blocks, every two scales together in six. Fourteen blocks are mixed in keying, seven
    of each scale's. Statements are matched on desirability and balanced over facets by simulated annealing.
    """
    rng = random.Random(f"{bank.edition} {seed}")  # noqa: S311 -- no secret
    scales = [scale.code for scale in bank.scales]
    blocks = [tuple(scales[at] for at in block) for block in DESIGN * COPIES]
    signs = _signs(blocks, rng)
    paired = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    pools: dict[tuple[str, Keyed], list[Statement]] = {}
    for item in bank.statements:
        if item.code not in paired:
            pools.setdefault((item.scale, item.keyed), []).append(item)
    slots: dict[tuple[str, Keyed], list[tuple[int, int]]] = {key: [] for key in pools}
    for block, (members, keys) in enumerate(zip(blocks, signs, strict=True)):
        for place, key in enumerate(zip(members, keys, strict=True)):
            slots[key].append((block, place))
    chosen = _matched(pools, slots, len(blocks), rng)
    order = rng.sample(range(len(blocks)), len(blocks))
    return tuple(
        Triplet.model_validate({"code": f"tri-{number:02}", "statements": rng.sample([i.code for i in chosen[at]], 3)})
        for number, at in enumerate(order, start=1)
    )


def _signs(blocks: Sequence[tuple[str, ...]], rng: random.Random) -> Signs:
    """Return the keying of every place: nearly half of the blocks mixed, + and - and mixed ones alike for all."""
    mixed: list[tuple[Keyed, Keyed, Keyed]] = [
        ("+", "+", "-"), ("+", "-", "+"), ("-", "+", "+"), ("-", "-", "+"), ("-", "+", "-"), ("+", "-", "-")
    ]  # fmt: skip
    alike: list[tuple[Keyed, Keyed, Keyed]] = [("+", "+", "+"), ("-", "-", "-")]
    half = (len(blocks) - 1) // 2
    places = rng.sample(range(len(blocks)), len(blocks))
    signs: Signs = [rng.choice(mixed if places[at] < half else alike) for at in range(len(blocks))]
    best = _unevenness(blocks, signs)
    while best > 0:
        changed = list(signs)
        at = rng.randrange(len(blocks))
        if rng.random() < 0.5:
            changed[at] = rng.choice(mixed if len(set(changed[at])) > 1 else alike)
        else:
            other = rng.randrange(len(blocks))
            changed[at], changed[other] = changed[other], changed[at]
        cost = _unevenness(blocks, changed)
        if cost <= best or rng.random() < math.exp((best - cost) / 2):
            signs, best = changed, cost
    return signs


def _unevenness(blocks: Sequence[tuple[str, ...]], signs: Signs) -> int:
    """Return by how much scales differ in their numbers of + and of mixed blocks; 0 where no fewer is possible."""
    plus: Counter[str] = Counter()
    mixed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for members, keys in zip(blocks, signs, strict=True):
        for scale, key in zip(members, keys, strict=True):
            total[scale] += 1
            plus[scale] += key == "+"
            mixed[scale] += len(set(keys)) > 1
    return sum(max(abs(2 * count[scale] - total[scale]) - 1, 0) for count in (plus, mixed) for scale in total)


def _matched(
    pools: dict[tuple[str, Keyed], list[Statement]],
    slots: dict[tuple[str, Keyed], list[tuple[int, int]]],
    n_blocks: int,
    rng: random.Random,
) -> list[list[Statement]]:
    """Return the statements of every block."""
    pools = {key: rng.sample(pool, len(pool)) for key, pool in pools.items()}
    for key, places in slots.items():
        if len(pools[key]) < len(places):
            raise ValueError(f"{len(pools[key])} statements of {key[0]} keyed {key[1]} are too few for {len(places)}")
    blocks = [[pools[key][0]] * 3 for key in itertools.islice(itertools.cycle(pools), n_blocks)]
    for key, places in slots.items():
        for (block, place), item in zip(places, pools[key], strict=False):
            blocks[block][place] = item
    keys = sorted(pools)
    for step in range(STEPS):
        heat = 0.3 * (1 - step / STEPS) ** 2 + 1e-6
        key = rng.choice(keys)
        pool, places = pools[key], slots[key]
        swap = rng.randrange(len(places)), rng.randrange(len(pool))
        before = _mismatch(blocks, places, swap)
        _exchange(blocks, pool, places, swap)
        change = _mismatch(blocks, places, swap) - before
        if change > 0 and rng.random() >= math.exp(-change / heat):
            _exchange(blocks, pool, places, swap)
    return blocks


def _exchange(
    blocks: list[list[Statement]], pool: list[Statement], places: Sequence[tuple[int, int]], swap: tuple[int, int]
) -> None:
    """Let two statements of a pool change places; those beyond the places stand in no block."""
    one, other = swap
    pool[one], pool[other] = pool[other], pool[one]
    for at in swap:
        if at < len(places):
            block, place = places[at]
            blocks[block][place] = pool[at]


def _mismatch(blocks: Sequence[Sequence[Statement]], places: Sequence[tuple[int, int]], swap: tuple[int, int]) -> float:
    """Return how unlike in desirability statements are in the blocks concerned, and how uneven the scale's facets."""
    total = 0.0
    for block in {places[at][0] for at in swap if at < len(places)}:
        values = [item.desirability for item in blocks[block]]
        spread = max(values) - min(values)
        total += spread**2 + 20 * max(spread - MATCHED, 0.0)
    scale = blocks[places[0][0]][places[0][1]].scale
    facets = Counter(item.facet for block in blocks for item in block if item.scale == scale)
    return total + 0.05 * sum(count**2 for count in facets.values())
