"""What banks say, in the reader's language as far as it is translated there, else marked as English."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from assess.banks.content import ORIGINAL
from assess.banks.model import Bank, Scale
from assess.banks.parts import Theme
from assess.banks.wording import Wording
from reports.language import quoted, translator


def questionnaire_words(bank: Bank, code: str, language: str) -> str:
    """Return which edition, version and form somebody was given."""
    form = form_words(bank, code, language)
    if form == quoted(bank.form(code).title, language):  # one quotation, not two
        return quoted(f"{bank.title} {bank.version}, {bank.form(code).title}", language)
    _ = translator(language)
    parts = {"bank": quoted(f"{bank.title} {bank.version}", language), "form": form}
    return Markup(_("%(bank)s, %(form)s")) % parts  # noqa: S704 -- our own words


def bank_words(bank: Bank, language: str) -> Markup:
    """Return which bank a report rests on, by versions and checksum, and which names: their fingerprint."""
    _, title = translator(language), quoted(f"{bank.title} {bank.version} ({bank.status})", language)
    core = f"{bank.core_version}, {bank.checksum[:12]}"
    return Markup("{}, {} {}").format(title, _("core"), ", ".join(filter(None, (core, bank.named_by))))


def form_words(bank: Bank, code: str, language: str) -> str:
    """Return what a form is called."""
    return _said(bank, f"form:{code}:title", bank.form(code).title, language)


def statement_words(bank: Bank, code: str, original: str, language: str) -> str:
    """Return a statement, which is called `original` in English."""
    return _said(bank, code, original, language)


def choice_words(bank: Bank, choices: str, index: int, language: str) -> str:
    """Return the label of the choice at `index`."""
    option = bank.formats_by_code[choices].option[index]
    return _said(bank, f"format:{choices}:{option.value}", option.label, language)


def name_of(named: Scale | Theme, language: str) -> str:
    """Return what a behaviour or a theme is called, as a part of a sentence."""
    return quoted(named.name, language, named.language)


def pole_of(scale: Scale, *, is_high: bool, language: str) -> str:
    """Return a pole in the words of the bank, as a part of a sentence."""
    return quoted(scale.high if is_high else scale.low, language, scale.language)


def is_told(wording: Wording, reader: Literal["coach", "person"], language: str) -> bool:
    """Whether all narratives for this reader are in `language`."""
    scales = wording.in_language(language).narratives.values()
    return all(each.language == language for scale in scales for each in getattr(scale, reader))


def wording_words(wording: Wording, language: str) -> str:
    """Return which wording a report rests on: the beginning of its checksum, and the fingerprint of a translation."""
    translated_by = wording.in_language(language).translated_by
    return ", ".join(filter(None, (wording.checksum[:12], translated_by)))


def _said(bank: Bank, code: str, original: str, language: str) -> str:
    if language == ORIGINAL:
        return original
    translated = next((each.usable for each in bank.translations if each.language == language), {})
    return translated.get(code) or quoted(original, language)
