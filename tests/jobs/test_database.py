"""A source in a real PostgreSQL: read once, then what is new behind the watermark, and nothing twice."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from postgres import PASSWORD, USER, Server

from jobs.arrivals import ingest_arrivals, open_arrivals
from jobs.ledger import ABANDONED, INGESTED, loads
from jobs.refine import refine
from warehouse.errors import RadarError
from warehouse.sources import mapping_of
from warehouse.storage import to_dicts

SYSTEM = mapping_of("city_system")
DAY = dt.date(2026, 6, 14)
BEIJING = ZoneInfo("Asia/Shanghai")
CREATE = """
CREATE TABLE complaints (
    registration_number text PRIMARY KEY, form_type smallint, registered_at timestamp, updated_at timestamptz,
    region_name text, respondent_name text, object_name text, issue_class text, content text, amount numeric(12, 2),
    accepted boolean, satisfaction int, is_online boolean, filer_phone text
)"""
INSERT = """
INSERT INTO complaints SELECT 'C' || i, 1 + i % 3, timestamp '2026-06-01 23:30:00' + i * interval '1 hour',
    timestamptz '2026-06-02 00:00:00+08' + i * interval '1 hour', '浙江省杭州市西湖区', '甲店', '空调', '质量',
    '第' || i || '台不制冷，电话154' || lpad(i::text, 8, '0'), 1999.5 + i, i % 2 = 0, 1 + i % 5, true,
    '154' || lpad(i::text, 8, '0')
FROM generate_series({first}, {last}) AS i"""


@pytest.fixture
def server(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("RADAR_JDBC_USER", USER)
    monkeypatch.setenv("RADAR_JDBC_PASSWORD", PASSWORD)
    postgres.execute("DROP TABLE IF EXISTS complaints", CREATE, INSERT.format(first=1, last=60))
    return postgres


def load(warehouse, server: Server):
    done = ingest_arrivals(warehouse, SYSTEM, open_arrivals(SYSTEM, [server.url]), DAY)
    refine(warehouse)
    return done.new


def silver(warehouse) -> dict[str, dict]:
    return {row["complaint_id"]: row for row in to_dicts(warehouse.read("silver.complaints"))}


def test_rows_arrive_typed_and_in_beijing_time(warehouse, server):
    (only,) = load(warehouse, server)
    assert (only.file_name, only.format, only.rows_in) == ("public.complaints", "jdbc", 60)
    row = silver(warehouse)["C2"]
    assert row["kind"] == "咨询"
    assert row["registered_at"] == dt.datetime(2026, 6, 2, 1, 30, tzinfo=BEIJING)
    # A time with a zone is told in Beijing time, whatever the zone of server and machine.
    assert row["version_at"] == dt.datetime(2026, 6, 2, 2, 0, tzinfo=BEIJING)
    assert (float(row["amount"]), row["decision"], row["satisfaction"], row["is_online"]) == (2001.5, "受理", 3, True)
    assert row["region_code"] == "330106"
    assert "15400000002" not in row["content"]
    assert row["phone_key"] == row["filer_key"] is not None


def test_only_what_is_new_behind_the_watermark_comes_again(warehouse, server):
    load(warehouse, server)
    assert load(warehouse, server) == []
    assert warehouse.read("bronze.complaints").count() == 60

    server.execute(
        INSERT.format(first=61, last=64),
        "UPDATE complaints SET satisfaction = 5, updated_at = '2026-06-20 08:00:00+08' WHERE registration_number = 'C7'",
    )
    (new,) = load(warehouse, server)
    assert (new.rows_in, new.watermark_from) == (5, loads(warehouse)[0].watermark_to)
    assert len(silver(warehouse)) == 64
    assert silver(warehouse)["C7"]["satisfaction"] == 5
    assert warehouse.read("silver.complaint_versions").filter("complaint_id = 'C7'").count() == 2
    assert load(warehouse, server) == []


def test_a_row_that_was_committed_late_is_not_lost(warehouse, server):
    load(warehouse, server)
    # Its watermark lies five minutes before the newest row that was read; its transaction ended after the reading.
    server.execute(
        INSERT.format(first=900, last=900),
        "UPDATE complaints SET updated_at = (SELECT max(updated_at) FROM complaints WHERE registration_number <> 'C900')"
        " - interval '5 minutes' WHERE registration_number = 'C900'",
    )
    (late,) = load(warehouse, server)
    assert late.rows_in == 1
    assert "C900" in silver(warehouse)


@pytest.mark.parametrize("appended", [False, True])
def test_an_extract_that_died_is_taken_up_or_made_anew(warehouse, server, monkeypatch, appended):
    def die(*_arguments, **_options):
        raise KeyboardInterrupt

    step = "jobs.ingest._append"
    if appended:
        import jobs.ingest

        real = jobs.ingest._append

        def die(*arguments, **options):
            real(*arguments, **options)
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(KeyboardInterrupt):
            load(warehouse, server)
    server.execute(INSERT.format(first=61, last=61))
    load(warehouse, server)
    assert sorted(silver(warehouse)) == sorted(f"C{i}" for i in range(1, 62))
    assert warehouse.read("bronze.complaints").count() == 61
    states = [found.state for found in loads(warehouse)]
    assert (ABANDONED in states) is not appended
    assert INGESTED not in states


@pytest.mark.parametrize(
    ("source", "url", "told"),
    [
        ("national_12315", "jdbc:postgresql://127.0.0.1:1/postgres", "has no `database` in its mapping"),
        ("city_system", "jdbc:postgresql://127.0.0.1/postgres?user=a&password=hunter2", "must hold no user and password"),
        ("city_system", "jdbc:postgresql://127.0.0.1:1/postgres", "Connection to 127.0.0.1:1 refused"),
        ("city_system", "jdbc:nothing://x", "database of city_system"),
    ],
)
@pytest.mark.parametrize("traced", ["true", "false"])
def test_what_cannot_be_read_is_told_in_one_line_without_secrets(warehouse, source, url, told, traced, request):
    setting = "spark.sql.pyspark.jvmStacktrace.enabled"
    request.addfinalizer(lambda: warehouse.spark.conf.unset(setting))
    warehouse.spark.conf.set(setting, traced)
    mapping = mapping_of(source)
    with pytest.raises(RadarError) as caught:
        ingest_arrivals(warehouse, mapping, open_arrivals(mapping, [url]), DAY)
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_without_a_required_column_is_refused(warehouse, server):
    server.execute("ALTER TABLE complaints DROP COLUMN form_type")
    with pytest.raises(RadarError, match="the column for kind is missing: none of form_type is in the table"):
        load(warehouse, server)
    assert loads(warehouse) == []
