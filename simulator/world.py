"""The world: what is complained about where, when and how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

ONE_DAY = dt.timedelta(days=1)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def world() -> dict[str, Any]:
    """The world's data file."""
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "world.yml").read_text(encoding="utf-8"))
    return data


@dataclass(frozen=True)
class Merchant:
    """A respondent."""

    name: str
    credit_code: str


def weights(table: dict[str, float]) -> tuple[list[str], NDArray[np.float64]]:
    """Keys and their probabilities."""
    shares = np.array(list(table.values()), dtype=float)
    return list(table), shares / shares.sum()


def credit_code(number: int) -> str:
    """A unified social credit code of no region (000000) with a valid check character, GB 32100-2015."""
    body = f"91000000{number:09d}"
    total = sum(CREDIT_ALPHABET.index(character) * 3**place for place, character in enumerate(body))
    return body + CREDIT_ALPHABET[-total % 31]


def merchants(rng: np.random.Generator, count: int) -> list[Merchant]:
    """Invented respondents."""
    words, kinds, cities = world()["merchant_words"], world()["merchant_kinds"], list(world()["cities"])
    made = []
    for number in range(count):
        name = f"{rng.choice(cities)[:-1]}{rng.choice(words)}{rng.choice(words)}{rng.choice(kinds)}"
        made.append(Merchant(name, credit_code(100_000 + number)))
    return made


def daily_factor(day: dt.date, origin: dt.date) -> float:
    """How much is complained on a day, relative to an ordinary one at the origin."""
    data = world()
    factor = float(data["weekday"][day.weekday()]) * (1 + data["growth_per_year"]) ** ((day - origin).days / 365.25)
    season = data["season"]
    factor *= 1 + season["amplitude"] * np.cos(2 * np.pi * (day.timetuple().tm_yday - season["peak_day"]) / 365.25)
    for peak in data["peaks"]:
        if peak["from"] <= f"{day:%m-%d}" <= peak["to"]:
            factor *= peak["factor"]
    if any(first <= day <= last for first, last in data["spring_festival"]["spans"]):
        factor *= data["spring_festival"]["factor"]
    return float(factor)


def product_weights(day: dt.date) -> NDArray[np.float64]:
    """Share of each product in a day's complaints; seasonal products swing around their day of the year."""
    shares = []
    for product in world()["products"]:
        season = product.get("season")
        swing = 1.0
        if season:
            angle = 2 * np.pi * (day.timetuple().tm_yday - season["day"]) / 365.25
            swing = season["factor"] ** np.cos(angle)
        shares.append(product["weight"] * swing)
    table = np.array(shares)
    return np.asarray(table / table.sum(), dtype=float)
