"""Platforms that a complaint names, by whatever people call them."""

from __future__ import annotations

import re
from functools import cache

from features.extraction.reading import Reading
from features.extraction.words import lowered, platform_words


def find_platforms(reading: Reading) -> tuple[str, ...]:
    """Canonical names in order of the text, each once. Names that are everyday words need a word of trade beside them."""
    text, rules = reading.text, platform_words()
    found: dict[str, None] = {}
    for hit in reading.of("platform"):
        if hit.meaning is None or hit.meaning in found:
            continue
        if text[hit.start : hit.end] in rules.common:
            before = _around().search(text, max(0, hit.start - rules.reach), hit.start)
            if not before and not _around().search(text, hit.end, hit.end + rules.reach):
                continue
        found[hit.meaning] = None
    return tuple(found)


@cache
def _around() -> re.Pattern[str]:
    return re.compile(lowered(platform_words().around))
