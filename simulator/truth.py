"""The truth about a simulated world: what was planted where and when, and what the exports hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator import VERSION
from simulator.batches import Written
from simulator.calendar import ONE_DAY, Span
from simulator.data import world
from simulator.drafting import Drafter
from simulator.incidents import CALENDAR_PEAK, Incident
from simulator.places import NATION, places
from simulator.seeds import Ints

FORMAT = 1


def truth_of(seed: int, drafter: Drafter, done: Sequence[Written]) -> dict[str, Any]:
    """The content of `truth.json`."""
    scenario = drafter.scenario
    counts = sum((written.counts for written in done), Counter[str]())
    malformed = _under(counts, "malformed")
    return {
        "version": FORMAT,
        "simulator": VERSION,
        "preset": scenario.name,
        "seed": seed,
        "area": drafter.area.name,
        "first_day": scenario.span.first.isoformat(),
        "last_day": scenario.span.last.isoformat(),
        "rows": {
            "written": counts["rows"],
            "complaints": counts["complaints"],
            "by_kind": _under(counts, "kind"),
            "later_versions": counts["later_versions"],
            "duplicated": counts["duplicated"],
            "late": counts["late"],
            "filed_again": counts["filed_again"],
            "from_serial_complainants": counts["serial"],
            "malformed": malformed,
            "must_be_rejected": sum(malformed.values()),
        },
        "incidents": [
            *(_incident(drafter, number, done) for number in range(len(drafter.incidents))),
            *_peaks(scenario.span),
        ],
    }


def write_truth(path: Path, truth: dict[str, Any]) -> Path:
    """Write the truth as JSON; the path."""
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _under(counts: Counter[str], prefix: str) -> dict[str, int]:
    return {name.split(".", 1)[1]: count for name, count in sorted(counts.items()) if name.startswith(f"{prefix}.")}


def _incident(drafter: Drafter, number: int, done: Sequence[Written]) -> dict[str, Any]:
    incident = drafter.incidents[number]
    complaints = [complaint for written in done for complaint in written.incidents.get(number, [])]
    first = drafter.scenario.span.first
    days = [day for _, day in complaints]
    texts, theme = drafter.texts, incident.theme
    return {
        "id": incident.id,
        "kind": incident.kind,
        "title": incident.title,
        "real": incident.real,
        "onset": (first + min(days) * ONE_DAY if days else incident.onset).isoformat(),
        "end": (first + max(days) * ONE_DAY if days else incident.onset).isoformat(),
        "size": len(complaints),
        "shape": incident.shape,
        "places": _sites(drafter, incident),
        "merchants": [incident.merchant[0]] if incident.merchant else [],
        "product": theme.get("product") or theme.get("class"),
        "issue": theme.get("issue") or theme.get("from_issue"),
        "brand": texts[incident.brand].as_py() if incident.brand >= 0 else None,
        "model": texts[incident.model].as_py() if incident.model >= 0 else None,
        "terms": theme.get("terms", []),
        "complaint_ids": sorted(complaint for complaint, _ in complaints),
    }


def _sites(drafter: Drafter, incident: Incident) -> list[str]:
    if not incident.sites:
        return [drafter.area.name]
    return [_common_name(site) for site in incident.sites]


def _common_name(site: Ints) -> str:
    """The smallest area that holds these counties."""
    table = places()
    for name in (table.name, table.city_name):
        if len({name(int(i)) for i in site}) == 1:
            return name(int(site[0]))
    return table.province[int(site[0])]


def _peaks(span: Span) -> list[dict[str, Any]]:
    """The calendar's peaks: many complaints, no incident."""
    found = []
    for peak in world("calibration")["peaks"]:
        inside = [day for day in span.days if peak["from"] <= f"{day:%m-%d}" <= peak["to"]]
        for year in sorted({day.year for day in inside}):
            days = [day for day in inside if day.year == year]
            found.append(
                {
                    "id": f"{CALENDAR_PEAK.replace('_', '-')}-{days[0]}",
                    "kind": CALENDAR_PEAK,
                    "title": peak["name"],
                    "real": False,
                    "onset": days[0].isoformat(),
                    "end": days[-1].isoformat(),
                    "size": 0,
                    "shape": {"name": "factor", "factor": peak["factor"]},
                    "places": [NATION],
                    "merchants": [],
                    "product": None,
                    "issue": None,
                    "brand": None,
                    "model": None,
                    "terms": [],
                    "complaint_ids": [],
                }
            )
    return found
