"""The technical note: what every number of the report rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.wording import Target
from assess.psychometrics.norms import STEN_SD
from assess.scoring import flags
from assess.scoring.interpret import read_target
from assess.scoring.result import Consistency, Quality, ScaleScore
from reports.content import bank_words, form_words, name_of, wording_words
from reports.context import ReportContext
from reports.dates import local_time
from reports.language import Translate, number, translator
from reports.sections.care import care_words
from reports.sections.footing import Footing
from reports.sections.lines import Lines
from reports.sections.row import missing_words, percent_words, percentile_words, range_words, verdict_words
from reports.sections.technical_further import FurtherLine, further_lines

WIDE = 1.959964  # standard errors either side that hold 95 %
NORM_NEEDED = 300  # people from which base rates are printed; also where "provisional" can end


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """A line of the table of scales."""

    name: str
    answered: str
    sten: str
    band_68: str
    band_95: str
    percentile: str
    sem: str
    reliability: str


@dataclass(frozen=True, slots=True)
class PatternLine:
    """A line of the table of target ranges."""

    name: str
    range: str
    weight: str
    chance: str
    verdict: str


@dataclass(frozen=True, slots=True)
class QualityLine:
    """A line of the table of response quality."""

    name: str
    found: str
    care: str


@dataclass(frozen=True, slots=True)
class TechnicalNote:
    """Norm, parameters, precision, response quality and versions."""

    footing: Footing
    lines: Lines
    scales: tuple[ScaleLine, ...]
    impression: ScaleLine
    quality: tuple[QualityLine, ...]
    base_rate: str
    further: tuple[FurtherLine, ...]
    flags: tuple[str, ...]
    has_match: bool
    pattern: tuple[PatternLine, ...]
    pattern_source: str
    versions: tuple[tuple[str, str], ...]

    template: ClassVar[str] = "technical.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        _, language = translator(context.language), context.language
        result = context.result
        return cls(
            footing=Footing.of(result.norm, context.parameters, language),
            lines=Lines.of(result),
            scales=tuple(
                _scale_line(name_of(scale, language), result[scale.code], language) for scale in context.bank.scales
            ),
            impression=_scale_line(_("Impression management"), result.impression, language),
            quality=_quality_lines(result.quality, result.impression, language),
            base_rate=_("no data yet, n needed: %(n)s") % {"n": NORM_NEEDED},
            further=further_lines(context),
            flags=care_words(result, language),
            has_match=context.match is not None,
            pattern=tuple(_pattern_line(target, context, _) for target in context.targets),
            pattern_source=context.pattern_source or "",
            versions=_versions(context, _),
        )


def _scale_line(name: str, score: ScaleScore, language: str) -> ScaleLine:
    _ = translator(language)
    answered = _("%(answered)s of %(items)s") % {"answered": score.n_answered, "items": score.n_items}
    if score.sem is None:
        return ScaleLine(name, answered, _("no score"), "–", "–", "–", "–", "–")
    return ScaleLine(
        name,
        answered,
        str(score.sten),
        band_68=_band(score, 1.0, language),
        band_95=_band(score, WIDE, language),
        percentile="–" if score.percentile is None else percentile_words(score.percentile),
        sem=number(score.sem, 2, language),
        reliability=number(1 - (score.sem / STEN_SD) ** 2, 2, language),
    )


def _pattern_line(target: Target, context: ReportContext, _: Translate) -> PatternLine:
    reading = read_target(context.result[target.scale], target)
    return PatternLine(
        name_of(context.bank.scale(target.scale), context.language),
        range_words(target.low, target.high, _),
        str(target.weight),
        "–" if reading.inside is None else percent_words(reading.inside, _),
        verdict_words(reading, _) or _("no score"),
    )


def _band(score: ScaleScore, width: float, language: str) -> str:
    low, high = (number(end, 1, language) for end in score.band(width))
    return f"{low}–{high}"


def _quality_lines(quality: Quality, impression: ScaleScore, language: str) -> tuple[QualityLine, ...]:
    _ = translator(language)
    unanswered = _count(quality.n_items - quality.n_answered, quality.n_items, _)
    missed = _count(quality.n_directed_missed, quality.n_directed, _)
    more, share_more, under = _("%(n)s or more"), _("%(n)s %% or more"), _("under %(n)s")
    share = {"n": f"{100 * flags.UNANSWERED_SHARE:.0f}"}
    return (
        QualityLine(_("Statements left unanswered"), unanswered, _("more than %(n)s %%") % share),
        QualityLine(_("Longest run of the same choice"), str(quality.longest_run), more % {"n": flags.RUN}),
        QualityLine(
            _("Variability of the choices (SD)"),
            _known(quality.variability, 2, language),
            under % {"n": number(flags.VARIABILITY, 1, language)},
        ),
        QualityLine(
            _("Answered in under one second"),
            _count(quality.n_under_one_second, quality.n_timed, _),
            share_more % {"n": f"{100 * flags.FAST_SHARE:.0f}"},
        ),
        QualityLine(
            _("Median seconds per statement"),
            _known(quality.median_seconds, 1, language),
            under % {"n": number(flags.MEDIAN_SECONDS, 1, language)},
        ),
        QualityLine(_("Asked-for choices not made"), missed, more % {"n": flags.DIRECTED_MISSED}),
        QualityLine(_("Impression management"), _impression(impression, language), more % {"n": flags.IMPRESSION_STEN}),
        *(_consistency_lines(quality.consistency, language) if quality.consistency else ()),
    )


def _consistency_lines(together: Consistency, language: str) -> tuple[QualityLine, ...]:
    """Return the lines of the indices that results of release 0.1.0 do not have."""
    _ = translator(language)
    under = _("under %(n)s")
    lines = (
        QualityLine(
            _("Agreement of even and odd statements"),
            _known(together.even_odd, 2, language),
            under % {"n": number(flags.EVEN_ODD, 0, language)},
        ),
        QualityLine(
            _("Agreement within marked pairs"),
            _known(together.pairs, 2, language),
            _("%(n)s or less") % {"n": number(flags.PAIRS, 2, language)},
        ),
        QualityLine(
            _("Person fit l_z"),
            _known(together.person_fit, 2, language),
            under % {"n": number(flags.PERSON_FIT, 0, language)},
        ),
    )
    if together.distance_p is None:
        return lines
    unusual = _("p under %(n)s") % {"n": number(flags.DISTANCE_P, 3, language)}
    return (*lines, QualityLine(_("Distance from the norm group D²"), _known(together.distance, 2, language), unusual))


def _known(value: float | None, places: int, language: str) -> str:
    return translator(language)("not known") if value is None else number(value, places, language)


def _count(n: int, of: int, _: Translate) -> str:
    return _("%(n)s of %(of)s") % {"n": n, "of": of} if of else _("not known")


def _impression(score: ScaleScore, language: str) -> str:
    _ = translator(language)
    if not score.scorable:
        return missing_words(score, _)
    return _("%(sten)s (band %(band)s)") % {"sten": score.sten, "band": _band(score, 1.0, language)}


def _versions(context: ReportContext, _: Translate) -> tuple[tuple[str, str], ...]:
    bank, language = context.bank, context.language

    def moment(at: datetime) -> str:
        return local_time(at, zone=context.time_zone, language=language)

    return (
        (_("Scored with"), f"Rapport {context.scored_with}"),
        (_("Report made with"), f"Rapport {context.program_version}"),
        (_("Bank"), bank_words(bank, language)),
        (
            _("Form"),
            Markup("{} ({})").format(form_words(bank, context.result.form, language), context.result.form),
        ),
        *(
            ((_("Statements"), _("put together for this person, of others than before")),)
            if context.result.own_form
            else ()
        ),
        (_("Wording"), wording_words(context.wording, context.language)),
        (_("Started"), moment(context.started_at)),
        (_("Handed in"), moment(context.submitted_at)),
        (_("Report dated"), moment(context.made_at)),
    )
