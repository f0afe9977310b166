"""Reads the surveys and the proficiencies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from assess.banks.model import ResponseFormat
from assess.banks.numerical import Template
from assess.banks.parts import AbilityItem, Proficiency, VocabularyItem
from assess.banks.reader import Reader
from assess.banks.surveys import (
    SOURCE,
    ClimateSurvey,
    EqualitySurvey,
    FeedbackSurvey,
    JobSurvey,
    LeaderSurvey,
    PerformanceSurvey,
    Surveys,
)


def read_surveys(root: Path, problems: list[str]) -> Surveys | None:
    """Return the surveys below `root`; None, and what is wrong with them, when they cannot be put together."""
    reader, folder = Reader(root), root / "surveys"
    formats = reader.tables(ResponseFormat, folder / "formats.toml", "format")
    leader = reader.file(LeaderSurvey, folder / "leader.toml")
    climate = reader.file(ClimateSurvey, folder / "climate.toml")
    feedback = reader.file(FeedbackSurvey, folder / "feedback360.toml")
    job = reader.file(JobSurvey, folder / "job.toml")
    performance = reader.file(PerformanceSurvey, folder / "performance.toml")
    equality = _equality_in(reader, folder)
    problems += reader.problems
    if leader is None or climate is None or feedback is None or job is None or performance is None:
        return None
    if SOURCE not in equality:
        return None
    known = {each.code for each in formats}
    for name, survey in (("leader", leader), ("climate", climate), ("feedback360", feedback)):
        if survey.format not in known:
            problems.append(f"surveys/{name}.toml: names the unknown format '{survey.format}'")
        problems += _twice(name, [each.code for each in survey.statement])
    problems += _twice("feedback360", [each.code for each in feedback.question])
    problems += _twice("performance", [each.code for each in performance.statement])
    return Surveys(
        formats=formats,
        leader=leader,
        climate=climate,
        feedback=feedback,
        job=job,
        performance=performance,
        equality=equality,
    )


def _twice(name: str, codes: Sequence[str]) -> Iterator[str]:
    """Give the first code that a survey has twice."""
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        yield f"surveys/{name}.toml: has the code '{twice}' twice"


def _equality_in(reader: Reader, folder: Path) -> dict[str, EqualitySurvey]:
    """Return the optional questions by language; a translation asks and offers the same, in the same order."""
    files = {SOURCE: folder / "equality.toml"}
    files |= {file.suffixes[0].removeprefix("."): file for file in sorted(folder.glob("equality.*.toml"))}
    read = {language: reader.file(EqualitySurvey, file) for language, file in files.items()}
    found = {language: survey for language, survey in read.items() if survey is not None}
    source = list(found[SOURCE].choices.items()) if SOURCE in found else None
    for language, survey in found.items():
        if source is not None and list(survey.choices.items()) != source:
            place = reader.place(files[language])
            reader.problems.append(f"{place}: its questions and options must have the codes of equality.toml, in order")
    return found


def proficiency_in(reader: Reader, folder: Path) -> Proficiency:
    """Return one version of the proficiencies; `reader` collects what is wrong."""
    vocabulary = reader.tables(VocabularyItem, folder / "vocabulary.toml", "item")
    file = folder / "numerical.toml"
    numerical = _made(json.dumps(reader.toml(file).get("template", ()), sort_keys=True))
    if not numerical:
        reader.tables(Template, file, "template")  # says what is wrong
    for item in numerical:
        reader.remember(item.code, reader.place(file))
    return Proficiency(version=folder.name, vocabulary=vocabulary, numerical=numerical)


@lru_cache(maxsize=8)
def _made(templates: str) -> tuple[AbilityItem, ...]:
    """Return the items of numerical templates, given as JSON; none when one is wrong. All editions have the same."""
    try:
        found = [Template.model_validate(template) for template in json.loads(templates)]
    except ValidationError:
        return ()
    return tuple(template.made(values) for template in found for values in template.item)
