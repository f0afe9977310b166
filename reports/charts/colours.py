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
