"""A complaint before it is written: numbers only, one array per property, one place per complaint."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.catalogue import Catalogue
from simulator.data import world
from simulator.merchants import Register
from simulator.people import phones
from simulator.seeds import Flags, Floats, Ints, pick, pick_rows, shares, whole

COMPLAINT, REPORT, CONSULTATION = range(3)
KINDS = ("投诉", "举报", "咨询")
SECONDS = 86_400
NONE = -1


@dataclass
class Draft:
    """Complaints in numbers.

    Attributes:
        day, second: of registration; days count from the first of the span.
        number: tells apart the complaints registered on a day; the end of the registration number.
        kind: place in `KINDS`.
        channel: place in the calibration's list.
        place: number of the county.
        product, issue: numbers in the catalogue.
        label_issue: the issue that the form's label is of; another one where the class was taken wrong.
        noun: place in the catalogue's texts of how the product is named.
        merchant: number in the register.
        branch: number of the merchant's branch, 0 of online merchants.
        brand, model: places in the catalogue's texts, or none.
        amount: yuan.
        phone: the complainant's number.
        serial: number of the serial complainant, or none; these use a template of theirs.
        online: whether it was bought online.
        lag: days since the purchase.
        fault: place in the catalogue's texts.
        incident: number of the incident, or none.
        repeat: whether it was filed before by the same person.
    """

    day: Ints
    second: Ints
    number: Ints
    kind: Ints
    channel: Ints
    place: Ints
    product: Ints
    issue: Ints
    label_issue: Ints
    noun: Ints
    merchant: Ints
    branch: Ints
    brand: Ints
    model: Ints
    amount: NDArray[np.float64]
    phone: Ints
    serial: Ints
    online: Flags
    lag: Ints
    fault: Ints
    incident: Ints
    repeat: Flags

    def __len__(self) -> int:
        return len(self.day)

    def at(self, rows: Any) -> Draft:
        """The complaints at these places, or where a mask is true."""
        return Draft(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @staticmethod
    def joined(drafts: list[Draft]) -> Draft:
        """All complaints of several drafts, at least one, in their order."""
        return Draft(
            **{field.name: np.concatenate([getattr(draft, field.name) for draft in drafts]) for field in fields(Draft)}
        )


@dataclass(frozen=True)
class Details:
    """Fills in what follows from what is complained about and where; shared by ordinary and planted complaints.

    Attributes:
        catalogue: products and their words.
        register: merchants of the area.
        channel_shares: share of each channel in all complaints.
        office_channels: per channel whether an office types the complaint in.
    """

    catalogue: Catalogue
    register: Register
    channel_shares: Floats
    office_channels: Flags

    def complete(
        self, rng: np.random.Generator, *, day: Ints, kind: Ints, channel: Ints, place: Ints, product: Ints, issue: Ints
    ) -> Draft:
        """A draft of ordinary complaints: who, from whom, how much, and which fault."""
        size, catalogue, habits = len(day), self.catalogue, world("habits")
        of_class = catalogue.class_of[product]
        online = rng.random(size) < catalogue.online[product]
        merchant = self.register.draw(rng, product, place, online)
        own = catalogue.faults[product, issue]
        common = catalogue.common_faults[of_class, issue]
        has_own, has_common = catalogue.texts.size[own] > 0, catalogue.texts.size[common] > 0
        use_own = has_own & (~has_common | (rng.random(size) < habits["own_fault"]))
        return Draft(
            day=day,
            second=self.seconds(rng, channel),
            number=np.zeros(size, dtype=np.int64),
            kind=kind,
            channel=channel,
            place=place,
            product=product,
            issue=issue,
            label_issue=issue,
            noun=catalogue.texts.draw(rng, catalogue.nouns[product]),
            merchant=merchant,
            branch=self.register.draw_branch(rng, merchant),
            brand=_favourite(rng, catalogue, catalogue.brands[product], habits["concentration"]["brands"]),
            model=_favourite(rng, catalogue, catalogue.models[product], habits["concentration"]["models"]),
            amount=np.exp(catalogue.log_price[product] + catalogue.price_spread[product] * rng.standard_normal(size)),
            phone=phones(rng, size),
            serial=np.full(size, NONE),
            online=online,
            lag=1 + (habits["purchase_days"] * rng.random(size) ** 2).astype(np.int64),
            fault=catalogue.texts.draw(rng, np.where(use_own, own, common)),
            incident=np.full(size, NONE),
            repeat=np.zeros(size, dtype=bool),
        )

    def channel(self, rng: np.random.Generator, size: int) -> Ints:
        """A channel of each complaint, on whichever weekday it is made."""
        return pick(rng, self.channel_shares, size)

    def seconds(self, rng: np.random.Generator, channel: Ints) -> Ints:
        """Second of the day at which complaints of these channels are registered."""
        size = len(channel)
        offices, platform = (pick(rng, shares(world("habits")["hours"][by]), size) for by in ("offices", "platform"))
        hours = np.where(self.office_channels[channel], offices, platform)
        return np.asarray(hours * 3600 + whole(rng, 3600, size), dtype=np.int64)

    def issues(self, rng: np.random.Generator, product: Ints, kind: Ints) -> Ints:
        """An issue for each product; reports have shares of their own."""
        catalogue = self.catalogue
        tables = np.stack([catalogue.issue_table["complaints"], catalogue.issue_table["reports"]])
        rows = catalogue.class_of[product] + (kind == REPORT) * len(catalogue.classes)
        return pick_rows(rng, tables.reshape(-1, tables.shape[2]), rows)


def _favourite(rng: np.random.Generator, catalogue: Catalogue, pool: Ints, concentration: float) -> Ints:
    """A place in each pool, its first texts being the most frequent; none where the pool is empty."""
    size = catalogue.texts.size[pool]
    rank = (rng.random(len(pool)) ** concentration * size).astype(np.int64)
    return np.where(size > 0, catalogue.texts.start[pool] + rank, NONE)
