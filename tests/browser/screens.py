"""
Pages checked on all screens: narrow and wide, light and dark, written from left to right and back.

Each page is loaded once, and then its screen is changed as somebody would who turns a phone or a light: what differs is
in style sheets alone, and between light and dark in nothing but colours.
"""

from __future__ import annotations

from tests.browser import journeys
from tests.browser.journeys import check_targets, tab_through

COLOURS = {"runOnly": ["color-contrast"]}
SCREENS = (  # width, colours, direction of writing, and what axe is asked
    (320, "light", "ltr", {}),
    (320, "dark", "ltr", COLOURS),
    (1280, "light", "rtl", COLOURS),
    (1280, "dark", "rtl", {}),
)
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %


def check(page):
    own = page.evaluate("document.documentElement.dir")
    for width, colours, direction, options in SCREENS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        journeys.check(page, **options)
    page.evaluate("own => { document.documentElement.dir = own; }", own)


def check_all_ways(page):
    """Check a page of candidates, who have what devices they have, and their own ways of using them."""
    check(page)
    page.set_viewport_size(ZOOMED)
    check_targets(page)
    assert tab_through(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"], page.url


def check_all(page, server, addresses):
    for address in addresses:
        page.goto(server.url + address)
        check(page)
