"""The individual report's first page: what was measured and why, how to read it, and all six at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.content import is_told
from reports.context import ReportContext
from reports.dates import local_day
from reports.language import Translate, translator
from reports.sections.lines import Lines
from reports.sections.row import Row, norm_words, rows


@dataclass(frozen=True, slots=True)
class Opening:
    """A welcome in plain words."""

    person: str
    long_name: bool
    why: str
    day: str
    lines: Lines
    norm: str
    rows: tuple[Row, ...]
    has_percentiles: bool
    has_further: bool
    is_named: bool  # whether the names of the behaviours are in the reader's language
    is_told: bool  # whether the texts on the behaviours are in the reader's language

    template: ClassVar[str] = "opening.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        found = rows(context, with_targets=False)
        return cls(
            person=context.person,
            long_name=context.has_long_name,
            why=_why(context, _),
            day=local_day(context.submitted_at, zone=context.time_zone, language=context.language),
            lines=Lines.of(context.result),
            norm=_compared_with(context, _),
            rows=found,
            has_percentiles=any(row.percentile for row in found),
            has_further=context.further is not None,
            is_named=context.bank.is_named_in(context.language),
            is_told=is_told(context.wording, "person", context.language),
        )


def _compared_with(context: ReportContext, _: Translate) -> str:
    if context.result.norm is None:
        return _("places on the questionnaire's own scale; not yet compared with other people")
    return norm_words(context.result.norm, context.language)


def _why(context: ReportContext, _: Translate) -> str:
    values = {"organization": context.organization}
    known = {
        "hiring": _("%(organization)s invited you as part of your application."),
        "promotion": _("%(organization)s invited you while looking at your next step at work."),
        "coaching": _("%(organization)s invited you to support your development."),
    }
    return known.get(context.purpose, _("%(organization)s invited you.")) % values
