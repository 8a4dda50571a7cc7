"""Unified social credit codes, by GB 32100-2015."""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Department and kind of registration, six digits of the region, nine of the organisation, the check character. A row of
# zeros satisfies the check too, but no department has that number.
SHAPE = re.compile(rf"[1-9ANY][{ALPHABET}]\d{{6}}[{ALPHABET}]{{10}}", re.ASCII)
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def credit_code_is_valid(code: str) -> bool:
    """Whether a code has the standard's shape and the right check character (ISO 7064 MOD 31)."""
    if not SHAPE.fullmatch(code):
        return False
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(WEIGHTS, code[:-1], strict=True))
    return ALPHABET[-total % 31] == code[-1]


def valid_credit_code(text: str | None) -> str | None:
    """The code that a cell holds, in capitals and of one width; None where it holds none or a wrong one."""
    code = "".join(unicodedata.normalize("NFKC", text or "").split()).upper()
    return code if credit_code_is_valid(code) else None
