"""The rules of what all editions share, before it is published: proficiencies, surveys, families, words of reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from assess.banks.checks import edition_of
from assess.banks.language import grade, matches
from assess.banks.model import Bank
from assess.banks.parts import AbilityItem, Proficiency
from assess.banks.registry import Registry
from assess.banks.rules import Rules
from assess.banks.surveys import PerformanceSurvey
from assess.banks.wording import RoleFamily, Wording

ABILITY_ITEMS = 40
UNEVEN_KEYS = 2  # by how much a position may hold the key more or less often than its share
LONGEST = 1.7  # times as many letters as the shortest option of a vocabulary item
FARTHEST, OFF_CENTRE = 1.5, 0.3  # what locations reach on either side, and how far from 0 their mean may lie
NARRATIVE_WORDS, COMBINATION_WORDS = range(40, 71), range(30, 61)
FAMILIES, STENS_WIDE, HIGH_STEN, REASON_WORDS = 12, range(3, 6), 9, 5
LEADER, AREAS, SEEN = 20, {"culture": 8, "systems": 8, "skills": 8}, 3
WORK = 3  # lines on how somebody works; raters have many people to rate


def shared_problems(registry: Registry, rules: Rules) -> list[str]:
    """Return every problem of the parts that all editions share."""
    proficiencies = {bank.proficiency.version: bank.proficiency for bank in registry.editions if bank.proficiency}
    problems = [problem for each in proficiencies.values() for problem in _of_proficiency(each, rules)]
    problems += [f"{edition_of(b)}/edition.toml: names no proficiency" for b in registry.editions if not b.proficiency]
    problems += [*_of_surveys(registry, rules), *_of_wording(registry.wording, rules)]
    return [*problems, *_of_families(registry.families.values(), rules), *_of_codes(registry)]


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
        texts = {item.code: " / ".join((item.stem, *item.options)) for item in items}
        yield from (f"{place}: {problem}" for problem in _of_texts(texts, rules))
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
    yield from _of_work(surveys.performance, rules)


def _of_work(survey: PerformanceSurvey, rules: Rules) -> Iterator[str]:
    """Yield a wrong number of lines on somebody's work, and what they should not touch."""
    if len(survey.statement) != WORK:
        yield f"surveys/performance.toml: {len(survey.statement)} statements; {WORK} are needed"
    texts = {each.code: " / ".join((each.stem, each.low, each.high)) for each in survey.statement}
    yield from (f"surveys/performance.toml: {problem}" for problem in _of_texts(texts, rules))


def _of_wording(wording: Wording, rules: Rules) -> Iterator[str]:
    for scale, narratives in wording.narratives.items():
        for reader in ("hiring", "promoter", "coach", "person"):
            for narrative in getattr(narratives, reader):
                place = f"wording/narratives/{scale}.toml: {reader} {narrative.band}"
                yield from _of_text(narrative.text, place, NARRATIVE_WORDS, rules)
        for own in narratives.person:
            texts = (own.text, *own.helps, *own.hinders, own.try_this)
            yield from _of_deficits(texts, f"wording/narratives/{scale}.toml: person {own.band}", rules)
    for each in wording.combinations:
        place = f"wording/combinations.toml: {each.first_is} {each.first}, {each.second_is} {each.second}"
        yield from _of_text(each.for_hiring, place, COMBINATION_WORDS, rules)
        yield from _of_text(each.for_person, place, COMBINATION_WORDS, rules)
        yield from _of_deficits([each.for_person], place, rules)


def _of_text(text: str, place: str, lengths: range, rules: Rules) -> Iterator[str]:
    n_words = len(text.split())
    if n_words not in lengths:
        yield f"{place} has {n_words} words; {lengths.start} to {lengths.stop - 1} are allowed"
    found = grade([text])
    if found > rules.narrative_grade:
        yield f"{place} has reading grade {found:.1f}; {rules.narrative_grade:g} at most"


def _of_deficits(texts: Iterable[str], place: str, rules: Rules) -> Iterator[str]:
    """Yield words of what is said to a person that would call them lacking."""
    for text in texts:
        found = matches(text, rules.deficit)
        if found:
            yield f"{place} tells the person of a deficit ('{found}'); say what is likely to happen instead"


def _of_families(families: Collection[RoleFamily], rules: Rules) -> Iterator[str]:
    """Yield a wrong number of role families, and ranges that are too narrow, too wide, too high or without a reason."""
    place = "patterns/families.toml"
    if len(families) != FAMILIES:
        yield f"{place}: {len(families)} role families; {FAMILIES} are needed"
    argued = {(each.family, each.scale) for each in rules.high_range}
    for family in families:
        for target in family.target:
            where = f"{place}: '{family.code}', {target.scale}: the range {target.low} to {target.high}"
            if target.high - target.low + 1 not in STENS_WIDE:
                yield f"{where} is {target.high - target.low + 1} stens wide; 3 to 5 are allowed"
            if target.high >= HIGH_STEN and (family.code, target.scale) not in argued:
                yield f"{where} reaches sten 9 or 10; choose a lower one, or argue it in rules.toml ([[high_range]])"
            if len(target.reason.split()) < REASON_WORDS:
                yield f'{where} has no reason of {REASON_WORDS} words or more: "{target.reason}"'


def _of_codes(registry: Registry) -> Iterator[str]:
    """
    Yield codes of what people are asked that stand in two places: in two editions, or in an edition and a survey.

    Forms and triplets are named alike in all editions; within an edition the reader has seen to it.
    """
    places: dict[str, set[str]] = defaultdict(set)
    for bank in registry.editions:
        for code, place in _places_of(bank):
            places[code].add(place)
    surveys = registry.surveys
    asked = {
        "leader": [each.code for each in surveys.leader.statement],
        "climate": [each.code for each in surveys.climate.statement],
        "feedback360": [each.code for each in surveys.feedback.statement],
        "performance": [each.code for each in surveys.performance.statement],
    }
    for name, codes in asked.items():
        for code in codes:
            places[code].add(f"surveys/{name}.toml")
    for code, found in places.items():
        if len(found) > 1:
            first, *others = sorted(found)
            unique = "codes are unique over all editions and parts"
            yield f"{first}: the code '{code}' is taken by {', '.join(others)}; {unique}"


def _places_of(bank: Bank) -> Iterator[tuple[str, str]]:
    """Give the codes of a bank with the folder they belong to; editions may build on different versions of core."""
    own, begin = edition_of(bank), bank.edition[:3] + "-"
    yield from ((item.code, "core" if item.code in bank.shared else own) for item in bank.statements)
    yield from ((item.code, "core") for item in (*bank.impression, *bank.directed))
    yield from ((each.code, own if each.code.startswith(begin) else "core") for each in bank.perspective)
    yield from ((scene.code, own) for scene in bank.situations)
    if bank.proficiency is not None:
        yield from ((item.code, "proficiency") for item in (*bank.proficiency.vocabulary, *bank.proficiency.numerical))


def _of_texts(texts: Mapping[str, str], rules: Rules) -> Iterator[str]:
    for code, text in texts.items():
        for subject in rules.subject:
            found = matches(text, subject.stems)
            if found:
                yield f"'{code}' touches {subject.code} ('{found}'). {subject.why}"
