"""A tagged PDF read as a screen reader does: along its tags, each with the text that it marks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf

Marks = Mapping[int, str]  # the text of each marked content of a page
SHOWING = {"Tj", "TJ", "'", '"'}


@dataclass(frozen=True)
class Element:
    """A tag, with its place and the text below it."""

    tag: str
    path: tuple[str, ...]  # the tags above it
    text: str
    raw: pikepdf.Dictionary


class Tagged:
    """The elements of a PDF in their order, and what stands on its pages without one."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(content))
        self.root = self.pdf.Root.StructTreeRoot
        pages = [_texts(page) for page in self.pdf.pages]
        self.running = [running for _, running, _ in pages]  # texts marked as page furniture, by page
        self.unmarked = [unmarked for _, _, unmarked in pages]  # texts marked as nothing
        self._marks = {page.objgen: marks for page, (marks, _, _) in zip(self.pdf.pages, pages, strict=True)}
        self.claimed: list[tuple[tuple[int, int], int]] = []  # marked contents that elements hold, in their order
        self.elements = [each for kid in _kids(self.root) for each in self._below(kid, ())]

    @property
    def marked(self) -> set[tuple[tuple[int, int], int]]:
        """Page and number of every marked content on the pages."""
        return {(page, number) for page, marks in self._marks.items() for number in marks}

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """Return all text in the order of the tags."""
        return "".join(self._text(kid, without) for kid in _kids(self.root))

    def all(self, *tags: str) -> list[Element]:
        """Return the elements with one of `tags`."""
        return [each for each in self.elements if each.tag in tags]

    def _below(self, raw: pikepdf.Dictionary, path: tuple[str, ...]) -> Iterator[Element]:
        tag = str(raw.S)[1:]
        yield Element(tag, path, self._text(raw, ()), raw)
        for kid in _kids(raw):
            if isinstance(kid, pikepdf.Dictionary):
                yield from self._below(kid, (*path, tag))
            else:
                self.claimed.append((raw.Pg.objgen, int(kid)))

    def _text(self, raw: pikepdf.Dictionary, without: tuple[str, ...]) -> str:
        if str(raw.S)[1:] in without:
            return ""
        return "".join(
            self._text(kid, without) if isinstance(kid, pikepdf.Dictionary) else self._marks[raw.Pg.objgen][int(kid)]
            for kid in _kids(raw)
        )


def _kids(raw: pikepdf.Dictionary) -> list[pikepdf.Object]:
    """Return what is below an element, but the annotation of a link."""
    kids = raw.get("/K", [])
    every = list(kids) if isinstance(kids, pikepdf.Array | list) else [kids]
    return [kid for kid in every if not isinstance(kid, pikepdf.Dictionary) or "/S" in kid]


def _texts(page: pikepdf.Page) -> tuple[Marks, str, str]:
    """Return the texts of a page: by number, of the page's furniture, and of no mark at all."""
    letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
    marks: dict[int, str] = {}
    running, unmarked, font = "", "", ""
    open_marks: list[int | str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                properties = operands[1] if len(operands) > 1 else {}
                open_marks.append(int(properties["/MCID"]) if "/MCID" in properties else str(operands[0]))
                if isinstance(open_marks[-1], int):
                    marks[open_marks[-1]] = ""
            case "EMC":
                open_marks.pop()
            case "Tf":
                font = str(operands[0])
            case shown if shown in SHOWING:
                text = "".join(_shown(operands[0], letters[font]))
                if not open_marks:
                    unmarked += text
                elif isinstance(open_marks[-1], int):
                    marks[open_marks[-1]] += text
                else:
                    running += text
    return marks, running, unmarked


def _shown(operand: pikepdf.Object, letters: Mapping[int, str]) -> Iterator[str]:
    for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(part, pikepdf.String):
            codes = bytes(part)
            yield from (letters[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))


def _letters(font: pikepdf.Dictionary) -> Mapping[int, str]:
    """Return which letters each code stands for, as the font itself says."""
    pairs = re.findall(rb"^<([0-9a-f]+)> <([0-9a-f]+)>$", font.ToUnicode.read_bytes(), re.MULTILINE)
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}
