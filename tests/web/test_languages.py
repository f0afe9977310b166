"""Who reads which language: people choose theirs, staff read English, and an attempt stays in that of its beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.banks.translations import State, TranslatedText, Translation, hash_of, texts_of
from assess.models import Attempt, AuditEvent, Person
from assess.web import i18n
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

ARABIC = {"Accept-Language": "ar"}


@pytest.fixture
def invited(session, registry, cast, now):
    """A function that returns the link to a questionnaire, the short form if nothing else is said."""

    def invite(*, form="short", parts=(Part.STATEMENTS,), language=""):
        assignment = factories.assignment(session, registry, cast.hana, form=form, parts=parts, now=now)
        assignment.person.language = language
        token = factories.take_token(session, assignment, now=now)
        session.commit()
        return f"/take/link/{token}"

    return invite


@pytest.fixture
def bank(app, registry):
    """The general bank, its short form translated into Spanish by exchanging capitals and small letters."""
    found = registry.newest("general")
    codes = [*found.form("short").items, *(f"format:agreement:{value}" for value in range(1, 6)), "form:short:practice"]
    texts = {code: text for code, text in texts_of(found).items() if code in codes}
    rows = [
        TranslatedText(code=code, of=hash_of(text), state=State.REVIEWED, text=text.swapcase())
        for code, text in texts.items()
    ]
    spanish = Translation(language="es", edition="general", version="1.0", source="made up", text=tuple(rows))
    own = {name: getattr(found, name) for name in Bank.model_fields}
    translated = Bank.model_construct(**{**own, "translations": (spanish,)})
    banks = {**registry.banks, (found.edition, found.version): translated}
    app.extensions["registry"] = replace(registry, banks=banks)
    return found


def choose(browser, page, language):
    """Press a button of the menu and return where it leads."""
    return browser.send(page, "Español", language=language).location


def language_of(page):
    html = page.root
    return html.get("lang"), html.get("dir")


def begin(browser, link):
    browser.send(browser.page(link))
    return browser.send(browser.page("/take/"), consent="y")


def test_page_is_in_the_language_that_the_browser_asks_for(client, invited):
    page = client.get(invited(), headers=ARABIC).page
    assert language_of(page) == ("ar", "rtl")
    assert "فتح استبياني" in page.text
    assert language_of(client.get(page.url, headers={"Accept-Language": "es-MX,es;q=0.9"}).page) == ("es", "ltr")
    assert language_of(client.get(page.url, headers={"Accept-Language": "fi"}).page) == ("en", "ltr")


def test_language_that_is_known_of_the_person_comes_before_the_browser_s(client, invited):
    page = client.get(invited(language="es"), headers=ARABIC).page
    assert language_of(page) == ("es", "ltr")
    assert "Abrir mi cuestionario" in page.text


def test_choice_comes_before_everything_and_is_kept_for_other_devices(client, app, session, invited):
    link = invited(language="es")
    assert choose(client, client.page(link), "ar") == link
    page = client.page(link)
    assert language_of(page) == ("ar", "rtl")
    client.send(page)
    assert session.scalars(select(Person.language)).one() == "ar"
    session.rollback()
    assert language_of(app.test_client().get(link).page) == ("ar", "rtl")


def test_choice_on_the_first_page_is_noted_for_the_person(client, session, invited):
    client.send(client.page(invited()))
    assert choose(client, client.page("/take/"), "es") == "/take/"
    assert client.page("/take/").h1 == "Cómo le gusta trabajar con clientes"
    assert session.scalars(select(Person.language)).one() == "es"


def test_looking_at_a_page_changes_no_language(client, session, invited):
    client.get(invited(), headers=ARABIC)
    assert session.scalars(select(Person.language)).one() == ""


def test_menu_names_each_language_in_itself_and_says_which_is_this(client, invited):
    page = client.page(invited())
    buttons = [each for each in page.root.iter("button") if each.get("name") == "language"]
    assert [(each.get("lang"), each.get("dir"), each.text) for each in buttons] == [
        (None, None, "English"),
        ("es", "ltr", "Español"),
        ("ar", "rtl", "العربية"),
    ]
    assert [each.get("aria-current") for each in buttons] == ["true", None, None]


@pytest.mark.parametrize("sent", ["", "xx", "../es", "EN"])
def test_language_that_is_not_offered_is_refused(client, invited, sent):
    response = client.send(client.page(invited()), "Español", language=sent)
    assert response.status_code == 422
    assert "Set-Cookie" not in response.headers or "rapport-language" not in response.headers["Set-Cookie"]


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
def test_choice_leads_to_no_other_site(client, invited, address):
    response = client.send(client.page(invited()), "Español", language="es", next=address)
    assert response.location == "/take/"


def test_choice_without_a_form_s_token_is_refused(client):
    assert client.post("/language", data={"language": "es"}).status_code == 400


def test_choice_with_a_dead_link_s_cookie_is_kept_in_the_browser(client, app):
    client.set_cookie("rapport-take", "no-such-token")
    page = client.page("/take/questions/1", 404)
    assert choose(client, page, "es") == "/take/questions/1"
    assert language_of(client.page("/take/questions/1", 404)) == ("es", "ltr")


def test_erased_person_gets_no_language(client, session, invited, now):
    link = invited()
    client.send(client.page(link))
    session.scalars(select(Person)).one().erased_at = now
    session.commit()
    choose(client, client.page("/take/", 410), "es")
    assert session.scalars(select(Person.language)).one() == ""


def test_strangers_read_errors_in_their_language(client):
    page = client.get("/no/such/page", headers=ARABIC).page
    assert language_of(page) == ("ar", "rtl")
    assert page.h1 == "لا يوجد شيء هنا"


def test_refusals_are_in_the_reader_s_language(client, invited, app):
    begin(client, invited(language="es"))
    app.config["WTF_CSRF_ENABLED"] = False
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    response = client.post("/take/save", data={"code": "x"}, headers={"Accept": "application/json"})
    assert response.json["error"] == "Esa respuesta no es una de las opciones, así que no se guardó."
    page = client.page("/take/questions/99", 404)
    assert "En esta dirección no hay nada." in page.text


def test_limit_says_how_long_in_the_reader_s_language(client, app):
    app.config["WTF_CSRF_ENABLED"] = False
    statuses = [client.post(f"/take/link/guess-{number}", headers=ARABIC) for number in range(21)]
    assert statuses[-1].status_code == 429
    assert "دقيقة" in statuses[-1].text or "دقائق" in statuses[-1].text


def test_staff_read_english_whatever_their_browser_asks_for(client, browser_of):
    assert language_of(client.get("/auth/sign-in", headers=ARABIC).page) == ("en", "ltr")
    hana = browser_of("hana")
    for address in ("/console/assignments", "/no/such/page"):
        page = hana.get(address, headers=ARABIC).page
        assert language_of(page) == ("en", "ltr"), address
        assert "Español" not in page.text, address


def test_attempt_is_in_the_language_in_which_it_was_begun(client, session, invited, bank):
    begin(client, invited(language="es"))
    attempt = session.scalars(select(Attempt)).one()
    assert attempt.language == "es"
    page = client.page("/take/part")
    assert bank.form("short").practice.swapcase() in page.text
    position = client.send(page).location
    stem = bank.item(bank.form("short").items[0]).stem.swapcase()
    page = client.page(position)
    assert stem in page.text
    assert "sTRONGLY AGREE" in page.text
    choose(client, page, "ar")
    page = client.page(position)
    assert language_of(page) == ("ar", "rtl")
    assert stem in page.text  # still


def test_words_in_another_language_than_the_page_say_so(client, invited, bank):
    begin(client, invited(language="es"))
    position = client.send(client.page("/take/part")).location
    question = _question(client.page(position))
    assert (question.get("lang"), question.get("dir")) == (None, None)
    choose(client, client.page(position), "ar")
    question = _question(client.page(position))
    assert (question.get("lang"), question.get("dir")) == ("es", "ltr")
    status = next(each for each in question.iter("p") if each.get("role") == "status")
    assert (status.get("lang"), status.get("dir")) == ("ar", "rtl")


def _question(page):
    return next(each for each in page.root.iter("div") if (each.get("class") or "").startswith("question"))


def test_what_is_not_translated_as_a_whole_is_asked_in_english(client, session, invited, bank):
    begin(client, invited(language="es", parts=(Part.STATEMENTS, Part.SITUATIONS)))
    assert session.scalars(select(Attempt.language)).one() == "en"
    page = client.page("/take/part")
    assert language_of(page) == ("es", "ltr")
    assert bank.form("short").practice in page.text


def test_first_page_says_in_which_language_the_questions_are(client, invited, bank):
    client.send(client.page(invited(language="ar")))
    assert "الأسئلة بهذه اللغة: \u2068English\u2069" in client.page("/take/").text
    choose(client, client.page("/take/"), "es")
    page = client.page("/take/")
    assert "Aún no se han traducido" not in page.text
    assert "Las preguntas se quedan en el idioma en que empiece." in page.text


def test_where_there_is_one_language_the_first_page_says_nothing_of_it(client, invited):
    client.send(client.page(invited(form="standard")))
    assert "stay in the language" not in client.page("/take/").text


def test_beginning_notes_the_language_of_consent_and_the_translation(client, session, invited, bank, app):
    begin(client, invited(language="es"))
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.started")).one()
    fingerprint = app.extensions["registry"].newest("general").translations[0].fingerprint
    assert event.details == {"consented": True, "language": "es", "translation": fingerprint}


def test_who_begins_in_the_browser_s_language_gets_mail_in_it(client, session, invited):
    link = invited()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    begin(client, link)
    assert session.scalars(select(Person.language)).one() == "es"


def test_hr_sees_in_which_language_somebody_was_asked(client, browser_of, session, invited, bank):
    hana = browser_of("hana")
    begin(client, invited(language="es"))
    person = session.scalars(select(Attempt)).one().assignment
    page = hana.page(f"/console/assignments/{person.public_id}")
    assert "Spanish; that its scores mean the same as in English is not shown yet" in page.text


@pytest.mark.parametrize(
    ("language", "said"), [("es", "28 nov 2026, 10:30 CET"), ("ar", "28 نوفمبر 2026، \u206810:30 CET\u2069")]
)
def test_moment_has_the_comma_of_the_language_and_its_time_is_not_turned_round(app, language, said):
    with app.test_request_context("/my-coaching", headers={"Accept-Language": language}):
        assert i18n.moment(datetime(2026, 11, 28, 9, 30, tzinfo=UTC), "Europe/Berlin") == said
