"""The words of a complaint: frames whose slots are filled for thousands of complaints at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.catalogue import catalogue
from simulator.data import world
from simulator.dates import Dates
from simulator.draft import CONSULTATION, NONE, REPORT, Draft
from simulator.drafting import Drafter
from simulator.people import Identity
from simulator.places import places, spellings
from simulator.pools import FrozenPools, Pools, column, take
from simulator.seeds import Flags, Ints, pick, shares, whole
from simulator.slips import slipped
from simulator.sums import sums, whole_yuan

SLOT = re.compile(r"\{(\w+)\}")
SHORTEST, LONGEST = 40, 250


class Frames:
    """Lines with slots, in groups; a group is a list of lines of equal right."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._pieces = [SLOT.split(line) for lines in groups.values() for line in lines]
        sizes = [len(lines) for lines in groups.values()]
        self.start = np.cumsum([0, *sizes])[:-1]
        self.size = np.array(sizes)
        self.group = {name: place for place, name in enumerate(groups)}

    def draw(self, rng: np.random.Generator, group: Ints) -> Ints:
        """A frame of each group."""
        return np.asarray(self.start[group] + whole(rng, self.size[group], len(group)), dtype=np.int64)

    def having(self, slot: str) -> Flags:
        """Per frame whether it has a slot."""
        return np.array([slot in pieces[1::2] for pieces in self._pieces])

    def fill(self, frame: Ints, slots: Mapping[str, pa.Array]) -> pa.Array:
        """The text of each place, its slots filled from the columns of `slots` at the same place."""
        order = np.argsort(frame, kind="stable")
        texts = []
        bounds = np.searchsorted(frame[order], np.arange(len(self._pieces) + 1))
        for number, pieces in enumerate(self._pieces):
            rows = order[bounds[number] : bounds[number + 1]]
            if len(rows):
                parts = [take(slots[piece], rows) if place % 2 else piece for place, piece in enumerate(pieces) if piece]
                # The empty column makes a column also of a line without slots.
                texts.append(pc.binary_join_element_wise(take(column([""]), np.zeros_like(rows)), *parts, ""))
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return take(pa.concat_arrays(texts), back) if texts else column([])


class TextWriter:
    """Writes the texts of drafts, from the world's phrases."""

    def __init__(self, drafter: Drafter, dates: Dates) -> None:
        self._drafter, self._dates, self._habits = drafter, dates, world("habits")
        self._phrases, frames, merchants = world("phrases"), world("frames"), world("merchants")
        self._bought = Frames(frames["bought"])
        self._frames = Frames({name: frames[name] for name in ("call", "app", "report", "consultation")})
        self._letters = Frames(self._phrases["templates"])
        self._contact = frames["contact"]
        self._demands = list(self._phrases["demands"])
        self._pools, self._pool = self._lay_pools()
        entries = catalogue().entries
        self._verbs = column([entry.get("verb", "买了") for entry in entries])
        units = [entry.get("unit", "") for entry in entries]
        self._pieces = self._habits["pieces"]
        self._ones = column([number + unit if unit else "" for unit in units for number in self._pieces])
        self._platforms = column(merchants["platforms"])
        self._places = [column(spellings()[name]) for name in ("city", "short")]
        self._calls = self._calls_among_offices()
        self._asides, self._aside_pool = self._lay_asides()

    def write(self, rng: np.random.Generator, draft: Draft, demand: Ints) -> pa.Array:
        """The text of each complaint; `demand` is the number of what it asks for, among the keys of `demands`."""
        group = self._groups(rng, draft)
        frame = self._frames.draw(rng, group)
        slots = self._slots(rng, draft, demand)
        with_contact = self._frames.having("contact")[frame] & (
            rng.random(len(draft)) < self._drafter.calibration["personal_data"]
        )
        slots["contact"] = self._contacts(rng, draft, with_contact)
        slots["bought"] = self._bought.fill(self._bought.draw(rng, self._bought_group(draft)), slots)
        text = self._lengthened(self._frames.fill(frame, slots), slots["detail"])
        text = slipped(rng, text, rng.random(len(draft)) < self._drafter.calibration["typo"], self._phrases["typos"])
        text = self._with_hostile(rng, text)
        serial = draft.serial != NONE
        if serial.any():
            text = pc.replace_with_mask(text, pa.array(serial), self._letter(draft.at(serial), slots, serial))
        return pc.utf8_slice_codeunits(text, 0, LONGEST)

    def _lay_pools(self) -> tuple[FrozenPools, dict[str, int]]:
        phrases, pools, number = self._phrases, Pools(), {}
        spoken = {
            "call": [text + "，" for text in phrases["openings"]["call"]],
            "opening": [text and text + "，" for text in phrases["openings"]["app"]],
            "closing": phrases["closings"],
            "reply": phrases["replies"],
            "emoji": ["。", *phrases["emoji"]],
            "detail_goods": phrases["details"]["goods"],
            "detail_services": phrases["details"]["services"],
            **{f"demand_{name}": texts for name, texts in phrases["demands"].items()},
        }
        for name, sentences in spoken.items():
            number[name] = pools.add(sentences)
        return pools.freeze(), number

    @staticmethod
    def _lay_asides() -> tuple[FrozenPools, Ints]:
        """What people say in their region's words, and the number of each county's pool; the first pool says nothing."""
        pools, number = Pools(), dict[str, int]()
        nothing = pools.add([""])
        for region in world("dialects")["regions"]:
            number |= dict.fromkeys(region["provinces"], pools.add(["，" + aside for aside in region["asides"]]))
        return pools.freeze(), np.array([number.get(province, nothing) for province in places().province])

    def _calls_among_offices(self) -> float:
        """Share of office complaints that a call-taker wrote, such that `template_share` of all complaints are."""
        calibration = self._drafter.calibration
        offices = shares(list(calibration["channels"].values()))[self._drafter.office].sum()
        return float(min(1.0, calibration["template_share"] / offices))

    def _groups(self, rng: np.random.Generator, draft: Draft) -> Ints:
        called = self._drafter.office[draft.channel] & (rng.random(len(draft)) < self._calls)
        group = np.where(called, self._frames.group["call"], self._frames.group["app"])
        group = np.where((draft.kind == REPORT) & ~called, self._frames.group["report"], group)
        return np.where(draft.kind == CONSULTATION, self._frames.group["consultation"], group)

    def _bought_group(self, draft: Draft) -> Ints:
        goods = catalogue().goods[catalogue().class_of[draft.product]]
        names = [[self._bought.group[f"{what}_{how}"] for how in ("shop", "online")] for what in ("services", "goods")]
        return np.asarray(np.array(names)[goods.astype(int), draft.online.astype(int)], dtype=np.int64)

    def _slots(self, rng: np.random.Generator, draft: Draft, demand: Ints) -> dict[str, pa.Array]:
        size, texts, pool = len(draft), self._drafter.texts, self._pool
        goods = catalogue().goods[catalogue().class_of[draft.product]]
        bought_on = draft.day - draft.lag
        told_brand = (draft.brand != NONE) & (rng.random(size) < self._habits["told"]["brand"])
        told_model = (draft.model != NONE) & (rng.random(size) < self._habits["told"]["model"])
        demands = np.array([pool[f"demand_{name}"] for name in self._demands])[demand]
        happy = rng.random(size) < self._drafter.calibration["emoji"]
        emoji = self._pools.draw(rng, np.full(size, pool["emoji"]))
        details = np.where(goods, pool["detail_goods"], pool["detail_services"])
        return {
            "merchant": self._drafter.register.spell(rng, draft.merchant, draft.branch, told=True),
            "platform": take(self._platforms, whole(rng, len(self._platforms), size)),
            "verb": take(self._verbs, draft.product),
            "one": take(self._ones, draft.product * len(self._pieces) + pick(rng, shares(list(self._pieces.values())), size)),
            "brand": self._optional(texts, draft.brand, told_brand),
            "model": self._optional(texts, draft.model, told_model),
            "noun": take(texts, draft.noun),
            "fault": take(texts, draft.fault),
            "amount": whole_yuan(draft.amount),
            "sum": sums(rng, draft.amount),
            "place": self._place(rng, draft),
            "order": pa.array(rng.integers(10**15, 10**16, size=size)).cast(pa.string()),
            "day": self._day(rng, draft),
            "date_iso": self._dates.written("iso", bought_on),
            "date_cn": self._dates.written("chinese", bought_on),
            "detail": self._pools.texts.take(pa.array(self._pools.draw(rng, details))),
            "demand": take(self._pools.texts, self._pools.draw(rng, demands)),
            "emoji": take(self._pools.texts, np.where(happy, emoji, self._pools.start[pool["emoji"]])),
            "aside": self._aside(rng, draft),
            **{
                name: take(self._pools.texts, self._pools.draw(rng, np.full(size, pool[name])))
                for name in ("call", "opening", "closing", "reply")
            },
        }

    def _aside(self, rng: np.random.Generator, draft: Draft) -> pa.Array:
        spoken = rng.random(len(draft)) < world("dialects")["share"]
        return take(self._asides.texts, self._asides.draw(rng, np.where(spoken, self._aside_pool[draft.place], 0)))

    @staticmethod
    def _optional(texts: pa.Array, place: Ints, told: Flags) -> pa.Array:
        return pc.if_else(pa.array(told), take(texts, np.where(told, place, 0)), "")

    def _day(self, rng: np.random.Generator, draft: Draft) -> pa.Array:
        """When it was bought: a date in one of several forms, or how long ago it was."""
        bought_on, size = draft.day - draft.lag, len(draft)
        forms = self._habits["days"]
        form = pick(rng, shares(list(forms.values())), size)
        text = pc.choose(pa.array(form), *(self._dates.written(name, bought_on) for name in forms))
        ago = rng.random(size) < self._habits["days_ago"]
        return pc.if_else(pa.array(ago), self._dates.ago(rng, bought_on, draft.day), text)

    def _place(self, rng: np.random.Generator, draft: Draft) -> pa.Array:
        form = whole(rng, len(self._places), len(draft))
        return take(pa.concat_arrays(self._places), form * len(self._places[0]) + draft.place)

    def _contacts(self, rng: np.random.Generator, draft: Draft, chosen: Flags) -> pa.Array:
        identity, rows = Identity(rng), np.flatnonzero(chosen)
        kinds = pick(rng, shares([kind["share"] for kind in self._contact]), len(rows))
        values = [""] * len(draft)
        for row, kind in zip(rows, kinds, strict=True):
            phone = int(draft.phone[row])
            values[row] = SLOT.sub(lambda slot, phone=phone: identity.tell(slot[1], phone), self._contact[kind]["text"])  # type: ignore[misc]
        return column(values)

    def _lengthened(self, text: pa.Array, detail: pa.Array) -> pa.Array:
        short = pc.less(pc.utf8_length(text), SHORTEST)
        return pc.if_else(short, pc.binary_join_element_wise(text, detail, "。", ""), text)

    def _with_hostile(self, rng: np.random.Generator, text: pa.Array) -> pa.Array:
        """A few texts begin with what does harm where a text is taken for markup, a formula, a query or a mail's header."""
        pieces = self._phrases["hostile"]
        which = np.where(
            rng.random(len(text)) < self._drafter.calibration["hostile"], 1 + whole(rng, len(pieces), len(text)), 0
        )
        return pc.binary_join_element_wise(take(column(["", *pieces]), which), text, "")

    def _letter(self, draft: Draft, slots: Mapping[str, pa.Array], rows: Flags) -> pa.Array:
        """The template of each serial complainant, always the same one of what fits all it complains about."""
        food = np.isin(
            catalogue().class_of[draft.product],
            [catalogue().classes.index(name) for name in self._drafter.calibration["serial"]["classes"]],
        )
        group = np.where(food, self._letters.group["food"], self._letters.group["any"])
        frame = self._letters.start[group] + draft.serial % self._letters.size[group]
        mask = pa.array(rows)
        columns = {"merchant": "merchant", "product": "noun", "amount": "amount", "date": "date_cn", "order": "order"}
        return self._letters.fill(frame, {slot: slots[name].filter(mask) for slot, name in columns.items()})
