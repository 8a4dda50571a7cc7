"""Addresses per second of the region resolver, beside trying every name, and how often it is right."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.pairs import Comparison, compare
from features.regions import find_region, regions, resolve, resolve_region
from simulator.drafting import Drafter
from simulator.places import places, spellings
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

ADDRESSES = 3000
TEXTS = 5000
# Every how manieth place the accuracy is measured on.
EVERY = 1
# Times that each place comes again where a figure is of the cache.
REPEATS = 50
STREET = "解放东路{}号"
ENDINGS = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "地区", "盟", "县", "区")
SHORTEST = 2
Written = Mapping[str, set[str]]


@dataclass
class Accuracy:
    """How often places were resolved, by the regions that are written so.

    A place is clear if it may mean one region only. Recall is the share of clear places that were resolved to the very region,
    precision the share of answers that are the region meant, or one that holds all the regions that may be meant.
    """

    places: int = 0
    clear: int = 0
    exact: int = 0
    answers: int = 0
    right: int = 0

    def add(self, meant: set[str], answer: str | None) -> None:
        """Count one place that may mean some regions."""
        self.places += 1
        self.clear += len(meant) == 1
        self.exact += meant == {answer}
        self.answers += answer is not None
        self.right += answer is not None and all(answer in line(code) for code in meant)

    def __str__(self) -> str:
        recall, precision = self.exact / max(self.clear, 1), self.right / max(self.answers, 1)
        return f"{self.places:,} places, {self.clear:,} clear; precision {precision:.2%}, recall {recall:.2%}"


def line(code: str) -> list[str]:
    """A region and those above it, from itself to its province."""
    found = []
    while code:
        found.append(code)
        code = regions()[code].parent
    return found


def spelt(code: str) -> dict[str, str]:
    """How a region of China may be written, by kind of spelling, from nothing but the table's names."""
    path = [regions()[above].name for above in reversed(line(code)) if not regions()[above].is_holder]
    whole, short = "".join(path), "".join(map(_short, path))
    return {
        "full": whole,
        "without province": "".join(path[1:]) or whole,
        "without city": whole if len(path) == 1 else path[0] + path[-1],
        "alone": path[-1],
        "short": short,
        "with slashes": "/".join(path),
        "with spaces": " ".join(path),
        "with a street": whole + STREET.format(code),
        "short, with a street": short + STREET.format(code),
    }


def by_table() -> dict[str, Written]:
    """By kind of spelling: every place that is so written, with all regions that any kind of spelling writes like that.

    Zones of the code list (171 and the like) are written in whole only: nobody shortens 汉沽管理区 to 汉沽管理.
    """
    found: dict[str, dict[str, set[str]]] = {}
    everything: dict[str, set[str]] = {}
    for code, region in regions().items():
        if code.startswith("US-") or region.is_holder:
            continue
        for kind, text in spelt(code).items():
            if kind.startswith("short") and "71" <= code[4:] <= "79":
                continue
            everything.setdefault(text, set()).add(code)
            found.setdefault(kind, {})[text] = everything[text]
    return dict(found)


def by_simulator() -> dict[str, Written]:
    """By form of a simulated place: every place in that form, with the regions that any form writes like that.

    Its short form takes the last letter also from names that are not shortened so: 自治县, 开发区.
    """
    everything: dict[str, set[str]] = {}
    found: dict[str, dict[str, set[str]]] = {}
    for form, texts in spellings().items():
        for code, city, county, text in zip(places().code, places().city, places().county, texts, strict=True):
            meant = regions()[code].parent if form == "city" and city and county else code
            everything.setdefault(text, set()).add(meant)
            found.setdefault(form, {})[text] = everything[text]
    return dict(found)


def accuracy(written: Written, answer: Callable[[str], str | None]) -> Accuracy:
    """How often an answer is right."""
    found = Accuracy()
    for text, meant in list(written.items())[::EVERY]:
        found.add(meant, answer(text))
    return found


def run() -> Comparison:
    """Whole addresses through the resolver, against a look at every name for each of them."""
    for source, kinds in (("table", by_table()), ("simulator", by_simulator())):
        for kind, written in kinds.items():
            print(f"regions, {source}, {kind}: {accuracy(written, resolve)}")
    _running_texts()
    addresses = list(by_table()["with a street"])[:ADDRESSES]
    start = time.perf_counter()
    for address in addresses * REPEATS:
        resolve(address)
    print(f"regions: {len(addresses) * REPEATS / (time.perf_counter() - start):,.0f} places/s, each coming {REPEATS} times")
    names = [(region.name, code) for code, region in regions().items()]
    return compare(
        "regions, distinct addresses, following their names against trying every name",
        len(addresses),
        lambda: _resolved_afresh(addresses),
        lambda: [_tried(address, names) for address in addresses],
    )


def _resolved_afresh(addresses: list[str]) -> list[str | None]:
    resolve_region.cache_clear()
    return [resolve(address) for address in addresses]


def _running_texts() -> None:
    drafter = Drafter(1, preset("national-year", scale=0.05))
    draft = drafter.draft(0)
    texts = RowWriter(drafter).rows(stream(1, "texts"), draft)["具体问题"].to_pylist()[:TEXTS]
    start = time.perf_counter()
    answers = [find_region(text) for text in texts]
    seconds = time.perf_counter() - start
    found = Accuracy()
    for answer, place in zip(answers, draft.place.tolist(), strict=False):
        found.add({places().code[place]}, answer.code if answer else None)
    named, right = found.answers / len(texts), found.right / max(found.answers, 1)
    shares = f"{named:.1%} name a region, {right:.2%} of these the right one or one above it"
    print(f"regions, texts: {len(texts) / seconds:,.0f}/s; {shares}")


def _tried(address: str, names: list[tuple[str, str]]) -> str | None:
    """What one would write in an hour: of all regions whose names the address holds, the finest whose parents it holds too."""
    held = {code for name, code in names if name in address}
    sound = [code for code in held if all(above in held or regions()[above].is_holder for above in line(code))]
    return max(sound, key=lambda code: len(line(code)), default=None)


def _short(name: str) -> str:
    return next((name.removesuffix(end) for end in ENDINGS if name.endswith(end) and len(name) >= len(end) + SHORTEST), name)
