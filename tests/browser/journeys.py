"""What people do in a browser, step by step, for tests to tell their stories with."""

from __future__ import annotations

from playwright.sync_api import Page


def sign_in(page: Page, server, email: str) -> None:
    page.goto(f"{server.url}/auth/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(server.passwords[email])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def invite(page: Page, name: str, email: str) -> str:
    """Invite somebody as HR, handing the link over by hand; return the link."""
    base = page.url.split("/console")[0]
    page.goto(f"{base}/console/assignments/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Position").select_option(label="Front desk")
    page.get_by_label("I hand over a link myself").check()
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("button", name="Make a link").click()
    return page.locator("input[readonly]").input_value()
