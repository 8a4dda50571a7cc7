"""What is to be simulated: area, span, volume, incidents, and the form of the export."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from simulator.calendar import Span, volume_factor
from simulator.choices import ENCODINGS, FORMATS, LAYOUTS, PERIODS
from simulator.data import world
from simulator.incidents import Plan, everything
from simulator.places import Area

# `everything` is planted over so much of the end of the span.
INCIDENT_PART = 0.4


@dataclass(frozen=True)
class Scenario:
    """A world to write; with a seed it determines every byte.

    Attributes:
        name: of the preset it comes from.
        area: name as `Area.named` takes it.
        span: days of registration, and of the exports.
        yearly: complaints and reports a year that the span has on average; None is the area's own volume.
        scale: factor of that volume.
        consultations: whether consultations are exported too.
        plans: incidents to plant.
        by: `day`, `month` or `year`: what one file holds.
        format: `csv`, `xlsx`, `jsonl` or `parquet`.
        layout: `extended` with the columns of integrated systems, `platform` with those of the national platform's own export.
        encoding: of CSV files.

    Raises:
        ValueError: a value is none of those.
    """

    name: str
    area: str
    span: Span
    yearly: float | None
    scale: float
    consultations: bool
    plans: tuple[Plan, ...]
    by: str = "day"
    format: str = "csv"
    layout: str = "extended"
    encoding: str = "utf-8-sig"

    def __post_init__(self) -> None:
        for what, value, known in (
            ("period", self.by, tuple(PERIODS)),
            ("format", self.format, FORMATS),
            ("layout", self.layout, LAYOUTS),
            ("encoding", self.encoding, ENCODINGS),
        ):
            if value not in known:
                raise ValueError(f"{what} {value} is not known; there are {', '.join(known)}")
        if self.scale <= 0 or (self.yearly is not None and self.yearly <= 0):
            raise ValueError("the volume must be more than nothing")
        Area.named(self.area)

    def per_year(self) -> dict[str, float]:
        """Rows a year by kind, at the volume of the base year."""
        kinds: dict[str, float] = dict(world("calibration")["per_year"])
        if not self.consultations:
            del kinds["咨询"]
        if self.yearly is None:
            factor = Area.named(self.area).share * self.scale
        else:
            mean = sum(map(volume_factor, self.span.days)) / len(self.span.days)
            factor = self.yearly * self.scale / mean / (kinds["投诉"] + kinds["举报"])
        return {kind: count * factor for kind, count in kinds.items()}


def preset(name: str, **changes: Any) -> Scenario:
    """A preset, with changes to fields of `Scenario`; None leaves a field as it is, `incidents=False` plants nothing.

    Raises:
        ValueError: there is no such preset, or a value is none that a scenario takes.
    """
    if name not in world("presets"):
        raise ValueError(f"preset {name} is not known; there are {', '.join(world('presets'))}")
    entry = {key: value for key, value in world("presets")[name].items() if key not in ("about", "rows")}
    planted = entry.pop("incidents")
    first, last = changes.pop("first", None) or entry.pop("first"), changes.pop("last", None) or entry.pop("last")
    wanted = changes.pop("incidents", True)
    span = Span(first, last)
    days = len(span.days)
    size = entry.pop("incident_size", 1.0)
    plans = everything(int(days * INCIDENT_PART), size) if planted == "everything" else [Plan(**plan) for plan in planted]
    entry = {key: value for key, value in entry.items() if key not in ("first", "last")}
    scenario = Scenario(name=name, span=span, plans=tuple(plans) if wanted else (), **{"yearly": None, "scale": 1.0, **entry})
    return replace(scenario, **{key: value for key, value in changes.items() if value is not None})
