"""Numbers as people write them: in groups, with signs between, in Arabic or Chinese digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

CHINESE = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
VALUES = str.maketrans(CHINESE, "001234567891123456789")
# Signs that separate the groups of one number; three at most, as in `) - `.
SEPARATORS = r" \-‐‑–—－_.·()（）/"
CHAIN = re.compile(rf"[0-9{CHINESE}](?:[{SEPARATORS}]{{0,3}}[0-9{CHINESE}]){{6,}}")
GROUP = re.compile(rf"[0-9]+|[{CHINESE}]+")
# 一直, 一般: a word that begins with a digit and joins a number in Chinese digits.
TRAILING_WORD = "一"
MOBILE_DIGITS = 11


class Group(NamedTuple):
    """Digits without anything between them, as Arabic digits, at `text[start:end]`."""

    digits: str
    start: int
    end: int


class Window(NamedTuple):
    """Neighbouring groups taken together as one number."""

    digits: str
    lengths: tuple[int, ...]
    start: int
    end: int
    # Arabic and Chinese digits in one run, with nothing between and none beside.
    mixed: bool = False


def chains(text: str) -> Iterator[list[Group]]:
    """Groups that may belong together: seven digits or more with nothing but separators between."""
    for chain in CHAIN.finditer(text):
        yield [_group(text, *group.span()) for group in GROUP.finditer(text, *chain.span())]


def windows(groups: list[Group], first: int, most_groups: int, most_digits: int) -> Iterator[Window]:
    """The numbers that begin with a group, from the shortest on."""
    digits, start = "", groups[first].start
    lengths: tuple[int, ...] = ()
    for last, group in enumerate(groups[first : first + most_groups], start=first):
        digits += group.digits
        if len(digits) > most_digits:
            return
        lengths += (len(group.digits),)
        nothing_between = first < last and group.end - start == len(digits)
        yield Window(digits, lengths, start, group.end, mixed=nothing_between and _nothing_beside(groups, first, last))


def _nothing_beside(groups: list[Group], first: int, last: int) -> bool:
    """Whether no digits touch `groups[first..last]`."""
    before = first > 0 and groups[first - 1].end == groups[first].start
    after = last + 1 < len(groups) and groups[last + 1].start == groups[last].end
    return not before and not after


def _group(text: str, start: int, end: int) -> Group:
    digits = text[start:end]
    if digits.isascii():
        return Group(digits, start, end)
    values = digits.translate(VALUES)
    if len(digits) == MOBILE_DIGITS + 1 and digits.endswith(TRAILING_WORD) and values[0] == "1":
        values, end = values[:-1], end - 1
    return Group(values, start, end)
