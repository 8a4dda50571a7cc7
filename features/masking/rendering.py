"""How findings look when masked: what tells the kind, place or make stays, what tells the person does not."""

from __future__ import annotations

import re
from collections.abc import Callable

from features.masking.accounts import AT
from features.masking.identities import CITIZEN_LENGTH, IMEI_LENGTH, ISSUER_LENGTH, OLD_CITIZEN_LENGTH
from features.masking.kinds import Kind
from features.masking.names import shown_of
from features.masking.numerals import CHINESE, MOBILE_DIGITS, VALUES
from features.masking.telephones import AREA, COUNTRY, MOBILE
from features.masking.vehicles import VIN_LENGTH

HIDDEN = "****"
SHORT_HIDDEN = "***"
GAPS = re.compile("[ -]")
NOT_DIGITS = re.compile(r"[^0-9]")
REGION_DIGITS = 6
SHORTEST_CARD = 15
TYPE_DIGITS = 8
VEHICLE_DESCRIPTION = 8


def rendered(kind: Kind, found: str) -> str:
    """What stands in place of a finding; never more than two characters longer than it."""
    return _RENDERINGS[kind](found)


def _digits(found: str) -> str:
    return NOT_DIGITS.sub("", found.translate(VALUES))


def _mobile(found: str) -> str:
    # In Chinese digits nothing stays: a name before it must not seem to end where it did not.
    if found[0] in CHINESE:
        return HIDDEN
    digits = COUNTRY.sub("", _digits(found)).removeprefix("0")[:MOBILE_DIGITS]
    return f"{digits[:3]}{HIDDEN}{digits[-4:]}" if MOBILE.fullmatch(digits) else HIDDEN


def _landline(found: str) -> str:
    area = AREA.match(_digits(found))
    return f"{area.group()}-{HIDDEN}" if area and found[0] not in CHINESE else HIDDEN


def _citizen_number(found: str) -> str:
    digits = _digits(found)
    if len(digits) < OLD_CITIZEN_LENGTH:
        return HIDDEN
    return _head(found, digits, REGION_DIGITS, CITIZEN_LENGTH if len(digits) > OLD_CITIZEN_LENGTH else OLD_CITIZEN_LENGTH)


def _bank_card(found: str) -> str:
    digits = _digits(found)
    return _head(found, digits, ISSUER_LENGTH, len(digits)) if len(digits) >= SHORTEST_CARD else HIDDEN


def _imei(found: str) -> str:
    return _head(found, _digits(found), TYPE_DIGITS, IMEI_LENGTH)


def _head(found: str, digits: str, shown: int, length: int) -> str:
    return HIDDEN if found[0] in CHINESE else digits[:shown].ljust(length, "*")


def _vin(found: str) -> str:
    vin = GAPS.sub("", found)
    return vin[:VEHICLE_DESCRIPTION].ljust(VIN_LENGTH, "*") if len(vin) == VIN_LENGTH else HIDDEN


def _plate(found: str) -> str:
    # A tail alone has neither province nor office.
    return HIDDEN if found[0].isascii() else f"{found[:2]}·*****"


def _email(found: str) -> str:
    return f"{SHORT_HIDDEN}@{AT.split(found)[-1].lstrip()}"


def _name(found: str) -> str:
    return f"{shown_of(found)}**"


def _nothing(found: str) -> str:  # noqa: ARG001
    return SHORT_HIDDEN


_RENDERINGS: dict[Kind, Callable[[str], str]] = {
    Kind.MOBILE: _mobile,
    Kind.LANDLINE: _landline,
    Kind.CITIZEN_NUMBER: _citizen_number,
    Kind.TRAVEL_DOCUMENT: _nothing,
    Kind.BANK_CARD: _bank_card,
    Kind.PLATE: _plate,
    Kind.VIN: _vin,
    Kind.IMEI: _imei,
    Kind.EMAIL: _email,
    Kind.CHAT_ID: _nothing,
    Kind.ADDRESS: _nothing,
    Kind.NAME: _name,
}
