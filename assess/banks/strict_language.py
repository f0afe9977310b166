"""The rules of language for a bank that is to be published: plain words, subjects kept out, words of the trade."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from assess.banks.checks import Places, edition_of
from assess.banks.language import all_matches, grade, matches, syllables, words_of
from assess.banks.model import Bank
from assess.banks.neighbours import neighbours
from assess.banks.rules import Rules


def statements_are_plain(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield absolute words, double negatives, negated reverse statements and long words."""
    exceptions = {hard.word.lower() for hard in rules.hard_word}
    for item in bank.statements:
        place = f"{places[item.code]}: '{item.code}'"
        absolute = matches(item.stem, rules.absolute)
        if absolute:
            yield f"{place} has the absolute word '{absolute}'"
        negatives = all_matches(item.stem, rules.negative)
        if len(negatives) > 1:
            yield f"{place} negates twice: {', '.join(negatives)}"
        if negatives and item.keyed == "-":
            yield f"{place} is keyed - and negates ('{negatives[0]}'); it should name the opposite behaviour"
        for word in words_of(item.stem):
            if syllables(word) > rules.most_syllables and word.lower() not in exceptions:
                yield f"{place} has the long word '{word}'; name a reason in rules.toml, or choose another"


def statements_are_told_by_the_person(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield statements in which nobody says "I"."""
    for item in (*bank.statements, *bank.impression):
        if not matches(item.stem, rules.first_person):
            yield f"{places[item.code]}: '{item.code}' is not in the first person (I, my, we): \"{item.stem}\""


def subjects_are_kept_out(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield whatever touches a protected or medical subject; situations may hold what `rules` allows each of them."""
    allowed = {each.code: {word.lower() for word in each.words} for each in rules.allowed}
    scenes = {scene.code for scene in bank.situations}
    for code, text in _texts(bank):
        fine = allowed.get(code, set()) if code in scenes else set()
        for subject in rules.subject:
            found = [word for word in all_matches(text, subject.stems) if _plain(word) not in fine]
            if found:
                yield f"{places[code]}: '{code}' touches {subject.code} ('{found[0]}'). {subject.why}"


def _plain(word: str) -> str:
    return word.lower().removesuffix("'s").removesuffix("’s")


def scales_are_readable(bank: Bank, _places: Places, rules: Rules) -> Iterator[str]:
    """Yield scales whose statements together are too hard to read."""
    for scale in bank.scales:
        found = grade(item.stem for item in bank.statements if item.scale == scale.code)
        if found > rules.statement_grade:
            most = f"{rules.statement_grade:g} at most"
            yield f"{edition_of(bank)}: the statements of {scale.code} have reading grade {found:.1f}; {most}"


def statements_differ(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield statements of which one person may see two that say nearly the same."""
    for pair in itertools.takewhile(lambda pair: pair.alike >= rules.alike, neighbours(bank)):
        yield (
            f"{places[pair.second]}: '{pair.second}' is too close to '{pair.first}' ({pair.alike:.0f} of 100): "
            f'"{bank.item(pair.first).stem}" and "{bank.item(pair.second).stem}"'
        )


def own_statements_are_of_the_trade(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield an edition's own statements that name nothing of its trade."""
    stems = next((trade.stems for trade in rules.trade if trade.edition == bank.edition), ())
    if not stems:
        yield f"rules.toml: there are no words of the trade for the edition '{bank.edition}'"
        return
    for item in bank.statements:
        if item.code not in bank.shared and not matches(item.stem, stems):
            yield f"{places[item.code]}: '{item.code}' names nothing of its trade: \"{item.stem}\""


def _texts(bank: Bank) -> Iterator[tuple[str, str]]:
    """Give everything that people read and answer, with the code it belongs to."""
    yield from ((item.code, item.stem) for item in (*bank.statements, *bank.impression, *bank.directed))
    yield from ((each.code, each.stem) for each in bank.perspective)
    yield from ((form.code, form.practice) for form in bank.forms)
    for scene in bank.situations:
        yield from ((scene.code, text) for text in (scene.title, scene.text))
        yield from ((scene.code, response.text) for response in scene.response)
