"""What around a number makes it something else: a piece of a code, an amount, a count."""

from __future__ import annotations

import re
from functools import cache

from features.masking.numerals import Group, Window
from features.masking.words import any_of
from warehouse.files import reference_yaml

JOINED_BEFORE = re.compile(r"[A-Za-z_=/]")
LETTERS_BEFORE = re.compile(r"(?<![A-Za-z_])([A-Za-z_]+)[=/]?\Z")
LETTERS_AFTER = re.compile(r"[A-Za-z_]+")
LETTERS_REACH = 12
CURRENCY = "¥￥$€"
MONEY = re.compile(r"\.\d{1,2}(?!\d)|[元块亿]|万元")
# A masked mobile number ends in digits; they must not begin another number.
MASKED_BEFORE = re.compile(r"\d{3}\*{4}\Z")
MASKED_AFTER = "***"
# A number that stars cut off before it has so many digits is a masked one.
WHOLE = 9
# Digits that a hyphen joins to a telephone number make it a piece of a code, if there are so many.
CODE_BEFORE, CODE_AFTER = 4, 6


def stands_alone(text: str, window: Window, labelled: bool) -> bool:
    """Whether a number is neither the rest of a code or an address on the web nor an amount or a masked number.

    Args:
        text: where it stands.
        window: the number.
        labelled: whether a label stands before it, so that letters before it are no part of it.
    """
    before, after = text[window.start - 1 : window.start], text[window.end : window.end + 1]
    if before and (before in CURRENCY or (before == "第" and after == "号")):
        return False
    if not labelled and JOINED_BEFORE.match(before) and not _behind_word_for_telephones(text, window.start):
        return False
    if after == "*":
        return len(window.digits) >= WHOLE or not text.startswith(MASKED_AFTER, window.end)
    if after.isascii() and (after.isalpha() or after == "_"):
        letters = LETTERS_AFTER.match(text, window.end, window.end + LETTERS_REACH)
        return letters is not None and letters.group().lower() in _telephone_letters()
    return not (MONEY.match(text, window.end) if len(window.digits) >= WHOLE else is_counted(text, window.end))


def follows_masked(text: str, place: int) -> bool:
    """Whether the digits at a place are what a masked mobile number shows of its end."""
    return MASKED_BEFORE.search(text, max(0, place - 7), place) is not None


def is_counted(text: str, place: int) -> bool:
    """Whether a unit stands at a place, so that the digits before it are an amount or a count."""
    return _units().match(text, place) is not None


def is_piece_of_code(text: str, groups: list[Group], first: int, last: int) -> bool:
    """Whether hyphens join `groups[first..last]` to more digits on either side."""
    before = first > 0 and "-" in text[groups[first - 1].end : groups[first].start]
    after = last + 1 < len(groups) and "-" in text[groups[last].end : groups[last + 1].start]
    return (before and len(groups[first - 1].digits) >= CODE_BEFORE) or (after and len(groups[last + 1].digits) >= CODE_AFTER)


def _behind_word_for_telephones(text: str, place: int) -> bool:
    letters = LETTERS_BEFORE.search(text, max(0, place - LETTERS_REACH), place)
    return letters.group(1).lower() in _telephone_letters() if letters else text[place - 1] in "=/"


@cache
def _telephone_letters() -> frozenset[str]:
    return frozenset(reference_yaml("masking")["telephone_letters"])


@cache
def _units() -> re.Pattern[str]:
    return re.compile(any_of(reference_yaml("masking")["units"]))
