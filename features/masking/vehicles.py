"""Licence plates (GA 36) and vehicle identification numbers (GB 16735)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from features.masking.kinds import Finding, Kind
from features.masking.words import label_before
from warehouse.files import reference_yaml

# New-energy plates have six places: a letter first (cars) or last (lorries). Others have five, the last one perhaps a class.
SERIAL = r"(?:[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK]|[A-HJ-NP-Z0-9]{4}(?:[A-HJ-NP-Z0-9]|[学警挂领港澳试超]))"
# GA 36 knows at most two letters; behind a word for plates nobody counts.
LEAST_DIGITS = 3
# Seventeen characters that nothing goes on, perhaps in groups.
CODE = re.compile(r"[A-Za-z0-9](?<![A-Za-z0-9*].)(?:[ -]?[A-Za-z0-9]){16}(?![A-Za-z0-9*])")
# A maker's code with a letter, a description with one, a model year, four digits at the end: an order number has not all of
# these. The check digit in the middle is not asked for, since makers for the Chinese market do not all set it.
MAKERS_VIN = re.compile(
    r"(?![^IOQ]*[IOQ])(?=[A-Z0-9]{0,2}[A-Z])(?=.{3}[A-Z0-9]{0,5}[A-Z])[A-Z0-9]{9}[A-TV-Y1-9][A-Z0-9]{3}[0-9]{4}"
)
VIN_LENGTH = 17


def plates(text: str) -> Iterator[Finding]:
    """Licence plates; the words of a model (新GLC300) are none."""
    for match in _plate().finditer(text):
        if label_before(text, match.start()) == "plate" or _is_plate(text, match):
            yield Finding(Kind.PLATE, *match.span())


def vins(text: str) -> Iterator[Finding]:
    """Vehicle identification numbers: as makers form them, or whatever stands behind a word for them."""
    for code in CODE.finditer(text):
        label = label_before(text, code.start())
        if label == "vin" or (label != "business" and MAKERS_VIN.fullmatch(code.group())):
            yield Finding(Kind.VIN, *code.span())


def _is_plate(text: str, match: re.Match[str]) -> bool:
    """Whether it is a plate without a label: no model, with enough digits or a class (学, 挂) for one of its places."""
    plate = match.group()
    words = reference_yaml("masking")["plates"]
    if text[match.end() : match.end() + 1] in words["models"]:
        return False
    if plate[0] in words["also_words"] and text[match.start() - 1 : match.start()] not in words["vehicles"]:
        return False
    return sum(character in "0123456789" or not character.isascii() for character in plate[1:]) >= LEAST_DIGITS


@cache
def _plate() -> re.Pattern[str]:
    provinces = reference_yaml("masking")["plates"]["provinces"]
    return re.compile(rf"[{provinces}] ?[A-HJ-NP-Z][·•・.\- ]{{0,3}}{SERIAL}(?![A-Za-z0-9*])", re.IGNORECASE)
