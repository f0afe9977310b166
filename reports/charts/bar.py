"""The match bar: a person's match with its interval above the quartiles of the people compared with."""

from __future__ import annotations

from markupsafe import Markup

from assess.scoring.interpret import Match
from reports.charts.colours import PRINT, Colours

WIDTH, HEIGHT = 360, 50
LABELS = 68  # width of the words before the bars
PERSON, OTHERS = 14, 32  # the middles of the two bars


def match_bar(match: Match, *, title: str, labels: tuple[str, str], colours: Colours = PRINT) -> Markup:
    """Return the bar from 0 to 100 % as an SVG element; `title` is its text alternative, `labels` its two lines'."""
    low, median, high = (_x(share) for share in (match.low, match.median, match.high))
    first, middle, third = (_x(share) for share in match.population)
    ticks = "".join(f"M{_x(share / 4)} 4V40" for share in range(5))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="match-bar" role="img" viewBox="{left} 0 {outer} {height}">'
        '<title>{title}</title><path d="{ticks}" fill="none" stroke="{line}"/>'
        '<rect x="{low}" y="{upper}" width="{reach}" height="9" rx="4.5" fill="{band}" stroke="{petrol}"/>'
        '<circle cx="{median}" cy="{person}" r="7" fill="{petrol}"/>'
        '<path d="M{first} {box}H{third}V{foot}H{first}Z" fill="{wash}" stroke="{edge}"/>'
        '<path d="M{middle} {over}V{under}" stroke="{ink}" stroke-width="2.5"/>'
        "{labels}{figures}</svg>"
    ).format(
        left=-LABELS,
        outer=WIDTH + LABELS + 14,
        height=HEIGHT,
        title=title,
        ticks=ticks,
        line=colours["line"],
        low=low,
        upper=PERSON - 4.5,
        reach=round(high - low, 1),
        band=colours["band"],
        petrol=colours["petrol"],
        median=median,
        person=PERSON,
        first=first,
        third=third,
        box=OTHERS - 4.5,
        foot=OTHERS + 4.5,
        wash=colours["wash"],
        edge=colours["edge"],
        middle=middle,
        over=OTHERS - 7,
        under=OTHERS + 7,
        ink=colours["ink"],
        labels=_label(labels[0], PERSON, colours) + _label(labels[1], OTHERS, colours),
        figures=Markup().join(_figure(share / 2, colours) for share in range(3)),
    )


def _x(share: float) -> float:
    return round(share * WIDTH, 1)


def _label(words: str, middle: float, colours: Colours) -> Markup:
    return Markup('<text x="{}" y="{}" font-family="Fira Sans, sans-serif" font-size="10" fill="{}">{}</text>').format(
        -LABELS, middle + 3.5, colours["ink-soft"], words
    )


def _figure(share: float, colours: Colours) -> Markup:
    return Markup(
        '<text x="{}" y="49" text-anchor="middle" font-family="Fira Sans, sans-serif" font-size="9" '
        'fill="{}">{} %</text>'
    ).format(_x(share), colours["ink-soft"], round(100 * share))
