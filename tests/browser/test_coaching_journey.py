"""From the first assessment to the second: plan, talks, feedback, report, and the end that the person puts to it."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
from sqlalchemy import select

from assess.models import Assignment, Attempt, Person, PresentedItem
from tests.browser import coaching, letters
from tests.browser.conftest import beside
from tests.browser.journeys import ANSWER_THE_REST, find, follow, press, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
INES, ADDRESS, FORM = "Ines Journey", "ines@journey.example", "short"
OWN, REMARK = "Ask two colleagues how my mails sound", "Both said: shorter than I think."
PLACE, SHARED = "Room 4", "Every refusal begins with what can be done."
PRIVATE = "She seemed tired: ask about the rota."
SHOWN = "You keep calm in a queue."
TOLD, REWORDED = "On Tuesday you cut Mr Smith short.", "In a hurry, you cut people short."
WITHHELD = "Nobody can stand you."
RATERS = {"Mia Manager": SHOWN, "Cia Colleague": TOLD, "Cem Colleague": WITHHELD, "Cho Colleague": ""}


def test_from_the_first_assessment_to_the_second(server, registry, new_page):
    hana, cole, phone = new_page(), new_page(), new_page(**PHONE)
    bank, opened = registry.newest("general"), pages_of(cole)

    hana_invites(hana, server)
    ines_answers(new_page(**PHONE), server, bank, "invites you to answer", tact=-2)
    hana_names_the_coach(hana, server)

    cole_opens_the_overview(cole, server)
    goal = coaching.agree_on_a_goal(cole, "Tact")
    action = coaching.add_actions(cole, OWN)
    calendar = coaching.plan_a_talk(cole, PLACE)
    ines_opens_her_letter(phone, server, calendar)
    ines_ticks_an_action_off(phone, goal, action)
    coaching.write_a_talk_down(cole, shared=SHARED, private=PRIVATE)
    phone.reload()
    assert phone.get_by_text(SHARED).is_visible()

    lines = "\n".join(f"{name} <{address_of(name)}>, {name.split()[1].lower()}" for name in RATERS)
    feedback = coaching.prepare_a_round(cole, lines, INES)
    own = ines_agrees_and_answers(phone, server)
    raters_answer(new_page, server)
    coaching.close_the_round(cole, feedback)
    coaching.moderate(cole, shown=SHOWN, reworded=(TOLD, REWORDED), withheld=WITHHELD)
    ines_reads_what_came_of_it(phone, own)

    half_a_year_passes(server)
    coaching.ask_again(cole, FORM)
    ines_answers(new_page(**PHONE), server, bank, "who asks you to take it again", tact=1)
    assert_other_statements(server, bank)
    verdicts = coaching.changes(cole)
    assert verdicts["Tact"].startswith("reliably up")
    ines_is_told_the_same(phone, server, verdicts)
    assert all(PRIVATE not in page for page in pages_of_ines(phone, server, own))

    report = coaching.take_the_report(cole)
    for said in (goal, action, OWN, REMARK, PLACE, SHARED, SHOWN, REWORDED):
        assert said in report, said
    for hidden in (PRIVATE, TOLD, WITHHELD):
        assert hidden not in report, hidden
    assert_report_says_the_same(report, verdicts)
    assert "match" not in report.replace("No match with a position", "").lower()

    ines_ends_the_coaching(phone, server)
    assert len(opened) >= 20
    assert {cole.request.get(address).status for address in opened} == {404}
    cole.goto(f"{server.url}/coaching")
    assert INES not in cole.inner_text("main")


def pages_of(cole):
    """The addresses of every page of a coachee's, and every file, that Cole's browser is shown from now on."""
    opened = set()

    def note(response):
        if re.search(r"/coaching/.*[0-9a-f-]{36}", response.url) and response.status == 200:
            opened.add(response.url)

    cole.on("response", note)
    return opened


def address_of(name):
    return f"{name.lower().replace(' ', '.')}@journey.example"


def hana_invites(hana, server):
    """Invite Ines to say how she works and how she sees good service, for coaching."""
    sign_in(hana, server, "hana@acme.example")
    hana.goto(f"{server.url}/console/campaigns/new")
    hana.get_by_label("Name of the campaign").fill("Before coaching")
    hana.get_by_label("Position", exact=True).select_option("none")
    hana.get_by_label("Purpose").select_option("coaching")
    hana.get_by_label("Edition and form").select_option(f"general/{FORM}")
    hana.locator("[name=statements]").select_option("1")
    hana.locator("[name=perspective]").select_option("2")
    press(hana, "Make the campaign")
    hana.get_by_label("Name").fill(INES)
    hana.get_by_label("E-mail address").fill(ADDRESS)
    hana.get_by_label("By mail, now").check()
    press(hana, "Invite")


def ines_answers(page, server, bank, asked, *, tact):
    """Take the questionnaire of the letter that says `asked`, tactful (1) or clearly not (-2)."""
    page.goto(letters.link_in(letters.to(server, ADDRESS, asked), "/take"))
    press(page, "Open my questionnaire")
    page.get_by_label("I have read this").check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/part")
    while page.url.endswith("/part"):
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url("**/questions/*")
        _n, address = page.evaluate(ANSWER_THE_REST, {"values": answers(bank, tact)})
        page.goto(address)
    press(page, "Hand in")
    assert page.get_by_text("A-").first.is_visible()


def answers(bank, tact):
    """Choices by code: about the middle, but on tact to one side of it."""
    rng, values = np.random.default_rng(1), {}
    for item in bank.statements:
        lean = tact if item.scale == "tact" else int(rng.integers(-1, 2))
        values[item.code] = 3 + (lean if item.keyed == "+" else -lean)
    return values | {each.code: each.expected for each in bank.directed}


def hana_names_the_coach(hana, server):
    """Name Cole on the page of Ines."""
    find(hana, server, INES)
    hana.get_by_label("Coach", exact=True).select_option(label="Cole Moreno")
    press(hana, "Name as coach")
    assert hana.get_by_text("named by HR").is_visible()


def cole_opens_the_overview(cole, server):
    """See Ines among the coachees, and her result with her view of service."""
    sign_in(cole, server, "cole@acme.example")
    cole.goto(f"{server.url}/coaching")
    follow(cole, INES)
    assert cole.get_by_role("heading", name="Newest result").is_visible()
    assert cole.get_by_role("heading", name="Beside the company's view").is_visible()


def ines_opens_her_letter(phone, server, calendar):
    """Come in by the letter about the talk, which holds the file that Cole has."""
    letter = letters.to(server, ADDRESS, "has planned a talk with you")
    (attached,) = letter.iter_attachments()
    uid = re.search(r"UID:.+", calendar)[0].strip()
    assert uid in attached.get_content()
    phone.goto(letters.link_in(letter, "/my-coaching"))
    press(phone, "Open the page")
    assert phone.get_by_text(PLACE).is_visible()


def ines_ticks_an_action_off(phone, goal, action):
    """Read the plan, and say what came of one's own action."""
    assert phone.get_by_role("heading", name=goal).is_visible()
    assert phone.get_by_role("heading", name=action).is_visible()
    own = phone.locator(".todo > li", has_text=OWN)
    own.get_by_text("Add a remark").tap()
    own.get_by_label("How did it go?").fill(REMARK)
    press(phone, re.compile(f"I have done this.*{OWN}"))
    assert phone.get_by_text("1 of 2 actions done").is_visible()
    assert phone.get_by_text(REMARK).is_visible()


def ines_agrees_and_answers(phone, server):
    """Agree to the people whom Cole proposes, answer for oneself; return the page of the round."""
    phone.goto(letters.link_in(letters.to(server, ADDRESS, "proposes to ask some colleagues"), "/my-coaching"))
    press(phone, "Open the page")
    follow(phone, "Proposed on")
    assert all(phone.get_by_text(name).is_visible() for name in RATERS)
    press(phone, "Yes, ask these people")
    own = phone.url
    press(phone, "Answer for myself")
    answer_the_lines(phone, value=5)
    return own


def raters_answer(new_page, server):
    """Have everybody answer through the link in their letter: the manager never saw it, colleagues half the time."""
    for name, words in RATERS.items():
        page = new_page()
        page.goto(letters.link_in(letters.to(server, address_of(name), "asks you in their name"), "/survey"))
        press(page, "Open the survey")
        answer_the_lines(page, value=1 if name.endswith("Manager") else 3, words=words)
        page.context.close()


def answer_the_lines(page, **choices):
    follow(page, "Begin")
    _n, address = page.evaluate(ANSWER_THE_REST, choices)
    page.goto(address)
    press(page, "Hand in")
    assert page.get_by_role("heading", name="Thank you").is_visible()


def ines_reads_what_came_of_it(phone, own):
    """Colleagues' means, and nothing of the manager's; comments as Cole lets them be read."""
    phone.goto(own)
    rows = phone.get_by_role("row", name="Colleagues").all()
    assert [row.locator("td").all_inner_texts()[:2] for row in rows] == [["3", "3.0"]] * 6
    assert phone.get_by_role("row", name="anager").count() == 0
    assert phone.get_by_text(SHOWN).is_visible()
    assert phone.get_by_text(REWORDED).is_visible()
    assert not any(words in phone.content() for words in (TOLD, WITHHELD))


def half_a_year_passes(server):
    """The one thing for which nobody can wait here: have the first assessment taken half a year ago."""
    with beside(server) as (session, _engine, _hana):
        attempt = session.scalars(attempts_of_ines()).one()
        attempt.started_at -= timedelta(days=182)
        attempt.submitted_at -= timedelta(days=182)


def attempts_of_ines():
    theirs = Attempt.assignment.has(Assignment.person.has(Person.email == ADDRESS))
    return select(Attempt).where(theirs).order_by(Attempt.id)


def assert_other_statements(server, bank):
    """Of what measures the six scales, only halves of pairs are asked twice, which show whether somebody reads."""
    measuring = {each.code for each in bank.statements}
    marked = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    with beside(server) as (session, _engine, _hana):
        first, second = (
            set(session.scalars(select(PresentedItem.code).where(PresentedItem.attempt_id == each.id)))
            for each in session.scalars(attempts_of_ines())
        )
    assert len(measuring & first) == len(measuring & second) >= 40
    assert measuring & first & second <= marked


def ines_is_told_the_same(phone, server, verdicts):
    """What Ines reads about a scale says a reliable change if Cole's page does."""
    phone.goto(f"{server.url}/my-coaching/progress")
    for scale, verdict in verdicts.items():
        said = phone.get_by_role("region", name=scale).inner_text()
        is_reliable = verdict.startswith("reliably")
        assert ("A reliable change:" in said, "No reliable change." in said) == (is_reliable, not is_reliable), scale


def assert_report_says_the_same(report, verdicts):
    """A line of the report's table on each scale: the difference, its interval, the verdict."""
    in_table = {"reliably up": "reliable rise", "reliably down": "reliable fall"}
    for scale, verdict in verdicts.items():
        words = verdict.partition(":")[0]
        assert re.search(rf"{scale} \S+ \S+ to \S+ {in_table.get(words, words)}", report), (scale, verdict)


def pages_of_ines(phone, server, own):
    """What the pages of Ines hold."""
    for address in (f"{server.url}/my-coaching", f"{server.url}/my-coaching/progress", own):
        phone.goto(address)
        yield phone.content()


def ines_ends_the_coaching(phone, server):
    phone.goto(f"{server.url}/my-coaching")
    follow(phone, "End the coaching")
    press(phone, "End the coaching")
    assert phone.get_by_text("sees nothing about you any more").is_visible()
