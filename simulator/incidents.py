"""Planted incidents: real ones that a good system finds, and artefacts that it must not take for one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.catalogue import catalogue
from simulator.data import world
from simulator.merchants import invented_name
from simulator.places import Area, places
from simulator.pools import Pools
from simulator.seeds import Ints, stream

CALENDAR_PEAK = "calendar_peak"


@dataclass(frozen=True)
class Plan:
    """What is to be planted when: an entry of a preset."""

    kind: str
    days_before_end: int
    size: int | None = None


@dataclass(frozen=True)
class Incident:
    """A planned incident; its complaints follow from it, the seed and the area.

    Attributes:
        id: unique in the world.
        kind: key of `incidents.yml`.
        real: whether a good system raises it.
        title: in Chinese.
        onset: day of its first complaint, or of the artefact.
        theme: what it is about, from `incidents.yml`, defaults of the kind included.
        cause: day that the delays' distribution counts from; the first complaint comes some days later.
        delays: days from the onset to each complaint, ascending, the first one on the onset itself.
        sites: counties by city that it reaches, in order; empty means everywhere.
        brand, model: places in the catalogue's texts, or -1.
        merchant: legal and spoken name of its own merchant, if it has one.
        texts: its own fault sentences, choices written out.
    """

    id: str
    kind: str
    real: bool
    title: str
    onset: dt.date
    theme: dict[str, Any]
    cause: dt.date
    delays: Ints
    sites: list[Ints]
    brand: int
    model: int
    merchant: tuple[str, str] | None
    texts: list[str]

    @property
    def size(self) -> int:
        """Complaints planned; those beyond the end of the span are not made. None of an artefact."""
        return len(self.delays)

    @property
    def shape(self) -> dict[str, Any]:
        """How complaints follow each other, for the truth."""
        steps = {"step_days": self.theme["step_days"]} if self.theme.get("step_days") else {}
        if "span_days" in self.theme:
            return {"name": "linear", "from": self.cause.isoformat(), "days": self.theme["span_days"]}
        if "median_days" in self.theme:
            spread = {"median_days": float(self.theme["median_days"]), "sigma": float(self.theme["sigma"])}
            return {"name": "lognormal", "from": self.cause.isoformat(), **spread, **steps}
        return {"name": "artefact"}


def everything(days: int, size: float) -> list[Plan]:
    """Every kind once, `size` times as large as usual, their onsets spread evenly over the last `days` days."""
    entries = world("incidents")
    kinds = {**entries["real"], **entries["misleading"]}
    return [
        Plan(kind, days - round(place * days / len(kinds)), round(size * kinds[kind].get("size", 0)) or None)
        for place, kind in enumerate(kinds)
    ]


def plan_incidents(seed: int, area: Area, first: dt.date, last: dt.date, plans: list[Plan]) -> list[Incident]:
    """The incidents of a world; the seed picks their themes, places, brands and merchants.

    Raises:
        ValueError: a kind is not known, or its onset lies outside the span.
    """
    incidents: list[Incident] = []
    for place, plan in enumerate(plans):
        onset = last - dt.timedelta(days=plan.days_before_end)
        if not first <= onset <= last:
            raise ValueError(
                f"incident {plan.kind} would begin on {onset}, outside {first} to {last}; take a longer span, or plant none"
            )
        incidents.append(_incident(stream(seed, "incident", plan.kind, str(place)), area, onset, plan, incidents))
    return incidents


def _incident(rng: np.random.Generator, area: Area, onset: dt.date, plan: Plan, before: list[Incident]) -> Incident:
    kinds = world("incidents")
    real = plan.kind in kinds["real"]
    if not real and plan.kind not in kinds["misleading"]:
        raise ValueError(f"incident {plan.kind} is not known; there are {', '.join([*kinds['real'], *kinds['misleading']])}")
    entry = {**kinds["real" if real else "misleading"][plan.kind]}
    themes = entry.pop("themes", None)
    theme = {**entry, **(themes[int(rng.integers(len(themes)))] if themes else {})}
    count = theme.get("places", theme.get("cities", 0))
    texts = Pools()
    texts.add(theme.get("texts", []))
    lags = _lags(rng, theme, plan.size or theme.get("size", 0))
    before_first = int(lags.min()) if len(lags) else 0
    number = sum(other.kind == plan.kind for other in before) + 1
    return Incident(
        id=plan.kind.replace("_", "-") + (f"-{number}" if number > 1 else ""),
        kind=plan.kind,
        real=real,
        title=theme["title"],
        onset=onset,
        theme=theme,
        cause=onset - dt.timedelta(days=before_first),
        delays=np.sort(lags) - before_first,
        sites=_sites(rng, area, count, theme.get("by")),
        brand=_one(rng, theme, "brands") if theme.get("merchant") == "any" else -1,
        model=_one(rng, theme, "models") if plan.kind in ("defective_product", "recall_like") else -1,
        merchant=_merchant(rng, theme),
        texts=texts.freeze().texts.to_pylist(),
    )


def _lags(rng: np.random.Generator, theme: dict[str, Any], size: int) -> Ints:
    """Days from the cause to each complaint: log-normal, or growing in a line; none of an artefact."""
    if "span_days" in theme:
        return np.asarray(theme["span_days"] * np.sqrt(rng.random(size)), dtype=np.int64)
    if "median_days" in theme:
        return np.asarray(theme["median_days"] * np.exp(theme["sigma"] * rng.standard_normal(size)), dtype=np.int64)
    return np.zeros(0, dtype=np.int64)


def _sites(rng: np.random.Generator, area: Area, count: int, by: str | None) -> list[Ints]:
    """Counties of `count` sites, larger ones more likely: provinces if asked for, else cities, else single counties.

    A level of which the area is a single one gives way to the next.
    """
    if not count:
        return []
    table = places()
    levels = [[table.city_name(i) for i in area.index], [table.name(i) for i in area.index]]
    if by == "province":
        levels.insert(0, [table.province[i] for i in area.index])
    names = next((level for level in levels if len(set(level)) > 1), levels[-1])
    found, members = np.unique(names, return_inverse=True)
    weight = np.bincount(members, area.probability)
    chosen = rng.choice(len(found), size=min(count, len(found)), replace=False, p=weight / weight.sum())
    return [area.index[members == city] for city in chosen]


def _one(rng: np.random.Generator, theme: dict[str, Any], what: str) -> int:
    """A brand or model of the incident's product, not the leading one: a large one would hide in its own volume."""
    texts, pool = catalogue().texts, getattr(catalogue(), what)[catalogue().number(theme["product"])]
    size = int(texts.size[pool])
    return int(texts.start[pool] + rng.integers(size // 2, size)) if size else -1


def _merchant(rng: np.random.Generator, theme: dict[str, Any]) -> tuple[str, str] | None:
    if "trade" not in theme:
        return None
    name = invented_name(rng) + invented_name(rng)
    return name + theme["trade"], name
