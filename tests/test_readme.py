"""The README keeps its promises: every setting, command and picture that it names is there, and none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

from assess.cli import COMMANDS
from assess.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_opens_with_the_two_commands():
    first = README.split("```")[1].split()
    assert first[:2] == ["make", "run"]
    assert "make test" in README.split("```")[1]


def test_every_setting_is_explained_and_none_is_invented():
    named = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", README.split("| setting |")[1].split("##")[0]))
    assert named == {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_command_that_is_named_exists():
    named = set(re.findall(r"(?<![\w/])assess ([a-z]+)", " ".join(re.findall(r"`[^`]+`|```[^`]+```", README))))
    assert named
    assert named <= set(COMMANDS)


def test_targets_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_and_pictures_lead_somewhere():
    for address in re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", README):
        path = next(filter(None, address))
        assert (ROOT / path).exists(), path
