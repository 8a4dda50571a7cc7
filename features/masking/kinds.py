"""Kinds of personal data and where they stand."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a finding is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    CITIZEN_NUMBER = "citizen_number"
    TRAVEL_DOCUMENT = "travel_document"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    VIN = "vin"
    IMEI = "imei"
    EMAIL = "email"
    CHAT_ID = "chat_id"
    ADDRESS = "address"
    NAME = "name"


class Finding(NamedTuple):
    """Personal data of one kind at `text[start:end]`."""

    kind: Kind
    start: int
    end: int
