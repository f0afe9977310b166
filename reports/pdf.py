"""HTML to PDF by WeasyPrint, which only this module and the two that it imports know. Nothing is fetched but fonts."""

from __future__ import annotations

import atexit
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from weasyprint import CSS
from weasyprint import svg as drawings
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.logos import logo_at
from reports.sheets import paper_sheet, read
from reports.shortcut import parsed
from reports.tags import finish

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
RIGHT_TO_LEFT = re.compile(r'<html[^>]* dir="rtl"')

_LOCK = threading.Lock()  # font configurations are not safe between threads


class _Line(str):
    """Words of a drawing as one line: WeasyPrint goes letter by letter, which is slow and does not join Arabic."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


_letter_by_letter = drawings.text


def _line_by_line(svg: drawings.SVG, node: drawings.Node, font_size: float) -> None:
    """Draw a text element, of which ours have one position each."""
    if node.text:
        node._etree_node.text = _Line(node.text)  # noqa: SLF001 -- it has no public way
    _letter_by_letter(svg, node, font_size)


drawings.TAGS["text"] = drawings.text = _line_by_line


class FetchRefused(FatalURLFetchingError):  # type: ignore[misc]
    """The document refers to something outside itself."""


class NothingFetcher(URLFetcher):  # type: ignore[misc]
    """Refuses every address and remembers the first, since drawings swallow all errors."""

    refused: str | None = None

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """Refuse `url`."""
        self.refused = self.refused or url
        raise FetchRefused(url)


class LogoFetcher(NothingFetcher):
    """Answers with a logo that its own address holds, for which nothing is fetched, and refuses every other address."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the logo in `url`."""
        logo = logo_at(url)
        if logo is None:
            return super().fetch(url, headers)
        return URLFetcherResponse(url, logo, {"Content-Type": "image/png"})


class FontFetcher(NothingFetcher):
    """Reads the bundled fonts for the style sheet, and refuses every other address."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the font at `url`."""
        font = _fonts().get(url)
        if font is None:
            return super().fetch(url, headers)
        return URLFetcherResponse(url, font.read_bytes(), {"Content-Type": "font/ttf"})


def to_pdf(html: str, *, made_at: datetime) -> bytes:
    """
    Return `html` as a tagged PDF (PDF/UA-1), dated `made_at`; the same input gives the same bytes.

    Title, language and author are those of the HTML's head. Raises `ValueError` when the HTML refers to anything
    outside itself. Calls in several threads wait for each other: use processes to make many.
    """
    if made_at.tzinfo is None:
        raise ValueError(f"{made_at} says nothing about its time zone")
    moment = made_at.astimezone(UTC)
    source_date = str(int(moment.timestamp()))  # stamped on fonts when they are subset
    with _LOCK, _environment("SOURCE_DATE_EPOCH", source_date):
        css, fonts = _style(from_the_right=bool(RIGHT_TO_LEFT.match(html, html.find("<html")))), _layout()
        fetcher = LogoFetcher()
        pdf = b""
        with suppress(FetchRefused):
            document = parsed(html, fetcher).render(font_config=fonts, stylesheets=[css])
            document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            pdf = document.write_pdf(pdf_variant="pdf/ua-1", finisher=finish)
    if fetcher.refused:
        raise ValueError(f"reports fetch nothing, not even {fetcher.refused}")
    return pdf


@cache
def _fonts() -> Mapping[str, Path]:
    return {font.as_uri(): font for font in FONTS.glob("*.ttf")}


@cache
def _layout() -> FontConfiguration:
    """
    Return the bundled fonts, once a process.

    The machine's own fonts stay out, since bytes would depend on them: a letter that the bundled fonts lack is a box.
    """
    with _environment("FONTCONFIG_FILE", str(FONTS / "fonts.conf")):
        fonts = FontConfiguration()
    CSS(string=read("fonts"), base_url=f"{FONTS.as_uri()}/", url_fetcher=FontFetcher(), font_config=fonts)
    return fonts


@cache
def _style(*, from_the_right: bool) -> CSS:
    """Return the parsed style sheet, once a process and direction of writing."""
    light = read("tokens").partition("@media")[0]  # the dark values are for screens only
    return CSS(string=light + paper_sheet(from_the_right=from_the_right), url_fetcher=NothingFetcher())


atexit.register(_layout.cache_clear)  # removes its folder of fonts, which it cannot do after the interpreter's end


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for libraries that listen to nothing else."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
