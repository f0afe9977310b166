"""Item banks to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assess.banks.registry import default_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the item banks, all of them drafts."""
    copy = shutil.copytree(default_folder(), tmp_path / "item_banks")
    (copy / "published.toml").unlink()
    for about in (*copy.glob("*/*/edition.toml"), *copy.glob("core/*/core.toml")):
        text = about.read_text(encoding="utf-8")
        about.write_text(text.replace('status = "published"', 'status = "draft"'), encoding="utf-8")
    return copy
