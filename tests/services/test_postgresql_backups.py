"""Backups of PostgreSQL: the programs that they need, and what is said when these are missing or fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from assess.errors import Refused
from assess.services import backups, database, postgresql_backups, postgresql_programs


def fake(folder, version, script="exit 1"):
    """Write a pg_dump of that version which does as `script` says."""
    folder.mkdir(parents=True)
    program = folder / "pg_dump"
    program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) {version}" && exit\n{script}\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def only_here(tmp_path, monkeypatch) -> Path:
    """The only folder in which programs are found."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(postgresql_programs, "FOLDERS", (str(tmp_path / "versions/*/bin").lstrip("/"),))
    return tmp_path


def test_missing_pg_dump_is_named_with_its_package(only_here):
    with pytest.raises(Refused, match=r"pg_dump is not on this machine.*postgresql-client-15"):
        postgresql_programs.find("pg_dump", server=15)


def test_pg_dump_may_not_be_older_than_the_server(only_here):
    fake(only_here / "bin", "9.6.24")
    fake(only_here / "versions" / "14" / "bin", "14.3 (Debian 14.3-1)")
    with pytest.raises(Refused, match="pg_dump is here in version 14 only, and the server is PostgreSQL 15"):
        postgresql_programs.find("pg_dump", server=15)


def test_of_several_pg_dumps_the_one_nearest_to_the_server_is_taken(only_here):
    for version in ("14", "16", "18"):
        fake(only_here / "versions" / version / "bin", f"{version}.1")
    fake(only_here / "bin", "17.2")
    assert postgresql_programs.find("pg_dump", server=15).parts[-3] == "16"
    assert postgresql_programs.find("pg_dump", server=17).parent == only_here / "bin"


def test_lines_for_psql_and_for_newer_servers_are_left_out():
    script = b"\\restrict a1B2\nSET transaction_timeout = 0;\nSET row_security = off;\n\\unrestrict a1B2\n"
    assert postgresql_backups.NOT_FOR_US.sub(b"", script).split() == b"SET row_security = off;".split()


def test_password_is_on_no_command_line_and_failure_is_told(postgresql_url, only_here, file):
    script = (
        'echo "$@" > "$0.arguments"; echo "$PGPASSWORD" > "$0.password"; echo "pg_dump: error: disk full" >&2; exit 1'
    )
    program = fake(only_here / "bin", "99.1", script)
    url = make_url(postgresql_url).set(password="p@ss:word")
    engine = database.make_engine(url.render_as_string(hide_password=False))
    with pytest.raises(Refused, match="pg_dump failed: disk full"):
        backups.back_up(engine, file, replace=False)
    engine.dispose()
    assert "p@ss" not in program.with_suffix(".arguments").read_text()
    assert program.with_suffix(".password").read_text() == "p@ss:word\n"
    assert list(file.parent.iterdir()) == []
