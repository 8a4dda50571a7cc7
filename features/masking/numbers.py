"""Telephone, citizen, card and device numbers in a text, told from orders, parcels, amounts and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from features.masking import identities, telephones
from features.masking.contexts import follows_masked, is_piece_of_code, stands_alone
from features.masking.kinds import Finding, Kind
from features.masking.numerals import CHINESE, Group, Window, chains, windows
from features.masking.words import any_of, label_before
from warehouse.files import reference_yaml

MOST_GROUPS = 12
# Without a label nothing shorter is a number of anybody.
SHORTEST_UNTOLD = 10
# Between the groups of a mobile number stand none: 1799（1999-200）.
BRACKETS = re.compile("[()（）]")
TELEPHONES = (Kind.MOBILE, Kind.LANDLINE)
# Behind one telephone number another may stand without a word of its own.
AND = re.compile(r"\s?[、/;；或和及]\s?")
# Short groups go on an account's number, a long one begins another number.
ACCOUNT_GROUP = 6
SERVICE_DIGITS = 10
# A day, or a day and a time.
MOMENT_DIGITS = (8, 10, 12, 14)
# Whose last digits they are, by the label before them; without one 尾号 is a card's.
TAILS = {
    "phone": Kind.MOBILE,
    "card": Kind.BANK_CARD,
    "citizen": Kind.CITIZEN_NUMBER,
    "plate": Kind.PLATE,
    "vin": Kind.VIN,
}
CARD_TAILS = ("尾号", "尾数")
TAIL = rf"[是为：:\s]{{0,3}}((?=[A-Z]*[0-9{CHINESE}])[0-9{CHINESE}A-Z]{{3,8}})(?![0-9A-Z*{CHINESE}])"


def numbers(text: str) -> Iterator[Finding]:
    """The numbers of people in a text."""
    told_until = None
    for groups in chains(text):
        label = label_before(text, groups[0].start)
        if told_until is not None and AND.fullmatch(text, told_until, groups[0].start):
            label = "phone"
        if label is None and groups[-1].end - groups[0].start < SHORTEST_UNTOLD:
            continue
        for finding in _in_chain(text, groups, label):
            yield finding
            if finding.kind in TELEPHONES:
                told_until = finding.end


def tails(text: str) -> Iterator[Finding]:
    """The last digits of a number, where they are given as such."""
    for tail in _tail().finditer(text):
        label = "plate" if text[tail.start() - 1 : tail.start()] == "车" else label_before(text, tail.start())
        if label in TAILS or (label != "business" and tail.group().startswith(CARD_TAILS)):
            yield Finding(TAILS.get(label or "card", Kind.BANK_CARD), *tail.span(1))


def _in_chain(text: str, groups: list[Group], label: str | None) -> Iterator[Finding]:
    """The findings among groups of digits; the label stands before the first of them."""
    first, end = 0, groups[0].start
    if label == "business":
        first = _end_of_code(text, groups)
    elif follows_masked(text, groups[0].start):
        first = 1
    for place in range(first, len(groups)):
        if service := _service(groups, place):
            end = service.end
        if groups[place].start >= end and (finding := _beginning_with(text, groups, place, label if place == 0 else None)):
            yield finding
            end = finding.end


def _end_of_code(text: str, groups: list[Group]) -> int:
    """The first group that a space parts from the code that begins a chain."""
    for place in range(1, len(groups)):
        if " " in text[groups[place - 1].end : groups[place].start]:
            return place
    return len(groups)


def _service(groups: list[Group], first: int) -> Window | None:
    """The merchant's number (400, 800) that begins with a group: in groups of its own it begins like a local number."""
    if not groups[first].digits.startswith(("4", "8")):
        return None
    beginning = windows(groups, first, MOST_GROUPS, SERVICE_DIGITS)
    return next((window for window in beginning if telephones.SERVICE.fullmatch(window.digits)), None)


def _beginning_with(text: str, groups: list[Group], first: int, label: str | None) -> Finding | None:
    for window in windows(groups, first, MOST_GROUPS, identities.MOST_DIGITS):
        found = _telephone(text, groups, first, window, label) or _identity(text, window, label)
        if found:
            return found
    return _account(text, groups, first) if label in ("card", "tail") else None


def _telephone(text: str, groups: list[Group], first: int, window: Window, label: str | None) -> Finding | None:
    told = label == "phone"
    kind = telephones.telephone(window, told, text[window.start - 1 : window.start] == "+")
    if kind is None or not stands_alone(text, window, labelled=label is not None):
        return None
    if not told:
        in_brackets = kind == Kind.MOBILE and BRACKETS.search(text, window.start, window.end)
        if in_brackets or is_piece_of_code(text, groups, first, first + len(window.lengths) - 1):
            return None
    return _whole_telephone(text, window, kind)


def _identity(text: str, window: Window, label: str | None) -> Finding | None:
    window = _with_check_letter(text, window)
    kind = identities.identity(window, label)
    if kind is None or not stands_alone(text, window, labelled=label is not None):
        return None
    return Finding(kind, window.start, window.end)


def _with_check_letter(text: str, window: Window) -> Window:
    """The window with the X that a citizen's number of seventeen digits ends in."""
    if len(window.digits) == identities.CITIZEN_LENGTH - 1 and text[window.end : window.end + 1] in ("X", "x"):
        return window._replace(digits=f"{window.digits}X", end=window.end + 1)
    return window


def _whole_telephone(text: str, window: Window, kind: Kind) -> Finding:
    """With the plus or bracket before the number and the extension behind it."""
    start, end = window.start, window.end
    if text[start - 1 : start] == "+":
        start -= 1
    if text[start - 1 : start] in ("(", "（") and re.search("[)）]", text[window.start : end]):
        start -= 1
    extension = telephones.EXTENSION.match(text, end)
    return Finding(kind, start, extension.end() if extension else end)


def _account(text: str, groups: list[Group], first: int) -> Finding | None:
    """Whatever number stands behind a word for accounts, unless it is a day or an amount."""
    last, digits = first, groups[first].digits
    for group in groups[first + 1 :]:
        if max(len(groups[last].digits), len(group.digits)) > ACCOUNT_GROUP:
            break
        last, digits = last + 1, digits + group.digits
    window = Window(digits, (len(digits),), groups[first].start, groups[last].end)
    moment = telephones.DATE.match(digits) and len(digits) in MOMENT_DIGITS
    if len(digits) not in identities.ACCOUNT_LENGTHS or moment or not stands_alone(text, window, labelled=True):
        return None
    return Finding(Kind.BANK_CARD, window.start, window.end)


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(any_of(reference_yaml("masking")["tails"]) + TAIL)
