"""The rules of a bank that is to be published, beyond those that all versions keep: its blueprint."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from assess.banks.checks import Places, core_of, edition_of
from assess.banks.exposure import fingerprint
from assess.banks.model import Bank, DirectedItem, Form, ImpressionStatement, Statement
from assess.banks.rules import Rules
from assess.banks.strict_language import (
    own_statements_are_of_the_trade,
    scales_are_readable,
    statements_are_plain,
    statements_are_told_by_the_person,
    statements_differ,
    subjects_are_kept_out,
)
from assess.banks.versions import FIXED

Rule = Callable[[Bank, Places, Rules], Iterator[str]]

SHARED, OWN = 6, 4  # statements of a facet
PLUS = range(4, 7)  # of a facet's ten statements keyed +
IMPRESSION, DIRECTED = 12, 3
TRIPLETS, TOGETHER, MATCHED = 30, 6, 0.5  # blocks; blocks with the same two scales; desirability, apart at most
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
                    f"{edition_of(bank)}: {scale.code}, {facet.code}: {shared} shared and {len(there) - shared} own "
                    f"statements; {SHARED} and {OWN} are needed"
                )
            elif plus not in PLUS:
                found = f"{plus} of 10 statements keyed +; 4 to 6 are needed"
                yield f"{edition_of(bank)}: {scale.code}, {facet.code}: {found}"


def validity_is_complete(bank: Bank, _places: Places, _rules: Rules) -> Iterator[str]:
    """Yield wrong numbers of impression-management statements, directed items and marked pairs."""
    plus = sum(item.keyed == "+" for item in bank.impression)
    if (len(bank.impression), plus) != (IMPRESSION, IMPRESSION // 2):
        found = f"{len(bank.impression)} impression-management statements, {plus} of them +"
        yield f"{core_of(bank)}: {found}; {IMPRESSION} and {IMPRESSION // 2} are needed"
    if len(bank.directed) != DIRECTED:
        yield f"{core_of(bank)}: {len(bank.directed)} directed items; {DIRECTED} are needed"
    scales = [item.scale for pair in bank.pairs for item in bank.statements if item.code == pair.first]
    if sorted(scales) != sorted(scale.code for scale in bank.scales):
        yield f"{core_of(bank)}: {len(bank.pairs)} marked pairs; one of each scale is needed"


def forms_are_there(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield forms that lack, or whose facets and keying are out of balance."""
    forms = {form.code: form for form in bank.forms}
    for code in ("adaptive", *FIXED):
        if code not in forms:
            yield f"{edition_of(bank)}: there is no form '{code}'"
    if "adaptive" in forms and not forms["adaptive"].adaptive:
        yield f"{places['adaptive']}: 'adaptive' must be adaptive"
    elsewhere = {code for block in bank.triplets for code in block.statements}
    for code, (_title, per_scale, impression) in FIXED.items():
        if code in forms:
            twice = elsewhere.intersection(forms[code].items)
            if twice:
                yield f"{places[code]}: '{code}' has '{min(twice)}', which stands in a triplet, too"
            found = (*_imbalances(bank, forms[code], per_scale), *_missing(bank, forms[code], impression))
            yield from (f"{places[code]}: '{code}' {problem}" for problem in found)


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


def _missing(bank: Bank, form: Form, n_impression: int) -> Iterator[str]:
    """Yield wrong numbers of what a form shows beside its statements."""
    items = list(map(bank.items_by_code.get, form.items))
    impression = sum(isinstance(item, ImpressionStatement) for item in items)
    directed = sum(isinstance(item, DirectedItem) for item in items)
    if impression != n_impression:
        yield f"has {impression} impression-management statements; {n_impression} are needed"
    if directed != DIRECTED:
        yield f"has {directed} directed items; {DIRECTED} are needed"


def directed_items_name_their_choice(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield directed items whose expected value is not the one choice that they name in quotation marks."""
    for item in bank.directed:
        named = [each for each in bank.formats_by_code[item.format].option if _is_quoted(each.label, item.stem)]
        place = f"{places[item.code]}: '{item.code}'"
        if len(named) != 1:
            must = f"must name one choice of its format in quotation marks, and names {len(named)}"
            yield f'{place} {must}: "{item.stem}"'
        elif named[0].value != item.expected:
            value = f"which is {named[0].value}, but expects {item.expected}"
            yield f"{place} asks for '{named[0].label}', {value}"


def _is_quoted(label: str, stem: str) -> bool:
    return re.search(f"['‘\"“]{re.escape(label)}['’\"”]", stem, re.IGNORECASE) is not None


def own_codes_begin_alike(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield codes of an edition's own content that do not begin with the edition's first three letters."""
    begin = bank.edition[:3] + "-"
    statements = [item.code for item in bank.statements if item.code not in bank.shared]
    scenes = [scene.code for scene in bank.situations]
    for code in (*statements, *_own_perspective(bank, places), *scenes):
        if not code.startswith(begin):
            yield f"{places[code]}: '{code}' must begin with '{begin}', as all codes of this edition's own do"


def _own_perspective(bank: Bank, places: Places) -> list[str]:
    return [each.code for each in bank.perspective if places[each.code].startswith(f"{edition_of(bank)}/")]


def triplets_are_matched(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield what is wrong with the blocks: their number, scales, keying, desirability."""
    if len(bank.triplets) != TRIPLETS:
        yield f"{edition_of(bank)}: {len(bank.triplets)} triplets; {TRIPLETS} are needed"
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
    place = f"{edition_of(bank)}/triplets.toml"
    each, pairs, mixed = Counter[str](), Counter[frozenset[str]](), Counter[str]()
    for block in blocks:
        scales = [item.scale for item in block]
        each.update(scales)
        pairs.update(frozenset(two) for two in itertools.combinations(scales, 2))
        if len({item.keyed for item in block}) > 1:
            mixed.update(scales)
    n_mixed = mixed.total() // 3
    if n_mixed not in MIXED:
        yield f"{place}: {n_mixed} triplets are mixed in keying; {MIXED.start} to {MIXED.stop - 1} are needed"
    for scale in bank.scales:
        if each[scale.code] != TRIPLETS // 2:
            yield f"{place}: '{scale.code}' stands in {each[scale.code]} triplets; {TRIPLETS // 2} are needed"
        if mixed[scale.code] not in AGAINST:
            needed = f"{AGAINST.start} to {AGAINST.stop - 1} are needed"
            yield f"{place}: '{scale.code}' stands in {mixed[scale.code]} mixed triplets; {needed}"
    for one, other in itertools.combinations([scale.code for scale in bank.scales], 2):
        n_together = pairs[frozenset((one, other))]
        if n_together != TOGETHER:
            yield f"{place}: '{one}' and '{other}' stand together in {n_together} triplets; {TOGETHER} are needed"


def exposure_is_of_this_bank(bank: Bank, _places: Places, _rules: Rules) -> Iterator[str]:
    """Yield a missing or outdated exposure table."""
    name = edition_of(bank)
    if bank.exposure is None:
        yield f"{name}: there is no exposure table; make it with: assess bank exposure {name}"
    elif bank.exposure.found_for != fingerprint(bank):
        yield f"{name}/exposure.toml: was found for other statements, pairs, triplets or parameters; make it anew"


def perspective_is_complete(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield themes that lack statements, and statements that are too short or too long."""
    own = _own_perspective(bank, places)
    if len(own) != OWN_PERSPECTIVE:
        yield f"{edition_of(bank)}: {len(own)} own statements of the company perspective; {OWN_PERSPECTIVE} are needed"
    themes = Counter(each.theme for each in bank.perspective if each.code not in own)
    for theme in bank.themes:
        if themes[theme.code] != PER_THEME:
            found = f"{themes[theme.code]} statements of the theme '{theme.code}'"
            yield f"{core_of(bank)}: {found}; {PER_THEME} are needed"
    for each in bank.perspective:
        if len(each.stem.split()) not in PERSPECTIVE_WORDS:
            yield f"{places[each.code]}: '{each.code}' has {len(each.stem.split())} words; 6 to 22 are allowed"


def situations_are_complete(bank: Bank, places: Places, _rules: Rules) -> Iterator[str]:
    """Yield wrong numbers and lengths of scenes, and keys that do not tell responses apart."""
    if len(bank.situations) != SITUATIONS:
        yield f"{edition_of(bank)}: {len(bank.situations)} situations; {SITUATIONS} are needed"
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
        yield f"{edition_of(bank)}: the best response is the longest in {longest} of {len(bank.situations)} situations"


RULES: tuple[Rule, ...] = (
    facets_are_full,
    validity_is_complete,
    directed_items_name_their_choice,
    own_codes_begin_alike,
    forms_are_there,
    statements_are_plain,
    statements_are_told_by_the_person,
    subjects_are_kept_out,
    scales_are_readable,
    statements_differ,
    own_statements_are_of_the_trade,
    triplets_are_matched,
    exposure_is_of_this_bank,
    perspective_is_complete,
    situations_are_complete,
)
