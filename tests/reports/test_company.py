"""The report on the company's view: right numbers, nobody's answers, room for notes, and what stands on paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from html import unescape
from xml.etree import ElementTree as ET

import company_views as views
import pytest
import report_people as people
from pypdf import PdfReader

from assess.scoring.company_view import Groups
from reports.charts.options import option_strip
from reports.company_numbers import company_numbers
from reports.document import to_html
from reports.kinds import build_company
from reports.pdf import to_pdf
from reports.sections.company_groups import CompanyGroups
from reports.sections.company_key import CompanyKeyByTheme, UnclearPolicies
from reports.sections.company_overview import CompanyOverview
from reports.shortcut import well_formed
from tests.catalogues import REPORTS_KEPT, strings

LATIN = re.compile(r"[A-Za-z]{2,}")
SAME = {"Acme", "Stores", "Rapport", "CEST", "AD", "r_wg", "wg", "team", "leads"}
SAME |= {"James", "Demaree", "Wolf", "Burke", "Finkelstein", "Dusig", "Dunlap"}


@cache
def html(language: str = "en", paper: str = "A4") -> str:
    return to_html(build_company(views.context(language=language, paper=paper, climate=views.CLIMATE)))


@cache
def pages(language: str = "en", paper: str = "A4") -> tuple[str, ...]:
    made = to_pdf(html(language, paper), made_at=views.context().made_at)
    return tuple(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages)


def words(context) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", to_html(build_company(context)))).split()).replace("\xa0", " ")


def rows() -> dict:
    return {row.code: row for theme in CompanyKeyByTheme.build(views.context()).themes for row in theme.rows}


def test_figures_of_statements_by_hand():
    codes = [policy.code for policy in people.bank().perspective]
    split, leaning, few, agreed = (rows()[code] for code in codes[:4])
    # 3 x 1 and 4 x 5: mean 23 / 7; variance 4.57 is over twice that of chance, so agreement counts as 0
    assert (split.mean, split.r_wg, split.ad, split.verdict) == ("3.3", "0.00", "1.96", "policy unclear")
    assert split.deviates
    # 3, 3, 4, 5, 5, 3, 5: mean 4; squares 1 + 1 + 1 + 1 + 1 + 1 = 6 over 6 is 1, half of 2
    assert (leaning.mean, leaning.r_wg, leaning.ad, leaning.verdict) == ("4.0", "0.50", "0.86", "policy unclear")
    # 5 x 4 and 2 x 5: mean 30 / 7; squares 10 / 7 over 6 is .238
    assert (agreed.mean, agreed.r_wg, agreed.verdict, agreed.importance) == ("4.3", "0.88", "clear", "")
    assert rows()[codes[4]].importance == "does not count"
    assert rows()[codes[5]].importance == "counts three times"
    assert (few.n, few.mean, few.verdict) == (4, "–", "too few answers")


def test_statement_that_fewer_than_five_rated_shows_no_answer():
    context = views.context()
    row = rows()["per-03"]
    assert (row.mean, row.r_wg, row.ad, row.n) == ("–", "–", "–", 4)
    assert "fewer than five answered" in row.strip
    unclear = {each.code: each for each in UnclearPolicies.build(context).rows}["per-03"]
    assert "4 answered, fewer than 5: what they said is not told" in unclear.spread
    assert "left it out" in unclear.suggestion
    told = {each["code"]: each for each in company_numbers(context)["statements"]}["per-03"]
    assert (told["counts"], told["mean"], told["raters"]) == (None, None, 4)


def test_unclear_policies_say_the_spread_the_cost_and_how_to_settle():
    found = UnclearPolicies.build(views.context()).rows
    assert [row.code for row in found][:2] == ["per-01", "per-02"]
    split, leaning = found[:2]
    assert str(split.spread).replace("\xa0", " ") == "4 × Strongly agree and 3 × Strongly disagree"
    assert split.trade_off == people.bank().perspective[0].trade_off
    assert split.suggestion.startswith("Some hold it and some do not.")
    assert leaning.suggestion.startswith("They lean one way")
    assert html().count('class="line"') == 3 * len(found)  # room for notes below each
    settled = replace(views.context(), view=views.view_of(people.bank(), agreed_by_all()))
    assert "There is nothing to settle" in words(settled)


def agreed_by_all():
    return views.CompanyKey(1, {}, {policy.code: [3] * 5 for policy in people.bank().perspective}, {})


def test_first_page_counts_what_is_clear_and_claims_nothing():
    overview = CompanyOverview.build(views.context())
    n = len(people.bank().perspective)
    assert (overview.n_statements, overview.n_clear) == (n, n - len(UnclearPolicies.build(views.context()).rows))
    assert [line.n_clear for line in overview.themes] == [
        theme.n_clear for theme in CompanyKeyByTheme.build(views.context()).themes
    ]
    assert dict(overview.facts)["Raters"] == "7"
    said = words(views.context())
    assert "no measure of how well customers are served" in said
    assert "Why there is this version" not in said
    assert "Why there is this version: The second try" in words(views.context(note="The second try"))


def test_groups_show_their_means_beside_the_key_and_how_many_are_left_out():
    groups = CompanyGroups.build(views.context())
    (table,) = groups.raters.tables
    assert table.heads[0][:2] == ("Acme Stores", 5)
    apart = [(line.key, line.cells[0].mean, line.cells[0].error, line.cells[0].is_apart) for line in table.lines]
    # the one statement with 2.6 beside 4.3; those that split the raters have a key of 3.3, 4.3 - 3.3 is a step
    assert ("4.3", "2.6", "± 0.4", True) in apart
    assert len(apart) == 1 + len(split_codes())
    assert groups.raters.n_withheld == 1
    said = words(views.context())
    assert "1 group is not shown: it has fewer than five people" in said
    assert "Let campaigns ask the view of good service" in said
    assert "Name a group, such as a department" in words(views.context(raters=Groups()))


def split_codes() -> list[str]:
    """Return the statements with a mean that splits the raters, but for the first, on which the group is silent."""
    return [policy.code for number, policy in enumerate(people.bank().perspective) if number % 6 == 0 and number]


def test_climate_stands_beside_leaders_or_says_what_is_missing():
    assert "the self-check of at least five leaders" in words(views.context())
    said = words(views.context(climate=views.CLIMATE))
    assert "Culture 71 % 3 41" in said
    assert "Thanks given 4.2 6" in said or "Thanks given 4.3 6" in said
    assert "closed on 31 March 2026" in said
    few = replace(views.CLIMATE, leaders=())
    assert "No self-check is closed that five leaders or more have answered" in words(views.context(climate=few))


def test_what_people_typed_is_escaped_and_made_plain():
    context = views.context(
        note="A \u202etrick <b>", raters=Groups((replace(views.context().raters.shown[0], name="<i>\u202eme"),), 0)
    )
    found = to_html(build_company(context))
    assert "Acme &lt;team&gt; leads" in found
    assert "&lt;i&gt;me" in found
    assert "\u202e" not in found


def test_numbers_hold_every_figure_and_no_rater():
    found = company_numbers(views.context(climate=views.CLIMATE))
    assert (found["kind"], found["provisional"], found["key"]["version"], found["key"]["raters"]) == (
        "company-perspective", False, 2, 7
    )  # fmt: skip
    first = found["statements"][0]
    assert (first["counts"], first["agreement"], first["clear"]) == ([3, 0, 0, 0, 4], 0.0, False)
    assert first["mean"] == pytest.approx(23 / 7, abs=1e-4)
    assert found["groups"]["raters"]["shown"][0]["n"] == 5
    assert found["climate"]["areas"][0]["n_people"] == 41
    assert "ratings" not in str(found)


def test_the_same_gives_the_same_bytes():
    context = views.context()
    first, second = (to_pdf(to_html(build_company(context)), made_at=context.made_at) for _time in range(2))
    assert first == second


@pytest.mark.parametrize(("language", "paper"), [("en", "A4"), ("en", "Letter"), ("es", "A4"), ("ar", "Letter")])
def test_first_page_keeps_to_itself_and_every_page_bears_the_reference(language, paper):
    found = pages(language, paper)
    heading = {"en": "The key by theme", "es": "La clave por temas", "ar": "المفتاح بحسب الموضوع"}[language]
    starts = [number for number, page in enumerate(found) if squeezed(heading) in squeezed(page)]
    assert starts[0] == 1
    assert len(found) <= 10
    assert all("R-7F3K-29QD" in page for page in found)
    assert not any("SIMULATED" in page for page in found)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u2066-\u2069]", "", text)


@pytest.mark.parametrize("language", ["es", "ar"])
def test_report_itself_is_translated_and_what_the_bank_says_is_marked(language):
    body = well_formed(html(language)).find("body")
    own = " ".join(_own(body))
    messages = [message for message in REPORTS_KEPT.catalogue(language) if message.id and len(str(message.id)) > 30]
    assert not [message.id for message in messages if str(message.id) in own]
    if language == "ar":
        assert set(LATIN.findall(re.sub(r"\b(?=\w*\d)\w+\b", "", own))) <= SAME
    assert all(text for message in messages for text in strings(message))


def _own(element: ET.Element):
    if not element.tag.endswith("title"):
        yield element.text or ""
        for child in element:
            if child.get("lang") != "en":
                yield from _own(child)
            yield child.tail or ""


def test_every_strip_says_in_words_what_it_shows_and_holds_no_style():
    for row in rows().values():
        assert re.search(r"<title>(Mean|\d+ answered)[^<]+</title>", row.strip)
    strip = option_strip((0, 1, 0, 3, 1), mean=3.8, spread=0.72, title="t")
    assert "style=" not in strip
    assert re.findall(r">(\d+)</text>", strip) == ["1", "3", "1"]
    assert "dasharray" in option_strip((), mean=None, title="t", words="too few")


def test_no_heading_stands_alone_and_no_place_is_unfilled():
    assert html().count("<h1") == 1
    assert not re.search(r"%\(\w+\)|%%|\bNone\b(?! of )|\{\{", html())
    assert all('scope="col"' in each or 'scope="row"' in each for each in re.findall(r"<th\b[^>]*>", html()))
