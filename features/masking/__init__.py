"""Personal data in free text: found, checked and masked; identifiers become keyed hashes.

Order numbers, amounts, merchants' service numbers (400, 95xxx) and names of products stay readable.
"""

from features.masking.checks import citizen_number_is_valid, luhn_is_valid
from features.masking.finding import mask, personal_data
from features.masking.hashing import keyed_hash
from features.masking.kinds import Finding, Kind

__all__ = ["Finding", "Kind", "citizen_number_is_valid", "keyed_hash", "luhn_is_valid", "mask", "personal_data"]
