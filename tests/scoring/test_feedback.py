"""What feedback from colleagues shows, by hand; and by brute force, that it shows nothing about fewer than three."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from itertools import combinations, combinations_with_replacement, product

import numpy as np
import pytest

from assess.banks.surveys import SeenBehaviour
from assess.scoring.feedback import (
    NOT_SEEN,
    SELF,
    SOURCES,
    TOGETHER,
    Gap,
    Summary,
    position,
    read,
    steps,
    stored,
    views,
)

TACT = [
    SeenBehaviour(code="a", scale="tact", pole="high", stem="Says it kindly."),
    SeenBehaviour(code="b", scale="tact", pole="low", stem="Says it at once."),
    SeenBehaviour(code="c", scale="tact", pole="low", stem="Says it in short."),
]


def sheet(value, *, unseen=()):
    """Return answers that place somebody at `value` on the scale: the low pole's behaviours are reversed."""
    said = {"a": value, "b": 6 - value, "c": 6 - value}
    return said | dict.fromkeys(unseen, NOT_SEEN)


def view(*sheets):
    return views(sheets, TACT, ["tact"])[0]


def test_behaviours_of_the_low_pole_are_reversed():
    # (4 + (6 - 2) + (6 - 1)) / 3 = 13 / 3
    assert position({"a": 4, "b": 2, "c": 1}, TACT) == pytest.approx(13 / 3)


def test_what_nobody_could_see_is_left_out_and_with_it_whoever_saw_less_than_two_thirds():
    assert position({"a": 4, "b": NOT_SEEN, "c": 1}, TACT) == pytest.approx(4.5)  # (4 + 5) / 2
    assert position({"a": 4, "b": NOT_SEEN, "c": NOT_SEEN}, TACT) is None
    assert position({}, TACT) is None


def test_five_of_a_kind_are_shown_with_mean_and_band():
    found = view(*(("colleagues", sheet(value)) for value in (2, 3, 3, 4, 4)), (SELF, sheet(5)))
    (seen,) = found.sources
    # mean 3.2, s = 0.8367, t(4; 0.975) = 2.7764: 3.2 ± 1.0389 = 2.161 to 4.239, widened to half points
    assert (seen.n, seen.mean, seen.low, seen.high) == (5, 3.2, 2.0, 4.5)
    assert found.own == 5.0
    assert found.gap == Gap(1.8, 0.5, 3.0)  # 5 - 4.5, 5 - 2
    assert found.gap.is_clear


def test_three_of_a_kind_are_shown_in_coarse_steps():
    found = view(*(("customers", sheet(value)) for value in (3, 3, 4)))
    # mean 3.333 to quarters; s = 0.5774, t(2; 0.975) = 4.3027: 3.333 ± 1.434 = 1.899 to 4.768, to whole points
    assert asdict(found.sources[0]) == {"source": "customers", "n": 3, "mean": 3.25, "low": 1.0, "high": 5.0}


def test_all_who_say_the_same_still_have_a_band():
    (seen,) = view(*[("led", sheet(3))] * 6).sources
    assert (seen.mean, seen.low, seen.high) == (3.0, 2.5, 3.5)


def test_difference_within_what_few_raters_leave_open_is_no_difference():
    found = view(*(("colleagues", sheet(value)) for value in (2, 3, 4)), (SELF, sheet(4)))
    assert found.gap.value == 1.0
    assert not found.gap.is_clear


def test_two_of_a_kind_are_not_shown():
    found = view(("colleagues", sheet(2)), ("colleagues", sheet(4)), (SELF, sheet(3)))
    assert (found.sources, found.pooled, found.others, found.gap) == ((), None, None, None)


def test_manager_beside_three_colleagues_is_in_no_figure():
    colleagues = [("colleagues", sheet(value)) for value in (2, 3, 4)]
    alone, beside = view(*colleagues), view(*colleagues, ("manager", sheet(5)))
    assert stored([alone]) == stored([beside])


def test_small_sources_are_put_together_if_they_are_three_people():
    found = view(("manager", sheet(5)), ("customers", sheet(3)), ("customers", sheet(4)))
    assert found.sources == ()
    assert (found.pooled.source, found.pooled.n, found.pooled.mean) == (TOGETHER, 3, 4.0)


def test_person_is_none_of_the_others():
    found = view((SELF, sheet(5)), ("manager", sheet(3)), ("customers", sheet(4)))
    assert found.others is None


def test_summary_is_json_and_comes_back_as_it_was():
    found = views([("led", sheet(3))] * 4 + [("manager", sheet(1))] * 3 + [(SELF, sheet(2))], TACT, ["tact", "focus"])
    summary = Summary("2026-06-01", "2026-06-22", 7, 6, found)
    assert read(json.loads(json.dumps(asdict(summary)))["scales"]) == found
    assert read(json.loads(json.dumps(stored(found)))) == found


def test_number_who_have_answered_is_told_in_steps_of_three():
    assert [steps(n) for n in range(8)] == [0, 0, 0, 3, 3, 3, 6, 6]


def shown(sheets):
    """Return every figure that is shown of a scale, with how many are in it."""
    found = view(*sheets)
    figures = {("source", each.source): each for each in found.sources}
    figures |= {("pooled", ""): found.pooled} if found.pooled else {}
    return figures | ({("others", ""): found.others} if found.others else {})


def memberships(sources, unseen):
    """Return, for each figure, of whom it is: found by changing each sheet and looking what changes."""
    gaps = [("a", "b") if lacks else () for lacks in unseen]
    low = [(source, sheet(1, unseen=gap)) for source, gap in zip(sources, gaps, strict=True)]
    before = shown(low)
    rows = {name: np.zeros(len(sources)) for name in before}
    for i, source in enumerate(sources):
        changed = [*low]
        changed[i] = (source, sheet(5, unseen=gaps[i]))
        after = shown(changed)
        assert after.keys() == before.keys()  # what is shown depends on who has answered, not on what
        for name in before:
            rows[name][i] = after[name].mean != before[name].mean
    for name, row in rows.items():
        assert row.sum() == before[name].n
    return np.array([*rows.values()]).reshape(len(rows), len(sources))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_no_sum_and_no_difference_of_figures_is_about_fewer_than_three(n):
    """Of every small round, whoever has seen too little: no combination of figures hangs on one or two raters alone."""
    seen = set()
    for sources in combinations_with_replacement(SOURCES, n):
        for unseen in product((False, True), repeat=n):
            rows = memberships(sources, unseen)
            if rows.tobytes() in seen:
                continue
            seen.add(rows.tobytes())
            rank = np.linalg.matrix_rank(rows) if rows.size else 0
            for few in [*combinations(range(n), 1), *combinations(range(n), 2)]:
                theirs = np.eye(n)[list(few)]
                assert np.linalg.matrix_rank(np.vstack([rows, theirs])) == rank + len(few), (sources, unseen, few)


def test_rater_more_is_in_a_figure_of_three_or_in_none():
    """Two rounds that differ by one rater are different rounds; within one, no source changes another's figures."""
    colleagues = [("colleagues", sheet(value)) for value in (2, 3, 4)]
    for source in SOURCES[2:]:
        assert shown(colleagues).items() <= shown([*colleagues, (source, sheet(5))]).items()


@pytest.mark.parametrize(("n", "share"), [(3, 0.0), (4, 0.0), (5, 0.0005)])
def test_what_each_of_few_has_said_does_not_follow_from_mean_and_band(n, share):
    """
    Of all that so few raters can say, next to nothing is the only way to come to the figures that are shown.

    From the exact mean and band of three, 430 of the 969 sets of places could be worked out.
    """
    reached = defaultdict(list)
    places = sorted({total / 3 for total in range(3, 16)} | {total / 2 for total in range(2, 11)})
    for said in combinations_with_replacement(places, n):
        from_places = _from_places(said)
        reached[from_places].append(said)
    alone = sum(len(sets) == 1 for sets in reached.values())
    assert alone <= share * sum(map(len, reached.values()))


def _from_places(said):
    behaviours = [SeenBehaviour(code=f"x{i}", scale="tact", pole="high", stem="x") for i in range(6)]
    sheets = []
    for place in said:  # six behaviours reach every third and every half
        total = round(place * 6)
        sheets.append(("colleagues", {f"x{i}": total // 6 + (i < total % 6) for i in range(6)}))
    (seen,) = views(sheets, behaviours, ["tact"])[0].sources
    return seen.mean, seen.low, seen.high
