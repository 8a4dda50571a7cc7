"""Matters that several people complain about: the same product of the same merchant, within days of each other.

They make counts of merchants, brands and products vary more than by chance (a Neyman-Scott cluster process: Neyman, J. &
Scott, E. L. 1958, Journal of the Royal Statistical Society B 20, 1-29), as those of real sources do. They are everyday
life and too small to be incidents, so the truth does not tell them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from simulator.data import world
from simulator.draft import Details, Draft
from simulator.places import Area
from simulator.seeds import Ints, pick, shares, stream, whole

# The first complaint of each of `count` matters that begin on a day (an offset in the span).
First = Callable[[np.random.Generator, int, int], Draft]


class Matters:
    """Draws the complaints about shared matters, day by day; those of a day depend on the seed and the day alone."""

    def __init__(self, seed: int, area: Area, details: Details, first: First, expected: Callable[[int], float]) -> None:
        """Args:
        seed: of the world.
        area: where people complain.
        details: fills in what differs from person to person.
        first: draws complaints that begin a matter.
        expected: complaints about shared matters of those that begin on a day, on average.
        """
        self._seed, self._area, self._details, self._first, self._expected = seed, area, details, first, expected
        self._people = {int(size): weight for size, weight in world("calibration")["shared_matter"]["people"].items()}
        self._most_days = world("calibration")["shared_matter"]["most_days"]
        # Each day looks back on the same days as the one before it, save one.
        self._begun_on = lru_cache(maxsize=self._most_days + 2)(self._begun)

    def on(self, offset: int) -> list[Draft]:
        """The complaints of a day, by the day that their matters began."""
        begun = (self._begun_on(day) for day in range(max(0, offset - self._most_days), offset + 1))
        return [draft.at(draft.day == offset) for draft in begun]

    def _begun(self, offset: int) -> Draft:
        """All complaints about the matters that begin on a day, on whichever day they are made."""
        rng = stream(self._seed, "matters", str(offset))
        sizes, weights = np.array(list(self._people)), shares(list(self._people.values()))
        matters = int(rng.poisson(self._expected(offset) / float(sizes @ weights)))
        first = self._first(rng, offset, matters)
        people = sizes[pick(rng, weights, matters)]
        matter = np.repeat(np.arange(matters), people)
        same = first.at(matter)
        begins = np.diff(matter, prepend=-1) > 0
        own = self._details.complete(
            rng,
            day=np.where(begins, offset, offset + whole(rng, self._most_days + 1, len(matter))),
            kind=same.kind,
            channel=self._details.channel(rng, len(matter)),
            place=self._place(rng, same),
            product=same.product,
            issue=same.issue,
        )
        return replace(own, merchant=same.merchant, branch=same.branch, online=same.online, brand=same.brand, model=same.model)

    def _place(self, rng: np.random.Generator, same: Draft) -> Ints:
        """A shop's customers are from its county, those of an online merchant from anywhere."""
        anywhere = self._area.index[pick(rng, self._area.probability, len(same))]
        return np.where(self._details.register.is_online(same.merchant), anywhere, same.place)
