"""The short way into WeasyPrint leads to the same place as the long one, and is taken."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
import report_people as people
import tinyhtml5
import weasyprint
from report_documents import DOCUMENTS, MADE_AT, html, pdf

from reports import shortcut
from reports.document import to_html
from reports.kinds import build
from reports.pdf import NothingFetcher, to_pdf
from reports.shortcut import OwnPage, is_open, parsed, well_formed

OPEN = '<!DOCTYPE html>\n<html lang="en">'
CASES = {
    "no position": people.context(targets=()),
    "with a norm": people.context(people.normed(people.result())),
    "half answered": people.context(people.incomplete_result()),
    "further parts": people.context(further=people.further_parts()),
    "markup for a name": people.context(person='<b>&amp; "Cora" <br>', organization="]]> & Sons <p>"),
}


def written(element: ET.Element) -> Iterator[object]:
    """Return a tree as it will be laid out: between the parts of a page and of a table, white space is nothing."""
    yield element.tag
    yield sorted((name, value) for name, value in element.attrib.items() if not name.endswith("}xmlns"))
    yield (element.text or "").strip() or None
    for child in element:
        yield from written(child)
        yield (child.tail or "").strip() or None
    yield "end"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["hiring", "individual"])
def test_our_pages_are_read_as_browsers_read_them(kind, case):
    page = to_html(build(kind, CASES[case]))
    browsers = tinyhtml5.parse(io.StringIO(page), namespace_html_elements=False)
    assert list(written(well_formed(page))) == list(written(browsers))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_bytes_are_those_of_the_long_way(kind, monkeypatch):
    short = pdf(kind)
    monkeypatch.setattr(shortcut, "is_open", lambda: False)
    assert to_pdf(html(kind), made_at=MADE_AT) == short


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_our_pages_take_the_short_way(kind):
    assert is_open()
    assert isinstance(parsed(html(kind), NothingFetcher()), OwnPage)


@pytest.mark.parametrize(
    "page",
    [
        "<p>a fragment",
        f"{OPEN}<body><p>not closed</body></html>",
        f"{OPEN}<body>&nbsp;</body></html>",
        '<!DOCTYPE html [<!ENTITY a "Cora">]>\n<html lang="en"><body>&a;</body></html>',
    ],
)
def test_other_html_takes_the_long_way(page):
    assert type(parsed(page, NothingFetcher())) is weasyprint.HTML


@pytest.fixture
def asked_anew():
    """Forget what was found out about WeasyPrint, before and after."""
    for known in (is_open, shortcut._lean):
        known.cache_clear()
    yield
    for known in (is_open, shortcut._lean):
        known.cache_clear()


def test_short_way_is_closed_where_a_page_holds_more_than_we_know(monkeypatch, asked_anew):
    monkeypatch.setattr(shortcut, "KNOWN", shortcut.KNOWN - {"base_url"})
    assert not is_open()


def test_short_way_is_closed_where_style_sheets_are_kept_in_another_way(monkeypatch, asked_anew):
    matcher = weasyprint.UA_STYLESHEET.matcher
    longer = [(*entry, "another part") for entry in matcher.other_selectors]
    monkeypatch.setattr(matcher, "other_selectors", longer)
    assert not is_open()
