"""What is to be published keeps the strict rules; every rule names what breaks it."""

from __future__ import annotations

import re
import shutil

import pytest
from click.testing import CliRunner

from assess.banks.loader import read_bank
from assess.banks.neighbours import neighbours
from assess.banks.registry import default_folder, read_all
from assess.banks.rules import read_rules
from assess.banks.strict import strict_problems
from assess.banks.strict_shared import shared_problems
from assess.cli import main

EDITIONS = ["general", "healthcare", "finance", "retail", "hospitality"]
STATEMENTS = "general/1.0/statements/trust.toml"
TRIPLETS = "general/1.0/triplets.toml"
SITUATIONS = "general/1.0/situations.toml"


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


@pytest.fixture
def folder(tmp_path):
    """A copy of the item banks to spoil."""
    return shutil.copytree(default_folder(), tmp_path / "item_banks")


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
        ("core/1.0/perspective.toml", (r'theme = "leadership"', 'theme = "commerce"'),
         "3 statements of the theme 'leadership'"),
        (SITUATIONS, (r'effectiveness = [45]\.\d', "effectiveness = 3.9"), "the best response needs 4.0"),
        ("core/1.0/pairs.toml", (r'(?s)\[\[pair\]\].*?\n\n', ""), "5 marked pairs; one of each scale is needed"),
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
    ],
)  # fmt: skip
def test_what_breaks_a_rule_of_the_shared_parts_is_named(folder, rules, file, change_to, message):
    count = 0 if "location" in change_to[0] or "key" in change_to[0] else 1
    change(folder, file, *change_to, count=count)
    found = shared_problems(read_all(folder), rules)
    assert any(message in problem and file in problem for problem in found), found


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
