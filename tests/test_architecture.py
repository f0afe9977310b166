"""The house's rules, as far as a machine can see them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assess.errors import AssessError
from assess.web.errors import STATUS

ROOT = Path(__file__).resolve().parent.parent
VISIBLE = {
    "pyproject.toml", "assess", "item_banks", "reports", "tests", "wsgi.py", "README.md", "Makefile", "benchmarks",
}  # fmt: skip


def python_files(*folders):
    return [file for folder in folders for file in (ROOT / folder).rglob("*.py")]


def test_imports_point_inwards():
    """In a process of its own: the linter sets up logging for itself, at the expense of all other tests."""
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


QUEUES = {"jobs.py", "job_table.py", "procrastination.py"}  # a job is its own caller


def test_only_edges_read_the_clock_and_commit():
    """Services take `now` and leave the commit to their caller; a job is its own caller."""
    files = python_files("assess/services", "assess/models", "assess/scoring", "assess/banks", "assess/psychometrics")
    assert len(files) > 30
    for file in files + python_files("reports"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"datetime\.now|date\.today|time\.time\(", text), file
        assert ".commit()" not in text or file.name in QUEUES, file


def test_services_render_no_html_and_know_no_web():
    for file in python_files("assess/services"):
        text = file.read_text(encoding="utf-8")
        assert "render_template" not in text, file
        assert "jinja2" not in text, file


def test_only_the_makers_of_pdfs_know_weasyprint():
    importing = re.compile(r"^(from|import) weasyprint", re.MULTILINE)
    knowing = [file for file in python_files("assess", "reports") if importing.search(file.read_text(encoding="utf-8"))]
    assert {file.relative_to(ROOT / "reports").as_posix() for file in knowing} == {"pdf.py", "shortcut.py", "tags.py"}


EQUALITY = {"equality.py", "erasure.py", "held_attempts.py"}  # asked and taken back; erased; the person's own copy


def test_nothing_that_staff_see_can_read_equality_answers():
    naming = re.compile(r"EqualityAnswer|equality_answers")
    files = [file for file in python_files("assess", "reports") if not {"models", "migrations"} & set(file.parts)]
    knowing = {
        file for file in files if naming.search(file.read_text(encoding="utf-8")) and file.name != "held_data.py"
    }
    assert {file.parent for file in knowing} == {ROOT / "assess/services"}
    assert {file.name for file in knowing} <= EQUALITY
    for folder in ("console", "admin", "auth"):
        for file in python_files(f"assess/web/{folder}"):
            assert "equality" not in file.read_text(encoding="utf-8"), file


def test_every_error_that_a_person_can_put_right_has_a_status():
    def tree(cls):
        return {cls}.union(*(tree(child) for child in cls.__subclasses__())) - {AssessError}

    assert {cls for cls in tree(AssessError) if cls.__module__ == "assess.errors"} == set(STATUS)


def test_modules_stay_small():
    for file in python_files("assess", "reports"):
        if "migrations" not in file.parts:
            assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, file


def test_every_module_says_what_it_is_for():
    for file in python_files("assess", "reports"):
        text = file.read_text(encoding="utf-8")
        if text.strip():
            assert text.startswith(('"""', "'''")), file


def test_nothing_reads_the_shared_folder_or_names_this_machine():
    for file in python_files("assess", "reports", "benchmarks"):
        assert "shared/reference" not in file.read_text(encoding="utf-8"), file


def test_top_level_is_fixed():
    hidden_or_made = re.compile(r"^\.|^instance$|^dist$|\.egg-info$|^__pycache__$")
    found = {path.name for path in ROOT.iterdir() if not hidden_or_made.search(path.name)}
    assert found <= VISIBLE


@pytest.mark.parametrize("word", ["Customer Service Profile", "ProfileXT", "PXT Select"])
def test_no_vendor_s_mark_stands_in_the_product(word):
    for folder in ("assess", "reports", "item_banks"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".py", ".html", ".toml", ".css", ".md", ".js"):
                assert word not in file.read_text(encoding="utf-8"), file
