"""The indices of `assess quality`, each an array with one figure per person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assess.cli.workbench import parameters as parameter_files
from assess.cli.workbench import table
from assess.cli.workbench.commands import naming, why_not
from assess.cli.workbench.formats import Ends, Stated, ends_of, require_items, unequal
from assess.cli.workbench.scales import Scale, scales_of
from assess.errors import AssessError, UnusableData
from assess.psychometrics.models import Floats

SAME = {"same", "+", ""}
OPPOSITE = {"opposite", "-"}
LONG = 60.0  # seconds per statement; a median above it was probably not given in seconds

Found = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers as they were given, in the order of the questionnaire, and what is known of the items."""

    people: table.Table
    items: list[str]
    x: Floats  # persons x items, NaN = not answered
    ends: dict[str, Ends]  # of each item, in order
    turned: tuple[str, ...]  # the items keyed -
    scales: dict[str, list[str]]  # the items of each, in order
    notes: list[str]  # what the reader should know besides

    @property
    def keyed(self) -> Floats:
        """The answers, those to items keyed - reversed."""
        return np.column_stack(
            [
                sum(self.ends[code]) - column if code in self.turned else column
                for code, column in zip(self.items, self.x.T, strict=True)
            ]
        )


def read(
    people: table.Table,
    items: list[str],
    turned: tuple[str, ...],
    ranges: Sequence[Stated],
    *,
    scales: Sequence[Scale],
    known: parameter_files.Parameters | None,
) -> Answers:
    """Return the answers to `items`; refuse those from which nothing can be learnt."""
    from assess.psychometrics.quality.distance import require_differences  # noqa: PLC0415

    x = people.answers(items)
    require_items(people, items, turned)
    ends = ends_of(
        people, items, x, ranges, known={item.code: item.categories or () for item in known.items} if known else {}
    )
    with naming(items, people):
        require_differences(x)
    notes = [*table.suspects(items, x), *unequal(ends, turned, ranges)]
    return Answers(people, items, x, ends, turned, scales_of(people, items, scales), notes)


def of_answers(answers: Answers, *, synonyms: float) -> Found:
    """Return what the answers alone show; items that correlate by `synonyms` or more are alike in meaning."""
    from assess.psychometrics.quality import consistency, runs  # noqa: PLC0415

    x = answers.x
    n_answered = (~np.isnan(x)).sum(axis=1)
    d2, p = _mahalanobis(answers)
    found = {
        "n_answered": n_answered,
        "longest_run": _counts(np.where(n_answered > 0, runs.longest_run(x), np.nan)),
        "average_run": runs.average_run(x),
        "irv": runs.response_variability(x),
        "even_odd": _even_odd(answers),
        "mahalanobis_d2": d2,
        "mahalanobis_p": p,
        "synonyms": consistency.synonym_consistency(x, minimum=synonyms),
        "antonyms": consistency.antonym_consistency(x, minimum=synonyms),
    }
    if np.isnan(found["even_odd"]).all():
        n = sum(len(codes) > 1 for codes in answers.scales.values())
        answers.notes.append(
            f"Note: no even-odd consistency: it needs three scales of two items or more, and finds {n}. "
            "--scale NAME=CODE,CODE says which items belong together."
        )
    for name, sign in (("synonyms", "above "), ("antonyms", "below −")):
        if np.isnan(found[name]).all():
            answers.notes.append(f"Note: no {name}: they need three pairs of items that correlate {sign}{synonyms:g}.")
    return found


def _even_odd(answers: Answers) -> Floats:
    """Return the even-odd consistency over the scales; items of no scale take no part."""
    from assess.psychometrics.quality.consistency import even_odd_consistency  # noqa: PLC0415

    scale = {code: at for at, codes in enumerate(answers.scales.values()) for code in codes}
    own = [at for at, code in enumerate(answers.items) if code in scale]
    return even_odd_consistency(answers.keyed[:, own], [scale[answers.items[at]] for at in own])


def _mahalanobis(answers: Answers) -> tuple[Floats, Floats]:
    from assess.psychometrics.quality.distance import mahalanobis  # noqa: PLC0415

    try:
        found = mahalanobis(answers.x)
    except UnusableData as error:
        answers.notes.append(f"Note: no Mahalanobis D². {why_not(answers.items, error)}")
        nothing = np.full(len(answers.x), np.nan)
        return nothing, nothing
    return found.d2, found.p


def of_pairs(answers: Answers, file: Path) -> Floats:
    """Return the consistency over the marked pairs that `file` lists."""
    from assess.psychometrics.quality.marked_pairs import marked_pair_consistency  # noqa: PLC0415

    pairs = _pairs(file, answers.items)
    places = [[answers.items.index(code) for code in codes] for codes, _ in pairs]
    ends = np.array([[answers.ends[code] for code in codes] for codes, _ in pairs])
    return marked_pair_consistency(
        answers.x,
        places,
        lowest=ends[:, :, 0].min(axis=1),
        highest=ends[:, :, 1].max(axis=1),
        opposite=[opposite for _, opposite in pairs],
    ).consistency


def _pairs(file: Path, items: Sequence[str]) -> list[tuple[list[str], bool]]:
    """Return the pairs of codes that `file` lists, and whether they mean opposite things."""
    found = []
    for number, line in table.records(file):
        codes, word = line[:2], line[2].lower() if len(line) > 2 else ""
        unknown = [code for code in codes if code not in items]
        if number == 1 and len(unknown) == len(codes):
            continue  # names of columns
        if len(codes) < 2 or unknown:
            raise AssessError(f"Line {number} of {file.name} does not name two items of the data: {', '.join(line)}.")
        if codes[0] == codes[1]:
            raise AssessError(f"Line {number} of {file.name} pairs {codes[0]} with itself.")
        if word not in SAME | OPPOSITE:
            raise AssessError(f'Line {number} of {file.name}: "{word}" is neither "same" nor "opposite".')
        found.append((codes, word in OPPOSITE))
    if not found:
        raise AssessError(f"{file.name} names no pair.")
    return found


def person_fit(answers: Answers, known: parameter_files.Parameters) -> Floats:
    """Return l_z at the posterior means."""
    from assess.psychometrics.estimation import eap_estimate  # noqa: PLC0415
    from assess.psychometrics.fit.person_fit import person_fit as fit  # noqa: PLC0415

    if len(known.scales) > 1:
        raise AssessError(f"l_z is computed scale by scale, and these items measure {len(known.scales)}.")
    x = known.responses(answers.people, ends=answers.ends, turned=answers.turned)
    model = known.model(unit=known.sd)
    with naming(known.codes, answers.people):
        found: Floats = fit(model, x, theta=eap_estimate(model, x).theta).lz
    return found


def of_times(answers: Answers, file: Path) -> Found:
    """Return how many statements a person answered too fast to read them, and the median time."""
    from assess.psychometrics.quality.attention import fast_responses, median_time  # noqa: PLC0415

    times, items = table.read(file), answers.items
    _require_same_rows(answers.people, times)
    for code in items:
        times.place(code)
    try:
        seconds = np.column_stack([times.numbers(code) for code in items])
    except AssessError as error:
        raise AssessError(f"{file.name}: {error}") from None
    if (seconds < 0).any():
        row, item = np.argwhere(seconds < 0)[0]
        raise AssessError(f"{file.name}: Line {times.lines[row]}, column {items[item]}: a time cannot be negative.")
    seconds = np.where(np.isnan(answers.x), np.nan, seconds)
    medians = median_time(seconds)
    if not np.isnan(medians).all() and np.nanmedian(medians) > LONG:
        answers.notes.append(
            f"Note: half of the people took more than {LONG:g} seconds per statement. Are these milliseconds?"
        )
    return {"n_under_one_second": _counts(fast_responses(seconds)), "median_seconds": medians}


def _require_same_rows(people: table.Table, times: table.Table) -> None:
    """Refuse times of other people, or of these in another order, as a column that is in both files shows."""
    if len(times.rows) != len(people.rows):
        raise AssessError(
            f"The rows of {times.file.name} ({len(times.rows):,}) must be those of the same people as in "
            f"{people.file.name} ({len(people.rows):,}), in the same order."
        )
    for name in people.names:
        own, other = (each.text(name) if name in each.names else [] for each in (people, times))
        if own != other and sorted(own) == sorted(other):
            line = next(line for line, one, two in zip(times.lines, own, other, strict=True) if one != two)
            raise AssessError(
                f"{times.file.name}, line {line}: the people are not in the order of {people.file.name}, by their "
                f"column {name}."
            )


def of_directed(people: table.Table, directed: Mapping[str, int], ranges: Sequence[Stated]) -> Any:
    """Return in how many directed items a person gave another answer than the one asked for."""
    from assess.psychometrics.quality.attention import directed_missed  # noqa: PLC0415

    codes, x = list(directed), people.answers(list(directed))
    for code, (low, high) in ends_of(people, codes, x, ranges, known={}).items():
        if directed[code] < low or directed[code] > high:
            wider = f"{min(low, directed[code]):g}-{max(high, directed[code]):g}"
            raise AssessError(
                f"--directed {code}={directed[code]} lies outside the format of {code}, stated or found in the data as "
                f"{low:g} to {high:g}. If it is wider, state it: --range {code}={wider}."
            )
    return _counts(directed_missed(x, list(directed.values())))


def of_impression(answers: Answers, codes: Sequence[str]) -> Found:
    """Return the mean keyed answer to the items of impression management, and where it stands among these people."""
    from assess.psychometrics.norm_tables import norm_table  # noqa: PLC0415

    require_items(answers.people, answers.items, codes)
    own = answers.keyed[:, [answers.items.index(code) for code in codes]]
    n = (~np.isnan(own)).sum(axis=1)
    mean = np.where(n > 0, np.nansum(own, axis=1) / np.maximum(n, 1), np.nan)
    try:
        percentile = norm_table(mean).percentile(mean)
    except UnusableData as error:
        answers.notes.append(
            f"Note: no percentile of impression management. {error.reason[:1].upper()}{error.reason[1:]}"
        )
        percentile = np.full(len(mean), np.nan)
    return {"impression": mean, "impression_percentile": percentile}


def _counts(numbers: Floats) -> Any:
    """Return whole numbers as such, and None where there is none."""
    return np.array([None if np.isnan(number) else int(number) for number in numbers], dtype=object)
