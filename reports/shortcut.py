"""
A short way into WeasyPrint for our own pages, which leads to the same bytes a sixth sooner.

They are XML, which C reads; and WeasyPrint's style sheet gives every element the calls and markers of footnotes and of
lists, of which a report has only the markers of list items. Both take names that WeasyPrint does not promise: where one
is not as it was, and for any other HTML, there is the long way.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from xml.etree import ElementTree as ET

import weasyprint
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

OPENING = "<!DOCTYPE html>\n<html "  # a document type that declares no entities, so nothing can expand
KNOWN = {"base_url", "url_fetcher", "media_type", "wrapper_element", "etree_element"}  # what an HTML object holds
MARKER = "marker"
UNUSED = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}


def parsed(html: str, fetcher: URLFetcher) -> HTML:
    """Return `html` ready to be rendered."""
    root = well_formed(html) if is_open() else None
    return HTML(string=html, url_fetcher=fetcher) if root is None else OwnPage(root, fetcher)


def well_formed(html: str) -> ET.Element | None:
    """Return the root of one of our own pages; None for other HTML, and where a page is not well-formed."""
    if not html.startswith(OPENING):
        return None
    try:
        return ET.fromstring(html)  # noqa: S314 -- what could expand cannot be declared after that opening
    except (ET.ParseError, ValueError):
        return None


class OwnPage(HTML):  # type: ignore[misc]
    """A page that is parsed already."""

    def __init__(self, root: ET.Element, fetcher: URLFetcher) -> None:
        self.base_url = None
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002
        return [_lean(weasyprint.UA_STYLESHEET)]


@cache
def is_open() -> bool:
    """Whether this WeasyPrint has the names that the short way takes."""
    usual = HTML(string="<p>")
    try:
        sheets: list[CSS] = usual._ua_stylesheets()  # noqa: SLF001
        return vars(usual).keys() == KNOWN and sheets == [weasyprint.UA_STYLESHEET] and bool(_lean(*sheets))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


@cache
def _lean(sheet: CSS) -> CSS:
    """Return WeasyPrint's sheet with markers for list items alone and without footnotes."""
    lean = copy(sheet)
    lean.matcher = matcher = copy(sheet.matcher)
    every, by_name = matcher.other_selectors, matcher.lower_local_name_selectors
    markers = [entry for entry in every if _pseudo_element(entry) == MARKER]
    matcher.other_selectors = [entry for entry in every if _pseudo_element(entry) not in {MARKER, *UNUSED}]
    matcher.lower_local_name_selectors = by_name | {"li": by_name["li"] + markers}
    return lean


def _pseudo_element(entry: tuple[object, ...]) -> object:
    _test, _specificity, _order, pseudo_element, _declarations = entry
    return pseudo_element
