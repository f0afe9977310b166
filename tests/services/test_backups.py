"""A backup is one file for its owner, and what is restored from it is the same and lives on."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys

import pytest
from sqlalchemy.orm import Session, sessionmaker

from assess.errors import Refused
from assess.services import backups, database, jobs, postgresql_backups, sqlite_backups
from tests import factories
from tests.services.holdings import hand_in, rows, sitting

pytestmark = pytest.mark.usefixtures("programs")


def test_restored_database_is_the_same_and_work_goes_on(session, engine, registry, cast, other, file, now):
    attempt_id, token = sitting(session, registry, cast.hana, "Cora Candidate", now=now)
    hand_in(engine, registry, sitting(session, registry, cast.hana, "Carl Candidate", now=now)[0], now=now)
    waiting = jobs.waiting(session)
    session.close()
    assert waiting
    saved = backups.back_up(engine, file, replace=False)
    assert (saved.attempts, saved.results) == (2, 1)
    assert backups.restore(other, file, replace=False) == saved
    assert rows(other) == rows(engine)
    database.require_current(other)
    with Session(other) as restored:
        assert jobs.waiting(restored) == waiting
    bank = registry.newest("general")
    factories.answer_all(other, token, bank, {bank.form("standard").items[0]: 3}, now=now)
    hand_in(other, registry, attempt_id, now=now)
    with Session(other) as restored:
        waiting = jobs.waiting(restored)
    done = []
    kinds = {job.name: jobs.Kind(lambda session, *, now, **ids: done.append(ids)) for job in waiting}
    jobs.drain(sessionmaker(database.writing(other)), kinds, clock=lambda: now)
    assert len(done) == len(waiting) > 1


def test_backup_is_one_file_for_its_owner_alone(engine, held, file):
    backups.back_up(engine, file, replace=False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_existing_file_is_overwritten_only_when_asked(engine, held, file):
    file.write_text("precious")
    with pytest.raises(Refused, match="--replace"):
        backups.back_up(engine, file, replace=False)
    assert file.read_text() == "precious"
    backups.back_up(engine, file, replace=True)
    assert file.read_bytes()[:5] in (b"SQLit", b"PGDMP")


def test_backup_that_fails_leaves_the_former_one(engine, held, file, monkeypatch):
    def fail(*_):
        raise Refused("The disk is full.")

    file.write_text("the former one")
    kind = sqlite_backups if engine.dialect.name == "sqlite" else postgresql_backups
    monkeypatch.setattr(kind, "contents_of" if kind is sqlite_backups else "_dump", fail)
    with pytest.raises(Refused, match="full"):
        backups.back_up(engine, file, replace=True)
    assert file.read_text() == "the former one"
    assert list(file.parent.iterdir()) == [file]


def test_place_that_cannot_be_is_named(engine, held, tmp_path):
    with pytest.raises(Refused, match="There is no folder"):
        backups.back_up(engine, tmp_path / "none" / "file", replace=False)
    with pytest.raises(Refused, match="is a folder"):
        backups.back_up(engine, tmp_path, replace=True)


def test_nothing_to_back_up_is_said(other, file):
    with pytest.raises(Refused, match="nothing to back up"):
        backups.back_up(other, file, replace=False)
    assert not file.exists()


def test_command_saves_and_restores_with_every_result_identical(
    session, engine, registry, cast, database_url, new_url, file, tmp_path, now
):
    def assess(*arguments, url):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
        everything = {**clean, "ASSESS_DATA": str(tmp_path / "data"), "ASSESS_DATABASE_URL": url}
        command = [sys.executable, "-m", "assess.cli", *arguments]
        return subprocess.run(command, env=everything, capture_output=True, text=True, timeout=120, check=False)

    attempt_id, _ = sitting(session, registry, cast.hana, "Cora Candidate", now=now)
    hand_in(engine, registry, attempt_id, now=now)
    saved = assess("backup", str(file), url=database_url)
    assert re.search(rf"Saved to {file}: \d+\.\d MB in \d+\.\d s\.\n1 attempt with 110 answers", saved.stdout)
    url = new_url()
    restored = assess("restore", str(file), url=url)
    assert restored.stdout.splitlines()[1] == saved.stdout.splitlines()[1]
    assert "assess rescore --check" in restored.stdout
    assert assess("rescore", "--check", url=url).stdout == "1 results computed again, 0 differences.\n"
