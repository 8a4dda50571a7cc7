"""Who is complained about: one identity for one respondent, however it is spelt."""

from features.merchants.aliases import Aliases, read_reviews
from features.merchants.credit_codes import credit_code_is_valid, valid_credit_code
from features.merchants.identity import assign
from features.merchants.keys import KEY_FIELDS, MerchantKey, block_of, merchant_key, name_parts
from features.merchants.names import MerchantName, normalise_merchant, parse_merchant
from features.merchants.words import words_version

__all__ = [
    "KEY_FIELDS",
    "Aliases",
    "MerchantKey",
    "MerchantName",
    "assign",
    "block_of",
    "credit_code_is_valid",
    "merchant_key",
    "name_parts",
    "normalise_merchant",
    "parse_merchant",
    "read_reviews",
    "valid_credit_code",
    "words_version",
]
