"""Worlds of a fixed size, written as files."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simulator.complaints import HEADER, RESPONSE_DAYS, Row, Span, Writer
from simulator.world import ONE_DAY, weights, world

DEMO_DATE = dt.date(2026, 11, 15)
PRESETS = {"demo": Span(first=dt.date(2024, 5, 6), last=DEMO_DATE, per_day=36.0)}
# The export of the year before is read as UTF-8, the newest one as the GB18030 of an older spreadsheet.
NEW_YEAR = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Simulated:
    """What was written: files, rows in them, and the file with the truth."""

    files: list[Path]
    rows: int
    truth: Path


def write_preset(name: str, seed: int, folder: Path) -> Simulated:
    """Write a preset's export and truth; the same seed gives the same bytes.

    Raises:
        ValueError: there is no such preset.
    """
    if name not in PRESETS:
        raise ValueError(f"preset {name} is not known; there are {', '.join(PRESETS)}")
    span = PRESETS[name]
    writer = Writer(seed, span)
    ordinary = list(writer.ordinary())
    planted = {incident["id"]: writer.planted(incident) for incident in world()["incidents"]}
    complaints = sorted([*ordinary, *(row for rows in planted.values() for row in rows)], key=lambda row: row["登记日期"])
    rng = np.random.default_rng([seed, 1])
    older = [row for row in complaints if row["登记日期"] < NEW_YEAR.isoformat()]
    newer = [row for row in complaints if row["登记日期"] >= NEW_YEAR.isoformat()]
    repeats = [older[i] for i in rng.integers(len(older), size=world()["repeated"])]
    updates = _updates(rng, older[-4000:], world()["updated"])
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        folder / "12315-2024-2025.csv": (_lines([*older, *repeats]), "utf-8-sig"),
        folder / "12315-2026.csv": (_lines(updates) + _with_malformed(rng, newer), "gb18030"),
    }
    for path, (lines, encoding) in files.items():
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([list(HEADER), *lines])
    truth = folder / "truth.json"
    text = json.dumps(_truth(span, planted), ensure_ascii=False, indent=2)
    truth.write_text(text + "\n", encoding="utf-8")
    return Simulated(list(files), sum(len(lines) for lines, _ in files.values()), truth)


def _lines(rows: Iterable[Row]) -> list[list[str]]:
    return [[row[name] for name in HEADER] for row in rows]


def _updates(rng: np.random.Generator, rows: list[Row], count: int) -> list[Row]:
    """Later versions of complaints: the authority has decided."""
    names, shares = weights(world()["statuses"])
    chosen = rng.choice(len(rows), size=min(count, len(rows)), replace=False)
    updated = []
    for index in np.sort(chosen):
        row = rows[index]
        changed = dt.datetime.fromisoformat(row["登记日期"]) + (1 + int(rng.integers(RESPONSE_DAYS))) * ONE_DAY
        status = names[rng.choice(len(names), p=shares)]
        updated.append({**row, "更新时间": f"{changed:%Y-%m-%d %H:%M:%S}", "初查受理状态": status})
    return updated


def _with_malformed(rng: np.random.Generator, rows: list[Row]) -> list[list[str]]:
    """The rows with some spoilt copies among them, in the ways of real exports."""
    lines = _lines(rows)
    column = {name: HEADER.index(name) for name in HEADER}
    for kind, count in world()["malformed"].items():
        for number in range(count):
            line = list(lines[int(rng.integers(len(rows)))])
            line[column["登记编号"]] = f"M{kind}{number}"
            if kind == "unreadable_date":
                line[column["登记日期"]] = "二〇二六年某月"
            elif kind == "missing_id":
                line[column["登记编号"]] = ""
            elif kind == "missing_kind":
                line[column["类型"]] = ""
            else:
                line = line[: column["接收方式"]]
            lines.insert(int(rng.integers(len(lines))), line)
    return lines


def _truth(span: Span, planted: dict[str, list[Row]]) -> dict[str, Any]:
    incidents = []
    for incident in world()["incidents"]:
        rows = planted[incident["id"]]
        incidents.append(
            {
                "id": incident["id"],
                "kind": incident["kind"],
                "real": incident["real"],
                "onset": min(row["登记日期"] for row in rows)[:10],
                "size": len(rows),
                "product": incident["product"],
                "issue": incident["issue"],
                "brand": incident.get("brand"),
                "model": incident.get("model"),
                "merchant": incident.get("merchant"),
                "cities": incident["cities"],
                "complaint_ids": sorted(row["登记编号"] for row in rows),
            }
        )
    return {
        "first_day": span.first.isoformat(),
        "last_day": span.last.isoformat(),
        "incidents": incidents,
        "malformed": world()["malformed"],
        "repeated": world()["repeated"],
        "updated": world()["updated"],
    }
