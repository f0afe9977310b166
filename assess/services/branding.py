"""How an organisation's reports look: one colour, a logo, the paper."""

from __future__ import annotations

import base64
import io
import re
import warnings
from datetime import datetime

from PIL import Image
from sqlalchemy.orm import Session

from assess.errors import Refused
from assess.models import Organization
from assess.services import audit
from assess.services.report_contexts import PAPERS
from reports.charts.colours import contrast_on_white
from reports.logos import HEIGHT, MOST, WIDTH

ACCENT = re.compile(r"#[0-9a-f]{6}")
CONTRAST = 4.5  # with white, in which figures stand on it and on which it prints headings: WCAG 2.2, AA
MOST_SENT = 2 * 2**20  # bytes of a file that is looked at
MOST_PIXELS = 4_000_000  # that are unpacked
END = b"IEND\xaeB`\x82"  # of every PNG; without it Pillow's answer depends on who else uses it in this process
NO_PNG = "The logo cannot be read as a PNG image."
NAMES = ("accent", "logo", "paper")


def set_brand(
    session: Session,
    organization: Organization,
    *,
    accent: str | None = None,
    logo: bytes | None = None,
    paper: str | None = None,
    now: datetime,
) -> None:
    """
    Have the organisation's reports look so from now on; what is None stays as it is.

    `logo` is a PNG file; what is kept of it are its pixels, scaled down where there are too many. Raises `Refused` with
    the reason for a colour that cannot be read on white, a file that is no such image, and unknown paper.
    """
    given: dict[str, str] = {}
    if accent is not None:
        given["accent"] = _accent(accent)
    if logo is not None:
        given["logo"] = base64.b64encode(_logo(logo)).decode()
    if paper is not None:
        if paper not in PAPERS:
            raise Refused(f"Reports are made for {' or '.join(PAPERS)}, not for {paper}.")
        given["paper"] = paper
    _change(session, organization, {**organization.branding, **given}, now=now)


def clear_brand(session: Session, organization: Organization, *, now: datetime) -> None:
    """Have the organisation's reports look as those of the house again."""
    left = {name: value for name, value in organization.branding.items() if name not in NAMES}
    _change(session, organization, left, now=now)


def _change(session: Session, organization: Organization, branding: dict[str, object], *, now: datetime) -> None:
    organization.branding = branding
    audit.record(
        session,
        "command",
        "organization.changed",
        f"organization:{organization.id}",
        organization_id=organization.id,
        now=now,
        accent=str(branding.get("accent", "")),
        has_logo="logo" in branding,
        paper=str(branding.get("paper", "")),
    )


def _accent(text: str) -> str:
    colour = text.strip().lower()
    if not ACCENT.fullmatch(colour):
        raise Refused(f"A colour is a # and six digits of 0 to 9 and a to f, such as #005a5b, not {text}.")
    ratio = contrast_on_white(colour)
    if ratio < CONTRAST:
        raise Refused(
            f"{colour} on white has a contrast of {ratio:.2f} to 1. Headings and figures in it need at least "
            f"{CONTRAST} to 1 to be read by everybody: please choose a darker colour."
        )
    return colour


def _logo(content: bytes) -> bytes:
    """Return the pixels of a PNG file as a PNG that is small enough, without anything that was written beside them."""
    if len(content) > MOST_SENT:
        raise Refused(f"The logo's file is larger than {MOST_SENT // 2**20} MB.")
    if END not in content:
        raise Refused(NO_PNG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=["PNG"])
            if image.width * image.height > MOST_PIXELS:
                raise Refused(f"The logo has {image.width} x {image.height} pixels, which is too many to unpack.")
            pixels = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(NO_PNG) from None
    pixels.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    bare = Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    for shown in (bare, bare.quantize(256)):
        written = io.BytesIO()
        shown.save(written, "PNG", optimize=True)
        if len(written.getvalue()) <= MOST:
            return written.getvalue()
    raise Refused(f"The logo needs more than {MOST // 1024} KB: please take a simpler one, or one with fewer pixels.")
