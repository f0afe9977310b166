"""Settings come from ASSESS_* variables; what cannot be meant is refused, all at once."""

from __future__ import annotations

import os
import stat

import pytest

from assess.config import Settings
from assess.errors import InvalidSettings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in os.environ:
        if name.startswith("ASSESS_"):
            monkeypatch.delenv(name)


def test_starts_without_any_setting():
    settings = Settings.read()
    assert settings.database.startswith("sqlite:////")
    assert not settings.is_secure


def test_everything_wrong_is_named_at_once(monkeypatch):
    monkeypatch.setenv("ASSESS_PORT", "http")
    monkeypatch.setenv("ASSESS_BASE_URL", "rapport.example")
    monkeypatch.setenv("ASSESS_DATABSE_URL", "sqlite://")
    with pytest.raises(InvalidSettings) as caught:
        Settings.read()
    for name in ("ASSESS_PORT", "ASSESS_BASE_URL", "ASSESS_DATABSE_URL: there is no such setting"):
        assert name in str(caught.value)


def test_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    settings = Settings(data=tmp_path / "new")
    key = settings.key()
    assert len(key) >= 43  # 256 bits
    assert Settings(data=tmp_path / "new").key() == key
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_given_secret_key_is_used(tmp_path):
    assert Settings(data=tmp_path, secret_key="given " * 8).key() == "given " * 8
    assert not (tmp_path / "secret_key").exists()


def test_every_setting_says_what_it_means():
    assert all(field.description for field in Settings.model_fields.values())
