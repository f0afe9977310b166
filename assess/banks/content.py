"""What all content is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Keyed = Literal["+", "-"]
ORIGINAL = "en"  # the language in which banks are written


class Content(BaseModel):
    """Base of all content: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(Content):
    """What readers get in their own language where all of it is translated."""

    language: str = ORIGINAL  # of its texts
