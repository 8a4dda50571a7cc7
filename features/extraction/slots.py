"""The parts of a call-taker's form: `商户名称：…发生时间：…消费金额：…问题描述：…主要诉求：…`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from features.extraction.words import lowered, words

Slots = dict[str, "Slot"]
COLONS = "：:"


class Slot(NamedTuple):
    """What stands behind a heading, at `text[start:end]`."""

    start: int
    end: int


def slots_of(text: str) -> Slots:
    """The parts by field, the first where a field comes twice; none where no heading with a colon stands."""
    if "：" not in text and ":" not in text:
        return {}
    found: Slots = {}
    matches = list(_headings().finditer(text))
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        found.setdefault(_fields()[match[1]], Slot(match.end(), end))
    return found


@cache
def _fields() -> dict[str, str]:
    return {heading.lower(): name for name, headings in words().slots.model_dump().items() for heading in headings}


@cache
def _headings() -> re.Pattern[str]:
    return re.compile(rf"({lowered(_fields())})[{COLONS}]\s*")
