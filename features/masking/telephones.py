"""Which groups of digits are a telephone number: mobile, or of a local network (China's numbering plan)."""

from __future__ import annotations

import re

from features.masking.kinds import Kind
from features.masking.numerals import MOBILE_DIGITS, Window

MOBILE = re.compile(r"1[3-9]\d{9}")
# Ways to group eleven digits; behind a word for telephones any other way is taken too.
MOBILE_GROUPS = {(11,), (3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (3, 8), (7, 4), (1,) * MOBILE_DIGITS}
COUNTRY = re.compile(r"\A(?:00|0)?86")
COUNTRY_GROUPS = {"86", "086", "0086"}
# Hong Kong, Macao, Taiwan; their mobile numbers have eight or nine digits.
NEIGHBOURS = {"852", "853", "886"}
NEIGHBOUR_DIGITS = (8, 9)
AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})")
# Local numbers begin with 2 to 8: 1 and 9 are services.
LOCAL_FIRST = "2345678"
LOCAL_DIGITS = (7, 8)
LOCAL_GROUPS = {(7,), (8,), (4, 4), (3, 4), (4, 3)}
LONG_AREA = 4
# Merchants' numbers that callers do not pay for.
SERVICE = re.compile("[48]00[0-9]{7}")
DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# 转801, -801, ext. 801: of an office's switchboard or of a delivery service's number for one parcel.
EXTENSION = re.compile(r" ?(?:转分机|分机|转|ext\.?|[-—－](?=\d{2,5}(?![\d-]))) ?[:：]?\d{1,6}(?![\d元块万])", re.IGNORECASE)
MOST_DIGITS = 15


def telephone(window: Window, told: bool, plus: bool) -> Kind | None:
    """Which telephone number a window is.

    Args:
        window: groups of digits.
        told: whether it stands behind a word for telephones.
        plus: whether a plus sign stands before it.
    """
    digits, lengths = window.digits, window.lengths
    if len(digits) <= max(LOCAL_DIGITS):
        return Kind.LANDLINE if told and _is_local(digits, lengths) else None
    if _is_mobile(digits, lengths, told or window.mixed):
        return Kind.MOBILE
    if digits[0] == "0" and _is_landline(digits, lengths, told):
        return Kind.LANDLINE
    if plus and digits[:3] in NEIGHBOURS and lengths[0] in (3, len(digits)) and len(digits) - 3 in NEIGHBOUR_DIGITS:
        return Kind.MOBILE
    return _abroad(window, told, plus) if digits[0] in "08" else None


def _is_mobile(digits: str, lengths: tuple[int, ...], told: bool) -> bool:
    if len(digits) == MOBILE_DIGITS + 1 and digits[0] == "0":
        # Dialled from another city, with a zero before.
        digits, lengths = digits[1:], (lengths[0] - 1, *lengths[1:])
    return len(digits) == MOBILE_DIGITS and MOBILE.fullmatch(digits) is not None and (told or lengths in MOBILE_GROUPS)


def _is_local(digits: str, lengths: tuple[int, ...]) -> bool:
    return lengths in LOCAL_GROUPS and digits[0] in LOCAL_FIRST and not DATE.fullmatch(digits)


def _is_landline(digits: str, lengths: tuple[int, ...], told: bool) -> bool:
    area = AREA.match(digits)
    if not area or len(digits) - area.end() not in LOCAL_DIGITS:
        return False
    if lengths[0] == area.end():
        return lengths[1:] in LOCAL_GROUPS
    # In one run it may as well be any number that begins with zero.
    whole = lengths == (len(digits),) and digits[area.end()] in LOCAL_FIRST
    return told or (whole and (area.end() == LONG_AREA or len(digits) - area.end() == max(LOCAL_DIGITS)))


def _abroad(window: Window, told: bool, plus: bool) -> Kind | None:
    """A number behind China's country code, which takes the zero from an area code."""
    country = COUNTRY.match(window.digits)
    if not country:
        return None
    rest, lengths = window.digits[country.end() :], window.lengths
    alone = lengths[0] == country.end()
    lengths = lengths[1:] if alone else (lengths[0] - country.end(), *lengths[1:])
    if _is_mobile(rest, lengths, told or plus):
        return Kind.MOBILE
    if not (alone or plus) or not rest:
        return None
    if rest[0] != "0":
        rest, lengths = f"0{rest}", (lengths[0] + 1, *lengths[1:])
    return Kind.LANDLINE if _is_landline(rest, lengths, told or plus) else None
