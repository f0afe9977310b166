from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import report_people as people

from reports import child, rendering
from reports.document import to_html
from reports.kinds import KINDS, build
from reports.messages import Kind, receive, send
from reports.pdf import to_pdf
from reports.rendering import MEMORY, Renderer, RenderingFailed

MADE_AT = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
SMALL = "<p>Cora Candidate"
ENDLESS = '<div style="display: flex">' * 25 + "Cora Candidate"  # each level is laid out several times
LESS_MEMORY = 192 * 2**20  # fills faster
MANY_COLUMNS = '<div style="display: grid; grid-template-columns: repeat(100000000, 1px)">Cora Candidate</div>'
LONG_WORD = f"<p>{'Cora' * 500_000}"
OUTSIDE = '<img src="https://example.org/Cora.png">'
NOT_UNICODE = "<title>Cora \ud800</title>"
HEAVY = {"assess", "flask", "jinja2", "numpy", "pydantic", "scipy", "sqlalchemy"}
OF_OURS = ["reports"]
OF_OURS += [
    f"reports.{name}" for name in ("child", "letters", "logos", "messages", "pdf", "sheets", "shortcut", "tags")
]
NOT_RENDERING = """
import sys
import reports.rendering
sys.exit("weasyprint" in sys.modules)
"""
NOTE_MODULES = """
import sys
from pathlib import Path
from reports import child
child.main(20, 512 * 2**20)
Path(sys.argv[1]).write_text(" ".join(sys.modules))
"""
DIE_BESIDE_A_CHILD = """
import os, signal
from datetime import UTC, datetime
from reports.rendering import Renderer
renderer = Renderer()
renderer.render("<p>a", datetime(2026, 4, 3, tzinfo=UTC))
print(renderer.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
FROM_CHECKOUT = {**os.environ, "PYTHONPATH": str(people.ROOT)}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A folder with a package of the same name as ours."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "reports").mkdir()
    (folder / "reports" / "__init__.py").write_text("raise ImportError('the wrong package')")
    return folder


@pytest.fixture(scope="module")
def renderer(elsewhere):
    """A renderer for all tests that do it no harm, started in a folder that is not the checkout."""
    with Renderer() as renderer:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(elsewhere)
            patch.setenv("ASSESS_SECRET_KEY", "do-not-tell")
            renderer.render(SMALL, MADE_AT)
        yield renderer


@pytest.fixture(scope="module")
def survivor():
    """A renderer for all tests that end its child."""
    with Renderer(memory=LESS_MEMORY) as renderer:
        renderer.render(SMALL, MADE_AT)
        yield renderer


@cache
def ours(html: str) -> bytes:
    """Return the PDF that our own process makes."""
    return to_pdf(html, made_at=MADE_AT)


def framed(html: str) -> bytes:
    stream = io.BytesIO()
    send(stream, Kind.DOCUMENT, f"{MADE_AT.isoformat()}\n{html}".encode())
    return stream.getvalue()


def resident(pid: int) -> float:
    """Return the memory that a process has, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def kill(pid: int) -> None:
    """Kill a child of ours and wait until it is dead, not until it is collected."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_are_those_of_our_own_process(renderer, kind):
    html = to_html(build(kind, people.context()))
    assert renderer.render(html, MADE_AT) == ours(html)


def test_child_stays_for_the_next_document(renderer):
    renderer.render(SMALL, MADE_AT)
    first = renderer.pid
    renderer.render(SMALL, MADE_AT)
    assert renderer.pid == first


def test_threads_get_what_they_asked_for(renderer):
    pages = [f"<p>{number}" for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda html: renderer.render(html, MADE_AT), pages))
    assert made == [ours(html) for html in pages]


def test_child_is_limited_and_told_no_secrets(renderer):
    limits = Path(f"/proc/{renderer.pid}/limits").read_text(encoding="ascii").splitlines()
    assert any(line.split()[:5] == ["Max", "address", "space", str(MEMORY), str(MEMORY)] for line in limits)
    assert any(line.split()[:6] == ["Max", "core", "file", "size", "0", "0"] for line in limits)
    assert b"do-not-tell" not in Path(f"/proc/{renderer.pid}/environ").read_bytes()


def test_child_needs_at_most_100_mib(renderer):
    for kind in KINDS:
        renderer.render(to_html(build(kind, people.context())), MADE_AT)
    assert resident(renderer.pid) <= 100


def test_child_imports_weasyprint_and_nothing_else_of_weight(tmp_path):
    html = to_html(build("individual", people.context()))
    command = [sys.executable, "-c", NOTE_MODULES, str(tmp_path / "modules")]
    done = subprocess.run(command, input=framed(html), env=FROM_CHECKOUT, capture_output=True, check=True)
    answers = io.BytesIO(done.stdout)
    assert receive(answers) == (Kind.READY, b"")
    assert receive(answers) == (Kind.PDF, ours(html))
    modules = set((tmp_path / "modules").read_text(encoding="utf-8").split())
    assert "weasyprint" in modules
    assert not modules & HEAVY
    assert sorted(name for name in modules if name.partition(".")[0] == "reports") == OF_OURS


def test_whoever_asks_does_not_import_weasyprint():
    subprocess.run([sys.executable, "-c", NOT_RENDERING], env=FROM_CHECKOUT, check=True)


def test_endless_document_is_stopped_at_the_limit_and_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Renderer(seconds=1) as renderer:
        renderer.render(SMALL, MADE_AT)
        pid = renderer.pid
        assert list(tmp_path.iterdir())
        began = time.monotonic()
        with pytest.raises(
            RenderingFailed, match=r"^Making this report took longer than 1 seconds, so it was stopped\.$"
        ):
            renderer.render(ENDLESS, MADE_AT)
        assert time.monotonic() - began >= 1
    assert not is_running(pid)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("html", [MANY_COLUMNS, LONG_WORD], ids=["Python is refused memory", "C is refused memory"])
def test_document_that_needs_too_much_memory_is_refused_and_the_next_is_made(survivor, html):
    with pytest.raises(RenderingFailed, match=r"^Making this report needed more than the 192 MB of memory"):
        survivor.render(html, MADE_AT)
    assert survivor.render(SMALL, MADE_AT) == ours(SMALL)


def test_child_that_was_killed_is_replaced_without_a_word(survivor):
    survivor.render(SMALL, MADE_AT)
    first = survivor.pid
    kill(first)
    assert survivor.render(SMALL, MADE_AT) == ours(SMALL)
    assert survivor.pid != first


def test_child_that_is_killed_at_work_fails_its_document_alone(survivor):
    survivor.render(SMALL, MADE_AT)
    assassin = threading.Timer(0.2, os.kill, (survivor.pid, signal.SIGKILL))
    assassin.start()
    with pytest.raises(RenderingFailed, match=r"ended unexpectedly \(SIGKILL\)\.$"):
        survivor.render(ENDLESS, MADE_AT)
    assert survivor.render(SMALL, MADE_AT) == ours(SMALL)


def test_answer_that_nobody_waited_for_is_not_given_to_the_next_document(survivor, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    survivor.render(SMALL, MADE_AT)
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            survivor.render("<p>another", MADE_AT)
    assert survivor.render(SMALL, MADE_AT) == ours(SMALL)


def test_document_that_refers_outside_is_refused_in_a_sentence(survivor):
    with pytest.raises(RenderingFailed) as refused:
        survivor.render(OUTSIDE, MADE_AT)
    assert str(refused.value) == "This report refers to something outside itself, and nothing is fetched for a report."
    assert "Cora" not in "".join(traceback.format_exception(refused.value))


def test_error_of_ours_is_told_by_its_class_and_place_and_quotes_nothing(survivor):
    with pytest.raises(RenderingFailed, match="could not be made") as bug:
        survivor.render(NOT_UNICODE, MADE_AT)
    assert str(bug.value).endswith("in the program (UnicodeEncodeError).")
    told = "".join(traceback.format_exception(bug.value))
    assert "reports/pdf.py:" in told
    assert "Cora" not in told


def test_child_makes_room_for_another_before_it_has_grown(survivor, monkeypatch):
    survivor.render(SMALL, MADE_AT)
    first = survivor.pid
    monkeypatch.setattr(survivor, "_documents", 1)
    assert survivor.render(SMALL, MADE_AT) == ours(SMALL)
    assert survivor.pid != first
    assert not is_running(first)


def test_child_ends_when_its_parent_is_killed_and_tidies_up(tmp_path):
    command = [sys.executable, "-c", DIE_BESIDE_A_CHILD]
    done = subprocess.run(command, env=FROM_CHECKOUT | {"TMPDIR": str(tmp_path)}, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while is_running(int(done.stdout)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(int(done.stdout))
    assert list(tmp_path.iterdir()) == []


def test_orphan_does_not_live_on_in_an_endless_document(tmp_path):
    command = [sys.executable, "-m", "reports.child", "0.4", str(MEMORY), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=FROM_CHECKOUT) as orphan:
        orphan.stdin.write(framed(ENDLESS))
        orphan.stdin.flush()
        try:
            assert orphan.wait(15) == -signal.SIGALRM
        finally:
            orphan.kill()


def test_message_of_an_error_stays_in_the_child():
    def render(html: str, made_at: datetime) -> bytes:
        raise KeyError(html)

    kind, payload = child._answer(f"{MADE_AT.isoformat()}\n{SMALL}".encode(), render)
    name, *places = payload.decode().splitlines()
    assert (kind, name) == (Kind.BUG, "KeyError")
    assert places[-1].startswith("reports/test_rendering.py:")
    assert "Cora" not in payload.decode()


def test_renderer_that_cannot_start_says_so(elsewhere, monkeypatch, capfd):
    monkeypatch.syspath_prepend(elsewhere)
    with Renderer() as renderer, pytest.raises(RenderingFailed, match="could not be started"):
        renderer.render(SMALL, MADE_AT)
    assert "the wrong package" in capfd.readouterr().err


def test_moment_without_a_time_zone_is_refused(renderer):
    with pytest.raises(ValueError, match="time zone"):
        renderer.render(SMALL, MADE_AT.replace(tzinfo=None))
