"""A form for somebody who has been asked before: the same plan, filled with statements that they have not seen."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from assess.banks.model import Bank, Form, ImpressionStatement, Statement

Exchangeable = Statement | ImpressionStatement
Group = tuple[str, str, str]  # scale, facet and direction of keying: what a place in the form asks for


def parallel(bank: Bank, form: Form, seen: Sequence[str], *, barred: Collection[str] = ()) -> tuple[str, ...]:
    """
    Return the codes of a form as long as `form`, balanced and ordered as it is, with as few of `seen` as there can be.

    Each statement gives its place to an unseen one of the same facet and keying, near in location. Lines that ask for
    one choice and the halves of marked pairs stay: they show whether somebody reads with care. Where nothing unseen is
    left, what was seen longest ago comes first: `seen` is in that order. `barred` statements are not taken.
    """
    offered: dict[Group, list[Exchangeable]] = defaultdict(list)
    places: dict[Group, list[Exchangeable]] = defaultdict(list)
    paired = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    every: tuple[Exchangeable, ...] = (*bank.statements, *bank.impression)
    for item in every:
        if item.code not in paired and (item.code not in barred or item.code in form.items):
            offered[_group(item)].append(item)
    for line in map(bank.item, form.items):
        if isinstance(line, Exchangeable) and line.code not in paired:
            places[_group(line)].append(line)
    age = {code: place for place, code in enumerate(seen)}
    put: dict[str, str] = {}
    for group, leaving in places.items():
        coming = _chosen(offered[group], leaving, age)
        put |= {old.code: new.code for old, new in zip(sorted(leaving, key=_where), coming, strict=True)}
    return tuple(put.get(code, code) for code in form.items)


def statements_in(bank: Bank, codes: Iterable[str]) -> Iterator[str]:
    """Give the statements that somebody reads who is shown `codes`; those of a triplet for its block."""
    blocks = {block.code: block.statements for block in bank.triplets}
    for code in codes:
        if code in bank.items_by_code:
            yield code
        yield from blocks.get(code, ())


def _group(item: Exchangeable) -> Group:
    return (item.scale, item.facet, item.keyed) if isinstance(item, Statement) else ("", "", item.keyed)


def _where(item: Exchangeable) -> tuple[float, str]:
    return item.location, item.code


def _chosen(
    offered: Sequence[Exchangeable], leaving: Sequence[Exchangeable], age: Mapping[str, int]
) -> list[Exchangeable]:
    """Return as many of `offered` as leave, by location: unseen ones most like them, then those longest unseen."""
    unseen = [item for item in offered if item.code not in age]
    if len(unseen) < len(leaving):
        known = sorted((item for item in offered if item.code in age), key=lambda item: age[item.code])
        return sorted([*unseen, *known[: len(leaving) - len(unseen)]], key=_where)
    wanted, own = sorted(item.location for item in leaving), {item.code for item in leaving}
    groups = map(list, itertools.combinations(sorted(unseen, key=_where), len(leaving)))
    return min(groups, key=lambda group: (_apart(group, wanted), -len(own & {item.code for item in group})))


def _apart(group: Sequence[Exchangeable], wanted: Sequence[float]) -> float:
    """Return how far the locations of a group, in their order, are from those wanted."""
    return round(sum(abs(item.location - location) for item, location in zip(group, wanted, strict=True)), 9)
