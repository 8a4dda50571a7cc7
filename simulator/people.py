"""People: numbers, names and addresses that look real and cannot be anybody's."""

from __future__ import annotations

import numpy as np

from simulator.data import world
from simulator.seeds import Ints, stream

# No mobile operator has numbers of this prefix.
MOBILE_PREFIX = 154
SUBSCRIBERS = 10**8
# Identity numbers begin with the code of a province; none begins with 68.
UNASSIGNED_REGION = 680_000
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
# Subscribers' numbers of a local network begin with 2 to 8; none with 1.
LOCAL_PREFIX = "1"
AREA_CODES = ("010", "021", "0571", "0574", "0577", "027", "028", "0755", "0531", "029")
# No licence office has the letter Z in these provinces.
PLATE_OFFICES = ("浙Z", "皖Z", "赣Z", "湘Z", "鄂Z")
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
VIN_VALUES = {**{str(i): i for i in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))} | {
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_CHECKS = "0123456789X"
VIN_CHECK_PLACE = 8
# Domains that are reserved for examples (RFC 2606).
MAIL_DOMAINS = ("example.com", "example.net", "example.org")


def phones(rng: np.random.Generator, size: int) -> Ints:
    """Mobile numbers, as numbers of eleven digits."""
    return MOBILE_PREFIX * SUBSCRIBERS + rng.integers(SUBSCRIBERS, size=size)


def serial_phones(seed: int, count: int) -> Ints:
    """The numbers of the world's serial complainants, always the same ones."""
    return phones(stream(seed, "serial complainants"), count)


class Identity:
    """Makes up what people tell about themselves, one value at a time; few texts have any."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._pieces = world("merchants")

    def tell(self, what: str, phone: int) -> str:
        """A value of this kind: a key of the slots in the frames of `contact`.

        Raises:
            AttributeError: there is no such kind.
        """
        return str(phone) if what == "phone" else str(getattr(self, f"_{what}")())

    def _surname(self) -> str:
        return self._one(self._pieces["surnames"])

    def _name(self) -> str:
        given = "".join(
            self._one(self._pieces["given"]) for _ in range(1 + int(self._rng.random() < world("habits")["two_characters"]))
        )
        return self._surname() + given

    def _address(self) -> str:
        street, estate = self._one(self._pieces["streets"]), self._one(self._pieces["estates"])
        house, unit, floor, door = (int(self._rng.integers(1, most)) for most in (400, 5, 30, 5))
        return f"{street}{house}号{estate}{int(self._rng.integers(1, 30))}幢{unit}单元{floor}{door:02d}室"

    def _id_card(self) -> str:
        """An identity number of no region, with the right check character (GB 11643, MOD 11-2)."""
        region = UNASSIGNED_REGION + int(self._rng.integers(100, 999))
        year, month, day = (int(self._rng.integers(*span)) for span in ((1950, 2007), (1, 13), (1, 29)))
        body = f"{region}{year}{month:02d}{day:02d}{int(self._rng.integers(1000)):03d}"
        total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, body, strict=True))
        return body + ID_CHECKS[total % 11]

    def _card(self) -> str:
        """A bank card number that fails Luhn's check: no bank has issued it."""
        body = f"62{int(self._rng.integers(10**16)):016d}"
        return body + str((luhn_digit(body) + int(self._rng.integers(1, 10))) % 10)

    def _vin(self) -> str:
        """A vehicle number with a wrong check character (GB 16735): no maker has given it out."""
        letters = ["L", *(self._one(VIN_LETTERS) for _ in VIN_WEIGHTS[1:])]
        right = VIN_CHECKS.index(vin_check(letters))
        letters[VIN_CHECK_PLACE] = VIN_CHECKS[(right + int(self._rng.integers(1, 11))) % 11]
        return "".join(letters)

    def _plate(self) -> str:
        return self._one(PLATE_OFFICES) + "".join(self._one(PLATE_LETTERS) for _ in range(5))

    def _landline(self) -> str:
        return f"{self._one(AREA_CODES)}-{LOCAL_PREFIX}{int(self._rng.integers(10**7)):07d}"

    def _wechat(self) -> str:
        return f"sim_{int(self._rng.integers(10**9)):09d}"

    def _qq(self) -> str:
        """Eleven digits beginning with 9: numbers given out are shorter."""
        return str(90_000_000_000 + int(self._rng.integers(10**9)))

    def _mail(self) -> str:
        return f"user{int(self._rng.integers(10**6)):06d}@{self._one(MAIL_DOMAINS)}"

    def _one(self, items: str | list[str] | tuple[str, ...]) -> str:
        return items[int(self._rng.integers(len(items)))]


def luhn_digit(body: str) -> int:
    """The digit that completes a card number (ISO/IEC 7812-1)."""
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body)))
    return -total % 10


def vin_check(letters: list[str]) -> str:
    """The check character of a vehicle number (GB 16735); its own place has no weight."""
    total = sum(VIN_VALUES[letter] * weight for letter, weight in zip(letters, VIN_WEIGHTS, strict=True) if weight)
    return VIN_CHECKS[total % 11]
