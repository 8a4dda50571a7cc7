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
from simulator.seeds import Flags, Ints, pick, stream
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
# Online merchants per class, and shops of a trade in a county. A shop has about so many complaints a year, within these bounds.
ONLINE_PER_CLASS = 160
COMPLAINTS_PER_SHOP = 12
SHOPS = (2, 4)
# The larger, the more complaints fall on the first merchants of a list.
CONCENTRATION = 2.2
# A merchant's branches, so many at the most; the first has most complaints.
BRANCHES = 4
NO_BRANCH = 0
# Share of the forms in which a name is written into the form, and into the text: legal, spoken, each with the branch if there
# is one; and the share of names that are misspelt.
BRANCHED = 2
ASCII_BRACKETS = 0.5
WRITTEN, WRITTEN_WRONG = np.array([0.80, 0.08, 0.07, 0.05]), 0.01
TOLD, TOLD_WRONG = np.array([0.22, 0.60, 0.04, 0.14]), 0.03


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
        rng = stream(seed, "merchants")
        counties = len(area.index)
        shops = int(np.clip(per_year / len(catalogue().trades) / counties / COMPLAINTS_PER_SHOP, *SHOPS))
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
        book, rank = catalogue(), rng.random(len(product)) ** CONCENTRATION
        shop = (book.trade_of[product] * self.counties + self.county[place]) * self.shops + (rank * self.shops).astype(np.int64)
        remote = self._first_online + book.class_of[product] * ONLINE_PER_CLASS + (rank * ONLINE_PER_CLASS).astype(np.int64)
        return np.where(online & book.remote[product], remote, shop)

    def draw_branch(self, rng: np.random.Generator, merchant: Ints) -> Ints:
        """One of each merchant's branches, always of the same few; none of those online."""
        rank = (BRANCHES * rng.random(len(merchant)) ** CONCENTRATION).astype(np.int64)
        return np.where(self.is_online(merchant), NO_BRANCH, 1 + (merchant * BRANCHES + rank) % self.branches)

    def is_online(self, merchant: Ints) -> Flags:
        """Whether each merchant is one that sells online only; not known of those of incidents."""
        last = self._first_online + len(catalogue().classes) * ONLINE_PER_CLASS
        return np.asarray((merchant >= self._first_online) & (merchant < last), dtype=np.bool_)

    @property
    def _first_online(self) -> int:
        return len(catalogue().trades) * self.counties * self.shops

    def spell(self, rng: np.random.Generator, merchant: Ints, branch: Ints, *, told: bool) -> pa.Array:
        """The names as somebody writes them into the form, or tells them in the text."""
        forms, wrong = (TOLD, TOLD_WRONG) if told else (WRITTEN, WRITTEN_WRONG)
        form = pick(rng, forms, len(merchant))
        brackets = self.branches * (rng.random(len(merchant)) < ASCII_BRACKETS)
        suffix = np.where((form < BRANCHED) | (branch == NO_BRANCH), NO_BRANCH, branch + brackets)
        base = take(self.names, merchant + form % 2 * self.count)
        base = slipped(rng, base, rng.random(len(merchant)) < wrong, world("merchants")["slips"])
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
        for _ in range(ONLINE_PER_CLASS):
            stem, ending = stems[int(rng.integers(len(stems)))], endings[int(rng.integers(len(endings)))]
            legal.append(stem + ending)
            spoken.append(stem + _spoken(ending))
    return legal, spoken
