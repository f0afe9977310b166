"""Somebody on the page of a question: what they do there, what the page says, what device and server keep."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import AccessLink, Assignment, Attempt, ResponseEvent
from assess.services import asking, database
from assess.services.tokens import hash_token

QUESTION = "/take/questions/1"
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 // 8, "uploadThroughput": 400_000 // 8}
SAVED = re.compile(r"^Saved \d\d:\d\d$")
WAITING = "Not saved yet – we keep trying"
HELD = re.compile("^No connection just now. What you have chosen is kept on this device")
UNKNOWN = re.compile("Please open your personal link again")


class Sitting:
    """Somebody's begun attempt, and what the server knows of it."""

    def __init__(self, engine, token):
        self.engine, self.token = engine, token

    def cookie(self, server):
        return {"name": "rapport-take", "value": self.token, "url": server.url}

    def attempt(self, session):
        mine = select(Attempt).join(Assignment).join(AccessLink).where(AccessLink.token_hash == hash_token(self.token))
        return session.scalars(mine).one()

    def saved(self):
        """The values of all answers that were ever stored, in order of arrival."""
        with Session(self.engine) as session:
            mine = select(ResponseEvent.value).where(ResponseEvent.attempt_id == self.attempt(session).id)
            return session.scalars(mine.order_by(ResponseEvent.id)).all()

    def counts(self):
        """The values that count."""
        with Session(self.engine) as session:
            return list(asking.current_responses(session, self.attempt(session)).values())

    def withdraw(self):
        with Session(database.writing(self.engine)) as session:
            self.attempt(session).assignment.withdrawn_at = datetime.now(UTC)
            session.commit()


def option(page, words):
    return page.get_by_label(words, exact=True)


def choose(page, words):
    option(page, words).check()


def choose_and_save(page, words):
    """Choose, and wait for the server's word: the page may say since before that something is saved."""
    with page.expect_response("**/take/save"):
        choose(page, words)


def chosen(page):
    return page.locator("#answer input:checked").evaluate_all("found => found.map((each) => each.value)")


def say(page, words):
    """Wait until the page says so in its line about saving."""
    page.get_by_role("status").get_by_text(words).wait_for()


def kept(page):
    """What the browser keeps on the device."""
    return page.evaluate("Object.entries({...localStorage}).map(([name, value]) => [name, JSON.parse(value)])")


def unlock(page):
    """Tell the page that it is looked at again, as a phone does when it is unlocked."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
