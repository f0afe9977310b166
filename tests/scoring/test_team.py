"""A team beside what its roles ask for."""

from __future__ import annotations

import pytest

from assess.psychometrics.standing import count_interval
from assess.scoring.perspective import Alignment, Difference
from assess.scoring.result import ScaleScore
from assess.scoring.team import Member, ThemeApart, complements, coverage, spread, themes_apart, widest
from tests.scoring.placed import SCALES, result, score_at, target


def member(*positions, low=4, high=7, role=True, weight=1):
    scores = [score_at(each, scale=scale) for each, scale in zip(positions, SCALES, strict=True)]
    asked = tuple(target(low, high, weight, scale) for scale in SCALES) if role else ()
    return Member(result(scores), asked)


def test_spread_is_refused_for_fewer_than_five_scores():
    team = [member(*[each] * 6) for each in (3.0, 9.0, 5.0, 4.0)]
    assert spread(team, "trust") is None
    assert spread([*team, Member(result([ScaleScore(scale, 1, 15) for scale in SCALES]), ())], "trust") is None
    assert spread([*team, member(*[6.0] * 6)], "trust") == (3.0, 4.0, 5.0, 6.0, 9.0)


def test_coverage_counts_verdicts_and_sums_chances():
    unscored = Member(result([ScaleScore(scale, 1, 15) for scale in SCALES]), member(*[5.0] * 6).targets)
    team = [member(*[5.5] * 6), member(*[7.5] * 6), member(*[1.0] * 6), member(*[10.0] * 6), unscored]
    team.append(member(*[5.5] * 6, role=False))
    found = coverage(team, "tact")
    assert (found.inside, found.unclear, found.below, found.above, found.missing) == (1, 1, 1, 1, 1)
    assert found.n == 4
    assert found.expected == pytest.approx(sum(each.gap("tact").inside for each in team[:4]))
    assert found.low <= found.expected <= found.high
    assert (found.is_shown, found.share) == (False, None)
    assert coverage([*team, member(*[5.5] * 6)], "tact").is_shown


def test_member_in_whose_role_a_scale_does_not_count_is_not_in_its_coverage():
    team = [member(*[5.5] * 6), member(*[10.0] * 6, weight=0), member(*[5.5] * 6)]
    found = coverage(team, "tact")
    assert (found.n, found.inside, found.above, found.missing) == (2, 2, 0, 0)


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        ([0.5] * 10, (5.0, 2, 8)),  # binomial table: P(X <= 1) = .011, P(X <= 2) = .055; symmetric above
        ([1.0, 1.0, 1.0], (3.0, 3, 3)),
        ([], (0.0, 0, 0)),
        ([0.02, 0.97], (0.99, 1, 1)),  # P(0) = .0294, P(1) = .951
    ],
)
def test_number_inside_has_the_exact_interval(chances, expected):
    assert count_interval(chances) == pytest.approx(expected)


def test_pair_complements_where_each_covers_what_the_other_lacks():
    one = member(10.0, 5.5, 5.5, 5.5, 5.5, 5.5)
    two = member(5.5, 5.5, 1.0, 5.5, 5.5, 5.5)
    only_covered = member(5.5, 5.5, 5.5, 1.0, 5.5, 10.0)
    covers_all = member(*[5.5] * 6)
    pairs = complements([one, covers_all, two])
    assert [(pair.first, pair.second, pair.scales) for pair in pairs] == [(0, 2, ("trust", "empathy"))]
    assert complements([covers_all, only_covered]) == ()
    assert complements([one, one]) == ()


def test_at_most_five_pairs_nobody_in_more_than_two_and_in_the_members_own_order():
    highs = [member(10.0, 5.5, 5.5, 5.5, 5.5, 5.5) for _ in range(6)]
    lows = [member(5.5, 5.5, 1.0, 5.5, 5.5, 5.5) for _ in range(6)]
    pairs = complements([*highs, *lows])
    everybody = [place for pair in pairs for place in (pair.first, pair.second)]
    assert len(pairs) == 5
    assert max(map(everybody.count, everybody)) <= 2
    assert [(pair.first, pair.second) for pair in pairs] == sorted((pair.first, pair.second) for pair in pairs)


def test_scale_that_does_not_count_makes_no_pair():
    one, two = member(10.0, *[5.5] * 5, weight=0), member(5.5, 1.0, *[5.5] * 4, weight=0)
    assert complements([one, two]) == ()


def test_widest_middle_half_comes_first_and_of_fewer_than_five_there_is_none():
    # middle halves by hand: trust 3 to 7, tact 5.3 to 5.7, empathy 5 to 5 in spite of one who is far off
    trust, tact, empathy = (1.0, 3.0, 5.0, 7.0, 9.0), (5.1, 5.3, 5.5, 5.7, 5.9), (10.0, 5.0, 5.0, 5.0, 5.0)
    team = [member(*each, 5.0, 5.0, 5.0) for each in zip(empathy, tact, trust, strict=True)]
    first, second, third = SCALES[:3]
    assert widest(team, SCALES)[:3] == (third, second, first)
    assert widest(team[:4], SCALES) == ()


def alignment(*codes, version=1, value=0.7):
    differences = tuple(Difference(code, 4, 1.0) for code in codes)
    return Alignment(version, 5, 40, 40, value, 0.6, 0.8, (), differences)


def test_themes_on_which_half_of_the_people_are_apart_are_told_each_person_once():
    theme_of = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"}
    people = [alignment("a1", "a2"), alignment("a2", "b1"), alignment("a1"), alignment("b1"), alignment("b1", "c1")]
    assert themes_apart(people, theme_of) == (ThemeApart("a", 3, 5), ThemeApart("b", 3, 5))
    assert themes_apart(people[:4], theme_of) == ()


def test_views_beside_another_key_or_without_a_value_do_not_count():
    theme_of = {"a1": "a"}
    newest = [alignment("a1", version=2) for _ in range(5)]
    older = [alignment("a1"), alignment("a1", version=None), alignment("a1", version=2, value=None)]
    assert themes_apart([*older, *newest], theme_of) == (ThemeApart("a", 5, 5),)
    assert themes_apart([*older, *newest[:4]], theme_of) == ()
