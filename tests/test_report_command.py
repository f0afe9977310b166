"""`assess report` writes the report of one person as HR would have it, and samples of every kind."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.cli import main
from assess.cli.samples import samples
from assess.models import AuditEvent, ReportFile
from assess.services import database
from reports.document import to_html
from reports.kinds import TITLES
from tests import factories
from tests.reports.tagged import Tagged

NOW = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def assess(tmp_path, empty_database, monkeypatch):
    """A function that runs the command on an installation of its own."""
    monkeypatch.setenv("ASSESS_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(empty_database, tmp_path / "data" / "rapport.sqlite3")
    return lambda *arguments: CliRunner().invoke(main, ["report", *map(str, arguments)])


@pytest.fixture
def engine(tmp_path, assess):
    engine = database.make_engine(f"sqlite:///{tmp_path / 'data' / 'rapport.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.fixture
def handed_in(engine, registry):
    """Somebody who has been scored, and somebody who has not begun; their assignments' public ids."""
    with Session(database.writing(engine)) as session:
        cast = factories.Cast.make(session, now=NOW)
        scored = factories.scored(session, registry, engine, cast.hana, now=NOW).assignment
        waiting = factories.assignment(session, registry, cast.hana, name="Wanda Waiting", now=NOW)
        session.commit()
        return scored.public_id, waiting.public_id


def test_report_of_one_person_is_kept_and_written(assess, engine, handed_in, tmp_path):
    out = tmp_path / "cora.pdf"
    done = assess("hiring", "--assignment", handed_in[0], "--out", out, "--paper", "Letter")
    assert done.exit_code == 0, done.output
    with Session(engine) as session:
        report = session.scalars(select(ReportFile)).one()
        assert (report.kind, report.paper, report.language) == ("hiring", "Letter", "en")
        assert report.content == out.read_bytes()
        assert report.reference in done.output
        taken = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.read")).one()
        assert taken.actor == "command"
    page = PdfReader(io.BytesIO(report.content)).pages[0]
    assert round(page.mediabox.width) == 612
    assert report.reference in page.extract_text()


@pytest.mark.parametrize(
    ("whose", "out", "said"),
    [
        (1, "a.pdf", "the person has not begun yet"),
        (None, "a.pdf", "There is no assignment"),
        (0, "nowhere/a.pdf", "cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(assess, handed_in, tmp_path, whose, out, said):
    public_id = uuid4() if whose is None else handed_in[whose]
    done = assess("individual", "--assignment", public_id, "--out", tmp_path / out)
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / out).exists()


def test_half_a_question_is_answered_with_how_to_ask(assess, tmp_path):
    for arguments in ((), ("hiring",), ("--samples", tmp_path / "s", "hiring")):
        done = assess(*arguments)
        assert done.exit_code == 2
        assert "Say KIND, --assignment and --out for one report, or --samples alone." in done.output


@pytest.mark.thorough
def test_samples_are_of_every_kind_simulated_and_the_same_each_time(assess, registry, tmp_path):
    (tmp_path / "file").touch()
    assert "cannot be made: Not a directory." in assess("--samples", tmp_path / "file" / "s").output
    done = assess("--samples", tmp_path / "first", "--edition", "retail")
    assert done.exit_code == 0, done.output
    files = sorted((tmp_path / "first").iterdir())
    assert {file.stem for file in files} == {f"retail-{kind}" for kind in TITLES}
    for file in files:
        assert all("SIMULATED" in running for running in Tagged(file.read_bytes()).running)
    # The same pages are the same PDF, which tests of reports say.
    first, second = (
        [(each.made_at, to_html(each.document)) for each in samples(registry, ["retail"], paper="A4", language="en")]
        for _ in range(2)
    )
    assert first == second
