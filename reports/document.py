"""A document, which is sections in a frame, to HTML. Templates hold neither arithmetic nor thresholds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assess.languages import direction
from reports.charts.qr import qr_code
from reports.context import Brand, Frame, Paper
from reports.language import apart, foreign, quoted, running, translations, translator, typed
from reports.sections.section import Templated

TEMPLATES = Path(__file__).resolve().parent / "templates"
PER_CENT = re.compile(r"(?<=\d) %")


@dataclass(frozen=True, slots=True)
class Document:
    """One report, ready to be written: its sections and what stands on every page."""

    kind: str
    title: str
    subject: str  # whom or what it is about, printed on every page
    organization: str
    reference: str
    provisional: bool
    simulated: bool
    paper: Paper
    language: str
    sections: Sequence[Templated]
    seal: str = ""  # address of the page that confirms the report
    brand: Brand = field(default_factory=Brand)

    @property
    def direction(self) -> str:
        """The direction of writing, as HTML calls it."""
        return direction(self.language)


def framed(
    kind: str, title: str, subject: str, sections: Sequence[Templated], frame: Frame, *, provisional: bool = False
) -> Document:
    """Return the document of `sections`, with what `frame` says around them."""
    return Document(
        kind=kind,
        title=translator(frame.language)(title),
        subject=subject,
        organization=frame.organization,
        reference=frame.reference,
        provisional=provisional,
        simulated=frame.simulated,
        paper=frame.paper,
        language=frame.language,
        sections=tuple(sections),
        seal=frame.seal,
        brand=frame.brand,
    )


def to_html(document: Document) -> str:
    """Return `document` as one HTML page that refers to nothing outside itself."""
    return _environment(document.language).get_template("report.html").render(document=document)


def to_sections(document: Document) -> Markup:
    """Return the sections of `document` alone, for a page of the web around them."""
    return Markup(_environment(document.language).get_template("sections.html").render(document=document))  # noqa: S704 -- escaped there


def _unbroken(html: str) -> Markup:
    """Return `html` with each per cent sign kept on the line of its number."""
    return Markup(PER_CENT.sub("\u00a0%", html))  # noqa: S704 -- escaped in the templates


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals["qr_code"] = qr_code
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["foreign"] = foreign(language)  # attributes of what banks say, in English, elsewhere empty
    environment.globals["in_language"] = partial(foreign, language)  # the same of what may be there in the language
    environment.globals["quoted"] = partial(quoted, language=language)
    environment.filters["running"] = partial(running, language=language)
    environment.filters["unbroken"] = _unbroken
    environment.filters["apart"] = partial(apart, language=language)
    environment.filters["typed"] = partial(typed, language=language)
    return environment
