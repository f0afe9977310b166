"""An organisation chooses how its reports look, within what can be read and printed."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assess.errors import Refused
from assess.models import AuditEvent
from assess.services import branding, equality
from assess.services.report_contexts import brand_of, paper_of
from reports.context import Brand
from reports.logos import MOST, logo_at

DATABASES = ("sqlite",)  # what is asked here is not the database


def picture(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def kept(organization) -> bytes:
    return base64.b64decode(organization.branding["logo"])


def test_colour_logo_and_paper_are_kept_and_what_is_not_named_stays(session, cast, now):
    equality.choose(session, cast.acme, asks=False, now=now)
    branding.set_brand(session, cast.acme, accent="#005A5B", paper="Letter", now=now)
    branding.set_brand(session, cast.acme, logo=picture(Image.new("RGB", (40, 20), "#005a5b")), now=now)
    found = brand_of(cast.acme)
    assert (found.accent, paper_of(cast.acme)) == ("#005a5b", "Letter")
    assert logo_at(f"data:image/png;base64,{found.logo}") == kept(cast.acme)
    assert cast.acme.branding["equality_questions"] is False


def test_clearing_brings_the_house_s_look_back_and_nothing_else(session, cast, now):
    equality.choose(session, cast.acme, asks=False, now=now)
    branding.set_brand(session, cast.acme, accent="#005a5b", paper="Letter", now=now)
    branding.clear_brand(session, cast.acme, now=now)
    assert (brand_of(cast.acme), paper_of(cast.acme)) == (Brand(), "A4")
    assert cast.acme.branding == {"equality_questions": False}


def test_change_is_noted_without_the_image(session, cast, now):
    branding.set_brand(session, cast.acme, accent="#005a5b", now=now)
    session.commit()
    event = session.query(AuditEvent).filter_by(action="organization.changed").one()
    assert event.details == {"accent": "#005a5b", "has_logo": False, "paper": ""}


@pytest.mark.parametrize("colour", ["teal", "#05b", "#00ff0", "005a5b", "#005a5b;}"])
def test_what_is_no_colour_is_refused(session, cast, now, colour):
    with pytest.raises(Refused, match="six digits"):
        branding.set_brand(session, cast.acme, accent=colour, now=now)


def test_colour_that_cannot_be_read_on_white_is_refused_with_its_contrast(session, cast, now):
    with pytest.raises(Refused, match=r"contrast of 4\.48 to 1"):
        branding.set_brand(session, cast.acme, accent="#777777", now=now)
    branding.set_brand(session, cast.acme, accent="#767676", now=now)
    assert cast.acme.branding["accent"] == "#767676"


def test_large_logo_is_scaled_down_and_keeps_its_proportions(session, cast, now):
    branding.set_brand(session, cast.acme, logo=picture(Image.new("RGBA", (1600, 400), "#005a5b80")), now=now)
    image = Image.open(io.BytesIO(kept(cast.acme)))
    assert image.size == (800, 200)
    assert image.convert("RGBA").getpixel((400, 100)) == pytest.approx((0, 90, 91, 128), abs=1)


def test_what_was_written_beside_the_pixels_is_not_kept(session, cast, now):
    note = PngInfo()
    note.add_text("Author", "Somebody Private")
    given = picture(Image.new("RGB", (40, 20)), pnginfo=note, dpi=(300, 300)) + b"trailing Private"
    assert b"Private" in given
    branding.set_brand(session, cast.acme, logo=given, now=now)
    assert b"Private" not in kept(cast.acme)
    assert Image.open(io.BytesIO(kept(cast.acme))).info.keys() <= {"transparency"}


def test_busy_logo_is_kept_in_fewer_colours(session, cast, now):
    noise = Image.effect_noise((800, 300), 90)
    branding.set_brand(session, cast.acme, logo=picture(noise.resize((200, 75))), now=now)
    with pytest.raises(Refused, match="more than 100 KB"):
        branding.set_brand(session, cast.acme, logo=picture(noise), now=now)
    assert len(kept(cast.acme)) <= MOST


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (b"", "cannot be read as a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read as a PNG"),
        (picture(Image.new("RGB", (9, 9)), "JPEG"), "cannot be read as a PNG"),
        (picture(Image.new("RGB", (90, 90), "red"))[:120], "cannot be read as a PNG"),
        (picture(Image.new("1", (20_000, 20_000))), "too many to unpack|cannot be read"),
        (bytes(3 * 2**20), "larger than 2 MB"),
    ],
    ids=["empty", "svg", "jpeg", "cut off", "bomb", "large"],
)
def test_other_files_are_refused(session, cast, now, given, reason):
    with pytest.raises(Refused, match=reason):
        branding.set_brand(session, cast.acme, logo=given, now=now)


def test_unknown_paper_is_refused(session, cast, now):
    with pytest.raises(Refused, match="A4 or Letter"):
        branding.set_brand(session, cast.acme, paper="A3", now=now)
