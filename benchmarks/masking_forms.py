"""Ways in which people write personal data: the labelled slots of `masking_texts.yml`."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Any

from benchmarks import masking_values as values
from benchmarks.masking_values import chinese, digits, full_width, grouped, with_invisible

Texts = Any
Form = Callable[[random.Random], str]
MAIL_DOMAINS = ("example.com", "example.net", "mail.example.org", "example.com.cn")


def personal(rng: random.Random, texts: Texts, kind: str, form: str | None) -> str:
    """A value of personal data.

    Raises:
        KeyError: no kind or form of this name.
    """
    if kind == "name":
        return _name(rng, texts, form)
    return PERSONAL[kind][form](rng)


def _name(rng: random.Random, texts: Texts, form: str | None) -> str:
    if form == "dotted":
        return str(rng.choice(texts["dotted"]))
    surname: str = rng.choice(texts["compound_surnames"] if form == "compound" else texts["surnames"])
    return surname + "".join(rng.choices(texts["given"], k=rng.choice((1, 2, 2))))


def _mobile(rng: random.Random) -> str:
    number = values.mobile(rng)
    lengths, sign = rng.choice((((3, 4, 4), " "), ((3, 4, 4), "-"), ((3, 4, 4), "."), ((4, 3, 4), " "), ((3, 4, 4), " - ")))
    return rng.choice((number, number, number, grouped(number, lengths, sign), full_width(number)))


def _mobile_abroad(rng: random.Random) -> str:
    number = values.mobile(rng)
    written = rng.choice((number, grouped(number, (3, 4, 4), rng.choice(" -"))))
    return rng.choice(("+86", "+86 ", "+86-", "86-", "0086", "86")) + written


def _mobile_odd(rng: random.Random) -> str:
    number = values.mobile(rng)
    return rng.choice((" ".join(number), f"0{number}", grouped(number, (3, 3, 5), " "), grouped(number, (5, 6), " "),
                       chinese(rng, number[:3]) + number[3:], grouped(number, (3, 8), "—")))  # fmt: skip


def _mobile_loose(rng: random.Random) -> str:
    """Groups and signs of all sorts."""
    number = values.mobile(rng)
    lengths = rng.choice(((3, 4, 4), (3, 8), (7, 4), (3, 2, 2, 2, 2), (4, 4, 3), (3, 3, 3, 2)))
    return grouped(number, lengths, rng.choice((" ", "-", "/", "－", "—", "  ", "·", "_")))


def _mobile_mixed(rng: random.Random) -> str:
    """Some digits in Chinese."""
    return "".join(chinese(rng, digit) if rng.random() < 0.4 else digit for digit in values.mobile(rng))


def _landline(rng: random.Random) -> str:
    return rng.choice(("-", "-", " ", "—", "－")).join(values.landline(rng))


def _landline_bracketed(rng: random.Random) -> str:
    area, number = values.landline(rng)
    return rng.choice(
        (f"({area}){number}", f"（{area}）{number}", f"({area}) {number}", f"{area}-{grouped(number, (4, 4), ' ')}")
    )


def _citizen_number(rng: random.Random) -> str:
    return values.citizen_number(rng)


def _spoiled_citizen_number(rng: random.Random) -> str:
    number = values.citizen_number(rng)
    return number[:17] + rng.choice([check for check in "0123456789X" if check != number[17]])


def _grouped_citizen_number(rng: random.Random) -> str:
    return grouped(values.citizen_number(rng), rng.choice(((6, 8, 4), (6, 4, 4, 4))), rng.choice(" -"))


def _bank_card(rng: random.Random) -> str:
    return values.bank_card(rng)


def _plate(rng: random.Random) -> str:
    return values.plate(rng)


def _split_plate(rng: random.Random) -> str:
    plate = _plate(rng)
    return rng.choice((_cut(plate, "•"), _cut(plate, "-"), _cut(plate, " · "), f"{plate[0]} {plate[1:]}"))


def _cut(plate: str, sign: str) -> str:
    return plate[:2] + sign + plate[2:]


def _chat_id(rng: random.Random) -> str:
    word = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(4, 8)))
    return rng.choice((
        f"{word}_{digits(rng, 4)}", f"{word}{digits(rng, 3)}", f"wxid_{word}{digits(rng, 6)}", f"{word}-{word[:3]}",
        f"{word.title()}{digits(rng, 5)}", f"zz{word}",
    ))  # fmt: skip


def _signed_chat_id(rng: random.Random) -> str:
    return f"{''.join(rng.choices(string.ascii_lowercase, k=4))}{rng.choice(('_', '', '-'))}{digits(rng, 5)}"


def _qq(rng: random.Random) -> str:
    return digits(rng, rng.randint(6, 11), "9")


def _email(rng: random.Random) -> str:
    word = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 8)))
    local = rng.choice((word, f"{word}.{word[:2]}", f"{word}{digits(rng, 3)}", f"{word}_{digits(rng, 2)}"))
    return f"{local}@{rng.choice(MAIL_DOMAINS)}"


def _address(rng: random.Random) -> str:
    building, unit, floor, door = rng.randint(1, 30), rng.randint(1, 4), rng.randint(1, 30), rng.randint(1, 4)
    block = rng.choice(("号楼", "栋", "幢", "#", "#楼"))
    room = rng.choice(("室", "室", "户", "", "号"))
    return rng.choice((
        f"{building}{block}{unit}单元{floor}{door:02d}{room}",
        f"{building}{block}{floor}{door:02d}{room}",
        f"{building}{block}{unit}单元{floor}楼{door:02d}室",
        f"{unit}单元{floor}{door:02d}{room}",
        f"{building}{block}{unit}单元",
        f"{building}栋{unit}-{floor}{door:02d}",
        f"{rng.choice('ABC')}座{floor}{door:02d}室",
        f"{rng.choice('ABC')}{building}栋{floor}{door:02d}室",
        f"{building}{block} {unit}单元 {floor}{door:02d}{room}",
    ))  # fmt: skip


def _wordy_address(rng: random.Random) -> str:
    building, floor = rng.randint(1, 30), rng.randint(1, 30)
    return rng.choice((
        f"{building}幢二单元{rng.choice('三五六')}楼东户",
        f"{building}号楼东单元{floor}01",
        f"{building}号楼{rng.choice('ABC')}单元{floor}02",
        f"八号楼{floor}03室",
        f"{building}幢1单元-{floor}01",
        f"十八栋{chinese(rng, '201')}室",
        f"{building}座{floor}0{rng.randint(1, 9)}",
        f"{building}号楼{floor}层{floor}05",
        f"{building}#-{rng.randint(1, 3)}-{floor}01",
        f"{building}栋第{rng.randint(1, 3)}单元{floor}01号",
        f"{building}号楼2单元{floor}楼西",
    ))  # fmt: skip


def _block(rng: random.Random) -> str:
    return f"{rng.randint(1, 30)}{rng.choice(('号楼', '栋', '幢'))}{rng.randint(1, 6)}单元"


def _chinese_address(rng: random.Random) -> str:
    building, unit = rng.choice(("三", "十二", "二十")), rng.choice("一二三")
    return f"{building}号楼{unit}单元{chinese(rng, str(rng.randint(101, 909)))}室"


def _street_address(rng: random.Random) -> str:
    return f"{rng.randint(1, 9)}{digits(rng, 2)}{rng.choice('室户')}"


def _lane(rng: random.Random) -> str:
    return f"{rng.randint(1, 99)}号" + rng.choice(
        (f"{rng.randint(1, 6)}0{rng.randint(1, 4)}室", f"{rng.randint(101, 606)}", "")
    )


def _dashed(rng: random.Random) -> str:
    return f"{rng.randint(1, 20)}-{rng.randint(1, 4)}-{rng.randint(1, 20)}0{rng.randint(1, 4)}"


def _village(rng: random.Random) -> str:
    return rng.choice((f"{rng.randint(1, 12)}组{rng.randint(1, 99)}号", f"{rng.choice('一二三四五六')}组{rng.randint(1, 99)}号",
                       f"{rng.randint(1, 120)}号", f"{rng.randint(1, 12)}组"))  # fmt: skip


def _short_address(rng: random.Random) -> str:
    return rng.choice(("#", "栋", "幢", "号楼")).join((str(rng.randint(1, 30)), f"{rng.randint(1, 20)}0{rng.randint(1, 4)}"))


PERSONAL: dict[str, dict[str | None, Form]] = {
    "mobile": {
        None: _mobile,
        "extension": lambda rng: f"{values.mobile(rng)}{rng.choice(('转', '-', ' 转 ', '转分机'))}{digits(rng, 4)}",
        "chinese": lambda rng: chinese(rng, values.mobile(rng)),
        "invisible": lambda rng: with_invisible(rng, values.mobile(rng)),
        "plus": _mobile_abroad,
        "odd": _mobile_odd,
        "tail": lambda rng: digits(rng, 4),
        "loose": _mobile_loose,
        "mixed": _mobile_mixed,
    },
    "landline": {
        None: _landline,
        "bracketed": _landline_bracketed,
        "extension": lambda rng: f"{_landline(rng)}{rng.choice(('转', '-', '转分机'))}{digits(rng, rng.randint(3, 4))}",
        "run": lambda rng: "".join(values.landline(rng)),
        "local": values.local,
        "local_grouped": lambda rng: grouped(digits(rng, 8, "2345678"), (4, 4), rng.choice(" -")),
        "slashed": lambda rng: "/".join(values.landline(rng)),
        "plus": lambda rng: "+86-" + "-".join(values.landline(rng))[1:],
        "chinese": lambda rng: chinese(rng, "".join(values.landline(rng))),
    },
    "citizen_number": {
        None: _citizen_number,
        "lower": lambda rng: _citizen_number(rng).lower(),
        "grouped": _grouped_citizen_number,
        "full_width": lambda rng: full_width(_citizen_number(rng)),
        "spoiled": _spoiled_citizen_number,
        "old": lambda rng: f"68{digits(rng, 4)}{values.day(rng, 1940, 1985)[2:]}{digits(rng, 3)}",
        "invisible": lambda rng: with_invisible(rng, _citizen_number(rng)),
        "tail": lambda rng: _citizen_number(rng)[-4:],
    },
    "travel_document": {
        None: lambda rng: rng.choice(("E", "EZ", "G")).ljust(9, "0")[:5] + digits(rng, 4),
        "permit": lambda rng: rng.choice("CHM") + digits(rng, 8, "0"),
        "taiwan": lambda rng: digits(rng, 8, "0"),
    },
    "bank_card": {
        None: _bank_card,
        "grouped": lambda rng: grouped(_bank_card(rng), (4, 4, 4, 4), rng.choice(" -")),
        "full_width": lambda rng: full_width(_bank_card(rng)),
        "spoiled": lambda rng: (body := _bank_card(rng))[:-1] + str((int(body[-1]) + rng.randint(1, 9)) % 10),
        "account": lambda rng: digits(rng, rng.choice((12, 13, 14, 17, 20)), "1234567"),
        "tail": lambda rng: digits(rng, rng.choice((4, 4, 4, 6))),
    },
    "plate": {
        None: _plate,
        "dotted": lambda rng: _cut(_plate(rng), "·"),
        "spaced": lambda rng: _cut(_plate(rng), " "),
        "new_energy": lambda rng: values.plate(rng, new_energy=True),
        "trailer": lambda rng: _plate(rng)[:-1] + "挂",
        "learner": lambda rng: _plate(rng)[:-1] + "学",
        "split": _split_plate,
        "harbour": lambda rng: f"粤Z{digits(rng, 4)}{rng.choice('港澳')}",
        "lower": lambda rng: _plate(rng).lower(),
        "full_width": lambda rng: full_width(_plate(rng)),
        "letters": lambda rng: _plate(rng)[:2] + "ABCDE"[: rng.randint(3, 5)].ljust(5, "7"),
    },
    "vin": {
        None: values.vin,
        "lower": lambda rng: values.vin(rng).lower(),
        "grouped": lambda rng: grouped(values.vin(rng), (3, 6, 8), rng.choice(" -")),
        "tail": lambda rng: values.vin(rng)[-8:],
    },
    "imei": {None: values.imei},
    "email": {
        None: _email,
        "full_width": lambda rng: _email(rng).replace("@", "＠"),
        "digits": lambda rng: f"{_qq(rng)}@example.com",
        "spaced": lambda rng: _email(rng).replace("@", rng.choice((" @ ", "@ ", " @"))),
        "worded": lambda rng: _email(rng).replace("@", rng.choice(("#", "(at)", " at "))),
    },
    "chat_id": {
        None: _chat_id,
        "signed": _signed_chat_id,
        "qq": _qq,
    },
    "address": {
        None: _address,
        "street": _street_address,
        "lane": _lane,
        "dashed": _dashed,
        "village": _village,
        "chinese": _chinese_address,
        "short": _short_address,
        "wordy": _wordy_address,
        "block": _block,
        "two": lambda rng: f"{rng.randint(1, 20)}-{rng.randint(1, 20)}0{rng.randint(1, 4)}",
        "room": _street_address,
    },
}
