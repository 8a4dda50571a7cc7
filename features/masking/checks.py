"""Check characters that tell a citizen's or a card's number from any other number of its length."""

from __future__ import annotations

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"


def citizen_number_is_valid(number: str) -> bool:
    """Whether the check character of an 18-digit citizen number is right (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], CITIZEN_WEIGHTS, strict=True))
    return CITIZEN_CHECKS[total % 11] == number[17].upper()


def luhn_is_valid(number: str) -> bool:
    """Whether the last digit of a card or device number is right (ISO/IEC 7812-1, Luhn)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[0::2]) + sum(doubled)) % 10 == 0
