"""What is pinned and what the wheel holds: Rapport as it arrives on somebody else's machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[1]
PINS = re.compile(r"^[a-z0-9-]+==[^\\]+", re.MULTILINE)


def pins(file: str) -> list[str]:
    return [pin.strip() for pin in PINS.findall((ROOT / ".ci" / file).read_text(encoding="utf-8"))]


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """Return what the command prints, run in `folder` with nothing of our environment but a path and a language."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    bare["OPENBLAS_NUM_THREADS"] = "1"  # as in all tests: a second thread would only spin
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, env=bare | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_pinned_files_hold_pins_and_hashes_and_no_addresses(file):
    for line in (ROOT / ".ci" / file).read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_tests_run_with_what_the_program_runs_with():
    assert set(pins("requirements.txt")) <= set(pins("requirements-dev.txt"))


def test_all_that_the_project_asks_for_is_pinned():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = [Requirement(pin) for pin in pins("requirements.txt")]
    for wanted in map(Requirement, asked["project"]["dependencies"] + asked["dependency-groups"]["build"]):
        versions = [str(pin.specifier).removeprefix("==") for pin in pinned if pin.name == wanted.name]
        assert versions, f"{wanted}: make lock"
        assert all(map(wanted.specifier.contains, versions)), f"{wanted}: make lock"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, folder=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture
def bare_python(tmp_path):
    """Return the interpreter of an environment with the pinned run-time packages: no checkout, no development tools."""
    venv.create(tmp_path / "venv", symlinks=True)
    there = next(tmp_path.glob("venv/lib/*/site-packages"))
    here = Path(sysconfig.get_path("purelib"))
    for requirement in map(Requirement, pins("requirements.txt")):
        if requirement.marker is None or requirement.marker.evaluate():
            for name in {file.parts[0] for file in distribution(requirement.name).files or ()} - {"..", "__pycache__"}:
                if not (there / name).exists():
                    (there / name).symlink_to(here / name)
    return tmp_path / "venv/bin/python"


@pytest.mark.thorough
def test_wheel_holds_templates_styles_fonts_migrations_and_item_banks(wheel):
    held = set(ZipFile(wheel).namelist())
    for source, target in {"assess": "assess", "reports": "reports", "item_banks": "assess/_item_banks"}.items():
        files = [file.relative_to(ROOT / source) for file in (ROOT / source).rglob("*") if file.is_file()]
        wanted = {f"{target}/{file}" for file in files if not {"__pycache__", "decisions"} & set(file.parts)}
        assert wanted <= held
    for pattern in [
        r"assess/_item_banks/.*\.toml",
        r"assess/migrations/versions/.*\.py",
        r"assess/translations/.*\.po",
        r"assess/web/templates/.*\.html",
        r"assess/web/static/.*\.css",
        r"reports/templates/.*\.html",
        r"reports/styles/.*\.css",
        r"reports/translations/.*\.po",
        r"reports/fonts/.*",
    ]:
        assert any(re.fullmatch(pattern, name) for name in held), pattern


@pytest.mark.thorough
def test_wheel_runs_where_there_is_no_checkout(wheel, bare_python, tmp_path):
    pip = [sys.executable, "-m", "pip", "--python", bare_python]
    run(*pip, "install", "--no-index", "--no-deps", wheel, folder=tmp_path)
    print_places = "import assess, reports; print(assess.__file__, reports.__file__)"
    for place in run(bare_python, "-P", "-c", print_places, folder=tmp_path).split():
        assert Path(place).is_relative_to(tmp_path)

    def assess(*arguments):
        command = bare_python.parent / "assess"
        return run(command, *arguments, folder=tmp_path, ASSESS_DATA=str(tmp_path / "data"))

    assert "No problems." in assess("bank", "check")
    assert "4 reports of 2 simulated people" in assess("demo", "--out", tmp_path / "out", "--people", "2")
    files = sorted((tmp_path / "out").glob("*.pdf"))
    assert len(files) == 5
    for file in files:
        assert all("SIMULATED" in sheet.extract_text().upper() for sheet in PdfReader(file).pages), file
    assert "21 results computed again, 0 differences" in assess("rescore", "--check")
    assert "The chain is whole" in assess("audit", "verify")
    again = assess("demo", "--if-empty")
    assert "Made Acme" not in again
    assert "hana@acme.example" in again
