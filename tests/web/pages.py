"""Pages as tests see them: text, links and forms, and the rules that every page keeps."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse


class Page:
    """A parsed HTML page."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.url = response.request.path
        self.root: Element = html5lib.parse(response.text, namespaceHTMLElements=False)

    @property
    def text(self) -> str:
        """All words of the page's body, spaces folded."""
        body = self.root.find("body")
        assert body is not None
        return re.sub(r"\s+", " ", " ".join(body.itertext())).strip()

    @property
    def h1(self) -> str:
        """The page's heading."""
        heading = self.root.find(".//h1")
        assert heading is not None
        return "".join(heading.itertext()).strip()

    def link(self, words: str) -> str:
        """The address of the link with these words."""
        for anchor in self.root.iter("a"):
            if words in "".join(anchor.itertext()):
                return anchor.attrib["href"]
        raise AssertionError(f"no link '{words}' on {self.url}")

    def form(self, which: int | str = 0, **values: object) -> tuple[str, dict[str, Any]]:
        """The address and the fields of a form, by number within main or by the words on its button."""
        main = self.root.find(".//main")
        assert main is not None
        forms = list(main.iter("form"))
        if isinstance(which, str):
            everywhere = list(self.root.iter("form"))
            chosen = next(form for form in everywhere if which in "".join(form.itertext()))
        else:
            chosen = forms[which]
        data = {**_fields(chosen), **{name: value for name, value in values.items() if value is not None}}
        return chosen.get("action") or self.url, data


def _fields(form: Element) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type", "text")
        if name is None or field.tag == "button":
            continue
        if field.tag == "textarea":
            data[name] = field.text or ""
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            data[name] = chosen[0].get("value", "") if chosen else ""
        elif kind in ("radio", "checkbox"):
            if field.get("checked") is not None:
                data.setdefault(name, []).append(field.get("value", "on"))
        elif kind not in ("submit", "button", "file"):
            data[name] = field.get("value", "")
    return data


def check_page(response: TestResponse) -> Page:
    """Return the page; fail if it breaks one of the house's rules."""
    assert "Traceback" not in response.text
    page = Page(response)
    root, where = page.root, page.url
    headings = ["".join(heading.itertext()).strip() for heading in root.iter("h1")]
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    title = root.findtext("head/title") or ""
    assert title.startswith(headings[0]), f"{where}: title '{title}', h1 '{headings[0]}'"
    twice = [name for name, count in Counter(e.get("id") for e in root.iter() if e.get("id")).items() if count > 1]
    assert not twice, f"{where}: ids twice: {twice}"
    assert not [e for e in root.iter() if e.get("style")], f"{where}: inline style"
    assert not [e for e in root.iter("script") if not e.get("src")], f"{where}: inline script"
    _check_labels(root, where)
    return page


def _check_labels(root: Element, where: str) -> None:
    labelled = {label.get("for") for label in root.iter("label")}
    wrapped = {id(field) for label in root.iter("label") for field in label.iter("input")}
    for field in root.iter():
        if field.tag in ("input", "select", "textarea") and field.get("type") not in ("hidden", "submit"):
            named = field.get("id") in labelled or id(field) in wrapped or field.get("aria-label")
            assert named or field.get("aria-labelledby"), f"{where}: field '{field.get('name')}' has no label"
