"""Respondents: thousands of invented merchants with credit codes, chains, branches and spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.catalogue import catalogue
from simulator.data import world
from simulator.places import Area, places
from simulator.pools import column, take
from simulator.seeds import Flags, Floats, Ints, pick, shares, stream
from simulator.slips import slipped

ALPHABET = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))
# 91 enterprise registered with the market authority; 000000 is no region of GB/T 2260, so the code is nobody's.
PREFIX = [9, 1, 0, 0, 0, 0, 0, 0]
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
CREDIT_WEIGHTS = 3 ** np.arange(17) % 31
ORGANISATION_DIGITS = 8
ORGANISATION_TEN = 10
TEN = int(np.flatnonzero(ALPHABET == "X")[0])
LEGAL_FORM = re.compile("(销售|贸易|管理|科技|服务)?有限公司$")
NO_BRANCH = 0


def credit_codes(numbers: Ints) -> pa.Array:
    """Unified social credit codes with both check characters: GB 11714 for the organisation, GB 32100-2015 for the whole."""
    digits = np.asarray(numbers)[:, None] // 10 ** np.arange(ORGANISATION_DIGITS - 1, -1, -1) % 10
    check = (11 - digits @ ORGANISATION_WEIGHTS % 11) % 11
    # A check of ten is written X.
    check = np.where(check == ORGANISATION_TEN, TEN, check)
    body = np.hstack([np.tile(PREFIX, (len(digits), 1)), digits, check[:, None]])
    last = -(body @ CREDIT_WEIGHTS) % 31
    letters = np.ascontiguousarray(ALPHABET[np.hstack([body, last[:, None]])])
    # Eighteen letters in a row of memory are one text.
    return column(letters.view(f"<U{letters.shape[1]}").ravel().tolist())


@dataclass(frozen=True)
class Register:
    """Merchants by number: the shops of every trade and county, then the online ones by class, then those of incidents.

    Attributes:
        names: legal names, then spoken ones: `names[form * count + merchant]`.
        codes: credit code per merchant.
        suffixes: what a branch adds to a name: nothing, the branches in Chinese brackets, and in those of ASCII.
        branches: number of branches that there are names for.
        count: number of merchants.
        shops: shops of a trade in a county.
        county: position of every county within the area, by its number; -1 outside.
        counties: number of counties in the area.
    """

    names: pa.Array
    codes: pa.Array
    suffixes: pa.Array
    branches: int
    count: int
    shops: int
    county: Ints
    counties: int

    @classmethod
    def of(cls, seed: int, area: Area, per_year: float, extra: Sequence[tuple[str, str]]) -> Register:
        """The merchants of an area.

        Args:
            seed: of the world.
            area: where.
            per_year: complaints a year that they share.
            extra: legal and spoken names of merchants that incidents need; they come last.
        """
        rng, habits, counties = stream(seed, "merchants"), world("habits"), len(area.index)
        wanted = per_year / len(catalogue().trades) / counties / habits["complaints_per_shop"]
        shops = int(np.clip(wanted, habits["shops"]["least"], habits["shops"]["most"]))
        local = _local(rng, area, shops)
        online = _online(rng)
        legal = [*local[0], *online[0], *(pair[0] for pair in extra)]
        spoken = [*local[1], *online[1], *(pair[1] for pair in extra)]
        county = np.full(len(places().code), -1)
        county[area.index] = np.arange(counties)
        numbers = 10_000_000 + rng.permutation(len(legal))
        branches = world("merchants")["branches"]
        suffixes = column(["", *(f"（{branch}）" for branch in branches), *(f"({branch})" for branch in branches)])
        return cls(
            names=column([*legal, *spoken]),
            codes=credit_codes(numbers),
            suffixes=suffixes,
            branches=len(branches),
            count=len(legal),
            shops=shops,
            county=county,
            counties=counties,
        )

    def draw(self, rng: np.random.Generator, product: Ints, place: Ints, online: Flags) -> Ints:
        """A merchant for each complaint: of its trade and county, or online; the first of a list have most complaints."""
        book, rank = catalogue(), self._rank(rng, len(product))
        shop = (book.trade_of[product] * self.counties + self.county[place]) * self.shops + (rank * self.shops).astype(np.int64)
        per_class = world("habits")["online_merchants"]
        remote = self._first_online + book.class_of[product] * per_class + (rank * per_class).astype(np.int64)
        return np.where(online & book.remote[product], remote, shop)

    def draw_branch(self, rng: np.random.Generator, merchant: Ints) -> Ints:
        """One of each merchant's branches, always of the same few; none of those online."""
        own = world("habits")["branches"]
        branch = merchant * own + (self._rank(rng, len(merchant)) * own).astype(np.int64)
        return np.where(self.is_online(merchant), NO_BRANCH, 1 + branch % self.branches)

    def is_online(self, merchant: Ints) -> Flags:
        """Whether each merchant is one that sells online only; not known of those of incidents."""
        last = self._first_online + len(catalogue().classes) * world("habits")["online_merchants"]
        return np.asarray((merchant >= self._first_online) & (merchant < last), dtype=np.bool_)

    @staticmethod
    def _rank(rng: np.random.Generator, size: int) -> Floats:
        """Places in a list from 0 to 1, the first ones more likely."""
        return np.asarray(rng.random(size) ** world("habits")["concentration"]["merchants"], dtype=np.float64)

    @property
    def _first_online(self) -> int:
        return len(catalogue().trades) * self.counties * self.shops

    def spell(self, rng: np.random.Generator, merchant: Ints, branch: Ints, *, told: bool) -> pa.Array:
        """The names as somebody writes them into the form, or tells them in the text."""
        habits, how = world("habits")["names"], "told" if told else "written"
        form = pick(rng, shares(list(habits[how].values())), len(merchant))
        spoken, branched = (np.array([word in name for name in habits[how]])[form] for word in ("spoken", "branch"))
        brackets = self.branches * (rng.random(len(merchant)) < habits["ascii_brackets"])
        suffix = np.where(branched & (branch != NO_BRANCH), branch + brackets, NO_BRANCH)
        base = take(self.names, merchant + spoken * self.count)
        base = slipped(rng, base, rng.random(len(merchant)) < habits["misspelt"][how], world("merchants")["slips"])
        return pc.binary_join_element_wise(base, take(self.suffixes, suffix), "")


def invented_name(rng: np.random.Generator) -> str:
    """A name such as a merchant may choose."""
    return str(_stems()[int(rng.integers(len(_stems())))])


def _stems() -> list[str]:
    pieces = world("merchants")
    syllables, taken = pieces["syllables"], set(pieces["taken"])
    return [*pieces["words"], *(a + b for a in syllables for b in syllables if a != b and a + b not in taken)]


def _spoken(kind: str) -> str:
    return LEGAL_FORM.sub("", kind) or kind


def _local(rng: np.random.Generator, area: Area, shops: int) -> tuple[list[str], list[str]]:
    """Legal and spoken names of the shops, by trade, county and rank. The first of each trade is a chain in every county."""
    stems, kinds, table = column(_stems()), world("merchants")["kinds"], places()
    towns = column([(table.city[i] or table.county[i])[:-1] for i in area.index])
    branches = column([f"{table.county[i] or table.city[i]}分店" for i in area.index])
    shape = (len(area.index), shops)
    legal, spoken = [], []
    for name in catalogue().trades:
        endings = kinds[name]
        stem, ending = rng.integers(len(stems), size=shape), rng.integers(len(endings), size=shape)
        stem[:, 0], ending[:, 0] = stem[0, 0], ending[0, 0]
        place = np.repeat(np.arange(shape[0]), shops)
        chain = column(["", *branches.to_pylist()])
        is_chain = np.tile(np.arange(shops) == 0, shape[0])
        stem_text = take(stems, stem.ravel())
        legal += pc.binary_join_element_wise(
            take(towns, place),
            stem_text,
            take(column(endings), ending.ravel()),
            take(chain, np.where(is_chain, 1 + place, 0)),
            "",
        ).to_pylist()
        spoken += pc.binary_join_element_wise(
            stem_text, take(column(list(map(_spoken, endings))), ending.ravel()), ""
        ).to_pylist()
    return legal, spoken


def _online(rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Legal and spoken names of the online merchants, by class and rank."""
    stems, kinds = _stems(), world("merchants")["online_kinds"]
    legal, spoken = [], []
    for name in catalogue().classes:
        endings = kinds.get(name, kinds["otherwise"])
        for _ in range(world("habits")["online_merchants"]):
            stem, ending = stems[int(rng.integers(len(stems)))], endings[int(rng.integers(len(endings)))]
            legal.append(stem + ending)
            spoken.append(stem + _spoken(ending))
    return legal, spoken
