"""The house's colours by name, as literal values for paper and as CSS custom properties for the web's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

TOKENS = Path(__file__).resolve().parent.parent / "styles" / "tokens.css"

Colours = Mapping[str, str]


def _light(css: str) -> dict[str, str]:
    """Return the custom properties of the first rule, which holds the light values."""
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]+)", css.partition("}")[0]))


PRINT: Colours = MappingProxyType(_light(TOKENS.read_text(encoding="utf-8")))
SCREEN: Colours = MappingProxyType({name: f"var(--{name})" for name in PRINT})

WHITENESS = 0.57  # of the error band: what the house's own is on the way from its main colour to white


def branded(accent: str) -> Colours:
    """Return the colours of paper with `accent`, as #rrggbb, for the house's main colour, and a band to go with it."""
    return MappingProxyType({**PRINT, "petrol": accent, "band": tint(accent, WHITENESS)})


def tint(colour: str, whiteness: float) -> str:
    """Return `colour` on its way to white: itself at 0, white at 1."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * whiteness):02x}" for part in parts)


def contrast_on_white(colour: str) -> float:
    """Return the contrast ratio of `colour` with white, from 1 to 21, as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
