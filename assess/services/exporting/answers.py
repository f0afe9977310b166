"""Columns of single answers: one for every question with one wording, with the value as it was chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.scoring.kinds import IMPRESSION
from assess.services.exporting.cells import Cell, Column, Entry, Kind, Missing
from assess.services.exporting.rows import Record
from assess.services.question_words import question

MISSING: Mapping[str, str] = {
    Missing.NONE: "the question was not shown to this person",
    Missing.UNANSWERED: "the question was shown and not answered",
}


def answer_columns(banks: Sequence[Bank], parts: Collection[str]) -> Iterator[Column]:
    """
    Yield a column for every answer that `parts` of `banks` ask for.

    Where banks put different questions under one code, each has a column of its own, named after the bank.
    """
    for code, by_words in _questions(banks, parts).items():
        for where in by_words.values():
            name = _name(code)
            if len(by_words) > 1:
                name += "".join(f"_{_name(bank.edition)}_{_name(bank.version)}" for bank in where[:1])
            yield _column(name, code, where, is_only=len(by_words) == 1)


def _questions(banks: Sequence[Bank], parts: Collection[str]) -> Mapping[str, Mapping[tuple[str, ...], list[Bank]]]:
    """Return the banks that ask for each answer, by its code and by what is asked."""
    found: dict[str, dict[tuple[str, ...], list[Bank]]] = {}
    for bank in banks:
        for page, asked in bank.asked.items():
            if str(asked.part) in parts:
                words = question(bank, page)
                for code, choice in words.choices.items():
                    same = (words.text, choice.legend, *choice.labels.values(), _keying(bank, page))
                    found.setdefault(code, {}).setdefault(same, []).append(bank)
    return found


def _column(name: str, code: str, banks: Sequence[Bank], *, is_only: bool) -> Column:
    page, bank = code.partition(".")[0], banks[0]
    asked = question(bank, page)
    choice = asked.choices[code]
    where = frozenset((each.edition, each.version) for each in banks)
    sources = ", ".join(f"{each.edition} {each.version}" for each in banks)
    entry = Entry(
        name,
        f"{asked.text} – {choice.legend}" if choice.legend else asked.text,
        Kind.INTEGER,
        f"answer {code} to bank {sources}; the value as it was chosen, not turned round",
        unit="choice",
        values={str(value): words for value, words in choice.labels.items()},
        missing=MISSING,
        keyed=_keying(bank, page),
    )

    def cell(record: Record) -> Cell:
        if not is_only and (record.facts.edition, record.facts.bank_version) not in where:
            return Missing.NONE
        if code in record.answers:
            return record.answers[code]
        return Missing.UNANSWERED if page in record.shown else Missing.NONE

    return Column(entry, cell)


def _keying(bank: Bank, page: str) -> str:
    """Return which scale the answer counts for, and in which direction; of proficiencies no key is handed out."""
    part = bank.asked[page].part
    if part is not Part.STATEMENTS:
        return {
            Part.TRIPLETS: "the number is the place of the statement that was chosen",
            Part.PERSPECTIVE: "compared with the company's key",
            Part.SITUATIONS: "compared with the author's key of effectiveness",
        }.get(part, "right or wrong; the key is not in this file")
    item = bank.item(page)
    keyed, scale = getattr(item, "keyed", ""), getattr(item, "scale", IMPRESSION)
    if not keyed:
        return "measures nothing: it asks for one particular choice"
    if page in bank.unscored:
        return f"{keyed} {scale}, not scored: second of a pair that shows whether answers go together"
    return f"{keyed} {scale}"


def _name(code: str) -> str:
    return code.replace("-", "_").replace(".", "_")
