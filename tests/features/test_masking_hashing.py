"""Keyed hashes: the same person joins however the number was written, and nobody else does."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.masking import keyed_hash

SETTINGS = settings(deadline=None, derandomize=True)
CITIZEN = "11010519491231002X"


def hmac_sha256(key, message):
    """RFC 2104 as it stands there."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()


def test_it_is_the_hmac_of_the_plain_identifier():
    assert keyed_hash("154 1234-5678", b"key") == hmac_sha256(b"key", b"15412345678")[:32]
    assert keyed_hash(CITIZEN.lower(), b"k" * 70) == hmac_sha256(b"k" * 70, CITIZEN.encode())[:32]


@pytest.mark.parametrize(
    "spelling",
    ["154-1234-5678", " 154 1234 5678 ", "+86 154 1234 5678", "+8615412345678", "86-15412345678", "008615412345678",
     "015412345678", "１５４１２３４５６７８", "154\u200b12345678", "（+86）15412345678", "154.1234.5678"],
)  # fmt: skip
def test_one_person_joins_however_the_number_was_written(spelling):
    assert keyed_hash(spelling, b"key") == keyed_hash("15412345678", b"key")


@pytest.mark.parametrize("spelling", ["11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"])
def test_one_citizen_joins_however_the_number_was_written(spelling):
    assert keyed_hash(spelling, b"key") == keyed_hash(CITIZEN, b"key")


def test_another_key_or_person_does_not_join():
    assert keyed_hash("15412345678", b"key") != keyed_hash("15412345679", b"key")
    assert keyed_hash("15412345678", b"key") != keyed_hash("15412345678", b"other")
    assert keyed_hash("0571-88886666", b"key") != keyed_hash("571-88886666", b"key")
    assert "15412345678" not in keyed_hash("15412345678", b"key")


@SETTINGS
@given(st.text(max_size=30), st.binary(min_size=1, max_size=80))
def test_any_identifier_has_a_hash_of_32_digits(identifier, key):
    assert len(keyed_hash(identifier, key)) == 32
    assert keyed_hash(identifier, key) == keyed_hash(f" {identifier} ", key)
