"""Reasons for care in the order of their weight, and whether they leave open whom the answers describe."""

from __future__ import annotations

from collections.abc import Iterable

from assess.scoring.flags import sign_of
from assess.scoring.result import Flag, Result
from reports.language import Translate, number, quoted, translator

ORDER = (  # the gravest first
    "directed", "fast", "person-fit", "long-run", "low-variability", "pairs", "even-odd", "distance", "unanswered",
    "impression",
)  # fmt: skip
UNREAD = frozenset({"directed", "fast", "person-fit", "long-run", "low-variability"})  # perhaps answered unread


def by_weight(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return `flags`, the gravest first; those of no known weight come last, in their own order."""
    return tuple(sorted(flags, key=lambda flag: ORDER.index(flag.code) if flag.code in ORDER else len(ORDER)))


def care_words(result: Result, language: str) -> tuple[str, ...]:
    """Return the reasons for care in the reader's language, the gravest first."""
    return tuple(_sentence(flag, result, language) for flag in by_weight(result.flags))


def may_not_describe(flags: Iterable[Flag]) -> bool:
    """Whether the answers may say little about the person, and so everything that rests on them."""
    return any(flag.code in UNREAD for flag in flags)


def _sentence(flag: Flag, result: Result, language: str) -> str:
    _, sign = translator(language), sign_of(flag, result.quality, result.impression)
    if sign is None:
        return quoted(flag.sentence, language)
    shown = {k: number(v, 1, language) if isinstance(v, float) else v for k, v in sign.values.items()}
    return _(sign.message) % shown


def short_words(code: str, _: Translate) -> str:
    """Return the name of a reason for care in two or three words, where there is no room for its sentence."""
    return {
        "directed": _("asked-for choices missed"),
        "fast": _("answered very fast"),
        "person-fit": _("unusual answers"),
        "long-run": _("a long run of one choice"),
        "low-variability": _("choices hardly differ"),
        "pairs": _("pairs disagree"),
        "even-odd": _("halves disagree"),
        "distance": _("unlike the norm group"),
        "unanswered": _("many left unanswered"),
        "impression": _("favourable light"),
    }.get(code, code)
