"""Numbers by their standards, and ways in which people write them: personal ones are nobody's, the others look alike.

Independent of the masking code on purpose: check characters are computed here anew, forms come from the standards.
"""

from __future__ import annotations

import random
import string

FULL_WIDTH = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ@-", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ＠－"
)
CHINESE_DIGITS = ("零一二三四五六七八九", "〇一二三四五六七八九", "零幺二三四五六七八九")
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
# GB 16735 leaves out I, O and Q; GB 32100 besides these S, V and Z.
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MODEL_YEARS = "LMNPRSTVWXY"


def digits(rng: random.Random, length: int, first: str = string.digits) -> str:
    """So many digits, the first one of a choice."""
    return rng.choice(first) + "".join(rng.choices(string.digits, k=length - 1))


def luhn(body: str) -> str:
    """The digit that makes the sum of all digits, every second one doubled and its digits added, a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(body), start=1):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return str((10 - total % 10) % 10)


def mod_11_2(body: str) -> str:
    """ISO 7064 MOD 11-2: add and double, digit by digit; the check character brings the sum to one modulo eleven."""
    total = 0
    for digit in body:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]


def mod_31(body: str) -> str:
    """The check character of a social credit code (GB 32100): weights are powers of three modulo 31."""
    total = sum(CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return CREDIT_LETTERS[(31 - total % 31) % 31]


def ean(body: str) -> str:
    """The check digit of a barcode (ISO/IEC 15420): weights one and three in turn."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return str((10 - total % 10) % 10)


def mobile(rng: random.Random) -> str:
    """Of prefix 154, which no operator has."""
    return f"154{digits(rng, 8)}"


def local(rng: random.Random) -> str:
    """A number of a local network, without the network."""
    return digits(rng, rng.choice((7, 8)), "2345678")


def landline(rng: random.Random) -> tuple[str, str]:
    """Area code and number, of areas that are not given out (026, 0300 to 0309)."""
    area = rng.choice(("026", f"030{rng.randrange(10)}"))
    return area, digits(rng, 8 if len(area) == 3 else rng.choice((7, 8)), "2345678")


def citizen_number(rng: random.Random) -> str:
    """Of a region that does not exist (68)."""
    body = f"68{digits(rng, 4)}{day(rng, 1950, 2006)}{digits(rng, 3)}"
    return body + mod_11_2(body)


def day(rng: random.Random, first: int, last: int) -> str:
    """A day as eight digits."""
    return f"{rng.randint(first, last)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"


def bank_card(rng: random.Random) -> str:
    """With a right Luhn digit, of issuer numbers that are not given out."""
    prefix, length = rng.choice((("620000", 16), ("620000", 18), ("620000", 19), ("400000", 16), ("510000", 16)))
    body = prefix + digits(rng, length - len(prefix) - 1)
    return body + luhn(body)


def vin(rng: random.Random) -> str:
    """GB 16735: maker, description, any check character, model year, plant, six digits."""
    description = "".join(rng.choices(VIN_LETTERS + string.digits, k=5))
    description = rng.choice(VIN_LETTERS) + description[1:] if description.isdigit() else description
    maker = f"L{rng.choice(VIN_LETTERS)}{rng.choice(VIN_LETTERS + string.digits)}"
    return f"{maker}{description}{rng.choice('0123456789X')}{rng.choice(MODEL_YEARS)}{rng.choice(VIN_LETTERS)}{digits(rng, 6)}"


def imei(rng: random.Random) -> str:
    """Of a type that is not given out."""
    body = f"99000000{digits(rng, 6)}"
    return body + luhn(body)


def plate(rng: random.Random, new_energy: bool = False) -> str:
    """GA 36, of office Z, which these provinces do not have."""
    if new_energy:
        lorry, serial = rng.random() < 0.3, digits(rng, 5)
        return rng.choice("浙皖赣湘鄂") + "Z" + (f"{serial}{rng.choice('DF')}" if lorry else f"{rng.choice('DF')}{serial}")
    places = list(digits(rng, 5))
    for place in rng.sample(range(5), k=rng.choice((0, 1, 1, 2))):
        places[place] = rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
    return rng.choice("浙皖赣湘鄂") + "Z" + "".join(places)


def credit_code(rng: random.Random) -> str:
    """Of a business, in a region that may not exist."""
    body = f"91{digits(rng, 6, '1234')}" + "".join(rng.choices(CREDIT_LETTERS, k=9))
    return body + mod_31(body)


def ean_13(rng: random.Random) -> str:
    """A barcode of China (690 to 699)."""
    body = f"69{digits(rng, 10)}"
    return body + ean(body)


def grouped(number: str, lengths: tuple[int, ...], sign: str) -> str:
    """The number cut to groups, the last of which takes the rest."""
    cuts = [sum(lengths[:place]) for place in range(len(lengths))]
    return sign.join(number[start:end] for start, end in zip(cuts, [*cuts[1:], None], strict=True))


def chinese(rng: random.Random, number: str) -> str:
    """The number in Chinese digits."""
    return number.translate(str.maketrans(string.digits, rng.choice(CHINESE_DIGITS)))


def full_width(number: str) -> str:
    """The number in full-width characters."""
    return number.translate(FULL_WIDTH)


def with_invisible(rng: random.Random, number: str) -> str:
    """The number with something in it that nobody sees."""
    place = rng.randrange(1, len(number))
    return number[:place] + rng.choice(ZERO_WIDTH) + number[place:]
