"""The rules of what all editions share, before it is published: proficiencies, surveys and the words of reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from assess.banks.language import grade, matches
from assess.banks.parts import AbilityItem, Proficiency
from assess.banks.registry import Registry
from assess.banks.rules import Rules
from assess.banks.wording import Wording

ABILITY_ITEMS = 40
UNEVEN_KEYS = 2  # by how much a position may hold the key more or less often than its share
LONGEST = 1.7  # times as many letters as the shortest option of a vocabulary item
FARTHEST, OFF_CENTRE = 1.5, 0.3  # what locations reach on either side, and how far from 0 their mean may lie
NARRATIVE_WORDS, COMBINATION_WORDS = range(40, 71), range(30, 61)
LEADER, AREAS, SEEN = 20, {"culture": 8, "systems": 8, "skills": 8}, 3


def shared_problems(registry: Registry, rules: Rules) -> list[str]:
    """Return every problem of the parts that all editions share."""
    proficiencies = {bank.proficiency.version: bank.proficiency for bank in registry.editions if bank.proficiency}
    problems = [problem for each in proficiencies.values() for problem in _of_proficiency(each, rules)]
    problems += [
        f"{b.edition}/{b.version}/edition.toml: names no proficiency" for b in registry.editions if not b.proficiency
    ]
    return [*problems, *_of_surveys(registry, rules), *_of_wording(registry.wording, rules)]


def _of_proficiency(found: Proficiency, rules: Rules) -> Iterator[str]:
    for name, items in (("vocabulary", found.vocabulary), ("numerical", found.numerical)):
        place = f"proficiency/{found.version}/{name}.toml"
        if len(items) != ABILITY_ITEMS:
            yield f"{place}: {len(items)} items; {ABILITY_ITEMS} are needed"
        locations = [item.location for item in items]
        if min(locations) > -FARTHEST or max(locations) < FARTHEST or abs(fmean(locations)) > OFF_CENTRE:
            yield f"{place}: difficulty is not spread over -2 to 2"
        keys = Counter(item.key for item in items)
        for position in range(1, 5):
            if abs(keys[position] - len(items) / 4) > UNEVEN_KEYS:
                yield f"{place}: the key stands {keys[position]} times at place {position} of {len(items)}"
        yield from (f"{place}: {problem}" for problem in _of_texts({item.code: item.stem for item in items}, rules))
    yield from _of_options(found.vocabulary, f"proficiency/{found.version}/vocabulary.toml")


def _of_options(items: Sequence[AbilityItem], place: str) -> Iterator[str]:
    """Yield items whose options are of unlike length, and keys that give themselves away by it."""
    longest = 0
    for item in items:
        lengths = [len(option) for option in item.options]
        longest += lengths[item.key - 1] == max(lengths) and lengths.count(max(lengths)) == 1
        if max(lengths) > LONGEST * min(lengths):
            yield f"{place}: '{item.code}' has options of {min(lengths)} to {max(lengths)} letters"
    if longest > 0.4 * len(items):
        yield f"{place}: the key is the longest option in {longest} of {len(items)} items"


def _of_surveys(registry: Registry, rules: Rules) -> Iterator[str]:
    surveys = registry.surveys
    if len(surveys.leader.statement) != LEADER:
        yield f"surveys/leader.toml: {len(surveys.leader.statement)} statements; {LEADER} are needed"
    areas = Counter(each.area for each in surveys.climate.statement)
    if areas != AREAS:
        yield f"surveys/climate.toml: {dict(areas)}; {AREAS} are needed"
    scales = Counter(each.scale for each in surveys.feedback.statement)
    if set(scales.values()) != {SEEN} or set(scales) != set(registry.wording.narratives):
        yield f"surveys/feedback360.toml: {dict(scales)}; {SEEN} of each scale are needed"
    for name, survey in (("leader", surveys.leader), ("climate", surveys.climate), ("feedback360", surveys.feedback)):
        texts = {each.code: each.stem for each in survey.statement}
        yield from (f"surveys/{name}.toml: {problem}" for problem in _of_texts(texts, rules))


def _of_wording(wording: Wording, rules: Rules) -> Iterator[str]:
    for scale, narratives in wording.narratives.items():
        for reader in ("hiring", "promoter", "coach", "person"):
            for narrative in getattr(narratives, reader):
                place = f"wording/narratives/{scale}.toml: {reader} {narrative.band}"
                yield from _of_text(narrative.text, place, NARRATIVE_WORDS, rules)
    for each in wording.combinations:
        place = f"wording/combinations.toml: {each.first_is} {each.first}, {each.second_is} {each.second}"
        yield from _of_text(each.for_hiring, place, COMBINATION_WORDS, rules)
        yield from _of_text(each.for_person, place, COMBINATION_WORDS, rules)


def _of_text(text: str, place: str, lengths: range, rules: Rules) -> Iterator[str]:
    n_words = len(text.split())
    if n_words not in lengths:
        yield f"{place} has {n_words} words; {lengths.start} to {lengths.stop - 1} are allowed"
    found = grade([text])
    if found > rules.narrative_grade:
        yield f"{place} has reading grade {found:.1f}; {rules.narrative_grade:g} at most"


def _of_texts(texts: Mapping[str, str], rules: Rules) -> Iterator[str]:
    for code, text in texts.items():
        for subject in rules.subject:
            found = matches(text, subject.stems)
            if found:
                yield f"'{code}' touches {subject.code} ('{found}'). {subject.why}"
