"""
Matplotlib as the charts use it: the only module that knows the library, which is loaded with the first drawing.

It reads no settings, no fonts but the house's and its own, and leaves nothing behind; the same input gives the same
bytes in every process. One drawing is made at a time, since its settings are the process's.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports.charts.colours import PRINT, Colours
from reports.charts.inline_svg import inline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS = Path(__file__).resolve().parent.parent / "fonts"
INCH = 72  # points
SETTINGS: Mapping[str, object] = {
    "axes.facecolor": "none",
    "axes.spines.bottom": False,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.xmargin": 0,
    "font.family": "Fira Sans",
    "font.size": 7.5,
    "lines.scale_dashes": False,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "rapport",
    "text.color": PRINT["ink-soft"],
    "text.parse_math": False,
    "xtick.labelcolor": PRINT["ink-soft"],
    "xtick.major.pad": 4,
    "xtick.major.size": 0,
    "ytick.labelcolor": PRINT["ink-soft"],
    "ytick.major.pad": 4,
    "ytick.major.size": 0,
}

_LOCK = threading.Lock()


def drawing(
    paint: Callable[[Figure], None], *, width: float, height: float, css: str, title: str, colours: Colours
) -> Markup:
    """
    Return what `paint` draws on a figure of `width` by `height` points, in the colours of `PRINT`, as an SVG element.

    `title` is the text alternative; `colours` are those of the result.
    """
    with _LOCK, _library() as figure_of:
        figure = figure_of(width, height)
        paint(figure)
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", metadata=nothing)
    return inline(file.getvalue(), css=css, title=title, colours=colours)


def axes(figure: Figure, *, left: float, top: float, width: float, height: float) -> Axes:
    """Return empty axes at a place given in points from the figure's upper left corner."""
    whole_width, whole_height = figure.get_size_inches() * INCH
    bottom = whole_height - top - height
    return figure.add_axes((left / whole_width, bottom / whole_height, width / whole_width, height / whole_height))


@contextmanager
def _library() -> Iterator[Callable[[float, float], Figure]]:
    """Set the library up for a drawing; the caller holds the lock."""
    matplotlib = _loaded()
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 -- 160 MB that only plots need
    from matplotlib.figure import Figure  # noqa: PLC0415

    def figure_of(width: float, height: float) -> Figure:
        figure = Figure(figsize=(width / INCH, height / INCH))
        figure.patch.set_visible(False)
        FigureCanvasSVG(figure)
        return figure

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the reader's fonts draw the text
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield figure_of


@cache
def _loaded() -> ModuleType:
    """Return the library, loaded without its folders in the user's home and without the machine's fonts."""
    with tempfile.TemporaryDirectory() as folder, _environment(MPLCONFIGDIR=folder, MPL_IGNORE_SYSTEM_FONTS="1"):
        import matplotlib  # noqa: PLC0415
        from matplotlib import font_manager  # noqa: PLC0415

        matplotlib.get_configdir()  # both remembered here, and asked for nowhere else
        matplotlib.get_cachedir()
    for font in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(font)
    return matplotlib


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
