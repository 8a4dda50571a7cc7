"""Who is complained about: one spelling for one respondent."""

from __future__ import annotations

import re
import unicodedata

BRACKETS = str.maketrans("（）【】[]", "()()()")
NOISE = re.compile(r"[\s\"'“”‘’·*]+")
CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def normalise_merchant(name: str | None) -> str | None:
    """The name in one width, one kind of brackets and without spaces and quotes; None if nothing is left."""
    if not name:
        return None
    plain = NOISE.sub("", unicodedata.normalize("NFKC", name).translate(BRACKETS))
    return plain or None


def credit_code_is_valid(code: str) -> bool:
    """Whether a unified social credit code's check character is right (GB 32100-2015, ISO 7064 MOD 31)."""
    if not CREDIT_CODE.fullmatch(code):
        return False
    total = sum(CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return CREDIT_ALPHABET[(31 - total % 31) % 31] == code[17]


def merchant_identity(name: str | None, credit_code: str | None) -> str | None:
    """What counts as one respondent: a valid credit code, else the normalised name, else nothing."""
    code = (credit_code or "").strip().upper()
    return code if credit_code_is_valid(code) else normalise_merchant(name)
