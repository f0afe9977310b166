"""What the documents show of the workbench works as it stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import numpy as np
import pytest

from assess.cli import COMMANDS, main
from tests.cli.conftest import ITEMS

ROOT = Path(__file__).resolve().parent.parent.parent
CHAPTER = (ROOT / "README.md").read_text(encoding="utf-8").split("## The workbench")[1].split("\n## ")[0]
SESSION = [line.split("  #")[0] for line in CHAPTER.split("```")[1].strip().splitlines()]
WORKBENCH = [name for name, (module, _) in COMMANDS.items() if module.startswith("assess.cli.workbench.")]


def test_the_session_of_the_readme_runs(workbench, simulated):
    x, theta = simulated
    rows = [[*row, "fm"[at % 2], round(position, 2)] for at, (row, position) in enumerate(zip(x, theta, strict=True))]
    workbench.write("answers.csv", [*ITEMS, "sex", "rating"], [[*map(float, row[:6]), *row[6:]] for row in rows])
    for line in SESSION:
        program, *arguments = shlex.split(line)
        assert program == "assess"
        workbench.run(*arguments)
    assert len(workbench.json("thetas.json")["rows"]) == 400
    assert len((workbench.folder / "simulated.csv").read_text().splitlines()) == 1001


def test_the_example_of_item_parameters_can_be_read(workbench):
    text = (ROOT / "item_banks" / "README.md").read_text(encoding="utf-8")
    workbench.text("p.json", re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
    workbench.text("d.csv", "tru-gf1\n1\n5\n")
    low, high = workbench.figures("theta", "d.csv", "--parameters", "p.json")["rows"]
    assert low["theta"] < 0 < high["theta"]
    (item,) = workbench.json("p.json")["items"]
    assert item["b"] == pytest.approx(-np.array(item["d"]) / item["a"], abs=0.005)


@pytest.mark.parametrize("name", WORKBENCH)
def test_every_command_explains_itself_and_its_options(name):
    command = main.get_command(None, name)
    assert command.help
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help, option.name
