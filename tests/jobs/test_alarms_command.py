"""Alarms end to end: written with the hotspots, the same by every run, and listed by `radar alerts raw`."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager

import pytest
from tiny_export import LAST_DAY

from jobs.aggregate import aggregate
from jobs.alarm_rows import ALARMS, detector_names, read_alarms
from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.commands import alerts
from jobs.detect import detect
from jobs.enrich import enrich
from jobs.hotspots import DETECTIONS
from jobs.refine import refine
from reports.wording import DETECTORS_ZH
from warehouse.errors import RadarError
from warehouse.sources import mapping_of
from warehouse.storage import Warehouse, to_dicts

SOURCE = mapping_of("national_12315")
STREAM = SOURCE.stream.id


@pytest.fixture
def loaded(warehouse, complaints, write_export):
    ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, [write_export(complaints)]), LAST_DAY)
    for step in (refine, enrich, aggregate):
        step(warehouse)
    return warehouse


def content(warehouse, table: str) -> list[tuple]:
    return sorted(tuple(map(str, row.values())) for row in to_dicts(warehouse.read(table)))


def test_a_run_that_dies_is_made_good_and_runs_give_the_same_alarms(loaded, complaints, monkeypatch, capsys):
    real = Warehouse.replace

    def die(self, table, rows, *, where):
        if table == DETECTIONS:
            raise KeyboardInterrupt
        real(self, table, rows, where=where)

    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            detect(loaded, STREAM, LAST_DAY)
    # Written, but of a day that does not count as judged.
    assert read_alarms(loaded, None) == []
    first = detect(loaded, STREAM, LAST_DAY)
    before = content(loaded, ALARMS)
    assert detect(loaded, STREAM, LAST_DAY).alarms == first.alarms
    assert content(loaded, ALARMS) == before
    assert len(before) == len(first.alarms)

    planted = {row["登记编号"] for row in complaints if row["问题类别"] == "安全"}
    found = {alarm.detector: alarm for alarm in first.alarms}
    assert {"counts", "term", "severe"} <= found.keys()
    for detector in ("counts", "term", "severe"):
        assert planted & set(found[detector].complaint_ids)
    assert set(found["severe"].complaint_ids) <= planted
    numbers = {row["联系电话"] for row in complaints}
    assert not [number for number in numbers for row in before if number in "".join(row)]

    # A day without anything new keeps its own snapshot beside the other.
    assert detect(loaded, STREAM, LAST_DAY - dt.timedelta(days=7)).alarms == []
    assert content(loaded, ALARMS) == before
    listed(loaded, monkeypatch, capsys, len(before))


def listed(loaded, monkeypatch, capsys, count: int) -> None:
    @contextmanager
    def opened(*, write):
        assert not write
        yield loaded

    monkeypatch.setattr(alerts, "open_warehouse", opened)
    alerts.raw(as_json=True)
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == count
    assert list(rows[0]) == list(alerts.RAW_FIELDS)
    order = [detector_names().index(row["detector"]) for row in rows]
    assert order == sorted(order)
    alerts.raw(date=str(LAST_DAY), detector="severe", as_json=True)
    assert {row["detector"] for row in json.loads(capsys.readouterr().out)} == {"severe"}
    alerts.raw(date="2026-01-01", as_json=True)
    assert json.loads(capsys.readouterr().out) == []
    alerts.raw(detector="severe")
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["detector", "subject", "observed", "expected", "q_value", "days"]
    assert all(line.startswith("严重") for line in lines if line.strip() and not line.startswith(" "))


def test_every_detector_has_a_name_in_chinese_and_others_are_refused():
    assert tuple(DETECTORS_ZH) == detector_names()
    with pytest.raises(RadarError, match="detector magic is not known; there are counts, drift"):
        alerts.raw(detector="magic")
