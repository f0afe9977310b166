"""The `assess` command as people type it: what it says, and what it refuses."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from assess.banks.registry import default_folder
from assess.cli import main

COMMAND = [sys.executable, "-m", "assess.cli"]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path, port):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    return {**clean, "ASSESS_DATA": str(tmp_path / "data"), "ASSESS_PORT": str(port)}


@pytest.fixture
def upgraded(environment, empty_database):
    """The data folder with its database, as `assess db upgrade` leaves it."""
    folder = Path(environment["ASSESS_DATA"])
    folder.mkdir(mode=0o700)
    shutil.copy(empty_database, folder / "rapport.sqlite3")


@pytest.fixture
def started(environment):
    """A function that runs a command in a process of its own, as what starts or writes files needs it."""

    def run(*arguments, **settings):
        command, everything = [*COMMAND, *arguments], environment | settings
        return subprocess.run(command, env=everything, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture
def assess(environment, monkeypatch):
    """A function that runs a command in this process: a new one takes a second to say the same."""
    for name in set(os.environ) - set(environment):
        monkeypatch.delenv(name)

    def run(*arguments, **settings):
        done = CliRunner().invoke(main, arguments, env=environment | settings)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return run


def test_help_names_every_command(started):
    said = started("--help").stdout
    for name in ("backup", "bank", "check", "db", "demo", "organization", "rescore", "restore", "serve", "worker"):
        assert re.search(rf"^  {name} ", said, re.MULTILINE)


IMPORTS_NOTHING_OF = {  # in this order, in one process
    "assess.cli": ("numpy", "flask", "sqlalchemy"),  # help is quick
    "assess.cli.supervisor": ("numpy", "flask", "alembic"),  # it only waits, for months
    # as quick to start again, and small
    "assess.cli.worker": ("flask", "scipy.stats", "scipy.optimize", "weasyprint", "alembic"),
    "assess.web": ("scipy.stats", "scipy.optimize", "weasyprint", "alembic"),
}


def test_what_runs_imports_nothing_heavy_that_it_can_do_without():
    code = f"""
import sys
from importlib import import_module
for module, heavy in {IMPORTS_NOTHING_OF}.items():
    import_module(module)
    print(module, [name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{module} []" for module in IMPORTS_NOTHING_OF]


def test_whatever_is_written_is_its_owner_s_alone(started, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    assert started("db", "upgrade", ASSESS_DATA=str(folder)).returncode == 0
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}


@pytest.mark.usefixtures("upgraded")
def test_address_of_an_organisation_must_be_one(assess):
    said = assess("organization", "add", "Real Ltd", "--contact", "nonsense")
    assert said.exit_code == 1
    assert "looks like name@example.org" in said.stderr


@pytest.mark.usefixtures("upgraded")
def test_demo_keeps_away_from_real_data(assess):
    assert assess("organization", "add", "Real Ltd", "--contact", "people@real.example").exit_code == 0
    done = assess("demo")
    assert done.exit_code == 1
    assert "keeps away from it" in done.stderr
    assert assess("demo", "--if-empty").exit_code == 0


@pytest.mark.usefixtures("upgraded")
def test_first_admin_is_added_by_command_and_gets_a_link(assess):
    assess("organization", "add", "Real Ltd", "--contact", "people@real.example", "--time-zone", "Europe/Paris")
    arguments = ("--organization", "Real Ltd", "--name", "Ada", "--email", "ada@real.example", "--role", "admin")
    done = assess("user", "add", *arguments)
    assert re.search(r"http://127\.0\.0\.1:\d+/auth/password/\S{43}", done.stdout)
    assert "already an account" in assess("user", "add", *arguments).stderr
    assert "There is no organisation named" in assess("user", "add", "--organization", "None", *arguments[2:]).stderr


@pytest.mark.usefixtures("upgraded")
def test_organisation_says_by_command_whether_it_asks_the_equality_questions(assess):
    assess("organization", "add", "Real Ltd", "--contact", "people@real.example")
    assert "are no longer asked" in assess("organization", "equality-questions", "Real Ltd", "off").stdout
    assert "are asked" in assess("organization", "equality-questions", "Real Ltd", "on").stdout
    assert "no organisation named" in assess("organization", "equality-questions", "None", "off").stderr


@pytest.mark.usefixtures("upgraded")
def test_reports_of_an_organisation_get_their_look_by_a_command(assess, tmp_path):
    assess("organization", "add", "Real Ltd", "--contact", "people@real.example")
    logo = tmp_path / "logo.png"
    Image.new("RGB", (40, 20), "#005a5b").save(logo)
    brand = ("organization", "brand", "Real Ltd")
    said = assess(*brand, "--clear", "--accent", "#005a5b", "--logo", str(logo), "--paper", "Letter")
    assert (said.exit_code, said.stderr) == (0, "")
    assert "from now on" in said.stdout
    assert "contrast of 1.07 to 1" in assess(*brand, "--accent", "#ffff00").stderr
    assert "Name at least one" in assess(*brand).stderr
    assert "A colour is a #" in assess(*brand, "--accent", "").stderr
    logo.write_bytes(b"")
    assert "cannot be read as a PNG" in assess(*brand, "--logo", str(logo)).stderr
    assert "larger than 2 MB" in assess(*brand, "--logo", "/dev/zero").stderr  # a file that never ends


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (("serve",), {}, "Run 'assess db upgrade' first"),
        (("worker",), {}, "Run 'assess db upgrade' first"),
        (("serve",), {"ASSESS_PROT": "1"}, "ASSESS_PROT: there is no such setting"),
    ],
)
def test_what_cannot_start_says_why_in_a_sentence(started, arguments, settings, sentence):
    done = started(*arguments, **settings)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (
            ("organization", "add", "X", "--contact", "x@x.example", "--time-zone", "Mars/Olympus"),
            {},
            "not an IANA time zone",
        ),
        (("rescore",), {}, "never overwritten"),
        (("check",), {"ASSESS_DATABASE_URL": "foo"}, "ASSESS_DATABASE_URL cannot be used"),
        (("check",), {"ASSESS_DATABASE_URL": "sqlite:////nonexistent/x.db"}, "cannot be opened"),
        (("check",), {"ASSESS_DATA": "/dev/null/x"}, "ASSESS_DATA cannot be used"),
        (("check",), {"ASSESS_MAIL_URL": "foo", "ASSESS_BASE_URL": "http://h:abc"}, "ASSESS_MAIL_URL: must look like"),
    ],
)
def test_refusals_are_sentences(assess, arguments, settings, sentence):
    done = assess(*arguments, **settings)
    assert done.exit_code != 0
    assert sentence in done.stderr


@pytest.mark.usefixtures("upgraded")
def test_malformed_bank_stops_the_server_with_all_problems(started, tmp_path):
    banks = shutil.copytree(default_folder(), tmp_path / "banks")
    for scale in ("trust", "tact"):
        file = banks / "core/0.1/statements" / f"{scale}.toml"
        file.write_text(file.read_text().replace('keyed = "+"', 'keyed = "plus"', 1))
    done = started("serve", ASSESS_ITEM_BANKS=str(banks))
    assert done.returncode == 1
    for scale in ("trust", "tact"):
        assert f"core/0.1/statements/{scale}.toml: statement number 1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("upgraded")
def test_taken_port_is_named(started, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = started("serve")
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "ASSESS_PORT" in done.stderr


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def worker_of(pid):
    return [child for child in children(pid) if b"worker\0" in Path(f"/proc/{child}/cmdline").read_bytes()]


def wait_until(happens, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = happens()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"did not happen within {seconds} s")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
@pytest.mark.usefixtures("upgraded")
def test_dead_worker_is_started_again_and_sigterm_ends_everything_within_ten_seconds(environment):
    serving = subprocess.Popen([*COMMAND, "serve"], env=environment, stderr=subprocess.PIPE)
    try:
        (first,) = wait_until(lambda: worker_of(serving.pid), 20)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: [pid for pid in worker_of(serving.pid) if pid != first], 20)
        everybody = children(serving.pid)
        began = time.monotonic()
        serving.send_signal(signal.SIGTERM)
        serving.wait(12)
        assert time.monotonic() - began < 10
        assert serving.returncode == 0
        assert not [pid for pid in everybody if Path(f"/proc/{pid}").exists()]
    finally:
        serving.kill()
        serving.stderr.close()
        serving.wait()
