"""How every chart is drawn: self-contained SVG whose text stays text, so that it is searchable and in the reader's font."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

# What a reader's browser may have, in the order of preference; the page's style sheet names the same.
READER_FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
# What texts are measured with here. The collection's faces have the same widths, and Matplotlib sees only its first one.
MEASURING_FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei", "Source Han Sans SC")
FALLBACK_FONT = "DejaVu Sans"
INK, MUTED, GRID, BAND, LINE = "#1f2933", "#6b7280", "#e5e7eb", "#dbe7f3", "#1d4e89"
ALARM = "#b42318"
LEVEL_COLOURS = {"red": "#b42318", "orange": "#c4560a", "yellow": "#a37800", "blue": "#1d4e89"}
STYLE: dict[Any, Any] = {
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.color": INK,
    "svg.fonttype": "none",
    # The same figures give the same bytes.
    "svg.hashsalt": "complaint-radar",
    # A brand may be named $a$; it is not a formula.
    "text.parse_math": False,
    "axes.unicode_minus": False,
}


@cache
def measuring_font() -> str | None:
    """The installed Chinese font that texts are measured with, None where there is none."""
    installed = set(font_manager.get_font_names())
    return next((name for name in MEASURING_FONTS if name in installed), None)


def chart_style(font_size: int = 10) -> AbstractContextManager[None]:
    """The common style, for as long as a chart is drawn."""
    return mpl.rc_context({**STYLE, "font.family": measuring_font() or FALLBACK_FONT, "font.size": font_size})


def shortened(name: str, length: int = 14) -> str:
    """A name that fits beside a chart."""
    return name if len(name) <= length else name[: length - 1] + "…"


def svg_of(figure: Figure, description: str) -> str:
    """The figure as an SVG element with a description, without the prolog and the date."""
    buffer = io.StringIO()
    with warnings.catch_warnings():
        # Without a Chinese font texts are measured wrongly but not lost; `radar doctor` says so once.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    body = re.sub(r"font-family: [^;\"]+", f"font-family: {READER_FONTS}", text[text.index("<svg") :])
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    escaped = re.sub(r"[<>&\"]", lambda match: f"&#{ord(match.group())};", description)
    # Ids must be unique on a page with many charts.
    prefix = f"c{zlib.crc32(body.encode()):x}-"
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{prefix}", body)
    return body.replace("<svg", f'<svg role="img" aria-label="{escaped}"', 1)
