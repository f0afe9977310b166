"""Files of the banks as commands write them: all that belong together, or none; and what hinders, in a sentence."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from assess.errors import AssessError, InvalidBank


def quoted(text: str) -> str:
    """Return `text` as a string in TOML."""
    return json.dumps(text, ensure_ascii=False)


def stating(file: Path, **wanted: str) -> str:
    """
    Return the text of `file` with other values for some of its keys, everything else as it stands.

    Raises `AssessError` when the text would not say so, however a line is written.
    """
    place = "/".join(file.parts[-3:])
    try:
        text = file.read_text(encoding="utf-8")
        for key, value in wanted.items():
            line = re.compile(
                rf"""^([ \t]*["']?{key}["']?[ \t]*=[ \t]*)("[^"\n]*"(?!")|'[^'\n]*'(?!'))""", re.MULTILINE
            )
            text = line.sub(lambda found, value=value: found[1] + quoted(value), text, count=1)  # type: ignore[misc]
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidBank([f"{place}: {error}"]) from None
    for key, value in wanted.items():
        if found.get(key) != value:
            line_wanted = f"{key} = {quoted(value)}"
            raise AssessError(f"{place}: {key} must have a line of its own, so that it can become: {line_wanted}")
    return text


def replace_texts(texts: Mapping[Path, str]) -> None:
    """Write every text to its file, in this order; when one cannot be written, put back those that were."""
    before = {file: file.read_text(encoding="utf-8") if file.exists() else None for file in texts}
    new = {file: file.with_name(f".{file.name}.new") for file in texts}
    replaced = []
    try:
        for file, text in texts.items():
            _write_beside(file, new[file], text)
        for file in texts:
            new[file].replace(file)
            replaced.append(file)
    except BaseException:
        with suppress(OSError):
            for file in replaced:
                _put_back(file, before[file])
        raise
    finally:
        for file in new.values():
            file.unlink(missing_ok=True)


def _write_beside(file: Path, new: Path, text: str) -> None:
    """Write `text` to `new`, for the same readers as `file`, or as its neighbours, has."""
    new.write_text(text, encoding="utf-8")
    like = file if file.exists() else min(file.parent.glob("*.toml"), default=None)
    if like is not None:
        shutil.copymode(like, new)


def _put_back(file: Path, text: str | None) -> None:
    if text is None:
        file.unlink()
    else:
        file.write_text(text, encoding="utf-8")


@contextmanager
def copy_of(root: Path) -> Iterator[Path]:
    """Give a copy of the banks below `root`, on which a change can be tried before it is made."""
    with tempfile.TemporaryDirectory(prefix="item_banks-") as name:
        copy = Path(name)
        for path in sorted(root.rglob("*")):
            if path.is_dir():
                (copy / path.relative_to(root)).mkdir(parents=True, exist_ok=True)
            elif path.suffix == ".toml":
                shutil.copyfile(path, copy / path.relative_to(root))
        yield copy


def hindrance(error: OSError) -> str | None:
    """Return what a person can make of `error`; None where no file is concerned."""
    if isinstance(error, shutil.Error):
        file, _, why = error.args[0][0]
        return f"{file} could not be copied: {why}"
    file = error.filename2 or error.filename
    return None if file is None else f"{file} cannot be read or written: {error.strerror}"
