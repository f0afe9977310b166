"""The company's key by theme: every statement with what its raters chose, their mean and their agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from assess.scoring.company_view import CRITICAL
from reports.company import CompanyContext
from reports.content import choice_words
from reports.language import number
from reports.sections.company_rows import CHOICES, ThemeRows, UnclearRow, theme_rows, unclear_rows


@dataclass(frozen=True, slots=True)
class CompanyKeyByTheme:
    """All statements in tables, a table for each theme."""

    themes: tuple[ThemeRows, ...]
    critical: str
    ends: tuple[str, str]  # what the choices 1 and 5 are called

    template: ClassVar[str] = "company_key.html"

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        bank, language = context.bank, context.language
        return cls(
            themes=theme_rows(bank, context.view, language, colours=context.colours),
            critical=number(CRITICAL, 2, language),
            ends=(choice_words(bank, CHOICES, 0, language), choice_words(bank, CHOICES, 4, language)),
        )


@dataclass(frozen=True, slots=True)
class UnclearPolicies:
    """What is to be settled, with room for notes."""

    rows: tuple[UnclearRow, ...]
    n_statements: int

    template: ClassVar[str] = "company_unclear.html"

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        return cls(unclear_rows(context.bank, context.view, context.language), len(context.view.statements))
