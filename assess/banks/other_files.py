"""Reads the surveys and the proficiencies."""

from __future__ import annotations

from pathlib import Path

from assess.banks.loader import Reader, checksum
from assess.banks.model import ResponseFormat
from assess.banks.numerical import Template
from assess.banks.parts import VocabularyItem
from assess.banks.surveys import ClimateSurvey, FeedbackSurvey, LeaderSurvey, Proficiency, Surveys


def read_surveys(root: Path, problems: list[str]) -> Surveys | None:
    """Return the surveys below `root`; None, and what is wrong with them, when they cannot be put together."""
    reader, folder = Reader(root), root / "surveys"
    formats = reader.tables(ResponseFormat, folder / "formats.toml", "format")
    leader = reader.file(LeaderSurvey, folder / "leader.toml")
    climate = reader.file(ClimateSurvey, folder / "climate.toml")
    feedback = reader.file(FeedbackSurvey, folder / "feedback360.toml")
    problems += reader.problems
    if leader is None or climate is None or feedback is None:
        return None
    known = {each.code for each in formats}
    for name, survey in (("leader", leader), ("climate", climate), ("feedback360", feedback)):
        if survey.format not in known:
            problems.append(f"surveys/{name}.toml: names the unknown format '{survey.format}'")
        codes = [each.code for each in survey.statement]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice:
            problems.append(f"surveys/{name}.toml: has the code '{twice}' twice")
    return Surveys(formats=formats, leader=leader, climate=climate, feedback=feedback)


def read_proficiency(folder: Path, problems: list[str]) -> Proficiency | None:
    """Return one version of the proficiencies; None, and what is wrong, when it cannot be put together."""
    reader = Reader(folder.parent.parent)
    vocabulary = reader.tables(VocabularyItem, folder / "vocabulary.toml", "item")
    templates = reader.tables(Template, folder / "numerical.toml", "template")
    numerical = tuple(template.made(values) for template in templates for values in template.item)
    for item in numerical:
        reader.remember(item.code, f"{reader.place(folder)}/numerical.toml")
    problems += reader.problems
    if reader.problems:
        return None
    return Proficiency(
        version=folder.name,
        vocabulary=vocabulary,
        numerical=numerical,
        checksum=checksum(folder.glob("*.toml"), reader.root),
    )
