"""
The catalogues of what people who are assessed read, and of what reports say, beside the texts themselves.

``python -m tests.catalogues`` brings ``assess/translations/*.po`` and ``reports/translations/*.po`` up to date: it
adds what is new, marks as *fuzzy* what it took over from a similar text, removes what is no longer said, and lists
what is still to be translated. Fuzzy texts are shown to nobody; whoever has checked one removes the word.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from assess import errors
from assess.languages import FOLDER, LANGUAGES, SOURCE
from reports import language as reports

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("base", "languages", "macros/*", "errors/*", "take/**/*", "survey/**/*", "mine/**/*", "coachee/*", "genuine/*")
MODULES = (
    "web/errors",
    "web/i18n",
    "web/language",
    "web/take/*",
    "web/survey/*",
    "web/mine/*",
    "web/coachee/*",
    "web/feedback_views",
    "web/survey_titles",
    "web/genuine",
)
# Services whose letters or refusals reach people who are assessed. What is raised for staff stays in English.
SERVICES = ("asking", "attempts", "clocks", "equality", "letters", "limits", "links", "my_page", "people")
SERVICES += (
    "calendars",
    "coaching_letters",
    "feedback_comments",
    "feedback_consent",
    "handouts",
    "privacy_requests",
    "saving",
    "sequence",
    "survey_letters",
)
FUNCTIONS = {"_": None, "gettext": None, "lazy_gettext": None, "noted": None, "ngettext": (1, 2)}
HEADER = "# {} in {}. Brought up to date by: python -m tests.catalogues"
NOISE = re.compile(  # of the header: what a version control knows better
    rb'"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb"|MIME-Version|Generated-By):.*\n"
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def kinds_of_errors(kind: type[errors.AssessError] = errors.AssessError) -> Iterator[type[errors.AssessError]]:
    """Give every kind of what a person can put right."""
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:  # not what a test has made
            yield from kinds_of_errors(each)


@dataclass(frozen=True)
class Kept:
    """The catalogues in a folder, and the texts that they are of."""

    what: str
    folder: Path
    texts: Callable[[], Catalog]

    def catalogue(self, language: str) -> Catalog:
        """Return the texts in `language` as they are on disk."""
        with (self.folder / f"{language}.po").open("rb") as file:
            return read_po(file, locale=language)


def sources_of_pages() -> Iterator[tuple[Path, str]]:
    """Give the files in which the texts for people who are assessed stand, and how each is read."""
    for name in PAGES:
        yield from ((file, "jinja2") for file in sorted((ROOT / "assess/web/templates").glob(f"{name}.html")))
    for name in (*MODULES, *(f"services/{service}" for service in SERVICES)):
        yield from ((file, "python") for file in sorted((ROOT / "assess").glob(f"{name}.py")))


def sources_of_reports() -> Iterator[tuple[Path, str]]:
    """Give the files in which the reports' texts stand, and how each is read."""
    yield from ((file, "jinja2") for file in sorted((ROOT / "reports/templates").glob("**/*.html")))
    yield from ((file, "python") for file in sorted((ROOT / "reports").glob("**/*.py")))
    yield ROOT / "assess/scoring/flags.py", "python"


def texts_of_pages() -> Catalog:
    """Return every text for people who are assessed, with the files in which it stands."""
    found = texts_in(sources_of_pages())
    for kind in kinds_of_errors():
        found.add(kind.sentence, locations=[("assess/errors.py", 1)])
    return found


def texts_of_reports() -> Catalog:
    """Return every text of reports, with the files in which it stands."""
    return texts_in(sources_of_reports())


def texts_in(sources: Iterable[tuple[Path, str]]) -> Catalog:
    """Return every text in these files."""
    found = Catalog()
    keywords = FUNCTIONS | {kind.__name__: None for kind in kinds_of_errors()}
    for file, method in sources:
        place = file.relative_to(ROOT).as_posix()
        for _line, words, _comments, _context in extract_from_file(method, file, keywords=keywords):
            found.add(words, locations=[(place, 1)])
    return found


PAGES_KEPT = Kept("What people who are assessed read,", FOLDER, texts_of_pages)
REPORTS_KEPT = Kept("What reports say,", reports.FOLDER, texts_of_reports)
KEPT = (PAGES_KEPT, REPORTS_KEPT)


def strings(message: Message) -> tuple[str, ...]:
    """Return what a message is in its language, one text per plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def lacking(kept: Kept, language: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give every text that is not there in `language` as it should be: what it lacks, the text, and where it stands."""
    own = kept.catalogue(language)
    for message in kept.texts():
        if not message.id:
            continue
        found = own.get(message.id)
        names = (
            {name for text in message.id for name in PLACEHOLDER.findall(text)}
            if message.pluralizable
            else set(PLACEHOLDER.findall(message.id))
        )
        places = tuple(place for place, _line in message.locations)
        first = message.id[0] if message.pluralizable else message.id
        if found is None or not all(strings(found)):
            yield "not translated", first, places
        elif found.fuzzy:
            yield "fuzzy", first, places
        elif message.pluralizable and len(strings(found)) != own.num_plurals:
            yield f"has {len(strings(found))} of {own.num_plurals} plural forms", first, places
        elif any(not set(PLACEHOLDER.findall(text)) <= names for text in strings(found)) or not any(
            names == set(PLACEHOLDER.findall(text)) for text in strings(found)
        ):
            yield "puts in other things", first, places


def update(kept: Kept, language: str) -> None:
    """Bring the catalogue of `language` up to date with the texts."""
    own = kept.catalogue(language)
    own.update(kept.texts(), update_header_comment=False)
    own.obsolete.clear()
    own.header_comment, own.fuzzy = HEADER.format(kept.what, Locale.parse(language).english_name), False
    written = BytesIO()
    write_po(written, own, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    (kept.folder / f"{language}.po").write_bytes(NOISE.sub(b"", written.getvalue()))


def main() -> int:
    """Update every catalogue and list what is to be translated."""
    count = 0
    for kept, language in ((kept, language) for kept in KEPT for language in LANGUAGES if language != SOURCE):
        update(kept, language)
        for what, text, places in lacking(kept, language):
            count += 1
            print(f"{language}: {what}: {text!r} ({', '.join(places)})")  # noqa: T201
    print(f"{count} texts to translate." if count else "Everything is translated.")  # noqa: T201
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
