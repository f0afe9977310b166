"""Whatever people type: nothing is fetched, nothing can run, it is printed as typed, and making it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import report_people as people
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from report_documents import HELD, MADE_AT
from tagged import Tagged

from reports.access import access_document
from reports.document import TEMPLATES, _environment, to_html
from reports.kinds import build
from reports.messages import Kind, receive, send
from reports.plain import LONGEST, plain
from reports.rendering import Renderer, RenderingFailed

METADATA = "http://169.254.169.254/latest/meta-data/"
MARKUP = (
    '<img src="file:///etc/passwd">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a href="javascript:alert(1)">x</a>',
    "</title></head><script>alert(1)</script>",
    f"</style><style>@import url({METADATA});</style>",
    f"<style>@page {{ background: url({METADATA}) }}</style>",
    f'"); content: url({METADATA}); x: attr(',
    f'" onload="x" style="background: url({METADATA})" data-title="',
    f'<svg><image href="{METADATA}"/></svg>',
    '<!ENTITY x SYSTEM "file:///etc/passwd">&x;',
    "]]> --> <!-- &lt;b&gt; &amp;#60;",
    "{{ 7 * 7 }} {% include 'report.html' %} {# x #}",
    "%(x)s %s %d 100 % %%",
    "\\0a \\22 $(id) `id` ../../etc/passwd",
)
ALL_MARKUP = " | ".join(MARKUP)
MISLEADING = "\u202eCora\u202c \u2067Candidate\u2069 \x07\x1b[31m\x00\x9b \ud800 \U000e0041 \ufeff"
PIECES = st.sampled_from([*MARKUP, MISLEADING, "\u200b\u200e", "a" + "\u0301" * 40, "Cora" * 40, "محمد", "\n\t"])
TYPED = st.lists(PIECES | st.text(max_size=12), max_size=5).map("".join)
FIELDS = ("person", "organization", "contact", "position", "pattern_source")
WATCHED = """
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
HARMLESS = ("object.", "sys._getframe", "gc.", "builtins.id", "code.__new__", "marshal.", "import")
def note(event, arguments):
    if not event.startswith(HARMLESS):
        os.write(log, f"{event} {arguments!r}\\n".encode(errors="backslashreplace"))
sys.addaudithook(note)
from reports import child
child.main(20, 512 * 2**20)
"""
CHILD_S_OWN = (  # where it reads how much memory it takes, the date that it gives to fonts, and how it finds elements
    "open ('/proc/self/status',",
    "os.putenv (b'SOURCE_DATE_EPOCH',",
    "os.unsetenv (b'SOURCE_DATE_EPOCH',",
    *(
        f"compile (b\"lambda el: el.local_name == '{name}'\", '<string>')"
        for name in ("link", "meta", "style", "title")
    ),
    "exec (",  # of what was compiled, which is watched
)
RUNS = {"/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA", "/RichMedia", "/SubmitForm", "/ImportData", "/XFA"}
LEADS_OUTSIDE = {"/URI", "/GoToR", "/GoToE", "/EF", "/EmbeddedFiles", "/AF", "/Filespec", "/Ref", "/Annots"}


class Watched:
    """A child that makes PDFs and whose every step outside is written down."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "steps"
        self._process = subprocess.Popen(
            [sys.executable, "-c", WATCHED, str(self._log)],
            env={**os.environ, "PYTHONPATH": str(people.ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert receive(self._process.stdout) == (Kind.READY, b"")
        for language in ("en", "es", "ar"):  # what is imported or read late
            self.render(to_html(build("individual", people.context(language=language))))
        self._log.write_bytes(b"")

    def render(self, html: str) -> bytes:
        """Return the PDF."""
        send(self._process.stdin, Kind.DOCUMENT, f"{MADE_AT.isoformat()}\n{html}".encode())
        kind, content = receive(self._process.stdout)
        assert kind is Kind.PDF, content
        return content

    def steps(self) -> list[str]:
        """Return what the process has opened, connected to, started or run since it was ready."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith(CHILD_S_OWN)]

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    child = Watched(tmp_path_factory.mktemp("watched"))
    yield child
    child.end()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def keys(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Return every key and every name in a PDF."""
    for each in pdf.objects:
        yield from _keys(each)
    yield from _keys(pdf.trailer)


def _keys(each: pikepdf.Object) -> Iterator[str]:
    if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in each.items():
            yield key
            if not value.is_indirect if isinstance(value, pikepdf.Object) else False:
                yield from _keys(value)
    elif isinstance(each, pikepdf.Array):
        for value in each:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _keys(value)
    elif isinstance(each, pikepdf.Name):
        yield str(each)


def harmless(content: bytes) -> Tagged:
    """Return the PDF read back, once nothing in it can run, lead outside or be taken out of it."""
    found = Tagged(content)
    assert not set(keys(found.pdf)) & (RUNS | LEADS_OUTSIDE)
    assert not found.pdf.attachments
    return found


def typed(text: Mapping[str, str] | str, kind: str, *, language: str = "en") -> str:
    """Return the HTML of a report with `text` in every field that people fill in."""
    filled: Mapping[str, Any] = text if isinstance(text, Mapping) else dict.fromkeys(FIELDS, text)
    reason = filled["pattern_source"] or "-"
    targets = tuple(each.model_copy(update={"reason": reason}) for each in people.targets())
    return to_html(build(kind, people.context(**filled, targets=targets, language=language)))


@pytest.mark.parametrize("kind", ["hiring", "individual"])
def test_markup_in_every_field_is_printed_as_typed_and_does_nothing(watched, kind):
    found = harmless(watched.render(typed(ALL_MARKUP, kind)))
    assert watched.steps() == []
    said = squeezed(found.text())
    for text in MARKUP:
        assert squeezed(text) in said
    assert str(found.pdf.docinfo.Title).startswith(
        f"{'Hiring' if kind == 'hiring' else 'Personal'} report: {MARKUP[0]}"
    )
    assert str(found.pdf.docinfo.Author) == ALL_MARKUP
    assert "7 * 7" in found.text()
    assert "root:" not in said


def test_markup_in_everything_that_is_held_does_nothing_either(watched):
    def hostile(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: hostile(each) for name, each in value.items()}
        if isinstance(value, list):
            return [hostile(each) for each in value]
        return f"{value} {ALL_MARKUP} {MISLEADING}" if value in WORDS else value

    found = harmless(watched.render(to_html(access_document(hostile(HELD), reference="D-7F3K-29QD"))))
    assert watched.steps() == []
    said = squeezed(found.text())
    assert all(squeezed(text) in said for text in MARKUP)
    assert said.count(squeezed(MARKUP[0])) >= len(WORDS)


WORDS = ("Cora <b> Candidate", "Acme", "people@acme.example", "A good talk", "Front desk", "I trust people.", "Agree")


@pytest.mark.parametrize("kind", ["hiring", "individual"])
def test_characters_that_mislead_are_left_out_and_the_letters_stay(watched, kind):
    html = typed(MISLEADING, kind)
    assert not re.search("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", html)
    found = harmless(watched.render(html))
    assert "CoraCandidate[31m" in squeezed(found.text())
    assert watched.steps() == []


def test_marks_of_direction_and_joiners_stay():
    text = "\u200eAcme\u200f می\u200cخواهم 👩\u200d🔧\ttab\nline"
    assert plain(text) == text
    assert plain("one\u2028two\u2029three") == "one two three"


@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate], database=None)
@given(filled=st.fixed_dictionaries(dict.fromkeys(FIELDS, TYPED)), language=st.sampled_from(["en", "es", "ar"]))
def test_any_mixture_of_it_is_made_and_does_nothing(watched, filled, language):
    harmless(watched.render(typed(filled, "individual", language=language)))
    assert watched.steps() == []


@pytest.mark.parametrize(
    "text",
    ["Cora" * 25_000, "Cora " * 20_000, "a" + "\u0301" * 20_000, "\u202e" * 100_000 + "Cora", "\u200b" * 100_000],
    ids=["a word", "words", "marks on a letter", "overrides", "spaces without width"],
)
def test_texts_of_any_size_make_a_report_that_can_be_read(watched, text):
    found = harmless(watched.render(typed(text, "individual")))
    assert len(found.pdf.pages) < 20
    assert "Page 1 of" in found.running[0]
    assert "Neither end is the better one." in found.text()
    assert len(str(found.pdf.docinfo.Title)) < LONGEST + 50


def test_copy_of_everything_is_never_cut_but_making_it_ends():
    held = {**HELD, "person": {**HELD["person"], "name": "Cora" * 25_000}}
    with Renderer(seconds=3) as renderer:  # it takes any time that it is given
        html = to_html(access_document(held, reference="D-1"))
        assert "Cora" * 25_000 in html
        with pytest.raises(RenderingFailed, match=r"^Making this report (took longer|needed more) than .*stopped\.$"):
            renderer.render(html, MADE_AT)


@pytest.mark.parametrize("template", sorted(each.name for each in TEMPLATES.glob("*.html")))
def test_templates_escape_what_they_print_and_know_every_name(template):
    environment = _environment("en")
    assert environment.autoescape is True
    assert environment.undefined is StrictUndefined
    source = (TEMPLATES / template).read_text(encoding="utf-8")
    assert not re.search(r"[^'\"\s]\s*\|\s*safe\b|autoescape", source)  # but of literals
    environment.get_template(template)


def test_pieces_of_the_watch_are_seen(tmp_path):
    """The log would hold a file that is opened, so that an empty one says something."""
    script = WATCHED.replace("child.main(20, 512 * 2**20)", "open(os.devnull).close()")
    env = {**os.environ, "PYTHONPATH": str(people.ROOT)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "steps")], env=env, check=True)
    assert f"open ('{os.devnull}'" in (tmp_path / "steps").read_text(encoding="utf-8")
