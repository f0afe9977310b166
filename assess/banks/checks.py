"""The rules that a bank must keep; each rule is a function that yields the problems it finds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from assess.banks.model import Bank, DirectedItem, Form, Statement
from assess.banks.translation_checks import translations_are_of_these_texts, translations_say_what_they_should
from assess.banks.wording import RoleFamily

Places = Mapping[str, str]

WORDS = range(4, 17)  # words in a statement
NEIGHBOURS = 3  # statements of one scale in a row, at most
PAIR_DISTANCE = 10  # between the halves of a marked pair, at least
STANDARD_FORM = {"per_scale": 16, "per_facet": 4, "impression": 12, "directed": 3}
ABSOLUTE = re.compile(
    r"\b(always|never|every|everyone|everybody|nobody|all|none|completely|totally|absolutely|entirely)\b", re.IGNORECASE
)


def bank_problems(bank: Bank, places: Places) -> list[str]:
    """Return every problem of `bank`, each with its file and place."""
    return [problem for rule in RULES for problem in rule(bank, places)]


def edition_of(bank: Bank) -> str:
    """Return the folder of `bank`, as authors name it."""
    return f"{bank.edition}/{bank.version}"


def core_of(bank: Bank) -> str:
    """Return the folder of what `bank` shares with others."""
    return f"core/{bank.core_version}"


def references_exist(bank: Bank, places: Places) -> Iterator[str]:
    """Yield names of scales, facets and formats that do not exist."""
    facets = {scale.code: {facet.code for facet in scale.facet} for scale in bank.scales}
    for statement in bank.statements:
        if statement.scale not in facets:
            yield f"{places[statement.code]}: '{statement.code}' names the unknown scale '{statement.scale}'"
        elif statement.facet not in facets[statement.scale]:
            yield f"{places[statement.code]}: '{statement.facet}' is not a facet of '{statement.scale}'"
    for item in bank.items_by_code.values():
        if item.format not in bank.formats_by_code:
            yield f"{places[item.code]}: '{item.code}' names the unknown format '{item.format}'"


def references_of_parts_exist(bank: Bank, places: Places) -> Iterator[str]:
    """Yield names of themes and scales in the perspective and the situations that do not exist."""
    themes, scales = {theme.code for theme in bank.themes}, {scale.code for scale in bank.scales}
    for policy in bank.perspective:
        if policy.theme not in themes:
            yield f"{places[policy.code]}: '{policy.code}' names the unknown theme '{policy.theme}'"
    for scene in bank.situations:
        for response in scene.response:
            if response.shows not in scales:
                yield f"{places[scene.code]}: '{scene.code}' shows the unknown scale '{response.shows}'"


def tables_name_what_is_there(bank: Bank, _places: Places) -> Iterator[str]:
    """Yield codes of the default key and of the exposure table that do not exist, and statements without a key."""
    folder = edition_of(bank)
    if bank.default_key is not None:
        policies = {policy.code for policy in bank.perspective}
        for code in sorted(policies ^ set(bank.default_key)):
            problem = "has no value" if code in policies else "is no statement of the perspective"
            yield f"{folder}/default_key.toml: '{code}' {problem}"
    if bank.exposure is not None:
        known = {statement.code for statement in bank.statements}
        for code in sorted({*bank.exposure.alone, *bank.exposure.with_triplets} - known):
            yield f"{folder}/exposure.toml: '{code}' is no statement of this bank"


def listed_items_exist(bank: Bank, places: Places) -> Iterator[str]:
    """Yield items named by forms and pairs that do not exist."""
    for form in bank.forms:
        for code in form.items:
            if code not in bank.items_by_code:
                yield f"{places[form.code]}: '{form.code}' names the unknown item '{code}'"
    for number, pair in enumerate(bank.pairs):
        for code in (pair.first, pair.second):
            if code not in bank.items_by_code:
                yield f"{core_of(bank)}/pairs.toml: pair number {number + 1}: unknown item '{code}'"


def statements_are_short(bank: Bank, places: Places) -> Iterator[str]:
    """Yield statements that do not have 4 to 16 words."""
    for item in bank.items_by_code.values():
        count = len(item.stem.split())
        if count not in WORDS:
            yield f"{places[item.code]}: '{item.code}' has {count} words; 4 to 16 are allowed"


def statements_are_not_absolute(bank: Bank, places: Places) -> Iterator[str]:
    """Yield absolute words: statements say what somebody tends to do, only impression management may be absolute."""
    for statement in bank.statements:
        found = ABSOLUTE.search(statement.stem)
        if found:
            yield f"{places[statement.code]}: '{statement.code}' has the absolute word '{found[0]}'"


def stems_are_unique(bank: Bank, places: Places) -> Iterator[str]:
    """Yield items that say the same."""
    seen: dict[str, str] = {}
    for item in bank.items_by_code.values():
        stem = re.sub(r"\W+", " ", item.stem).casefold().strip()
        if stem in seen:
            yield f"{places[item.code]}: '{item.code}' says the same as '{seen[stem]}'"
        seen.setdefault(stem, item.code)


def directed_items_are_answerable(bank: Bank, places: Places) -> Iterator[str]:
    """Yield directed items that ask for what is not a choice."""
    for item in bank.directed:
        if not bank.offers(item.code, item.expected):
            yield f"{places[item.code]}: '{item.code}' expects {item.expected}, which is not a choice"


def pairs_fit(bank: Bank, places: Places) -> Iterator[str]:
    """Yield pairs whose halves are of two scales, or keyed against what their relation says."""
    for pair in bank.pairs:
        first, second = (bank.items_by_code.get(code) for code in (pair.first, pair.second))
        if not isinstance(first, Statement) or not isinstance(second, Statement):
            continue  # `listed_items_exist` has said so
        if first.scale != second.scale:
            yield f"{places[second.code]}: '{first.code}' and '{second.code}' are a pair from two scales"
        if (first.keyed == second.keyed) != (pair.relation == "same"):
            alike = "alike" if first.keyed == second.keyed else "differently"
            yield (
                f"{places[second.code]}: '{first.code}' and '{second.code}' are keyed {alike}, "
                f"but their relation is '{pair.relation}'"
            )


def parameters_fit(bank: Bank, _places: Places) -> Iterator[str]:
    """Yield what is wrong with the starting parameters, which name the scales and give a correlation matrix."""
    place = f"{core_of(bank)}/parameters.toml"
    given, count = bank.parameters, len(bank.scales)
    if given.sigma_scales != tuple(scale.code for scale in bank.scales):
        yield f"{place}: sigma_scales: must name the scales in the order of scales.toml"
    if len(given.sigma) != count or any(len(row) != count for row in given.sigma):
        yield f"{place}: sigma: must have {count} rows of {count} numbers"
        return
    if any(given.sigma[i][i] != 1 for i in range(count)):
        yield f"{place}: sigma: the diagonal must be 1"
    if any(given.sigma[i][j] != given.sigma[j][i] for i in range(count) for j in range(i)):
        yield f"{place}: sigma: must be symmetric"
    if not _is_positive_definite(given.sigma):
        yield f"{place}: sigma: is no correlation matrix: it must be positive definite"
    if list(given.spacing) != sorted(set(given.spacing)):
        yield f"{place}: spacing: must rise"
    for form in bank.formats:
        if len(form.option) != len(given.spacing) + 1:
            yield f"{place}: spacing: needs one number less than the format '{form.code}' has choices"


def _is_positive_definite(matrix: tuple[tuple[float, ...], ...]) -> bool:
    """Whether elimination meets positive pivots only."""
    rows = [list(row) for row in matrix]
    for k, pivot in enumerate(rows):
        if pivot[k] <= 0:
            return False
        for row in rows[k + 1 :]:
            factor = row[k] / pivot[k]
            for column in range(k, len(row)):
                row[column] -= factor * pivot[column]
    return True


def forms_are_sound(bank: Bank, places: Places) -> Iterator[str]:
    """Yield what forms show twice, too close together, or in the wrong number."""
    for form in bank.fixed_forms:
        if any(code not in bank.items_by_code for code in form.items):
            continue  # `listed_items_exist` has said so
        place = places[form.code]
        for code, count in Counter(form.items).items():
            if count > 1:
                yield f"{place}: '{form.code}' has '{code}' {count} times"
        yield from (f"{place}: '{form.code}' {problem}" for problem in _order_problems(bank, form))
        if form.code == "standard":
            yield from (f"{place}: 'standard' {problem}" for problem in _standard_problems(bank, form))


def _order_problems(bank: Bank, form: Form) -> Iterator[str]:
    run, last = 0, None
    for code in form.items:
        item = bank.item(code)
        scale = item.scale if isinstance(item, Statement) else None
        run = run + 1 if scale is not None and scale == last else 1
        last = scale
        if run == NEIGHBOURS + 1:
            yield f"has more than {NEIGHBOURS} statements of '{scale}' in a row at '{code}'"
    for pair in bank.pairs:
        if pair.first not in form.items or pair.second not in form.items:
            yield f"must hold both halves of the pair '{pair.first}', '{pair.second}'"
        elif form.items.index(pair.second) - form.items.index(pair.first) < PAIR_DISTANCE:
            yield f"must show '{pair.second}' at least {PAIR_DISTANCE} items after '{pair.first}'"


def _standard_problems(bank: Bank, form: Form) -> Iterator[str]:
    items = [bank.item(code) for code in form.items]
    statements = [item for item in items if isinstance(item, Statement)]
    for scale in bank.scales:
        own = [item for item in statements if item.scale == scale.code]
        if len(own) != STANDARD_FORM["per_scale"]:
            yield f"has {len(own)} statements of '{scale.code}'; 16 are needed"
        plus = sum(item.keyed == "+" for item in own)
        if plus * 2 != len(own):
            yield f"has {plus} of {len(own)} statements of '{scale.code}' keyed '+'; half are needed"
        for facet in scale.facet:
            count = sum(item.facet == facet.code for item in own)
            if count != STANDARD_FORM["per_facet"]:
                yield f"has {count} statements of the facet '{facet.code}'; 4 are needed"
    directed = sum(isinstance(item, DirectedItem) for item in items)
    if directed != STANDARD_FORM["directed"]:
        yield f"has {directed} directed items; 3 are needed"
    impression = len(items) - len(statements) - directed
    if impression != STANDARD_FORM["impression"]:
        yield f"has {impression} impression-management statements; 12 are needed"


def has_a_form(bank: Bank, _places: Places) -> Iterator[str]:
    """Yield the lack of anything to give."""
    if not bank.forms:
        yield f"{edition_of(bank)}/forms.toml: there is no form"


RULES = (
    references_exist,
    references_of_parts_exist,
    tables_name_what_is_there,
    listed_items_exist,
    statements_are_short,
    statements_are_not_absolute,
    stems_are_unique,
    directed_items_are_answerable,
    pairs_fit,
    parameters_fit,
    forms_are_sound,
    has_a_form,
    translations_are_of_these_texts,
    translations_say_what_they_should,
)


def family_problems(families: Iterable[RoleFamily], scales: Collection[str], places: Places) -> Iterator[str]:
    """Each role family has one target per scale, and something counts."""
    for family in families:
        named = [target.scale for target in family.target]
        if sorted(named) != sorted(scales):
            yield f"{places[family.code]}: '{family.code}' must have one target for each of {', '.join(sorted(scales))}"
        if not any(target.weight for target in family.target):
            yield f"{places[family.code]}: '{family.code}' gives no scale any weight"
