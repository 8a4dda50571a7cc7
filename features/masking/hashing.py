"""Identifiers as keyed hashes: the same person joins, and nobody reads who it is."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from features.masking.shadow import shadow
from features.masking.telephones import COUNTRY, MOBILE

SEPARATORS = re.compile(r"[\s\-‐‑–—－.·()（）/]")
HASH_DIGITS = 32


def keyed_hash(identifier: str, key: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) of an identifier, 32 hex digits.

    However a number was written, it gives one hash: spaces, hyphens and brackets, full-width digits, invisible characters,
    +86 or 0 before a mobile number, and the case of letters do not matter.
    """
    return hmac.new(key, _plain(identifier).encode(), hashlib.sha256).hexdigest()[:HASH_DIGITS]


def _plain(identifier: str) -> str:
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", shadow(identifier).text)).upper()
    unprefixed = COUNTRY.sub("", plain.removeprefix("+")).removeprefix("0")
    return unprefixed if MOBILE.fullmatch(unprefixed) else plain
