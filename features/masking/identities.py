"""Which groups of digits are a citizen's number, a bank card's or a device's."""

from __future__ import annotations

import re
from functools import cache

from features.masking.checks import citizen_number_is_valid, luhn_is_valid
from features.masking.kinds import Kind
from features.masking.numerals import Window
from warehouse.files import reference_yaml

# GB 11643: a region, which never begins with 0, 10 or 20 (dates do), day of birth, sequence, check character.
CITIZEN = re.compile(r"(?!10|20)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
CITIZEN_LENGTH = 18
# Until 1999: the year of birth in two digits, no check character.
OLD_CITIZEN_LENGTH = 15
IMEI_LENGTH = 15
CARD_LENGTHS = range(15, 20)
# Cards print their number in fours; some people part the issuer's number from the rest.
CARD_GROUP = 4
ISSUER_LENGTH = 6
ACCOUNT_LENGTHS = range(8, 25)
MOST_DIGITS = 24


def identity(window: Window, label: str | None) -> Kind | None:
    """Which of them a window is, behind a label (`label_before`) or by its check digit alone."""
    digits = window.digits
    if len(digits) == CITIZEN_LENGTH and (
        label == "citizen" or (CITIZEN.fullmatch(digits) and citizen_number_is_valid(digits))
    ):
        return Kind.CITIZEN_NUMBER
    if len(digits) == OLD_CITIZEN_LENGTH and label == "citizen":
        return Kind.CITIZEN_NUMBER
    if len(digits) == IMEI_LENGTH and label == "imei" and luhn_is_valid(digits):
        return Kind.IMEI
    if len(digits) in CARD_LENGTHS and digits.isdecimal() and _is_card(window):
        return Kind.BANK_CARD
    return None


def _is_card(window: Window) -> bool:
    digits, lengths = window.digits, window.lengths
    in_fours = set(lengths[:-1]) == {CARD_GROUP}
    return (
        (len(lengths) == 1 or in_fours or lengths == (ISSUER_LENGTH, len(digits) - ISSUER_LENGTH))
        and digits.startswith(_card_prefixes()[len(digits)])
        and luhn_is_valid(digits)
    )


@cache
def _card_prefixes() -> dict[int, tuple[str, ...]]:
    """Issuers' prefixes by the length of their cards' numbers."""
    schemes = reference_yaml("masking")["card_schemes"]
    return {
        length: tuple(prefix for scheme in schemes if length in scheme["lengths"] for prefix in scheme["prefixes"])
        for length in CARD_LENGTHS
    }
