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
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="match-bar" role="img" viewBox="{} 0 {} {}"><title>{}</title>'
        '<path d="{}" fill="none" stroke="{}"/>'
    ).format(-LABELS, WIDTH + LABELS + 14, HEIGHT, title, _TICKS, colours["line"])
    person = Markup(
        '<rect x="{}" y="{}" width="{}" height="9" rx="4.5" fill="{}" stroke="{}"/>'
        '<circle cx="{}" cy="{}" r="7" fill="{}"/>'
    ).format(
        *(_x(match.low), PERSON - 4.5, round(_x(match.high) - _x(match.low), 1), colours["band"], colours["petrol"]),
        *(_x(match.median), PERSON, colours["petrol"]),
    )
    first, middle, third = (_x(share) for share in match.population)
    others = Markup(
        '<path d="M{} {}H{}v9H{}Z" fill="{}" stroke="{}"/><path d="M{} {}v14" stroke="{}" stroke-width="2.5"/>'
    ).format(
        *(first, OTHERS - 4.5, third, first, colours["wash"], colours["edge"]),
        *(middle, OTHERS - 7, colours["ink"]),
    )
    words = [_label(labels[0], PERSON, colours), _label(labels[1], OTHERS, colours)]
    figures = [_figure(share, colours) for share in (0.0, 0.5, 1.0)]
    return head + person + others + Markup().join([*words, *figures]) + Markup("</svg>")


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


_TICKS = "".join(f"M{_x(share / 4)} 4V40" for share in range(5))
