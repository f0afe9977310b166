"""Versions of banks on disk: a new one from an old one, forms and blocks put together, a version published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from assess.banks import exposure
from assess.banks.assembly import assemble
from assess.banks.blocks import triplets_of
from assess.banks.loader import read_bank
from assess.banks.model import Bank, Form
from assess.banks.parts import Exposure, Triplet
from assess.banks.reader import Reader
from assess.errors import AssessError, InvalidBank

FIXED = {"standard": ("Standard form", 16, 12), "short": ("Short form", 8, 6)}  # title, per scale, impression
LIST = "published.toml"
VERSION = re.compile(r'^version = "[^"]*"$', re.MULTILINE)
STATUS = re.compile(r'^status = "[^"]*"$', re.MULTILINE)


class Simulate(Protocol):
    """Finds with what chance an attempt may have each statement of a bank; it belongs to scoring, above the banks."""

    def __call__(self, bank: Bank, /, *, with_triplets: bool) -> Mapping[str, float]:
        """Return the chance of each statement, alone or in attempts that have the triplets, too."""


def new_version(root: Path, of: str) -> Path:
    """
    Copy the version `of` (``general/1.0``) to the next one, a draft, and return its folder.

    Raises `AssessError` when there is no such version, or the next one is there already.
    """
    folder = _folder(root, of)
    major, minor = folder.name.split(".")
    new = folder.with_name(f"{major}.{int(minor) + 1}")
    if new.exists():
        raise AssessError(f"{_name(new)} is there already.")
    shutil.copytree(folder, new)
    about = _about(new)
    text = VERSION.sub(f'version = "{new.name}"', about.read_text(encoding="utf-8"), count=1)
    about.write_text(STATUS.sub('status = "draft"', text, count=1), encoding="utf-8")
    return new


def put_together(root: Path, of: str, *, seed: int) -> Bank:
    """
    Write the fixed forms and the triplets of a draft anew, and return the bank as it then is.

    Raises `AssessError` when the version is published or its statements do not suffice.
    """
    folder, bank = _draft(root, of)
    practice = bank.forms[0].practice
    try:
        fixed = [
            Form(code=code, title=title, practice=practice, items=assemble(bank, n, n_impression=i, seed=seed))
            for code, (title, n, i) in FIXED.items()
        ]
        blocks = triplets_of(bank, seed=seed)
    except ValueError as error:
        raise AssessError(f"{_name(folder)}: {error}.") from None
    (folder / "forms.toml").write_text(_forms(bank, fixed), encoding="utf-8")
    (folder / "triplets.toml").write_text(_triplets(blocks), encoding="utf-8")
    return _read(folder)


def find_exposure(root: Path, of: str, simulate: Simulate, *, people: int, seed: int) -> Exposure:
    """
    Write the exposure table of a draft, found by `simulate` with `people` people and `seed`, and return it.

    Raises `AssessError` when the version is published or has nothing that could be shown adaptively.
    """
    folder, bank = _draft(root, of)
    alone, beside = (simulate(bank, with_triplets=with_triplets) for with_triplets in (False, True))
    exposure.write(folder, bank, seed=seed, people=people, alone=alone, with_triplets=beside)
    found = _read(folder).exposure
    assert found is not None  # noqa: S101 -- it was written just now
    return found


def publish(root: Path, of: str) -> Bank:
    """
    Mark a version and its core as published and note its checksum; nobody may change it from then on.

    Whoever calls it has run the strict checks. Raises `AssessError` for what is published already.
    """
    folder = _folder(root, of)
    bank = _read(folder)
    if bank.status == "published":
        raise AssessError(f"{_name(folder)} is published already.")
    for about in (_about(folder), _about(root / "core" / bank.core_version)):
        text = about.read_text(encoding="utf-8")
        about.write_text(STATUS.sub('status = "published"', text, count=1), encoding="utf-8")
    bank = _read(folder)
    lines = root / LIST
    known = lines.read_text(encoding="utf-8") if lines.exists() else "# Checksums of what is published. Never edit.\n"
    entry = f'\n[[published]]\nedition = "{bank.edition}"\nversion = "{bank.version}"\nchecksum = "{bank.checksum}"\n'
    lines.write_text(known + entry, encoding="utf-8")
    return bank


def changed_since_published(root: Path, banks: Iterable[Bank]) -> list[str]:
    """Return a problem for every published bank that is not what it was, and for every one that is not on the list."""
    reader = Reader(root)
    rows = reader.toml(root / LIST).get("published", ()) if (root / LIST).exists() else ()
    checksums = {(row.get("edition"), row.get("version")): row.get("checksum") for row in rows}
    problems = list(reader.problems)
    for bank in banks:
        known = checksums.pop((bank.edition, bank.version), None)
        name = f"{bank.edition}/{bank.version}"
        if bank.status == "published" and known is None:
            problems.append(f"{LIST}: {name} calls itself published and is not listed; use: assess bank publish {name}")
        elif known is not None and known != bank.checksum:
            problems.append(
                f"{name}: has changed since it was published; undo that, or: assess bank new-version {name}"
            )
    return problems + [f"{LIST}: lists {edition}/{version}, which is missing" for edition, version in checksums]


def _folder(root: Path, of: str) -> Path:
    folder = root / of
    if not re.fullmatch(r"[a-z]+/\d+\.\d+", of) or not folder.is_dir():
        raise AssessError(f"There is no {of} among the banks. Name an edition and a version, such as general/1.0.")
    return folder


def _draft(root: Path, of: str) -> tuple[Path, Bank]:
    folder = _folder(root, of)
    bank = _read(folder)
    if bank.status == "published":
        raise AssessError(f"{_name(folder)} is published and does not change. Start with: assess bank new-version {of}")
    return folder, bank


def _about(folder: Path) -> Path:
    return folder / ("core.toml" if folder.parent.name == "core" else "edition.toml")


def _name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def _read(folder: Path) -> Bank:
    bank, reader = read_bank(folder)
    if bank is None or reader.problems:
        raise InvalidBank(dict.fromkeys(reader.problems))
    return bank


def _forms(bank: Bank, fixed: Iterable[Form]) -> str:
    """Return `forms.toml`: the forms as they were, but for the fixed ones."""
    fixed = list(fixed)
    codes = {form.code for form in fixed}
    forms = [*(form for form in bank.forms if form.code not in codes), *fixed]
    return "\n".join(_form(form) for form in forms)


def _form(form: Form) -> str:
    items = "".join(f'  "{code}",\n' for code in form.items)
    chosen = "adaptive = true\n" if form.adaptive else f"items = [\n{items}]\n"
    return f'[[form]]\ncode = "{form.code}"\ntitle = "{form.title}"\npractice = "{form.practice}"\n{chosen}'


def _triplets(blocks: Iterable[Triplet]) -> str:
    rows = [(block.code, ", ".join(f'"{code}"' for code in block.statements)) for block in blocks]
    return "\n".join(f'[[triplet]]\ncode = "{code}"\nstatements = [{statements}]\n' for code, statements in rows)
