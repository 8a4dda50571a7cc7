"""What is complained about: products, their shares by day, the issues of each, and what is paid for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from simulator.calendar import Swings
from simulator.data import product_entries, world
from simulator.pools import FrozenPools, Pools
from simulator.seeds import Flags, Floats, Ints, shares

TOLERANCE = 1e-10
ROUNDS = 10_000
NO_SEASON: dict[str, Any] = {"peak": "01-01", "ratio": 1.0}


@dataclass(frozen=True)
class Catalogue:
    """Products by number, with columns of one value each, and the tables that tie them to classes and issues.

    Attributes:
        entries: the products as their data files give them.
        classes, issues: names, by number.
        goods: per class whether it is of goods.
        class_of: class of each product.
        trades: names of the trades, by number.
        trade_of: trade of the merchants of each product.
        remote: per product whether what is bought online comes from an online merchant, not from one of the county.
        labels: what forms call the class of each product.
        share: share of each product in a year's complaints.
        seasons: how the products swing over the year.
        issue_table: by kind of table (`complaints`, `reports`), classes × issues: probability of an issue given the class.
        log_price, price_spread: of the log-normal price of each product, in yuan.
        online: share bought online of each product.
        texts: pools of sentences and words.
        faults: products × issues, number of the pool of its own fault sentences.
        common_faults: classes × issues, number of the pool of those that fit any product of the class.
        nouns, brands, models: number of each product's pool.
    """

    entries: list[dict[str, Any]]
    classes: list[str]
    issues: list[str]
    goods: Flags
    class_of: Ints
    trades: list[str]
    trade_of: Ints
    remote: Flags
    labels: list[str]
    share: Floats
    seasons: Swings
    issue_table: dict[str, Floats]
    log_price: Floats
    price_spread: Floats
    online: Floats
    texts: FrozenPools
    faults: Ints
    common_faults: Ints
    nouns: Ints
    brands: Ints
    models: Ints

    def probabilities(self, day: dt.date) -> Floats:
        """Share of each product in the complaints of a day: its share of the year, swung with its season."""
        return shares(self.share * self.seasons.factors(day))

    def number(self, name: str) -> int:
        """Number of the product of this name.

        Raises:
            ValueError: there is none.
        """
        for number, entry in enumerate(self.entries):
            if entry["name"] == name:
                return number
        raise ValueError(f"product {name} is not in the catalogue")


@cache
def catalogue() -> Catalogue:
    """The world's catalogue."""
    calibration, entries = world("calibration"), product_entries()
    goods, services = calibration["goods"], calibration["services"]
    classes, issues = [*goods, *services], list(calibration["issues"])
    is_goods = np.array([name in goods for name in classes])
    class_share = np.concatenate(
        [
            calibration["goods_share"] * shares(list(goods.values())),
            (1 - calibration["goods_share"]) * shares(list(services.values())),
        ]
    )
    class_of = np.array([classes.index(entry["class"]) for entry in entries])
    trade_names = [entry.get("trade", entry["class"]) for entry in entries]
    trades = list(dict.fromkeys(trade_names))
    within = np.array([float(entry["share"]) for entry in entries])
    share = within / np.bincount(class_of, within, len(classes))[class_of] * class_share[class_of]
    pools = Pools()
    own = [[pools.add(entry["faults"].get(issue, [])) for issue in issues] for entry in entries]
    phrases = world("phrases")["faults"]
    common = {part: [pools.add(phrases[part].get(issue, [])) for issue in issues] for part in ("goods", "services")}
    return Catalogue(
        entries=entries,
        classes=classes,
        issues=issues,
        goods=is_goods,
        class_of=class_of,
        trades=trades,
        trade_of=np.array([trades.index(name) for name in trade_names]),
        remote=np.array([entry.get("remote", entry["class"] in goods) for entry in entries]),
        labels=[_label(entry) for entry in entries],
        share=share,
        seasons=_seasons(entries),
        issue_table={
            "complaints": _issue_table(calibration["issues"], classes, class_share, is_goods),
            "reports": _issue_table(calibration["issues_reported"], classes, class_share, is_goods),
        },
        log_price=np.log([float(entry["price"]) for entry in entries]),
        price_spread=np.array([float(entry["spread"]) for entry in entries]),
        online=np.array([float(entry["online"]) for entry in entries]),
        faults=np.array(own),
        common_faults=np.array([common["goods" if flag else "services"] for flag in is_goods]),
        nouns=np.array([pools.add([entry["name"], *entry.get("also", [])]) for entry in entries]),
        brands=np.array([pools.add(entry.get("brands", [])) for entry in entries]),
        models=np.array([pools.add(entry.get("models", [])) for entry in entries]),
        texts=pools.freeze(),
    )


def _seasons(entries: list[dict[str, Any]]) -> Swings:
    """The season of each product: its own, else that of its class, else none."""
    by_class = world("calibration")["class_season"]
    seasons: list[dict[str, Any]] = [entry.get("season") or by_class.get(entry["class"]) or NO_SEASON for entry in entries]
    return Swings([season["peak"] for season in seasons], [season["ratio"] for season in seasons])


def _label(entry: dict[str, Any]) -> str:
    calibration = world("calibration")
    label = calibration["product_labels"].get(entry["name"]) or calibration["class_labels"].get(entry["class"])
    return str(label or entry["class"])


def _issue_table(wanted: dict[str, float], classes: list[str], class_share: Floats, is_goods: Any) -> Floats:
    """Probability of each issue given the class, such that over all classes the issues have their published shares."""
    calibration = world("calibration")
    issues, by_class = list(calibration["issues"]), calibration["issue_by_class"]
    affinity = np.zeros((len(classes), len(issues)))
    for row, name in enumerate(classes):
        table = by_class.get(name) or by_class["goods" if is_goods[row] else "services"]
        for issue, weight in table.items():
            affinity[row, issues.index(issue)] = weight
    target = shares([wanted.get(issue, 0.0) for issue in issues])
    affinity[:, target == 0] = 0
    return shares(rake(affinity, class_share, target))


def rake(seed: Floats, rows: Floats, columns: Floats) -> Floats:
    """The table nearest to `seed` with these sums of rows and columns: iterative proportional fitting.

    Deming, W. E. & Stephan, F. F. 1940, Annals of Mathematical Statistics 11, 427-444. Zeros of the seed stay.

    Raises:
        ValueError: no such table exists, because the zeros forbid it.
    """
    table = seed.astype(np.float64)
    for _ in range(ROUNDS):
        table *= (rows / table.sum(axis=1))[:, None]
        sums = table.sum(axis=0)
        if np.abs(sums - columns).max() < TOLERANCE:
            return table
        table *= np.divide(columns, sums, out=np.zeros_like(columns), where=sums > 0)
    raise ValueError("the shares of classes and issues contradict each other: no table has both")
