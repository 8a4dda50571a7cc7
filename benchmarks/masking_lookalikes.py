"""Numbers and codes that look like personal data and are none: the slots with a dot in `masking_texts.yml`."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

from benchmarks import masking_values as values
from benchmarks.masking_values import digits

NOT_A_CARD = "12789"


def lookalike(rng: random.Random, kind: str) -> str:
    """A value that looks like personal data.

    Raises:
        KeyError: no kind of this name.
    """
    return LOOKALIKES[kind](rng)


def _order(rng: random.Random) -> str:
    """As shops form them: a day and a sequence, a long number with or without a right Luhn digit, groups, a prefix."""
    body = digits(rng, rng.choice((15, 16, 17, 18)), NOT_A_CARD)
    return rng.choice((
        values.day(rng, 2020, 2026) + digits(rng, rng.choice((6, 8, 10))),
        body + values.luhn(body),
        digits(rng, rng.choice((12, 13, 14, 18, 19)), NOT_A_CARD),
        f"{values.day(rng, 2020, 2026)[2:]}-{digits(rng, 15)}",
        f"DD{digits(rng, 15)}",
        f"{values.day(rng, 2020, 2026)}-{values.mobile(rng)}",
        "".join(rng.choices(string.ascii_uppercase + string.digits, k=rng.choice((10, 12, 16)))),
    ))  # fmt: skip


def _order_with_zero(rng: random.Random) -> str:
    area, number = values.landline(rng)
    return rng.choice(
        (f"{area}{number}{digits(rng, rng.randint(2, 8))}", f"{area}{number}", f"0{digits(rng, 15)}", f"00{digits(rng, 10)}")
    )


def _courier(rng: random.Random) -> str:
    return rng.choice((f"SF{digits(rng, 13)}", f"YT{digits(rng, 13)}", f"JDVA{digits(rng, 11)}", f"JD{digits(rng, 13, '0')}",
                       digits(rng, 14, "7"), digits(rng, 15, "7"), digits(rng, 12, "4"), f"E{digits(rng, 9)}CN"))  # fmt: skip


def _service(rng: random.Random) -> str:
    number = digits(rng, 7, "16789")
    return rng.choice((f"400{number}", f"400-{number[:3]}-{number[3:]}", f"400-{number}", f"400 {number[:4]} {number[4:]}",
                       f"800{number}", f"800-{number}", f"95{digits(rng, 3)}", f"95{digits(rng, 6)}", "12315", "12345", "10086",
                       "10010", "12306", "10000号", "1010" + digits(rng, 4), f"96{digits(rng, 3)}", "110", "120"))  # fmt: skip


def _date(rng: random.Random) -> str:
    day = values.day(rng, 2019, 2026)
    year, month, of_month = day[:4], day[4:6], day[6:]
    return rng.choice((day, f"{year}-{month}-{of_month}", f"{year}.{month}.{of_month}", f"{year}/{int(month)}/{int(of_month)}",
                       f"{year}年{int(month)}月{int(of_month)}日", f"{year}-{month}-{of_month} 10:{of_month}:{month}",
                       f"{year}{month}{of_month}1530", f"二〇二{year[-1]}年{int(month)}月"))  # fmt: skip


def _amount(rng: random.Random) -> str:
    return rng.choice(
        (str(rng.randint(1, 99_999)), f"{rng.randint(1, 9999)}.{digits(rng, 2)}", f"{rng.randint(1, 99)},{digits(rng, 3)}")
    )


def _model(rng: random.Random) -> str:
    return rng.choice((
        "iPhone15ProMax256GB", "GLC260L", "Model3", "ModelY", "EA888Gen3", "RTX4090", "KFR-35GW/N8XHA1", "YS16-A20230331",
        "奥迪A6L45TFSI", "宝马530Li2023款", "Mate60Pro", "MateBook14", "小米14Ultra", "PS5", "A2342", "BCD-520WGHFD7DM9U1",
        "X5xDrive30Li", "WD-T14470D", "DJI20240001", "Q5L40T2024", "iPad2024款11英寸", "SU7Max", "i5-13400F",
    ))  # fmt: skip


def _new_model(rng: random.Random) -> str:
    return rng.choice(
        ("GLC300", "GLC260L", "A62023款", "Q5L45T", "GLE450", "ES300h", "K52020款", "A4L2024", "X52023", "CRV2024款")
    )


def _url(rng: random.Random) -> str:
    return rng.choice((
        f"https://item.example.com/item.htm?id={digits(rng, 12, '6')}&spm=a21.{digits(rng, 6)}",
        f"https://m.example.com/product/{values.mobile(rng)}.html",
        f"www.example.com/?goods_id={values.mobile(rng)}",
    ))  # fmt: skip


LOOKALIKES: dict[str, Callable[[random.Random], str]] = {
    "order": _order,
    "order_zero": _order_with_zero,
    "order_like_mobile": values.mobile,
    "courier": _courier,
    "case_number": lambda rng: values.day(rng, 2020, 2026) + digits(rng, rng.choice((8, 10, 12))),
    "credit_code": values.credit_code,
    "amount": _amount,
    "large_amount": lambda rng: str(rng.randint(10_000, 99_999_999)),
    "service": _service,
    "sms": lambda rng: f"106{digits(rng, rng.choice((9, 11, 15)))}",
    "date": _date,
    "batch": lambda rng: rng.choice(
        (values.day(rng, 2023, 2026), f"{values.day(rng, 2023, 2026)}A{digits(rng, 2)}", f"L{digits(rng, 9)}")
    ),
    "ean": values.ean_13,
    "model": _model,
    "new_model": _new_model,
    "standard": lambda rng: rng.choice(("GB 7718-2011", "GB/T 20977", "GB4706.1-2005", f"Q/HZ{digits(rng, 4)}S-2022")),
    "licence": lambda rng: rng.choice((f"SC1{digits(rng, 13)}", f"JY1{digits(rng, 13)}", f"JY2{digits(rng, 13)}")),
    "approval": lambda rng: rng.choice(
        (f"国药准字Z{digits(rng, 8)}", f"国食健字G{digits(rng, 8)}", f"苏械注准{digits(rng, 11, '2')}")
    ),
    "street": lambda rng: str(rng.randint(1, 999)),
    "small": lambda rng: str(rng.randint(1, 12)),
    "few": lambda rng: str(rng.randint(2, 5)),
    "spec": lambda rng: rng.choice(("500ml*24", "250g×12袋", "1.8米x2.0米", "2000ml", "100片", "5L")),
    "flight": lambda rng: rng.choice(("MU", "CA", "CZ", "3U")) + digits(rng, 4, "123456789"),
    "train": lambda rng: rng.choice("GDKZ") + digits(rng, 4, "123456789"),
    "url": _url,
    "ip": lambda rng: f"192.168.{rng.randint(1, 254)}.{rng.randint(1, 254)}",
    "version": lambda rng: f"{rng.randint(1, 15)}.{rng.randint(0, 9)}.{rng.randint(0, 9)}.{rng.randint(100, 999)}",
    "sku": lambda rng: rng.choice(
        (digits(rng, 12, "16"), values.mobile(rng), digits(rng, 8), f"{digits(rng, 6)}-{digits(rng, 5)}")
    ),
    "invoice": lambda rng: rng.choice((digits(rng, 8), digits(rng, 12, "0"), digits(rng, 20, "2"))),
    "contract": lambda rng: rng.choice(
        (f"HT{values.day(rng, 2020, 2026)}{digits(rng, 3)}", f"{digits(rng, 4)}-{digits(rng, 8)}")
    ),
    "code": lambda rng: digits(rng, rng.choice((4, 6))),
    "serial": lambda rng: rng.choice((digits(rng, 15), "".join(rng.choices(string.ascii_uppercase + string.digits, k=12)))),
}
