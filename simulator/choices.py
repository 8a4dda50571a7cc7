"""What a scenario lets one choose from; light enough for a command line to import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from simulator.data import world

FORMATS = ("csv", "xlsx", "jsonl", "parquet")
LAYOUTS = ("extended", "platform")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
PERIODS: Mapping[str, Callable[[dt.date], str]] = {
    "day": lambda day: f"{day:%Y-%m-%d}",
    "month": lambda day: f"{day:%Y-%m}",
    "year": lambda day: f"{day:%Y}",
}


def presets() -> dict[str, str]:
    """Names of the presets and what they are, in Chinese."""
    return {name: f"{entry['about']}，约{entry['rows'] / 10_000:g}万件" for name, entry in world("presets").items()}
