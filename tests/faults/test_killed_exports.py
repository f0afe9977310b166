"""kill -9 of the worker amid an export: the file comes whole, each row once, and nothing of the first try is left."""

from __future__ import annotations

import csv
import os
import signal
from datetime import UTC, datetime, timedelta

import pyreadstat
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.registry import default_folder, read_all
from assess.models import AuditEvent, Export, ExportPiece
from assess.services import database, exports
from assess.services.export_jobs import ROWS
from assess.services.exporting.assembly import FOLDER
from assess.services.exporting.rows import PAGE, Scope
from assess.services.exports import Format
from tests import factories
from tests.faults.installation import installed, let_the_dead_worker_s_time_pass, wait_until
from tests.faults.people import hana

pytestmark = pytest.mark.thorough

PEOPLE = 2 * PAGE + 1  # so that a worker can be killed after the first page, and has not come to the last
PATIENCE = 90.0  # seconds for one export, the dead worker's lease or heartbeats included
LOOK = 0.01  # seconds between two looks at how far it has come


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request, tmp_path_factory, new_address):
    """An installation with results, and a folder of its own for temporary files."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "temporary").mkdir()
    with installed(folder, new_address(request.param), TMPDIR=str(folder / "temporary")) as place:
        registry, now = read_all(default_folder()), datetime.now(UTC)
        with place.engine() as engine, Session(database.writing(engine)) as session:
            first = factories.scored(session, registry, engine, hana(session), now=now)
            factories.crowd(session, first, [f"Cora {number}" for number in range(1, PEOPLE)])
            session.commit()
        yield place


def ask(place, format_, later=timedelta(0)):
    """Have Hana ask for an export; return its id."""
    registry, now = read_all(default_folder()), datetime.now(UTC) + later
    with place.session() as session:
        return exports.request(session, hana(session), Scope(0), format_, registry, now=now).id


def look(place, export_id):
    """How far an export has come, and how many rows of it are stored."""
    with place.session() as session:
        export = session.get_one(Export, export_id)
        stored = select(ExportPiece.content).filter_by(export_id=export_id, stage=ROWS).order_by(ExportPiece.number)
        lines = b"".join(session.scalars(stored)).splitlines()
        assert (export.failure, export.n_rows) == (None, PEOPLE)
        return export.n_done, len(lines[export.format == Format.CSV :]), export.is_ready


def finished(place, export_id):
    """Wait for an export, which goes forward only; return its file."""
    steps = [0]

    def is_ready():
        n_done, _, is_ready = look(place, export_id)
        steps.append(n_done)
        return is_ready

    wait_until(is_ready, PATIENCE, pause=LOOK)
    assert steps == sorted(steps)
    assert steps[-1] == PEOPLE
    with place.session() as session:
        export = session.get_one(Export, export_id)
        ids = exports.hand_out(session, hana(session), export, now=datetime.now(UTC))
        whole = b"".join(exports.piece(session, each) for each in ids)
        assert len(whole) == export.size
    return whole


def finished_by_another_worker(place, export_id, format_):
    """Have another worker finish an export, and make one that nobody disturbs; return both files."""
    let_the_dead_worker_s_time_pass(place)
    worker = place.start("worker")
    mended = finished(place, export_id)
    undisturbed = finished(place, ask(place, format_, timedelta(minutes=5)))
    with place.session() as session:
        made = {"action": "export.made", "subject": f"export:{export_id}"}
        assert session.scalar(select(func.count(AuditEvent.id)).filter_by(**made)) == 1
    wait_until(lambda: nothing_is_left(place), PATIENCE)
    worker.terminate()
    worker.wait(15)
    assert folders(place) == []
    return mended, undisturbed


def nothing_is_left(place):
    """Whether every piece that is stored is one of a finished file."""
    with place.session() as session:
        strays = select(ExportPiece.id).join(Export, Export.id == ExportPiece.export_id)
        return session.scalar(strays.where(Export.stage != ExportPiece.stage).limit(1)) is None


def folders(place):
    return list((place.folder / "temporary").glob(f"{FOLDER}*"))


def killed_between_pages(place):
    """Ask for an export whose worker is killed after the first page: again, where it had been quicker than we."""
    for number in range(5):
        export_id = ask(place, Format.CSV, timedelta(hours=number))
        worker = place.start("worker")
        wait_until(lambda export_id=export_id: look(place, export_id)[0], PATIENCE, pause=LOOK)
        place.kill(worker)
        if not look(place, export_id)[2]:
            break
    return export_id


def test_csv_whose_worker_is_killed_between_two_pages_has_every_row_once(place):
    export_id = killed_between_pages(place)
    n_done, n_stored, is_ready = look(place, export_id)
    assert (0 < n_done < PEOPLE, n_stored, is_ready) == (True, n_done, False)  # what it says is there, and no more
    mended, undisturbed = finished_by_another_worker(place, export_id, Format.CSV)
    rows = list(csv.reader(mended.decode("utf-8-sig").splitlines()))
    assert len({row[0] for row in rows}) == len(rows) == PEOPLE + 1
    assert mended == undisturbed


def test_spss_file_whose_workers_are_killed_while_it_is_put_together_has_every_row_once(place, tmp_path):
    """The process that puts together alone removes its folder; a power cut ends both, and the next worker does it."""
    export_id = ask(place, Format.SAV)
    worker = place.start("worker")
    wait_until(lambda: folders(place), PATIENCE, pause=LOOK)
    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: not folders(place), 20)
    place.kill(worker)
    let_the_dead_worker_s_time_pass(place)
    worker = place.start("worker")
    wait_until(lambda: folders(place), PATIENCE, pause=LOOK)
    place.kill(worker)
    assert folders(place)
    assert look(place, export_id) == (PEOPLE, PEOPLE, False)
    frames = []
    for number, whole in enumerate(finished_by_another_worker(place, export_id, Format.SAV)):
        (tmp_path / f"{number}.sav").write_bytes(whole)
        frames.append(pyreadstat.read_sav(tmp_path / f"{number}.sav", user_missing=True)[0])
    mended, undisturbed = frames
    assert mended.iloc[:, 0].nunique() == len(mended) == PEOPLE
    assert mended.equals(undisturbed)
