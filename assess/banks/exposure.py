"""The table by which adaptive attempts are kept from showing the same statements to everybody, as a bank's file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from assess.banks.files import replace_texts
from assess.banks.model import Bank

FILE = "exposure.toml"
FREE = 0.9995  # a chance from which on there is nothing to name


def fingerprint(bank: Bank) -> str:
    """Return a short name for all that decides what an adaptive test of `bank` shows."""
    content = {
        "statements": [(i.code, i.scale, i.facet, i.keyed, i.location) for i in bank.statements],
        "shared": sorted(bank.shared),
        "pairs": [(pair.first, pair.second) for pair in bank.pairs],
        "triplets": sorted(code for block in bank.triplets for code in block.statements),
        "parameters": bank.parameters.model_dump(exclude={"source", "se_factor_source"}),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def write(
    folder: Path, bank: Bank, *, seed: int, people: int, alone: Mapping[str, float], with_triplets: Mapping[str, float]
) -> None:
    """Write both tables of chances into the bank's folder."""
    lines = [
        "# The chance with which an adaptive attempt may have a statement (Sympson & Hetter, 1985); 1 if not named.",
        "# Found by simulation (assess bank exposure): 35 % of attempts at most see a statement, 50 % beside triplets.",
        f'found_for = "{fingerprint(bank)}"',
        f"seed = {seed}",
        f"people = {people}",
    ]
    for name, chances in (("alone", alone), ("with_triplets", with_triplets)):
        lines += ["", f"[{name}]", *(f"{code} = {chance:.3f}" for code, chance in chances.items() if chance < FREE)]
    replace_texts({folder / FILE: "\n".join(lines) + "\n"})
