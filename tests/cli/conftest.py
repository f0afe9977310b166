"""The workbench as people call it, in a folder of its own with small simulated data."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from click.testing import CliRunner

from assess.cli import main
from assess.psychometrics.models import Graded


class Workbench:
    """Runs commands in a folder, and reads and writes its files."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, head, rows):
        lines = [",".join(head), *(",".join(map(field, row)) for row in rows)]
        return self.text(name, "\n".join(lines) + "\n")

    def text(self, name, text, encoding="utf-8"):
        (self.folder / name).write_text(text, encoding=encoding)
        return name

    def run(self, *arguments):
        """What a command says, which has to go well."""
        result = CliRunner().invoke(main, [str(each) for each in arguments])
        assert result.exit_code == 0, result.output
        return result.output

    def figures(self, *arguments):
        """The JSON that a command writes."""
        self.run(*arguments, "--json", "found.json")
        return self.json("found.json")

    def json(self, name):
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def refusal(self, *arguments, status=1):
        """The sentence with which a command refuses; it leaves every file as it was, and adds none."""
        before = self.files()
        result = CliRunner().invoke(main, [str(each) for each in arguments])
        assert result.exit_code == status, result.output
        assert isinstance(result.exception, SystemExit), result.exception
        assert result.stdout == ""
        assert self.files() == before
        sentence = result.stderr.strip()
        assert "\n" not in sentence or status == 2
        return sentence

    def files(self):
        return {file.name: file.read_bytes() for file in self.folder.iterdir() if file.is_file()}


def field(value):
    if isinstance(value, float):
        return "" if np.isnan(value) else repr(int(value) if value.is_integer() else value)
    return str(value)


@pytest.fixture
def workbench(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mask = os.umask(0o077)
    yield Workbench(tmp_path)
    os.umask(mask)


ITEMS = ["A1", "A2", "A3", "A4", "A5", "A6"]
SLOPES = np.array([1.6, 1.2, 1.9, 0.9, 1.4, 1.1])


def answers(n, *, seed=1, shift=None):
    """Answers 1 to 4 of n people to six items, and where these people stand; `shift` is added to theta by item."""
    rng = np.random.default_rng(seed)
    model = Graded(SLOPES, np.tile([1.8, 0.1, -1.6], (6, 1)), np.zeros(6, dtype=int), 1)
    theta = rng.standard_normal(n)
    x = model.simulate(theta[:, None], rng)
    if shift is not None:
        moved = model.simulate(theta[:, None] + 1.0, rng)
        x = np.where(shift, moved, x)
    return x + 1.0, theta


@pytest.fixture(scope="session")
def simulated():
    return answers(400)


@pytest.fixture
def data(workbench, simulated):
    """A CSV of 400 people's answers to six items, of which one in twenty was left out."""
    x = simulated[0].copy()
    x[np.random.default_rng(2).random(x.shape) < 0.05] = np.nan
    x[0] = [1, 2, 3, 4, 1, 2]
    return workbench.write("data.csv", ITEMS, x.tolist())


@pytest.fixture
def parameters(workbench, data):
    """What calibrate makes of it."""
    workbench.run("calibrate", data, "--json", "parameters.json")
    return "parameters.json"
