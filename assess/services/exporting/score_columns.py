"""The columns of scores: each with its error, and a reason wherever there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.scoring.flags import SIGNS
from assess.scoring.further import PROFICIENCIES
from assess.scoring.kinds import IMPRESSION
from assess.services import held_words
from assess.services.exporting.cells import YES_NO, Cell, Column, Entry, Kind, Missing
from assess.services.exporting.rows import Record

Found = Callable[[Record], Mapping[str, Any] | None]  # where values stand; None where there is nothing of the kind
Values = Mapping[str, tuple[str, Kind, str]]  # label, kind and unit by the key under which a value stands

TOO_LITTLE: Mapping[str, str] = {Missing.UNSCORABLE: "too little was answered"}
NOT_OF_EDITION: Mapping[str, str] = {Missing.NONE: "the edition does not measure it", **TOO_LITTLE}
NOT_ASKED: Mapping[str, str] = {Missing.NONE: "the part was not asked", **TOO_LITTLE}
NO_MATCH: Mapping[str, str] = {
    Missing.NONE: "there was no position",
    Missing.UNSCORABLE: "too little was answered on what counts",
}
SCORE: Values = {
    "theta": ("position on the model's own scale", Kind.NUMBER, "theta; 0 is its middle"),
    "se": ("standard error of theta", Kind.NUMBER, "theta"),
    "sten": ("sten, rounded and cut", Kind.INTEGER, "stens, 1 to 10"),
    "position": ("sten, unrounded and uncut", Kind.NUMBER, "stens"),
    "sem": ("standard error of measurement of the sten", Kind.NUMBER, "stens"),
    "percentile": ("share of the norm group with a lower score", Kind.NUMBER, "percent"),
    "n_answered": ("questions answered", Kind.INTEGER, "questions"),
    "n_items": ("questions that count", Kind.INTEGER, "questions"),
}
COUNTS = frozenset({"n_answered", "n_items"})
QUALITY: Values = {
    "n_items": ("statements shown", Kind.INTEGER, "statements"),
    "n_answered": ("statements answered", Kind.INTEGER, "statements"),
    "longest_run": ("longest run of the same choice", Kind.INTEGER, "statements"),
    "variability": ("standard deviation of the choices", Kind.NUMBER, "choices"),
    "n_timed": ("statements with a time", Kind.INTEGER, "statements"),
    "n_under_one_second": ("statements answered in under a second", Kind.INTEGER, "statements"),
    "median_seconds": ("median time for a statement", Kind.NUMBER, "seconds"),
    "n_directed": ("lines that ask for one choice", Kind.INTEGER, "statements"),
    "n_directed_missed": ("of these, answered otherwise", Kind.INTEGER, "statements"),
}
CONSISTENCY: Values = {
    "even_odd": ("even-odd consistency over the scales", Kind.NUMBER, "correlation; 1 is highest"),
    "pairs": ("agreement within marked pairs", Kind.NUMBER, "0 to 1"),
    "n_pairs": ("marked pairs answered", Kind.INTEGER, "pairs"),
    "person_fit": ("person fit l_z; low is unlikely under the model", Kind.NUMBER, "standard normal"),
    "distance": ("Mahalanobis distance, squared, from the norm sample", Kind.NUMBER, "D²"),
    "distance_p": ("probability of a larger distance", Kind.NUMBER, "0 to 1"),
}
INTERVAL: Values = {
    "value": ("", Kind.NUMBER, "1 the key itself, 0 at random"),
    "low": ("lower end of its 90 % interval", Kind.NUMBER, "1 the key itself, 0 at random"),
    "high": ("upper end of its 90 % interval", Kind.NUMBER, "1 the key itself, 0 at random"),
}
MATCH: Values = {
    "median": ("median", Kind.NUMBER, "0 to 1"),
    "low": ("lower end of the 90 % interval", Kind.NUMBER, "0 to 1"),
    "high": ("upper end of the 90 % interval", Kind.NUMBER, "0 to 1"),
}


def score_columns(banks: Sequence[Bank], parts: Sequence[str]) -> Iterator[Column]:
    """Yield the columns of all scores of results that rest on `banks`, those of `parts` that anybody was asked."""
    for code, name in {scale.code: scale.name for bank in banks for scale in bank.scales}.items():
        yield from _score(code, name, _scale(code), NOT_OF_EDITION)
    yield from _score(IMPRESSION, "Favourable self-description (corrects no score)", _impression, TOO_LITTLE)
    yield from _group("quality", "Quality", QUALITY, lambda record: record.facts.quality, TOO_LITTLE)
    missing = {Missing.NONE: "scored by a release that computed none", **TOO_LITTLE}
    yield from _group("quality", "Quality", CONSISTENCY, _consistency, missing)
    yield from _flags()
    yield from _group("match", "Match with the position's pattern", MATCH, _match, NO_MATCH)
    if Part.PERSPECTIVE in parts:
        yield from _alignment()
    if Part.SITUATIONS in parts:
        yield from _situations()
    for part in PROFICIENCIES:
        if part in parts:
            yield from _proficiency(part)


def _score(code: str, name: str, found: Found, missing: Mapping[str, str]) -> Iterator[Column]:
    """Yield the columns of one scale; of a score without norms, the percentile is missing for that reason."""
    for column in _group(code, name, SCORE, found, missing):
        if column.entry.name.endswith("_percentile"):
            yield _percentile(column, {**missing, Missing.NONE: "compared with no norm group, or not measured"})
        else:
            yield column


def _percentile(column: Column, missing: Mapping[str, str]) -> Column:
    entry = Entry.from_json(column.entry.to_json() | {"missing": missing})

    def cell(record: Record) -> Cell:
        found = column.cell(record)
        return Missing.NONE if found == Missing.UNSCORABLE and record.facts.norm_n is None else found

    return Column(entry, cell)


def _group(prefix: str, name: str, values: Values, found: Found, missing: Mapping[str, str]) -> Iterator[Column]:
    for key, (label, kind, unit) in values.items():
        own = {} if key in COUNTS and Missing.NONE not in missing else missing
        entry = Entry(f"{prefix}_{key}", f"{name}: {label}" if label else name, kind, "result", unit=unit, missing=own)
        yield Column(entry, _cell(found, key))


def _cell(found: Found, key: str) -> Callable[[Record], Cell]:
    def cell(record: Record) -> Cell:
        values = found(record)
        if values is None:
            return Missing.NONE
        value: int | float | None = values[key]
        return Missing.UNSCORABLE if value is None else value

    return cell


def _scale(code: str) -> Found:
    return lambda record: record.scales.get(code)


def _impression(record: Record) -> Mapping[str, Any] | None:
    impression: Mapping[str, Any] = record.facts.impression
    return impression


def _consistency(record: Record) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = record.facts.quality.get("consistency")
    return found


def _flags() -> Iterator[Column]:
    for code in SIGNS:
        entry = Entry(
            f"flag_{code.replace('-', '_')}",
            f"Flag, a reason for care: {held_words.FLAGS[code]}",
            Kind.INTEGER,
            "result",
            values=YES_NO,
        )
        yield Column(entry, _has_flag(code))


def _has_flag(code: str) -> Callable[[Record], Cell]:
    return lambda record: int(any(flag["code"] == code for flag in record.facts.flags))


def _match(record: Record) -> Mapping[str, Any] | None:
    if record.facts.pattern_version is None:
        return None
    found: Mapping[str, Any] = record.facts.match or dict.fromkeys(MATCH)
    return found


def _further(key: str) -> Found:
    return lambda record: record.facts.further[key] if record.facts.further else None


def _alignment() -> Iterator[Column]:
    name = "Alignment with the company's view of good service"
    yield from _group("alignment", name, INTERVAL, _further("alignment"), NOT_ASKED)
    counts = {
        "n_answered": ("statements answered", Kind.INTEGER, "statements"),
        "n_scored": ("statements on which the key is clear", Kind.INTEGER, "statements"),
        "n_raters": ("raters behind the key; 0: the edition's default key", Kind.INTEGER, "people"),
    }
    yield from _group("alignment", name, counts, _further("alignment"), NOT_ASKED)


def _situations() -> Iterator[Column]:
    name = "Situations at work, against the author's key"
    interval = {"score" if key == "value" else key: about for key, about in INTERVAL.items()}
    counts = {
        "n_answered": ("responses rated", Kind.INTEGER, "responses"),
        "n_keyed": ("responses with a key", Kind.INTEGER, "responses"),
    }
    yield from _group("situations", name, {**interval, **counts}, _further("judgement"), NOT_ASKED)


def _proficiency(part: Part) -> Iterator[Column]:
    def ability(record: Record) -> Mapping[str, Any] | None:
        abilities = record.facts.further["abilities"] if record.facts.further else ()
        found: Mapping[str, Any] | None = next((each for each in abilities if each["score"]["scale"] == part), None)
        return found

    def score(record: Record) -> Mapping[str, Any] | None:
        found = ability(record)
        return None if found is None else found["score"]

    name = {Part.VOCABULARY: "Vocabulary", Part.NUMERICAL: "Numbers"}[part]
    yield from _score(str(part), name, score, NOT_ASKED)
    yield from _group(str(part), name, {"n_right": ("questions solved", Kind.INTEGER, "questions")}, ability, NOT_ASKED)
