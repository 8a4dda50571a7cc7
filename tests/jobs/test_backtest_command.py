"""Days judged all at once, and a planted incident scored end to end."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tiny_export import LAST_DAY

from jobs.aggregate import aggregate
from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.backtest import Span, backtest, plan
from jobs.backtest_report import figures_of, write_backtest
from jobs.detect import detect, detect_days
from jobs.enrich import enrich
from jobs.refine import refine
from jobs.truth import PlantedIncident, Truth
from models.backtest import FOUND, QUIET, UNJUDGED
from warehouse.errors import RadarError
from warehouse.sources import mapping_of
from warehouse.storage import to_dicts

SOURCE = mapping_of("national_12315")
STREAM = SOURCE.stream.id
FIRST_DAY = dt.date(2026, 4, 6)
ONSET = dt.date(2026, 6, 10)
ONE_DAY = dt.timedelta(days=1)


def planted(complaints, **changes) -> PlantedIncident:
    ids = [row["登记编号"] for row in complaints if row["问题类别"] == "安全"]
    figures = {"id": "compressor", "kind": "defective_product", "title": "压缩机起火", "real": True, "size": len(ids)}
    return PlantedIncident(**{**figures, "onset": ONSET, "end": LAST_DAY, "complaint_ids": ids, **changes})


def world(*incidents: PlantedIncident, **changes) -> Truth:
    figures = {"version": 1, "preset": "tiny", "seed": 1, "area": "浙江省", "first_day": FIRST_DAY, "last_day": LAST_DAY}
    return Truth(**{**figures, "incidents": list(incidents), **changes})


@pytest.fixture
def loaded(warehouse, complaints, write_export):
    ingest_arrivals(warehouse, SOURCE, open_arrivals(SOURCE, [write_export(complaints)]), LAST_DAY)
    for step in (refine, enrich, aggregate):
        step(warehouse)
    return warehouse


def content(warehouse, table: str) -> list[tuple]:
    return sorted(tuple(map(str, row.values())) for row in to_dicts(warehouse.read(table)))


def silent(_: str) -> None:
    pass


def test_a_span_gives_the_rows_of_its_days_one_by_one(loaded):
    days = [
        FIRST_DAY - ONE_DAY,  # before the stream begins
        FIRST_DAY + 20 * ONE_DAY,  # too short a history
        LAST_DAY - 2 * ONE_DAY,
        LAST_DAY,
        LAST_DAY + 3 * ONE_DAY,
        LAST_DAY + 12 * ONE_DAY,  # nothing left in its window
    ]
    detect(loaded, STREAM, LAST_DAY - 3 * ONE_DAY)  # was judged before: what it saw goes on
    for day in days:
        detect(loaded, STREAM, day)
    tables = ("gold.hotspots", "gold.alarms", "ops.detections")
    expected = {table: content(loaded, table) for table in tables}
    statuses = {row["status"] for row in to_dicts(loaded.read("gold.hotspots").select("status"))}
    assert statuses == {"new", "ongoing"}

    listed = ", ".join(f"DATE'{day}'" for day in days)
    for table in tables:
        loaded.replace(table, loaded.read(table).limit(0), where=f"as_of IN ({listed})")
    told: list[dt.date] = []
    detected = detect_days(loaded, STREAM, days[::-1], told.append)

    assert {table: content(loaded, table) for table in tables} == expected
    assert told == [day.as_of for day in detected] == days
    assert [day.windows for day in detected][:2] == [0, 3]


def test_a_planted_incident_is_found_on_the_right_day(loaded, complaints):
    peak = planted(complaints, id="sale", kind="calendar_peak", real=False, complaint_ids=[], onset=ONSET - 2 * ONE_DAY)
    early = planted(complaints, id="early", kind="closure", onset=FIRST_DAY, complaint_ids=["N00001"])
    truth = world(planted(complaints), peak, early)
    told: list[str] = []

    done = backtest(loaded, STREAM, truth, told.append, first=LAST_DAY - 6 * ONE_DAY)

    # Four complaints came on the first day, five more on the second: enough for a brand's fault, which needs eight.
    outcomes = {entry.incident.id: (entry.outcome, entry.delay, entry.rank) for entry in done.score.incidents}
    assert outcomes == {"compressor": (FOUND, 1, 1), "early": (UNJUDGED, None, None), "sale": (QUIET, None, None)}
    assert (done.judged_now, len(done.judged), done.score.weeks) == (7, 7, 1.0)
    assert (done.score.precision, done.score.false_count) == (1.0, 0)
    assert done.daily["compressor"] == {ONSET + back * ONE_DAY: 5 if back else 4 for back in range(5)}
    assert sum(line.startswith("judge: ") for line in told) == 1

    files = write_backtest(loaded.home, figures_of(done))
    scores = json.loads(files["scores"].read_text(encoding="utf-8"))
    assert scores["incidents"][1]["delay_days"] == 1
    assert "回溯检验" in files["page"].read_text(encoding="utf-8")
    assert files["page"].parent == loaded.home.root / "reports" / "backtest"

    before = {path: path.read_bytes() for path in files.values()}
    again = backtest(loaded, STREAM, truth, told.append, first=LAST_DAY - 6 * ONE_DAY)
    assert again.judged_now == 0
    write_backtest(loaded.home, figures_of(again))
    assert {path: path.read_bytes() for path in files.values()} == before

    with pytest.raises(RadarError, match="the truth is about another data set"):
        backtest(loaded, STREAM, world(planted(complaints, complaint_ids=["X1", "X2"])), silent)
    with pytest.raises(RadarError, match="no day from 2026-04-06 to 2026-04-10 can be judged"):
        backtest(loaded, STREAM, truth, silent, first=FIRST_DAY, last=FIRST_DAY + 4 * ONE_DAY, every=3)
    with pytest.raises(RadarError, match="stream nhtsa has no complaints"):
        backtest(loaded, "nhtsa", truth, silent)


def test_every_so_many_days_are_counted_back_from_the_last():
    span = Span(dt.date(2026, 6, 1), dt.date(2026, 6, 14), 5)
    assert span.days == [dt.date(2026, 6, 4), dt.date(2026, 6, 9), dt.date(2026, 6, 14)]
    assert Span(LAST_DAY, LAST_DAY, 9).days == [LAST_DAY]
    assert len(Span(dt.date(2026, 6, 1), dt.date(2026, 6, 14)).days) == 14


def test_which_days_are_judged(complaints):
    truth = world(planted(complaints))
    assert plan(truth, FIRST_DAY, None, None, 1) == Span(ONSET - 28 * ONE_DAY, LAST_DAY, 1)
    late = ONSET - 3 * ONE_DAY
    assert plan(truth, late, None, None, 1).first == late  # the stream begins then
    assert plan(truth, late, FIRST_DAY, ONSET, 2) == Span(late, ONSET, 2)
    assert plan(world(planted(complaints, real=False)), FIRST_DAY, None, None, 1) == Span(FIRST_DAY, LAST_DAY, 1)
    with pytest.raises(RadarError, match="there is no day to judge from 2026-06-14 to 2026-06-10"):
        plan(truth, FIRST_DAY, LAST_DAY, ONSET, 1)
