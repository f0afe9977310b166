"""What a candidate's phone has to load: little, compressed, and nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from assess import web
from tests import factories

DATABASES = ["sqlite"]  # what is asked here is of files
FIRST_VIEW = 48 * 1024  # bytes of a page with everything on it
SHEETS = 6 * 1024  # bytes of all style sheets on it
SCRIPT = 8 * 1024  # bytes, as written
STATIC = Path(web.__file__).parent / "static"
COMPRESSED = {"Accept-Encoding": "gzip"}
OF_STAFF = {"desk.js", "progress.js"}
SHEET_OF_STAFF = "desk.css"
FOR_EVERYBODY = [f"/static/{name}" for name in ("take.js", "app.css", SHEET_OF_STAFF, "mark.svg")] + [
    "/assets/tokens.css"
]


@pytest.fixture
def cora(client, session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    client.link = f"/take/link/{factories.take_token(session, assignment, now=now)}"
    session.commit()
    return client


def resources(browser, page):
    """The addresses that a browser loads for this page, those of its style sheets included."""
    found = [link.attrib["href"] for link in page.root.iter("link")]
    found += [each.attrib["src"] for each in page.root.iter() if "src" in each.attrib]
    styles = [browser.get(address).text for address in found if ".css" in address]
    return found + re.findall(r'url\("?([^")]+)"?\)', "".join(styles))


def weight(browser, address):
    page = browser.page(address)
    sizes = {address: len(page.response.data)}  # as our own server sends it; a proxy may compress it, too
    for each in resources(browser, page):
        assert re.match(r"/[a-z]", each), f"{each} is loaded from elsewhere"
        sizes[each] = len(browser.get(each, headers=COMPRESSED).data)
    return sizes


def test_first_view_weighs_forty_eight_kilobytes_at_most_and_its_sheets_six(cora):
    link = weight(cora, cora.link)
    cora.send(cora.page(cora.link))
    cora.send(cora.page("/take/"), consent="y")
    cora.send(cora.page("/take/part"))
    question = weight(cora, "/take/questions/1")
    assert any("take.js" in each for each in question)
    assert not any(name in address for name in (*OF_STAFF, SHEET_OF_STAFF) for address in [*link, *question])
    assert sum("woff2" in each for each in question) == 2
    for sizes in (link, question):
        assert sum(sizes.values()) <= FIRST_VIEW, sizes
        assert sum(size for address, size in sizes.items() if ".css" in address) <= SHEETS, sizes


def test_pages_of_staff_have_a_sheet_of_their_own_after_everybody_s(browser_of):
    hana = browser_of("hana")
    sheets = [address for address in resources(hana, hana.page("/console")) if ".css" in address]
    assert [address.partition("?")[0] for address in sheets] == [
        "/assets/tokens.css",
        "/static/app.css",
        f"/static/{SHEET_OF_STAFF}",
    ]


def test_script_of_candidates_is_eight_kilobytes_at_most_and_with_the_clock_s_as_it_is_sent():
    scripts = {file.name: file.read_bytes() for file in STATIC.glob("*.js")}
    assert set(scripts) == {"take.js", "clock.js"} | OF_STAFF
    assert len(scripts["take.js"]) <= SCRIPT
    assert sum(len(gzip.compress(scripts[name])) for name in set(scripts) - OF_STAFF) <= SCRIPT


@pytest.mark.parametrize("address", FOR_EVERYBODY)
def test_files_for_everybody_come_compressed_to_whoever_takes_that(client, address):
    plain, compressed = client.get(address), client.get(address, headers=COMPRESSED)
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(compressed.data) == plain.data
    assert len(compressed.data) < len(plain.data)
    assert compressed.content_length == len(compressed.data)
    for response in (plain, compressed):
        assert "Accept-Encoding" in response.vary
        again = client.get(address, headers={**COMPRESSED, "If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_pages_with_a_form_s_token_and_fonts_are_not_compressed(cora):
    for address in (cora.link, "/auth/sign-in", "/assets/FiraSans-Regular.woff2"):
        assert "Content-Encoding" not in cora.get(address, headers=COMPRESSED).headers


def test_browsers_that_keep_a_file_for_a_year_ask_anew_when_it_holds_something_else(cora):
    found = [each for each in resources(cora, cora.page(cora.link)) if "?v=" in each]
    assert len(found) == 3  # two style sheets and the mark
    for each in found:
        response = cora.get(each)
        assert f"max-age={365 * 24 * 3600}" in response.headers["Cache-Control"]
        assert each.endswith(f"?v={hashlib.sha256(response.data).hexdigest()[:12]}")
