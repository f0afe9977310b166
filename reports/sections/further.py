"""Parts beside the six behaviours: company perspective, situations, proficiencies; each with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.content import ORIGINAL
from assess.banks.model import Bank
from assess.scoring.further import Ability, Further, Judgement
from assess.scoring.interpret import band_ends
from assess.scoring.perspective import Alignment, Difference
from reports.charts.colours import PRINT, Colours
from reports.charts.strip import sten_strip
from reports.content import choice_words, statement_words
from reports.context import ReportContext
from reports.language import Translate, number, translator
from reports.sections.row import band_words


@dataclass(frozen=True, slots=True)
class Apart:
    """A statement on which a person and the company are apart, both in the words of the choices."""

    stem: str
    own: str
    company: str
    direction: str  # in which the person agrees: more or less than the company


@dataclass(frozen=True, slots=True)
class Perspective:
    """How close a person's view of good service is to the company's."""

    value: str  # empty when too little was answered
    interval: str
    compared: str  # with whose view, and how far that can be trusted
    missing: str
    themes: tuple[tuple[str, str, str], ...]  # name, meaning, alignment
    names_in: str  # language of the themes' names
    apart: tuple[Apart, ...]
    ends: tuple[str, ...] = ()  # of the interval


@dataclass(frozen=True, slots=True)
class Situations:
    """How close ratings of effectiveness are to the key."""

    value: str
    interval: str
    missing: str
    ends: tuple[str, ...] = ()  # of the interval


@dataclass(frozen=True, slots=True)
class Solved:
    """A proficiency."""

    scale: str
    name: str
    said: str
    strip: Markup
    n_right: int
    n_shown: int
    sten: str  # empty without a score
    ends: tuple[str, ...]  # of the band


@dataclass(frozen=True, slots=True)
class FurtherWords:
    """All further parts that there were."""

    perspective: Perspective | None
    situations: Situations | None
    solved: tuple[Solved, ...]


@dataclass(frozen=True, slots=True)
class FurtherParts:
    """The section for whoever reads about the person; `found` is None for an assessment of the behaviours alone."""

    found: FurtherWords | None

    template: ClassVar[str] = "further.html"
    yours: ClassVar[bool] = False  # whether the reader is the person

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        if context.further is None:
            return cls(None)
        return cls(further_words(context.further, context.bank, language=context.language, colours=context.colours))


@dataclass(frozen=True, slots=True)
class OwnFurtherParts(FurtherParts):
    """The section for the person themselves."""

    yours: ClassVar[bool] = True


def further_words(further: Further, bank: Bank, *, language: str, colours: Colours = PRINT) -> FurtherWords:
    """Return the parts in words; `colours` are `SCREEN` in a web page."""
    _ = translator(language)
    return FurtherWords(
        perspective=_perspective(further.alignment, bank, language) if further.alignment else None,
        situations=_situations(further.judgement, language) if further.judgement else None,
        solved=tuple(_solved(each, _, colours) for each in further.abilities),
    )


def alignment_words(further: Further | None, language: str) -> tuple[str, str]:
    """Return the alignment and its interval in words; both are empty without one."""
    found = further.alignment if further else None
    if found is None or found.value is None or found.low is None or found.high is None:
        return "", ""
    ends = {"low": percent(found.low, language), "high": percent(found.high, language)}
    return percent(found.value, language), translator(language)("%(low)s to %(high)s") % ends


def _perspective(found: Alignment, bank: Bank, language: str) -> Perspective:
    _ = translator(language)
    if found.value is None or found.low is None or found.high is None:
        counts = {"answered": found.n_answered, "scored": found.n_scored}
        missing = _(
            "No alignment: %(answered)s statements were answered, and the company's policy is clear on %(scored)s."
        )
        return Perspective("", "", _compared(found, _), missing % counts, (), ORIGINAL, ())
    themes = {each.code: each for each in bank.themes}
    low, high = percent(found.low, language), percent(found.high, language)
    return Perspective(
        value=percent(found.value, language),
        interval=_("%(low)s to %(high)s") % {"low": low, "high": high},
        compared=_compared(found, _),
        missing="",
        themes=tuple(
            (
                themes[each.theme].name,
                themes[each.theme].measures,
                "–" if each.value is None else percent(each.value, language),
            )
            for each in found.themes
        ),
        names_in=language if bank.is_named_in(language) else ORIGINAL,
        apart=tuple(apart_words(each, bank, language) for each in found.differences),
        ends=(low, high),
    )


def _compared(found: Alignment, _: Translate) -> str:
    if found.key_version is None:
        return _(
            "Provisional: compared with the default key of this edition, an author's judgement of what an ordinary "
            "company of the trade may hold. The organisation's own raters have not answered yet. This key lies between "
            "the choices: the closest answers reach about 80 %, the middle choice throughout 50 to 65 %."
        )
    return _("Compared with the organisation's own view, version %(version)s, from %(n)s raters.") % {
        "version": found.key_version,
        "n": found.n_raters,
    }


def apart_words(found: Difference, bank: Bank, language: str) -> Apart:
    """Return a statement on which a person and the company are apart, in words."""
    _ = translator(language)
    policy = next(each for each in bank.perspective if each.code == found.code)
    nearest = min(max(round(found.company), 0), len(bank.formats_by_code["agreement"].option) - 1)
    return Apart(
        stem=statement_words(bank, policy.code, policy.stem, language),
        own=choice_words(bank, "agreement", found.own, language),
        company=choice_words(bank, "agreement", nearest, language),
        direction=_("more") if found.own > found.company else _("less"),
    )


def _situations(found: Judgement, language: str) -> Situations:
    _ = translator(language)
    if found.score is None or found.low is None or found.high is None:
        counts = {"answered": found.n_answered, "keyed": found.n_keyed}
        missing = _("No score: %(answered)s of %(keyed)s responses were rated, or all of them alike.") % counts
        return Situations("", "", missing)
    low, high = number(found.low, 2, language), number(found.high, 2, language)
    interval = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return Situations(number(found.score, 2, language), interval, "", (low, high))


def _solved(found: Ability, _: Translate, colours: Colours) -> Solved:
    name, score = solved_name(found.score.scale, _), found.score
    counts = {"right": found.n_right, "shown": score.n_items, "answered": score.n_answered}
    if not score.scorable:
        said = _("No score: %(answered)s of %(shown)s questions were answered.") % counts
    else:
        said = _("%(right)s of the %(shown)s questions that were reached are solved. Position %(sten)s, band %(band)s.")
        said %= {**counts, "sten": score.sten, "band": band_words(score, _)}
    title = f"{name}. {said}"
    return Solved(
        scale=score.scale,
        name=name,
        said=said,
        strip=sten_strip(score, title=title, words=_("too few answers"), colours=colours),
        n_right=found.n_right,
        n_shown=score.n_items,
        sten=str(score.sten) if score.scorable else "",
        ends=tuple(map(str, band_ends(score))) if score.scorable else (),
    )


def solved_name(scale: str, _: Translate) -> str:
    """Return what reports call a proficiency."""
    return {"vocabulary": _("Words in letters and messages"), "numerical": _("Working with numbers")}[scale]


def percent(value: float, language: str) -> str:
    """Return a share of 1 in whole per cents."""
    return translator(language)("%(n)s %%") % {"n": number(100 * value, 0, language)}
