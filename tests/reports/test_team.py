"""The team report: distributions without names, what roles ask for, pairs, and topics for an hour."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape

import comparisons
import pytest
import report_people as people
import rosters
from pypdf import PdfReader
from report_documents import pdf

from assess.errors import NotScorable
from assess.scoring.result import ScaleScore
from reports.document import to_html
from reports.kinds import build_team
from reports.roster_numbers import team_numbers
from reports.sections.team import TeamOverview
from reports.sections.team_hour import TeamHour
from reports.sections.team_pairs import TeamPairs
from reports.sections.team_spread import TeamSpread

SEVEN = rosters.team(7)


def words(document) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", to_html(document))).split())


def test_distribution_has_no_names_and_is_refused_for_fewer_than_five():
    spread = TeamSpread.build(SEVEN)
    assert all("n = 7" in scale.drawing for scale in spread.scales)
    assert not any(name in str(scale.drawing) for scale in spread.scales for name in comparisons.NAMES)
    assert TeamSpread.build(rosters.team(4)).scales == ()
    said = words(build_team(rosters.team(4)))
    assert "With fewer than 5 somebody could be picked out, so no distribution is shown." in said


def test_scale_that_too_few_have_a_score_on_is_not_drawn():
    members = tuple(
        replace(member, result=people.incomplete_result()) if i < 3 else member
        for i, member in enumerate(SEVEN.members)
    )
    drawn = {scale.name: bool(scale.drawing) for scale in TeamSpread.build(replace(SEVEN, members=members)).scales}
    assert drawn == {
        "Trust": True, "Tact": True, "Empathy": False, "Conformity": False, "Focus": False, "Flexibility": False,
    }  # fmt: skip


def test_coverage_has_an_expected_number_with_its_interval_and_counts():
    lines = TeamOverview.build(SEVEN).coverage
    for line in lines:
        assert re.fullmatch(r"\d\.\d of 7", line.expected)
        assert sum(map(int, line.counts)) == 7
        assert "90 % interval" in line.drawing


@pytest.mark.parametrize("n", [2, 3, 4])
def test_no_number_on_the_whole_is_shown_of_fewer_than_five(n):
    """Who knows three of four knows the fourth's; and four even chances have the interval from none to all."""
    few = replace(SEVEN, members=SEVEN.members[:n])
    assert TeamOverview.build(few).coverage == ()
    said = words(build_team(few))
    assert f"Members with a result and a noted role: {n}. With fewer than 5 a number would be about" in said
    assert "expected inside" not in said.lower().replace("“expected inside”", "").partition("technical note")[0]
    assert TeamHour.build(few).topics == ()
    assert all(scale["coverage"] is None for scale in team_numbers(few)["scales"])


def test_members_without_a_role_do_not_make_up_the_five():
    members = tuple(replace(member, role=None) if i > 3 else member for i, member in enumerate(SEVEN.members))
    assert TeamOverview.build(replace(SEVEN, members=members)).coverage == ()


def test_scale_that_counts_for_four_of_seven_alone_has_no_number():
    members = tuple(_without_tact(member) if i > 3 else member for i, member in enumerate(SEVEN.members))
    lines = {str(line.name): line for line in TeamOverview.build(replace(SEVEN, members=members)).coverage}
    assert (lines["Tact"].expected, lines["Tact"].counts, lines["Tact"].drawing) == ("–", (), "")
    assert lines["Trust"].expected.endswith(" of 7")


def _without_tact(member):
    targets = tuple(
        each.model_copy(update={"weight": 0}) if each.scale == "tact" else each for each in member.role.targets
    )
    return replace(member, role=replace(member.role, targets=targets))


def test_range_is_named_only_where_all_have_one_role():
    assert {line.asked for line in TeamOverview.build(SEVEN).coverage} == {""}
    role = rosters.role("front-desk")
    together = replace(SEVEN, members=tuple(replace(member, role=role) for member in SEVEN.members))
    assert [line.asked for line in TeamOverview.build(together).coverage][:2] == ["5 to 8", "6 to 8"]


def test_team_without_roles_says_what_to_do():
    alone = replace(SEVEN, members=tuple(replace(member, role=None) for member in SEVEN.members))
    said = words(build_team(alone))
    assert "No role is noted, for the team or for a member" in said
    assert "Without a role there are no gaps" in said
    assert TeamHour.build(alone).topics == ()


def test_pair_is_named_with_what_it_covers_and_not_with_who_lacks_it():
    (pair,) = TeamPairs.build(SEVEN).pairs
    who, what = map(str, pair)
    assert who.count(" and ") == 1
    assert what == "Tact and Empathy"


def test_hour_takes_the_behaviours_that_the_fewest_cover():
    coverage = {line.name: float(line.expected.split()[0]) for line in TeamOverview.build(SEVEN).coverage}
    topics = [str(topic.name) for topic in TeamHour.build(SEVEN).topics]
    assert topics == sorted(coverage, key=coverage.__getitem__)[:2]
    assert all(topic.statement for topic in TeamHour.build(SEVEN).topics)


def test_members_without_a_role_and_careless_answers_are_counted_and_nobody_is_named_for_it():
    first, second, *others = SEVEN.members
    careless = replace(second, result=replace(second.result, flags=(comparisons.FLAGS[1],)))
    notes = TeamOverview.build(replace(SEVEN, members=(replace(first, role=None), careless, *others))).notes
    assert notes == (
        "Members without a noted role, who are not in the table above: 1.",
        "Members whose answers may not describe them: 1.",
    )


def test_numbers_say_no_more_than_the_report():
    few, many = team_numbers(rosters.team(4)), team_numbers(SEVEN)
    assert all(scale["stens"] is None and scale["coverage"] is None for scale in few["scales"])
    assert all(sum(scale["stens"]) == 7 for scale in many["scales"])
    assert many["left_out"] == {"no result": 1, "other ground": 1}
    assert many["pairs"][0]["scales"] == ["tact", "empathy"]


def test_nothing_is_made_of_a_team_without_any_score():
    empty = replace(people.result(), scales=tuple(ScaleScore(each.scale, 1, 15) for each in people.result().scales))
    with pytest.raises(NotScorable, match="no member has answered enough"):
        build_team(replace(SEVEN, members=tuple(replace(member, result=empty) for member in SEVEN.members)))


def test_paper_holds_everything_in_order():
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf("team"))).pages]
    text = " ".join(pages)
    titles = (
        "What the roles ask for",
        "Who is included",
        "How the team spreads",
        "Pairs that",
        "Topics for a team hour",
    )
    found = [text.index(title) for title in titles]
    assert found == sorted(found)
    assert all("SIMULATED PEOPLE" in page for page in pages)
    assert "It is no ground for a decision on a member." in " ".join(pages[0].split())
