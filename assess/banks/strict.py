"""The rules of a bank that is to be published, beyond those that all versions keep: its blueprint, its language."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from assess.banks.checks import Places
from assess.banks.exposure import fingerprint
from assess.banks.language import grade, matches, syllables, words_of
from assess.banks.model import Bank, Form, Statement
from assess.banks.neighbours import neighbours
from assess.banks.rules import Rules

Rule = Callable[[Bank, Places, Rules], Iterator[str]]

SHARED, OWN = 6, 4  # statements of a facet
PLUS = range(4, 7)  # of a facet's ten statements keyed +
IMPRESSION, DIRECTED, PAIRS = 12, 3, 6
FIXED = {"standard": 16, "short": 8}  # forms with their statements per scale
TRIPLETS, MATCHED = 30, 0.5
MIXED = range(14, 17)  # blocks that are mixed in keying
AGAINST = range(5, 8)  # mixed blocks that a scale stands in
PER_THEME, OWN_PERSPECTIVE = 4, 8
PERSPECTIVE_WORDS = range(6, 23)
SITUATIONS, SCENE_WORDS = 12, range(60, 111)
BEST, WORST = 4.0, 2.0  # effectiveness that the best response must reach, and the worst must not exceed


def strict_problems(bank: Bank, places: Places, rules: Rules) -> list[str]:
    """Return every problem that keeps `bank` from being published, each with its file and place."""
    return [problem for rule in RULES for problem in rule(bank, places, rules)]


def facets_are_full(bank: Bank, _places: Places, _rules: Rules) -> Iterator[str]:
    """Yield facets that do not have six shared and four own statements, half of them keyed each way."""
    for scale in bank.scales:
        for facet in scale.facet:
            there = [item for item in bank.statements if (item.scale, item.facet) == (scale.code, facet.code)]
            shared, plus = (
                sum(item.code in bank.shared for item in there),
                sum(item.keyed == "+" for item in there),
            )
            if (shared, len(there) - shared) != (SHARED, OWN):
                yield (
                    f"{_name(bank)}: {scale.code}, {facet.code}: {shared} shared and {len(there) - shared} own "
                    f"statements; {SHARED} and {OWN} are needed"
                )
            elif plus not in PLUS:
                yield f"{_name(bank)}: {scale.code}, {facet.code}: {plus} of 10 statements keyed +; 4 to 6 are needed"


def validity_is_complete(bank: Bank, _places: Places, _rules: Rules) -> Iterator[str]:
    """Yield wrong numbers of impression-management statements, directed items and marked pairs."""
    plus = sum(item.keyed == "+" for item in bank.impression)
    if (len(bank.impression), plus) != (IMPRESSION, IMPRESSION // 2):
        found = f"{len(bank.impression)} impression-management statements, {plus} of them +"
        yield f"{_core(bank)}: {found}; 12 and 6 are needed"
    if len(bank.directed) != DIRECTED:
        yield f"{_core(bank)}: {len(bank.directed)} directed items; {DIRECTED} are needed"
    scales = [item.scale for pair in bank.pairs for item in bank.statements if item.code == pair.first]
    if sorted(scales) != sorted(scale.code for scale in bank.scales):
        yield f"{_core(bank)}: {len(bank.pairs)} marked pairs; one of each scale is needed"


def forms_are_there(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield forms that lack, or whose facets and keying are out of balance."""
    forms = {form.code: form for form in bank.forms}
    for code in ("adaptive", *FIXED):
        if code not in forms:
            yield f"{_name(bank)}: there is no form '{code}'"
    if "adaptive" in forms and not forms["adaptive"].adaptive:
        yield f"{places['adaptive']}: 'adaptive' must be adaptive"
    for code, per_scale in FIXED.items():
        if code in forms:
            yield from (f"{places[code]}: '{code}' {problem}" for problem in _imbalances(bank, forms[code], per_scale))


def _imbalances(bank: Bank, form: Form, per_scale: int) -> Iterator[str]:
    items = [item for item in map(bank.items_by_code.get, form.items) if isinstance(item, Statement)]
    for scale in bank.scales:
        own = [item for item in items if item.scale == scale.code]
        plus, facets = sum(item.keyed == "+" for item in own), Counter(item.facet for item in own)
        if len(own) != per_scale or 2 * plus != len(own):
            found = f"{len(own)} statements of '{scale.code}', {plus} of them +"
            yield f"has {found}; {per_scale} and {per_scale // 2} are needed"
        elif len(set(facets.values())) > 1 or len(facets) != len(scale.facet):
            yield f"has unequal numbers of the facets of '{scale.code}': {dict(facets)}"


def statements_are_plain(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield absolute words, double negatives, negated reverse statements, long words and subjects to keep out."""
    exceptions = {hard.word.lower() for hard in rules.hard_word}
    for item in bank.statements:
        place = f"{places[item.code]}: '{item.code}'"
        absolute = matches(item.stem, rules.absolute)
        if absolute:
            yield f"{place} has the absolute word '{absolute}'"
        negatives = [word for word in words_of(item.stem) if matches(word, rules.negative)]
        if len(negatives) > 1:
            yield f"{place} negates twice: {', '.join(negatives)}"
        elif negatives and item.keyed == "-" and negatives[0].lower() in {"not", "never", "no"}:
            yield f"{place} is keyed - and negates ('{negatives[0]}'); it should name the opposite behaviour"
        for word in words_of(item.stem):
            if syllables(word) > rules.most_syllables and word.lower() not in exceptions:
                yield f"{place} has the long word '{word}'; name a reason in rules.toml, or choose another"


def subjects_are_kept_out(bank: Bank, places: Places, rules: Rules) -> Iterator[str]:
    """Yield whatever touches a protected or medical subject."""
    for code, text in _texts(bank):
        for subject in rules.subject:
            found = matches(text, subject.stems)
            if found:
                yield f"{places[code]}: '{code}' touches {subject.code} ('{found}'). {subject.why}"


def scales_are_readable(bank: Bank, _places: Places, rules: Rules) -> Iterator[str]:
    """Yield scales whose statements together are too hard to read."""
    for scale in bank.scales:
        found = grade(item.stem for item in bank.statements if item.scale == scale.code)
        if found > rules.statement_grade:
            most = f"{rules.statement_grade:g} at most"
            yield f"{_name(bank)}: the statements of {scale.code} have reading grade {found:.1f}; {most}"


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


def triplets_are_matched(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield what is wrong with the blocks: their number, scales, keying, desirability."""
    if len(bank.triplets) != TRIPLETS:
        yield f"{_name(bank)}: {len(bank.triplets)} triplets; {TRIPLETS} are needed"
        return
    blocks, used = [], Counter[str]()
    halves = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    for block in bank.triplets:
        items = [item for item in map(bank.items_by_code.get, block.statements) if isinstance(item, Statement)]
        place = f"{places[block.code]}: '{block.code}'"
        if len(items) < len(block.statements):
            yield f"{place} names what is no statement of this bank"
            return
        used.update(block.statements)
        blocks.append(items)
        values = [item.desirability for item in items]
        if len({item.scale for item in items}) < len(items):
            yield f"{place} has two statements of one scale"
        if max(values) - min(values) > MATCHED + 1e-9:
            yield f"{place} is not matched: desirability from {min(values)} to {max(values)}, {MATCHED} apart at most"
        if halves & set(block.statements):
            yield f"{place} has half of a marked pair, which every attempt gets as a rating"
    yield from (f"{places[code]}: '{code}' stands in {n} triplets" for code, n in used.items() if n > 1)
    yield from _block_imbalances(bank, blocks)


def _block_imbalances(bank: Bank, blocks: Sequence[Sequence[Statement]]) -> Iterator[str]:
    each, pairs, mixed = Counter[str](), Counter[frozenset[str]](), Counter[str]()
    for block in blocks:
        scales = [item.scale for item in block]
        each.update(scales)
        pairs.update(frozenset(two) for two in itertools.combinations(scales, 2))
        if len({item.keyed for item in block}) > 1:
            mixed.update(scales)
    n_mixed = mixed.total() // 3
    if n_mixed not in MIXED:
        yield f"{_name(bank)}: {n_mixed} triplets are mixed in keying; {MIXED.start} to {MIXED.stop - 1} are needed"
    for scale in bank.scales:
        if each[scale.code] != TRIPLETS // 2:
            yield f"{_name(bank)}: '{scale.code}' stands in {each[scale.code]} triplets; {TRIPLETS // 2} are needed"
        if mixed[scale.code] not in AGAINST:
            needed = f"{AGAINST.start} to {AGAINST.stop - 1} are needed"
            yield f"{_name(bank)}: '{scale.code}' stands in {mixed[scale.code]} mixed triplets; {needed}"
    if len(set(pairs.values())) > 1:
        yield f"{_name(bank)}: not every two scales stand together in equally many triplets"


def exposure_is_of_this_bank(bank: Bank, _places: Places, _rules: Rules) -> Iterator[str]:
    """Yield a missing or outdated exposure table."""
    name = _name(bank)
    if bank.exposure is None:
        yield f"{name}: there is no exposure table; make it with: assess bank exposure {name}"
    elif bank.exposure.found_for != fingerprint(bank):
        yield f"{name}/exposure.toml: was found for other statements, pairs, triplets or parameters; make it anew"


def perspective_is_complete(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield themes that lack statements, and statements that are too short or too long."""
    own = [each for each in bank.perspective if each.code.startswith(bank.edition[:3] + "-")]
    if len(own) != OWN_PERSPECTIVE:
        yield f"{_name(bank)}: {len(own)} own statements of the company perspective; {OWN_PERSPECTIVE} are needed"
    themes = Counter(each.theme for each in bank.perspective if each not in own)
    for theme in bank.themes:
        if themes[theme.code] != PER_THEME:
            yield f"{_core(bank)}: {themes[theme.code]} statements of the theme '{theme.code}'; {PER_THEME} are needed"
    for each in bank.perspective:
        if len(each.stem.split()) not in PERSPECTIVE_WORDS:
            yield f"{places[each.code]}: '{each.code}' has {len(each.stem.split())} words; 6 to 22 are allowed"


def situations_are_complete(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield wrong numbers and lengths of scenes, and keys that do not tell responses apart."""
    if len(bank.situations) != SITUATIONS:
        yield f"{_name(bank)}: {len(bank.situations)} situations; {SITUATIONS} are needed"
    longest = 0
    for scene in bank.situations:
        place = f"{places[scene.code]}: '{scene.code}'"
        if len(scene.text.split()) not in SCENE_WORDS:
            yield f"{place} has {len(scene.text.split())} words; 60 to 110 are allowed"
        keys = [response.effectiveness for response in scene.response]
        if max(keys) < BEST or min(keys) > WORST or len(set(keys)) < len(keys):
            yield f"{place}: the best response needs {BEST} or more, the worst {WORST} or less, and no two the same"
        lengths = [len(response.text.split()) for response in scene.response]
        longest += lengths[keys.index(max(keys))] == max(lengths)
    if longest > SITUATIONS // 3:
        yield f"{_name(bank)}: the best response is the longest in {longest} of {len(bank.situations)} situations"


def _texts(bank: Bank) -> Iterator[tuple[str, str]]:
    """Give everything that people are asked, with its code."""
    yield from ((item.code, item.stem) for item in (*bank.statements, *bank.impression, *bank.directed))
    yield from ((each.code, each.stem) for each in bank.perspective)


def _name(bank: Bank) -> str:
    return f"{bank.edition}/{bank.version}"


def _core(bank: Bank) -> str:
    return f"core/{bank.core_version}"


RULES: tuple[Rule, ...] = (
    facets_are_full,
    validity_is_complete,
    forms_are_there,
    statements_are_plain,
    subjects_are_kept_out,
    scales_are_readable,
    statements_differ,
    own_statements_are_of_the_trade,
    triplets_are_matched,
    exposure_is_of_this_bank,
    perspective_is_complete,
    situations_are_complete,
)
