"""Versions of banks on disk: a new one from an old one, forms and blocks put together, a version published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from assess.banks import exposure
from assess.banks.assembly import assemble
from assess.banks.blocks import triplets_of
from assess.banks.content import Code, Content, Text
from assess.banks.files import copy_of, quoted, replace_texts, stating
from assess.banks.loader import read_bank
from assess.banks.model import Bank, Form
from assess.banks.parts import Exposure, Triplet
from assess.banks.reader import Reader, checksum
from assess.errors import AssessError, InvalidBank

FIXED = {"standard": ("Standard form", 16, 12), "short": ("Short form", 8, 6)}  # title, per scale, impression
PRACTICE = "I like a place to work that is close to a window."  # where no form names a sentence
LIST = "published.toml"
HEAD = "# Checksums of what is published, a line for each folder that belongs to it. Never edit.\n"
NO_EDITIONS = {
    "core": "core is published with the first edition that builds on it, and has no forms",
    "proficiency": "proficiencies are published with the editions that name it, and have no forms",
}


class Published(Content):
    """What the list says of a published version: the checksum of everything, and those of the folders it is in."""

    edition: Code
    version: Text
    checksum: Text
    folders: Mapping[str, str] = {}


class Simulate(Protocol):
    """Finds with what chance an attempt may have each statement of a bank; it belongs to scoring, above the banks."""

    def __call__(self, bank: Bank, /, *, with_triplets: bool) -> Mapping[str, float]:
        """Return the chance of each statement, alone or in attempts that have the triplets, too."""


def new_version(root: Path, of: str) -> Path:
    """
    Copy the version `of` (``general/1.0``) to the next one, a draft, and return its folder.

    Raises `AssessError` when there is no such version, or the next one is there already. A copy that fails is removed.
    """
    folder = _folder(root, of)
    major, minor = folder.name.split(".")
    new = folder.with_name(f"{major}.{int(minor) + 1}")
    if new.exists():
        raise AssessError(f"{_name(new)} is there already.")
    about = _about(folder)
    texts = {} if about is None else {new / about.name: stating(about, version=new.name, status="draft")}
    try:
        shutil.copytree(folder, new, ignore=shutil.ignore_patterns(".*"))
        for path in (new, *new.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)  # the old one may be locked
        replace_texts(texts)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return new


def put_together(root: Path, of: str, *, seed: int) -> Bank:
    """
    Write the fixed forms and the triplets of a draft anew, and return the bank as it then is.

    Both files may be missing or broken before. Raises `AssessError` when the version is published, its statements do
    not suffice or anything else is wrong with it; nothing is written then.
    """
    _edition(root, of)
    with copy_of(root) as copy:
        folder = copy / of
        (folder / "triplets.toml").unlink(missing_ok=True)
        kept = _kept_forms(folder)
        (folder / "forms.toml").write_text(_form("adaptive", "Adaptive", PRACTICE, None), encoding="utf-8")
        bank = _draft(folder)
        blocks = _blocks(bank, seed)
        bank = bank.model_copy(update={"triplets": blocks})  # what stands in them stands in no fixed form
        texts = {"forms.toml": _forms(bank, kept or bank.forms, seed), "triplets.toml": _triplets(blocks)}
        replace_texts({folder / name: text for name, text in texts.items()})
        _read(folder)
    replace_texts({root / of / name: text for name, text in texts.items()})
    return _read(root / of)


def find_exposure(root: Path, of: str, simulate: Simulate, *, people: int, seed: int) -> Exposure:
    """
    Write the exposure table of a draft, found by `simulate` with `people` people and `seed`, and return it.

    Raises `AssessError` when the version is published or has nothing that could be shown adaptively.
    """
    folder = _edition(root, of)
    bank = _draft(folder)
    alone, beside = (simulate(bank, with_triplets=with_triplets) for with_triplets in (False, True))
    exposure.write(folder, bank, seed=seed, people=people, alone=alone, with_triplets=beside)
    found = _read(folder).exposure
    assert found is not None  # noqa: S101 -- it was written just now
    return found


def publish(root: Path, of: str, *, check: Callable[[Path], object]) -> Bank:
    """
    Mark a version and its core as published and note its checksum; nobody may change it from then on.

    It is done in a copy first, which `check` gets and may refuse. The list is written last: a version that calls
    itself published and is not listed, because that was interrupted, can be published. Raises `AssessError` for what is
    listed already.
    """
    _edition(root, of)
    with copy_of(root) as copy:
        folder, problems = copy / of, list[str]()
        if of in _listed(copy, problems):
            raise AssessError(f"{of} is published already.")
        if problems:
            raise InvalidBank(problems)
        bank = _read(folder)
        names = (f"core/{bank.core_version}/core.toml", f"{of}/edition.toml")
        replace_texts({copy / name: stating(copy / name, status="published") for name in names})
        bank = _read(folder)
        known = (copy / LIST).read_text(encoding="utf-8") if (copy / LIST).exists() else HEAD
        listed = known + _entry(copy, bank)
        others = "".join(_entry(copy, other) for other in _unlisted(copy) if other != bank)  # not refused for them
        (copy / LIST).write_text(listed + others, encoding="utf-8")
        check(copy)
        texts = {root / name: (copy / name).read_text(encoding="utf-8") for name in names}
        changed = {file: text for file, text in texts.items() if file.read_text(encoding="utf-8") != text}
        replace_texts({**changed, root / LIST: listed})
    return _read(root / of)


def changed_since_published(root: Path, banks: Iterable[Bank]) -> list[str]:
    """Return a problem for all that is published and not what it was, and for every version that is not on the list."""
    problems: list[str] = []
    listed = _listed(root, problems)
    found = {f"{bank.edition}/{bank.version}": bank for bank in banks}
    changed: dict[str, list[str]] = {}
    for name, row in listed.items():
        if not (root / name).is_dir():
            problems.append(f"{LIST}: lists {name}, which is missing")
        elif name not in found or found[name].checksum != row.checksum:
            parts = [part for part, known in row.folders.items() if _checksum(root, part) != known]
            for part in parts or [name]:
                changed.setdefault(part, []).append(name)
    for part, names in changed.items():
        problems.append(
            f"{part}: has changed since {', '.join(names)} {'was' if len(names) == 1 else 'were'} published. Undo the "
            "change. To keep it, copy the folder aside, undo, "
            f"assess bank new-version {part}, and put it into the new version"
        )
    for name, bank in found.items():
        if bank.status == "published" and name not in listed:
            problems.append(f"{LIST}: {name} calls itself published and is not listed; use: assess bank publish {name}")
    return problems


def _listed(root: Path, problems: list[str]) -> dict[str, Published]:
    """Return what is published by its name; `problems` get what is wrong with the list."""
    if not (root / LIST).exists():
        return {}
    reader = Reader(root)
    rows = reader.tables(Published, root / LIST, "published")
    problems += reader.problems
    return {f"{row.edition}/{row.version}": row for row in rows}


def _unlisted(root: Path) -> list[Bank]:
    """Return the versions that call themselves published and are not listed."""
    listed = _listed(root, [])
    folders = [file.parent for file in sorted(root.glob("*/*/edition.toml")) if _name(file.parent) not in listed]
    banks = (read_bank(folder)[0] for folder in folders)
    return [bank for bank in banks if bank is not None and bank.status == "published"]


def _entry(root: Path, bank: Bank) -> str:
    """Return what the list says of a bank."""
    folders = [f"{bank.edition}/{bank.version}", f"core/{bank.core_version}"]
    if bank.proficiency is not None:
        folders.append(f"proficiency/{bank.proficiency.version}")
    sums = "".join(f'"{folder}" = "{_checksum(root, folder)}"\n' for folder in folders)
    about = f'edition = "{bank.edition}"\nversion = "{bank.version}"\nchecksum = "{bank.checksum}"\n'
    return f"\n[[published]]\n{about}[published.folders]\n{sums}"


def _checksum(root: Path, folder: str) -> str:
    return checksum((root / folder).rglob("*.toml"), root)


def _folder(root: Path, of: str) -> Path:
    folder = root / of
    if not re.fullmatch(r"[a-z]+/\d+\.\d+", of) or not folder.is_dir():
        raise AssessError(f"There is no {of} among the banks. Name an edition and a version, such as general/1.0.")
    return folder


def _edition(root: Path, of: str) -> Path:
    folder = _folder(root, of)
    if folder.parent.name in NO_EDITIONS:
        raise AssessError(f"{of} is not an edition: {NO_EDITIONS[folder.parent.name]}. Name an edition's version.")
    return folder


def _draft(folder: Path) -> Bank:
    bank, name = _read(folder), _name(folder)
    if bank.status == "published":
        raise AssessError(f"{name} is published and does not change. Start with: assess bank new-version {name}")
    return bank


def _about(folder: Path) -> Path | None:
    """Return the file with the version and status of a folder; proficiencies have none."""
    kind = folder.parent.name
    return None if kind == "proficiency" else folder / ("core.toml" if kind == "core" else "edition.toml")


def _name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def _read(folder: Path) -> Bank:
    bank, reader = read_bank(folder)
    if bank is None or reader.problems:
        raise InvalidBank(dict.fromkeys(reader.problems))
    return bank


def _kept_forms(folder: Path) -> tuple[Form, ...]:
    """Return the forms as they are; none when they cannot be read and all else can."""
    bank, reader = read_bank(folder)
    if bank is not None and not reader.problems:
        return bank.forms
    if not all(problem.startswith(f"{_name(folder)}/forms.toml: ") for problem in reader.problems):
        raise InvalidBank(dict.fromkeys(reader.problems))
    return ()


def _forms(bank: Bank, kept: Iterable[Form], seed: int) -> str:
    """Return `forms.toml`: the forms as they were, but for the fixed ones."""
    kept = list(kept)
    texts = [
        _form(form.code, form.title, form.practice, None if form.adaptive else form.items)
        for form in kept
        if form.code not in FIXED
    ]
    for code, (title, per_scale, n_impression) in FIXED.items():
        try:
            items = assemble(bank, per_scale, n_impression=n_impression, seed=seed)
        except ValueError as error:
            raise AssessError(f"{bank.edition}/{bank.version}: {error}.") from None
        texts.append(_form(code, title, kept[0].practice, items))
    return "\n".join(texts)


def _form(code: str, title: str, practice: str, items: Iterable[str] | None) -> str:
    """Return a form as text; one without items is adaptive."""
    lines = "".join(f'  "{item}",\n' for item in items or ())
    chosen = "adaptive = true\n" if items is None else f"items = [\n{lines}]\n"
    return f'[[form]]\ncode = "{code}"\ntitle = {quoted(title)}\npractice = {quoted(practice)}\n{chosen}'


def _blocks(bank: Bank, seed: int) -> tuple[Triplet, ...]:
    try:
        return triplets_of(bank, seed=seed)
    except ValueError as error:
        raise AssessError(f"{bank.edition}/{bank.version}: {error}.") from None


def _triplets(blocks: Iterable[Triplet]) -> str:
    """Return `triplets.toml`."""
    rows = [(block.code, ", ".join(f'"{code}"' for code in block.statements)) for block in blocks]
    return "\n".join(f'[[triplet]]\ncode = "{code}"\nstatements = [{statements}]\n' for code, statements in rows)
