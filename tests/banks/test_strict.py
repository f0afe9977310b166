"""What is to be published keeps the strict rules; every rule names what breaks it."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from dataclasses import replace

import pytest
from click.testing import CliRunner

from assess.banks.language import matches
from assess.banks.loader import read_bank
from assess.banks.neighbours import neighbours
from assess.banks.registry import default_folder, read_all
from assess.banks.rules import Allowed, HighRange, read_rules
from assess.banks.strict import strict_problems, triplets_are_matched
from assess.banks.strict_language import subjects_are_kept_out
from assess.banks.strict_shared import shared_problems
from assess.cli import main

EDITIONS = ["general", "healthcare", "finance", "retail", "hospitality"]
STATEMENTS = "general/1.0/statements/trust.toml"
TRIPLETS = "general/1.0/triplets.toml"
SITUATIONS = "general/1.0/situations.toml"
SHORT = "general/1.0/forms.toml"
VALIDITY = "core/1.0/validity.toml"
FAMILIES = "patterns/families.toml"


@pytest.fixture(scope="module")
def rules():
    return read_rules(default_folder())


def problems_of(folder, rules, edition="general"):
    bank, reader = read_bank(folder / edition / "1.0")
    assert bank is not None, reader.problems
    return strict_problems(bank, reader.places, rules)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_keeps_the_strict_rules(rules, edition):
    assert problems_of(default_folder(), rules, edition) == []


def test_what_all_share_keeps_the_strict_rules(registry, rules):
    assert shared_problems(registry, rules) == []


def test_six_hundred_and_twenty_four_statements(registry):
    banks = [registry.newest(edition) for edition in EDITIONS]
    assert len({item.code for bank in banks for item in bank.statements}) == 624
    assert len({item.stem for bank in banks for item in bank.statements}) == 624
    assert {len(bank.shared) for bank in banks} == {144}


def change(folder, file, old, new, count=1):
    toml = folder / file
    text = toml.read_text(encoding="utf-8")
    assert re.search(old, text), f"{file} does not hold {old}"
    toml.write_text(re.sub(old, new, text, count=count), encoding="utf-8")


def restem(stem):
    """How to give the edition's first statement another stem."""
    return r'(code = "gen-tru-gf7"\nfacet = .*\nkeyed = .*\nstem = ).*', rf'\1"{stem}"'


@pytest.mark.parametrize(
    ("file", "change_to", "message"),
    [
        (STATEMENTS, (r'(?s)\[\[statement\]\](?:(?!\[\[).)*$', ""), "6 shared and 3 own statements"),
        (STATEMENTS, restem("I always believe a message from a customer."), "the absolute word 'always'"),
        (STATEMENTS, restem("I do not think that no message is true."), "negates twice: not, no"),
        (STATEMENTS, restem("A message asks for individualized consideration by me."),
         "the long word 'individualized'"),
        (STATEMENTS, restem("I trust a message from a young customer."), "touches age ('young')"),
        (STATEMENTS, restem("I tend to see the good in people."), "names nothing of its trade"),
        (STATEMENTS, restem("When a customer's story sounds odd, I assume an honest reason."),
         "'gen-tru-gf7' is too close to 'tru-gf1'"),
        ("general/1.0/forms.toml", (r'code = "short"', 'code = "brief"'), "there is no form 'short'"),
        (TRIPLETS, (r'(?s)\[\[triplet\]\].*?\n\n', ""), "29 triplets; 30 are needed"),
        (TRIPLETS, (r'statements = \["[^"]*"', 'statements = ["tru-cr2"'), "half of a marked pair"),
        (TRIPLETS, (r'statements = \["[^"]*"', 'statements = ["gen-emp-at7"'),
         "has 'gen-emp-at7', which stands in a triplet, too"),
        ("core/1.0/perspective.toml", (r'theme = "leadership"', 'theme = "commerce"'),
         "3 statements of the theme 'leadership'"),
        (SITUATIONS, (r'effectiveness = [45]\.\d', "effectiveness = 3.9"), "the best response needs 4.0"),
        ("core/1.0/pairs.toml", (r'(?s)\[\[pair\]\].*?\n\n', ""), "5 marked pairs; one of each scale is needed"),
        (VALIDITY, ("expected = 4", "expected = 5"), "'dir-1' asks for 'Agree', which is 4, but expects 5"),
        (VALIDITY, ("'Strongly agree'", "the last one"), "'dir-3' must name one choice of its format"),
        (VALIDITY, ("'Disagree'", "'Disagree', not 'Agree'"), "in quotation marks, and names 2"),
        (VALIDITY, ("I like every person", "Each of them is like a sister to me, every person"),
         "'imp-03' touches sex-and-family ('sister')"),
        (VALIDITY, ("I like every person I have", "Every person is good who has"),
         "'imp-03' is not in the first person"),
        (STATEMENTS, (r'"gen-tru-gf7"', '"own-tru-gf7"'), "'own-tru-gf7' must begin with 'gen-'"),
        ("general/1.0/perspective.toml", (r'"gen-per-01"', '"own-per-01"'), "'own-per-01' must begin with 'gen-'"),
        (SITUATIONS, (r'"gen-sit-01"', '"own-sit-01"'), "'own-sit-01' must begin with 'gen-'"),
        (SHORT, (r'(?s)(code = "short".*?)  "imp-01",\n', r"\1"),
         "'short' has 5 impression-management statements; 6 are needed"),
        (SHORT, (r'(?s)(code = "short".*?)  "dir-1",\n', r"\1"), "'short' has 2 directed items; 3 are needed"),
        (STATEMENTS, restem("I would like every message to be true."), "the absolute word 'every'"),
        (STATEMENTS, restem("I constantly read a message twice."), "the absolute word 'constantly'"),
        (STATEMENTS, restem("I would hand a parcel to anyone who asks."), "the absolute word 'anyone'"),
        (STATEMENTS, restem("There is no one whose message I would doubt."), "the absolute word 'no one'"),
        (STATEMENTS, restem("I call each message 'entirely' true."), "the absolute word 'entirely'"),
        (STATEMENTS, restem("I don’t trust a message that I can't check."), "negates twice: don’t, can't"),
        (STATEMENTS, restem("I trust neither a message nor a caller."), "negates twice: neither, nor"),
        (STATEMENTS, restem("I couldn't act on a message before I check it."),
         "is keyed - and negates ('couldn't')"),
        (STATEMENTS, restem("I hardly trust a message from a caller."), "is keyed - and negates ('hardly')"),
        (STATEMENTS, restem("People trust a message from a caller."), "'gen-tru-gf7' is not in the first person"),
        (STATEMENTS, restem("I like to see the good in a customer or a colleague."), "names nothing of its trade"),
        (STATEMENTS, restem("I listen when people talk about their work."), "names nothing of its trade"),
        (STATEMENTS, restem("I trust a message from a deaf caller."), "touches health ('deaf')"),
        (STATEMENTS, restem("I trust a message from a Muslim caller."), "touches belief ('Muslim')"),
        (STATEMENTS, restem("I trust a message from a parent."), "touches sex-and-family ('parent')"),
        ("general/1.0/perspective.toml", (r'stem = "', 'stem = "With cancer, '), "touches health ('cancer')"),
        ("general/1.0/forms.toml", (r'practice = ".*"', 'practice = "I like a church that is close to a window."'),
         "'adaptive' touches belief ('church')"),
        (SITUATIONS, (r"A customer comes for a dark", "A Jewish woman comes for a dark"),
         "'gen-sit-01' touches sex-and-family ('woman')"),
        (SITUATIONS, (r'  text = "Explain plainly', r'  text = "Explain plainly to the old man'),
         "'gen-sit-01' touches age ('old')"),
    ],
)  # fmt: skip
def test_what_breaks_a_strict_rule_is_named(folder, rules, file, change_to, message):
    change(folder, file, *change_to)
    assert any(message in problem for problem in problems_of(folder, rules)), problems_of(folder, rules)


@pytest.mark.parametrize(
    ("file", "change_to", "message"),
    [
        ("proficiency/1.0/vocabulary.toml", (r"key = 3", "key = 1"), "times at place 1 of 40"),
        ("proficiency/1.0/vocabulary.toml", (r"location = -\d", "location = 1"), "difficulty is not spread"),
        ("proficiency/1.0/vocabulary.toml", (r'options = \[\n    "[^"]*"', 'options = [\n    "no"'), "letters"),
        ("surveys/climate.toml", (r'area = "skills"', 'area = "culture"'), "surveys/climate.toml"),
        ("wording/narratives/tact.toml", (r'text = """.*"""', 'text = """Too short."""'), "2 words; 40 to 70"),
        ("wording/narratives/tact.toml", (r'text = """(\w+)',
         r'text = """Considerable organizational responsibilities characteristically necessitate individualized '
         r"communication capabilities accommodating heterogeneous expectations, \1"), "reading grade"),
        ("wording/narratives/tact.toml", (r'try_this = "', 'try_this = "Where you lack words, '),
         "person 1-2 tells the person of a deficit ('lack')"),
        ("wording/combinations.toml", (r'for_person = "+', r'\g<0>Your inadequate way. '), "deficit ('inadequate')"),
        (FAMILIES, ("high = 7", "high = 5"), "'contact-centre-agent', trust: the range 4 to 5 is 2 stens wide"),
        (FAMILIES, ("low = 4", "low = 2"), "is 6 stens wide; 3 to 5 are allowed"),
        (FAMILIES, ("high = 8", "high = 9"), "the range 5 to 9 reaches sten 9 or 10"),
        (FAMILIES, (r'reason = "Most callers.*"', 'reason = "."'), 'has no reason of 5 words or more: "."'),
        (FAMILIES, (r'(?s)\[\[family\]\].*?(?=\[\[family\]\])', ""), "11 role families; 12 are needed"),
        ("proficiency/1.0/vocabulary.toml", (r'    "list of steps', '    "church list of steps'),
         "'voc-01' touches belief ('church')"),
        ("surveys/performance.toml", (r'"wrk-01"', '"cli-01"'), "'cli-01' is taken by surveys/performance.toml"),
        ("surveys/leader.toml", (r'"lea-01"', '"cli-01"'), "the code 'cli-01' is taken by surveys/leader.toml"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_of_the_shared_parts_is_named(folder, rules, file, change_to, message):
    count = 0 if "location" in change_to[0] or "key" in change_to[0] else 1
    change(folder, file, *change_to, count=count)
    for translated in folder.glob("translations/*/wording"):
        shutil.rmtree(translated)  # which is of the original
    found = shared_problems(read_all(folder), rules)
    assert any(message in problem and file in problem for problem in found), found


def test_a_high_range_may_be_argued(folder, rules):
    change(folder, FAMILIES, "high = 8", "high = 9")
    argued = HighRange(family="contact-centre-agent", scale="tact", reason="A job study found it.")
    assert shared_problems(read_all(folder), rules.model_copy(update={"high_range": (argued,)})) == []


def test_codes_are_unique_over_editions(folder, rules):
    change(folder, "retail/1.0/perspective.toml", '"ret-per-01"', '"gen-per-01"')
    change(folder, "retail/1.0/default_key.toml", "ret-per-01 =", "gen-per-01 =")
    change(folder, "surveys/leader.toml", '"lea-01"', '"gen-tru-gf7"')
    change(folder, "surveys/climate.toml", '"cli-01"', '"voc-01"')
    found = "\n".join(shared_problems(read_all(folder), rules))
    assert "general/1.0: the code 'gen-tru-gf7' is taken by surveys/leader.toml" in found
    assert "proficiency: the code 'voc-01' is taken by surveys/climate.toml" in found
    assert any("'gen-per-01' must begin with 'ret-'" in each for each in problems_of(folder, rules, "retail"))


def test_two_editions_that_begin_alike_cannot_share_a_code(registry, rules):
    general = registry.newest("general")
    twin = general.model_copy(update={"edition": "generous"})
    found = shared_problems(replace(registry, banks={**registry.banks, ("generous", "1.0"): twin}), rules)
    assert any("general/1.0: the code 'gen-tru-gf7' is taken by generous/1.0" in problem for problem in found)
    assert not any("'tru-gf1'" in problem or "'tri-01'" in problem for problem in found)


def test_every_two_scales_stand_together_six_times(registry, rules):
    bank = registry.newest("general")
    of_scale = [[item.code for item in bank.statements if item.scale == scale.code] for scale in bank.scales]
    blocks = [
        block.model_copy(update={"statements": tuple(of_scale[3 * (n % 2) + at][n] for at in range(3))})
        for n, block in enumerate(bank.triplets)
    ]  # trust, tact and empathy together, or the three others: six pairs 15 times each, nine pairs never
    places = dict.fromkeys([*bank.items_by_code, *(block.code for block in blocks)], "general/1.0/triplets.toml")
    found = list(triplets_are_matched(bank.model_copy(update={"triplets": tuple(blocks)}), places, rules))
    together = [problem for problem in found if "stand together in" in problem]
    assert len(together) == 15
    assert "general/1.0/triplets.toml: 'trust' and 'conformity' stand together in 0 triplets; 6 are needed" in together


def test_situations_may_hold_what_they_are_allowed_and_nothing_else(registry, rules):
    finance = registry.newest("finance")
    places = defaultdict(str)
    assert list(subjects_are_kept_out(finance, places, rules)) == []
    strict = rules.model_copy(update={"allowed": ()})
    found = list(subjects_are_kept_out(finance, places, strict))
    assert {problem.split("'")[1] for problem in found} == {"fin-sit-03", "fin-sit-06"}
    statement = Allowed(code=finance.statements[0].code, words=("parent",), reason="No statement is excepted.")
    spoiled = finance.statements[0].model_copy(update={"stem": "I like a parent."})
    bank = finance.model_copy(update={"statements": (spoiled,)})
    more = rules.model_copy(update={"allowed": (*rules.allowed, statement)})
    assert len(list(subjects_are_kept_out(bank, places, more))) == 1


def test_words_of_the_trade_are_not_those_of_core(registry, rules):
    general = registry.newest("general")
    core = [item.stem for item in general.statements if item.code in general.shared]
    found = {trade.edition: sum(matches(stem, trade.stems) is not None for stem in core) for trade in rules.trade}
    assert found == {"general": 5, "healthcare": 0, "finance": 2, "retail": 0, "hospitality": 0}


def test_command_prints_the_nearest_neighbours():
    result = CliRunner().invoke(main, ["bank", "check", str(default_folder()), "--strict"])
    assert result.exit_code == 0, result.output
    assert result.output.count("the 20 nearest neighbours") == len(EDITIONS)
    assert result.output.rstrip().endswith("No problems.")


def test_command_lists_all_problems_and_ends_with_status_1(folder):
    change(folder, STATEMENTS, *restem("A young customer asks for individualized messages."))
    result = CliRunner().invoke(main, ["bank", "check", str(folder), "--strict"])
    assert result.exit_code == 1
    assert "the long word 'individualized'" in result.output
    assert "touches age" in result.output


def test_marked_pairs_are_no_neighbours(registry):
    bank = registry.newest("general")
    found = neighbours(bank)
    assert len(found) == 252 * 251 // 2 - 6
    marked = {frozenset((pair.first, pair.second)) for pair in bank.pairs}
    assert not marked & {frozenset(pair[:2]) for pair in found}
    assert [pair.alike for pair in found[:3]] == sorted([pair.alike for pair in found[:3]], reverse=True)
