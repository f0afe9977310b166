"""Outlines as commands of an SVG path, so that many of a kind are one element."""

from __future__ import annotations

from reports.charts.lettering import rounded


def capsule(low: float, high: float, y: float, half: float) -> str:
    """Return a bar from `low` to `high` around the height `y`, its ends round within these."""
    r = rounded(min(half, (high - low) / 2))
    arc, start, end = f"A{r} {half} 0 0 1", rounded(low + r), rounded(high - r)
    top, bottom = rounded(y - half), rounded(y + half)
    return f"M{start} {top}H{end}{arc} {end} {bottom}H{start}{arc} {start} {top}Z"


def disc(x: float, y: float, r: float) -> str:
    """Return a circle around a point."""
    return f"M{rounded(x - r)} {rounded(y)}a{r} {r} 0 0 1 {rounded(2 * r)} 0a{r} {r} 0 0 1 {rounded(-2 * r)} 0Z"


def box(left: float, right: float, y: float, half: float) -> str:
    """Return a rectangle around the height `y`."""
    return f"M{rounded(left)} {rounded(y - half)}H{rounded(right)}v{rounded(2 * half)}H{rounded(left)}Z"
